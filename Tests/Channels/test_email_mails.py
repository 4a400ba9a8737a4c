"""Mails as a mail program reads them, through a real server."""

import random
import string

import pytest

from mail_reading import CONTENT, body_of, mail_of, sender_of
from seeds import seeds

WORDS = ["Grüße", "👋🏽", "שלום", "مرحبا", "名前", "a" * 120, "=?utf-8?B?SGk=?=", "\\", '"quoted"', "ﬁ", "tab\tbed",
         "e\u0301", "\u202eback", "very", "plain", "words", "=", "...", "From here", ".", "x=y", "100%"]


def text(numbers, lines):
    return "\n".join(" ".join(numbers.choices(WORDS, k=numbers.randrange(12))) for _ in range(lines))


@pytest.mark.parametrize("seed", seeds("mails", 6))
def test_any_text_comes_back_exactly(emails, mail_server, seed):
    """A seed that fails is in the test's name."""
    numbers = random.Random(seed)
    channel = emails(mail_server.config())
    for number in range(8):
        subject = " ".join(numbers.choices(WORDS, k=numbers.randrange(1, 9)))
        plain, html = text(numbers, numbers.randrange(1, 30)), f"<p>{text(numbers, 5)}</p>"
        content = {"subject": subject, "text": plain} | ({"html": html} if number % 2 else {})
        to = f"any-{seed}-{number}@example.com"
        assert channel.send(f"any-{seed}-{number}", content, to)["outcome"] == "sent"
        mail = mail_of(mail_server, to)
        assert mail["Subject"] == subject.replace("\t", " ")
        assert not mail.defects and max(map(len, mail_server.mails[-1]["bytes"].split(b"\r\n"))) <= 78
        assert body_of(mail, "plain") == plain.rstrip("\n")
        if number % 2:
            assert mail.get_content_type() == "multipart/alternative"
            assert body_of(mail, "html") == html


@pytest.mark.parametrize("text", [
    "one\r\ntwo\rthree\nfour", ".\n..\n.hidden", " leading and trailing \t\n\t", "x" * 5000, "é" * 3000, "\n\n\n", "a\n",
    "From me\nFrom you", "=3D=", "-- \nsignature", "--=_workflow_part--",
])
def test_bodies_that_are_hard_to_carry(emails, mail_server, text):
    to = f"body-{abs(hash(text))}@example.com"
    assert emails(mail_server.config()).send(to, {"subject": "s", "text": text, "html": text}, to)["outcome"] == "sent"
    mail = mail_of(mail_server, to)
    expected = text.replace("\r\n", "\n").replace("\r", "\n")
    for kind in ("plain", "html"):
        assert body_of(mail, kind) == expected.rstrip("\n")


@pytest.mark.parametrize("subject", [
    "a\r\nBcc: victim@example.com", "a\nBcc: victim@example.com", "a\r\n\r\nbody", "\x01\x7f", " padded ", "",
])
def test_a_subject_cannot_add_a_header(emails, mail_server, subject):
    to = f"inject-{abs(hash(subject))}@example.com"
    assert emails(mail_server.config()).send(to, {"subject": subject, "text": "t"}, to)["outcome"] == "sent"
    mail = mail_of(mail_server, to)
    assert mail["Bcc"] is None and mail.get_content().strip() == "t"
    assert len(mail.get_all("Subject")) == 1


def test_headers_a_mail_needs(emails, mail_server):
    channel = emails(mail_server.config(reply_to="Desk <desk@example.com>"))
    context = {"enrollment": "en_1", "unsubscribe_url": "https://example.com/u/c-1"}
    channel.send("k-1", CONTENT, "headers@example.com", context=context, at="2026-03-29T00:30:00Z")
    mail = mail_of(mail_server, "headers@example.com")
    assert mail["From"] == "Evergreen Homes <office@example.com>"
    assert (mail["To"], mail["Reply-To"]) == ("headers@example.com", "Desk <desk@example.com>")
    assert mail["Date"].datetime.isoformat() == "2026-03-29T00:30:00+00:00"
    assert mail["Message-ID"] == "<k-1@example.com>"
    assert mail["MIME-Version"] == "1.0" and mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] == "<https://example.com/u/c-1>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    envelope = mail_server.mails[-1]
    assert (envelope["from"], envelope["tls"], envelope["login"]) == ("office@example.com", True, True)


