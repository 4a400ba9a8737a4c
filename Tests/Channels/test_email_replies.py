"""What a mail server says that is neither yes nor no, and what it does not offer."""

import pytest

from mail_reading import CONTENT
from Servers.scripted_mail_server import CUT, ScriptedMailServer

TO = "ann@example.com"


@pytest.fixture
def servers():
    """Starts servers with these lines in their EHLO."""
    started = []

    def start(*extensions):
        started.append(ScriptedMailServer(*extensions))
        return started[-1]

    yield start
    for server in started:
        server.stop()


def said(answer):
    """An outcome, or the kind of a failure; and the reason."""
    told = answer.get("failure", answer)
    return told.get("kind", answer["outcome"]), told.get("reason", "")


@pytest.mark.parametrize("reply, outcome, words", [
    ("250 2.0.0 Ok", "sent", ""), ("250", "sent", ""), ("200 Ok", "sent", ""), ("251 forwarded", "sent", ""), ("299 Ok", "sent", ""),
    ("250-several\r\n250 lines", "sent", ""),
    ("999 what", "unknown", "answered the text with 999"), ("600 what", "unknown", "answered the text with 600"),
    ("100 wait", "unknown", "answered the text with 100"), ("199 wait", "unknown", "with 199"),
    ("300 what", "unknown", "with 300"), ("354 go on", "unknown", "answered the text with 354"), ("399 what", "unknown", "with 399"),
    ("550-cut\r\n550-in its middle", "unknown", "broke before"), ("250-cut", "unknown", "broke before"),
    ("", "unknown", "broke before"), ("25", "unknown", "broke before"), ("Ok", "unknown", "broke before"),
    ("2500 Ok", "unknown", "broke before"), (" 250 Ok", "unknown", "broke before"), (None, "unknown", "broke before"),
    ("421 closing", "transient", "421"), ("499 later", "transient", "499"), ("500 no", "permanent", "500"), ("599 no", "permanent", "599"),
])
def test_only_a_yes_is_sent_and_only_a_no_is_failed(emails, servers, reply, outcome, words):
    server = servers()
    channel = emails(server.config())
    server.replies["TEXT"] = reply
    if words == "broke before" and reply is not None:
        server.replies["TEXT"] = reply + CUT
    first = channel.send("odd", CONTENT, TO)
    assert said(first)[0] == outcome and words in said(first)[1], first
    assert "@" not in said(first)[1]
    server.replies.clear()
    again = channel.send("odd", CONTENT, TO, attempt=2)
    if outcome == "unknown":
        assert again == {**first, "id": again["id"]}
    assert len(server.texts) == (2 if outcome == "transient" else 1)


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("reply", ["999 what", "600 what", "100 wait", "300 what"])
def test_before_the_text_it_did_not_go(emails, servers, step, reply):
    server = servers()
    channel = emails(server.config())
    server.replies[step] = reply
    assert said(channel.send("odd", CONTENT, TO))[0] == "transient"
    server.replies.clear()
    assert channel.send("odd", CONTENT, TO, attempt=2)["outcome"] == "sent"
    assert len(server.texts) == 1


@pytest.mark.parametrize("to", ["jösé@example.com", "用户@例え.jp", "josé@bücher.example"])
@pytest.mark.parametrize("extensions", [(), ("8BITMIME",), ("8BITMIME", "SIZE 1000000"), ("XSMTPUTF8",), ("AUTH SMTPUTF8",), ("smtputf8",)])
def test_an_address_beyond_ascii_never_leaves_for_a_server_that_offers_none(emails, servers, to, extensions):
    server = servers(*extensions)
    channel = emails(server.config(connections=1))
    for number in range(2):
        kind, reason = said(channel.send(f"utf8-{number}", CONTENT, to))
        assert kind == "permanent" and "SMTPUTF8" in reason and "@" not in reason
        assert channel.send(f"plain-{number}", CONTENT, TO)["outcome"] == "sent"
    assert len(server.texts) == 2 and all(command.isascii() for command in server.commands)
    assert sum(command.startswith(b"MAIL") for command in server.commands) == 2


