"""Any character there is, in every place that takes a text."""

import random
import unicodedata

import pytest

from mail_reading import CONTENT, body_of, mail_of, sender_of
from seeds import seeds

ASSIGNED = [c for c in map(chr, [*range(1, 0xD800), *range(0xE000, 0x110000)])
            if unicodedata.category(c) not in ("Cn", "Co", "Cs")]
ALPHABETS = [ASSIGNED, [chr(c) for c in range(1, 128)], list(" =?_.\t-"), list("\r\n ."),
             list("é👋🏽\u200d\u2028\x85\xa0ש")]

# What would be read as the address, or as the quotes around a name.
PLAIN = str.maketrans('<>@"', "()a'")


def any_text(numbers, length):
    """Characters of a few alphabets, long runs of one as well as a mixture."""
    text = ""
    while len(text) < length:
        text += "".join(numbers.choices(numbers.choice(ALPHABETS), k=numbers.randrange(1, 90)))
    return text[:length]


def without_controls(text):
    """What a header can hold of it (RFC 5322, 2.2): spaces in place of control characters."""
    return "".join(" " if unicodedata.category(c) == "Cc" else c for c in text)


def lines(text):
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")


@pytest.mark.parametrize("seed", seeds("characters", 4))
def test_any_character_in_subject_and_bodies(emails, mail_server, seed):
    """A seed that fails is in the test's name."""
    numbers = random.Random(seed)
    channel = emails(mail_server.config())
    for number in range(12):
        key, to = f"chars-{seed}-{number}", f"chars-{seed}-{number}@example.com"
        content = {"subject": any_text(numbers, numbers.randrange(1, 300)), "text": any_text(numbers, numbers.randrange(3000)),
                   "html": any_text(numbers, numbers.randrange(1, 3000))}
        assert channel.send(key, content, to)["outcome"] == "sent"
        mail, wire = mail_of(mail_server, to), mail_server.mails[-1]["bytes"]
        assert not mail.defects and not mail["Subject"].defects
        assert mail["Subject"] == without_controls(content["subject"])
        assert body_of(mail, "plain") == lines(content["text"])
        assert body_of(mail, "html") == lines(content["html"])
        assert max(map(len, wire.split(b"\r\n"))) <= 78 and wire.isascii()
        assert b"\n" not in wire.replace(b"\r\n", b"") and b"\r" not in wire.replace(b"\r\n", b"")


@pytest.mark.parametrize("seed", seeds("characters 2", 4))
def test_any_character_in_the_name_of_the_sender(emails, mail_server, seed):
    """A seed that fails is in the test's name."""
    numbers = random.Random(seed)
    channel = emails(mail_server.config())
    for number in range(12):
        key, to = f"name-{seed}-{number}", f"name-{seed}-{number}@example.com"
        name = any_text(numbers, numbers.randrange(1, 120)).translate(PLAIN)
        # A letter at the end: what is invisible behind a space belongs to the space, which is no part of a name.
        name = " ".join(f"{without_controls(name)}n".split())
        members = {"from": f"{name} <ann@example.com>"}
        assert channel.send(key, CONTENT, to, **members)["outcome"] == "sent"
        found, address = sender_of(mail_server, to)
        assert (" ".join(found.split()), address) == (name, "ann@example.com")
        assert mail_server.mails[-1]["from"] == "ann@example.com" and mail_of(mail_server, to)["Subject"] == CONTENT["subject"]


@pytest.mark.parametrize("name", [
    "Ann\r\nBcc: victim@example.com", "Ann\nSubject: other", "Ann\r\n\r\nbody", "Ann\x00", '"Ann" \\', "Ann, Bob; (Cid)",
])
def test_a_name_cannot_add_a_header(emails, mail_server, name):
    to = f"name-{abs(hash(name))}@example.com"
    members = {"from": f"{name} <ann@example.com>"}
    answer = emails(mail_server.config()).send(to, CONTENT, to, **members)
    assert answer["outcome"] == "sent", answer
    mail = mail_of(mail_server, to)
    assert mail["Bcc"] is None and mail.get_all("Subject") == [CONTENT["subject"]]
    assert mail.get_content() == CONTENT["text"]
    assert [address.addr_spec for address in mail["From"].addresses] == ["ann@example.com"]


@pytest.mark.parametrize("sender", [
    "Ann <ann@example.com>, Bob <bob@example.com>", "Ann <ann@example.com> Bob", "Ann <ann@example.com\r\n>",
    "Ann <ann@exa\nmple.com>", "ann@example.com, bob@example.com", "ann@example.com\r\nRCPT TO: v@example.com",
])
def test_a_sender_that_is_no_address_fails_before_any_connection(emails, mail_server, sender):
    sessions = mail_server.sessions
    failure = emails(mail_server.config()).send("sender", CONTENT, "a@example.com", **{"from": sender})["failure"]
    assert (failure["kind"], failure["reason"]) == ("config", "from: It is no mail address.")
    assert mail_server.sessions == sessions


@pytest.mark.parametrize("key", [
    "5f2c-7-0-0", "a b", "a@b", "<x>", "ä\r\nBcc: v@example.com", "\u202e", "k" * 200, "A", "a", "a_20b",
])
def test_a_message_id_stands_for_its_key_alone(emails, mail_server, key):
    to = f"key-{abs(hash(key))}@example.com"
    assert emails(mail_server.config()).send(key, CONTENT, to)["outcome"] == "sent"
    mail = mail_of(mail_server, to)
    identifier = mail["Message-ID"]
    assert identifier.startswith("<") and identifier.endswith("@example.com>") and identifier.count("@") == 1
    assert mail["Bcc"] is None and not any(c.isspace() for c in identifier)
    others = [other["bytes"] for other in mail_server.mails if other["to"] != to]
    assert not any(f"Message-ID: {identifier}\r\n".encode() in other for other in others)


def test_a_long_mail_arrives_whole(emails, mail_server):
    text = "\n".join(f"line {number}: Grüße 👋 {'x' * (number % 200)}" for number in range(8_000))
    content = {"subject": "s", "text": text, "html": text}
    assert emails(mail_server.config()).send("long", content, "long@example.com")["outcome"] == "sent"
    mail = mail_of(mail_server, "long@example.com")
    assert body_of(mail, "plain") == body_of(mail, "html") == text