@pytest.mark.parametrize("link, page, post", [
    ("http://example.com/u", "<http://example.com/u>", None),
    ("https://example.com/u>\r\nBcc: x@example.com", None, None), ("javascript:alert(1)", None, None), (None, None, None),
])
def test_one_click_needs_https_and_a_clean_link(emails, mail_server, link, page, post):
    to = f"link-{abs(hash(link))}@example.com"
    context = {"unsubscribe_url": link} if link else {}
    emails(mail_server.config()).send(to, CONTENT, to, context=context)
    mail = mail_of(mail_server, to)
    assert (mail["List-Unsubscribe"], mail["List-Unsubscribe-Post"], mail["Bcc"]) == (page, post, None)


def test_a_mailbox_to_unsubscribe_stands_beside_the_page(emails, mail_server):
    channel = emails(mail_server.config(unsubscribe_address="stop@example.com"))
    channel.send("m", CONTENT, "mailto@example.com", context={"unsubscribe_url": "https://example.com/u"})
    value = mail_of(mail_server, "mailto@example.com")["List-Unsubscribe"]
    assert "".join(value.split()) == "<https://example.com/u>,<mailto:stop@example.com?subject=unsubscribe>"


@pytest.mark.parametrize("sender, expected, envelope", [
    (None, "Evergreen Homes <office@example.com>", "office@example.com"),
    ("Ann at Evergreen", "Ann at Evergreen <office@example.com>", "office@example.com"),
    ("ann@example.com", "ann@example.com", "ann@example.com"),
    ('Zoë "Z" <zoe@example.com>', 'Zoë "Z" <zoe@example.com>', "zoe@example.com"),
    ('"Doe, Jane" <jane@example.com>', "Doe, Jane <jane@example.com>", "jane@example.com"),
    ("名前" * 30 + "<long@example.com>", "名前" * 30 + " <long@example.com>", "long@example.com"),
])
def test_the_sender_is_a_name_an_address_or_both(emails, mail_server, sender, expected, envelope):
    to = f"sender-{abs(hash(sender))}@example.com"
    members = {"from": sender} if sender else {}
    assert emails(mail_server.config()).send(to, CONTENT, to, **members)["outcome"] == "sent"
    name, address = sender_of(mail_server, to)
    assert name == (expected.rsplit(" <")[0] if " <" in expected else "")
    assert mail_server.mails[-1]["from"] == address == envelope


def test_mails_of_an_enrollment_are_one_thread(emails, mail_server):
    channel = emails(mail_server.config())
    for number, enrollment in enumerate(["en_1", "en_2", "en_1", "en_1"]):
        channel.send(f"t-{number}", CONTENT, f"thread-{number}@example.com", context={"enrollment": enrollment})
    channel.close()
    channel = emails(mail_server.config())
    channel.send("t-4", CONTENT, "thread-4@example.com", context={"enrollment": "en_1"})
    threads = [mail_of(mail_server, f"thread-{number}@example.com") for number in range(5)]
    assert [mail["In-Reply-To"] for mail in threads] == [
        None, None, "<t-0@example.com>", "<t-2@example.com>", "<t-3@example.com>"]
    assert threads[4]["References"].split() == ["<t-0@example.com>", "<t-2@example.com>", "<t-3@example.com>"]


@pytest.mark.parametrize("address", ["grüße@example.com", "用户@example.com"])
def test_addresses_of_any_script_where_the_server_takes_them(emails, mail_server, address):
    assert emails(mail_server.config()).send(address, CONTENT, address)["outcome"] == "sent"
    assert mail_server.mails[-1]["to"] == address and mail_server.mails[-1]["utf8"]


def test_a_domain_of_any_script_is_asked_for_in_ascii(emails, mail_server):
    assert emails(mail_server.config()).send("idn", CONTENT, "ann@bücher.example")["outcome"] == "sent"
    assert mail_server.mails[-1]["to"] == "ann@xn--bcher-kva.example"


def test_through_exim_into_its_mailbox(emails, exim):
    channel = emails(exim.config())
    for number in range(5):
        assert channel.send(f"x-{number}", {"subject": f"Grüße {number}", "text": f"Zeile\n.{number}\n"},
                            f"ann{number}@example.test")["outcome"] == "sent"
    mails = {mail["Message-ID"]: mail for mail in exim.mails(5)}
    assert set(mails) == {f"<x-{number}@example.test>" for number in range(5)}
    assert mails["<x-3@example.test>"].get_payload(decode=True).decode().split() == ["Zeile", ".3"]
    answers = {name: channel.send(name, CONTENT, f"{name}@example.test")["failure"]["kind"] for name in ("nobody", "full")}
    assert answers == {"nobody": "permanent", "full": "transient"}
    assert channel.send("relay", CONTENT, "ann@elsewhere.test")["failure"]["kind"] == "config"