@pytest.mark.parametrize("extensions", [("SMTPUTF8",), ("8BITMIME", "SMTPUTF8"), ("SMTPUTF8", "8BITMIME")])
def test_a_server_that_offers_it_gets_it_over_one_connection(emails, servers, extensions):
    server = servers(*extensions)
    channel = emails(server.config(connections=1))
    for number in range(3):
        assert channel.send(f"utf8-{number}", CONTENT, "jösé@example.com")["outcome"] == "sent"
    assert len(server.texts) == 3 and server.connections == 1
    assert sum("SMTPUTF8" in command.decode() for command in server.commands) == 3


@pytest.mark.parametrize("said_first", [None, "421 busy<cut>"])
def test_a_server_that_breaks_off_says_nothing_of_the_address(emails, servers, said_first):
    """Its connection breaks behind the look at what it offers, and the next one before it can say."""
    server = servers("SMTPUTF8")
    channel = emails(server.config(connections=1))
    server.replies |= {"NOOP": f"250 Ok{CUT}"}
    server.follows["NOOP"] = {"EHLO": said_first}
    kind, reason = said(channel.send("utf8", CONTENT, "jösé@example.com"))
    assert kind == "transient" and "SMTPUTF8" not in reason
    server.replies.clear()
    server.follows.clear()
    assert channel.send("utf8", CONTENT, "jösé@example.com", attempt=2)["outcome"] == "sent"


@pytest.mark.parametrize("change", [
    {"from": "Büro <büro@example.com>"}, {"reply_to": "büro@example.com"}, {"unsubscribe_address": "büro@example.com"}])
def test_a_sender_beyond_ascii_is_a_fault_of_the_channel(emails, servers, change):
    """None of its mails would go, so that none is used up."""
    server = servers()
    channel = emails(server.config(**change))
    kind, reason = said(channel.send("from", CONTENT, TO))
    assert kind == "config" and "SMTPUTF8" in reason and not server.texts
    checked = channel.request("configure", config=server.config(**change), check=True)
    assert checked["ok"] is False and "SMTPUTF8" in checked["error"]
    server.extensions.append("SMTPUTF8")
    channel.close()
    again = emails(server.config(**change))
    assert again.send("from", CONTENT, TO, attempt=2)["outcome"] == "sent"
    assert again.request("configure", config=server.config(**change), check=True)["ok"] is True


def test_a_sender_beyond_ascii_that_settings_name_is_a_fault_of_the_channel(emails, servers):
    server = servers()
    members = {"from": "Büro <büro@example.com>"}
    assert said(emails(server.config()).send("from", CONTENT, TO, **members))[0] == "config"
    assert not server.texts


@pytest.mark.parametrize("name", ["bücher.example", "例え.jp", "straße.example", "рф.example"])
def test_domains_beyond_ascii_go_to_any_server(emails, servers, name):
    server = servers()
    config = server.config(**{"from": f"Büro <office@{name}>", "reply_to": f"office@{name}"})
    assert emails(config).send("idn", CONTENT, f"ann@{name}")["outcome"] == "sent"
    assert all(command.isascii() for command in server.commands) and server.texts[0].isascii()
    assert b"@xn--" in server.texts[0] or name == "straße.example"


@pytest.mark.parametrize("to", [f"ann@{'ü' * 60}.example", "ann@a\u0338\u200d.example", f"ann@{'ü' * 30}.{'ö' * 30}.{'ä' * 30}.{'é' * 90}"])
def test_a_domain_that_has_no_form_in_ascii_is_no_address(emails, servers, to):
    server = servers("SMTPUTF8")
    kind, reason = said(emails(server.config()).send("idn", CONTENT, to))
    assert (kind, reason) == ("permanent", "to: It is no mail address.")
    assert not server.commands
