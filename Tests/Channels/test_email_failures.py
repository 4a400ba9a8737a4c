"""What a refusal, a broken connection and a wrong configuration mean."""

import pytest

from mail_reading import CONTENT
from Servers.mail_server import MailServer

REFUSALS = [
    ("rcpt-550-5.1.1", "permanent"), ("rcpt-551-5.1.6", "permanent"), ("rcpt-550-5.7.1", "permanent"),
    ("rcpt-553-5.1.3", "permanent"), ("rcpt-552-5.3.4", "transient"), ("rcpt-552-5.2.2", "transient"),
    ("rcpt-450-4.2.1", "transient"), ("rcpt-451-4.7.1", "transient"), ("rcpt-452-4.2.2", "transient"),
    ("rcpt-530-5.7.0", "config"), ("rcpt-535-5.7.8", "config"), ("rcpt-550-5.1.8", "config"),
    ("data-554-5.6.0", "permanent"), ("data-552-5.3.4", "permanent"), ("data-451-4.3.0", "transient"),
    ("data-550-5.7.1", "permanent"),
]


@pytest.mark.parametrize("name, kind", REFUSALS)
def test_a_refusal_is_told_with_its_codes_and_no_address(emails, mail_server, name, kind):
    failure = emails(mail_server.config()).send(name, CONTENT, f"{name}@example.com")["failure"]
    assert failure["kind"] == kind, failure
    code, status = name.split("-")[1:]
    assert f"{code} {status}" in failure["reason"] and "@" not in failure["reason"]
    assert not mail_server.parsed(f"{name}@example.com")


def test_a_greylisted_mail_goes_with_the_next_attempt(emails, mail_server):
    channel, to = emails(mail_server.config()), "once-451-4.7.1@example.com"
    assert channel.send("grey", CONTENT, to)["failure"]["kind"] == "transient"
    assert channel.send("grey", CONTENT, to, attempt=2)["outcome"] == "sent"
    assert len(mail_server.parsed(to)) == 1


@pytest.mark.parametrize("name, kept", [("cut-before", 0), ("cut-after", 1)])
def test_a_cut_behind_the_text_is_unknown_and_never_sent_again(emails, mail_server, name, kept):
    to = f"{name}@example.com"
    channel = emails(mail_server.config())
    before = len(mail_server.parsed(to))
    told = [channel.send(name, CONTENT, to, attempt=attempt) for attempt in (1, 2)]
    channel.close()
    told.append(emails(mail_server.config()).send(name, CONTENT, to, attempt=3))
    assert {answer["outcome"] for answer in told} == {"unknown"}
    assert {answer["reason"] for answer in told} == {
        "The connection broke before the mail server answered the text; it may have taken the mail."}
    assert len(mail_server.parsed(to)) == before + kept


def test_a_channel_killed_behind_the_text_does_not_send_again(emails, mail_server):
    channel = emails(mail_server.config())
    channel.post_send("stalled", CONTENT, "stall@example.com")
    channel.wait(lambda: b"stalled" in (channel.folder / "journal.sqlite-wal").read_bytes(), "the text to leave")
    channel.kill()
    mail_server.released.set()
    assert emails(mail_server.config()).send("stalled", CONTENT, "stall@example.com", attempt=2)["outcome"] == "unknown"
    assert len(mail_server.parsed("stall@example.com")) <= 1


@pytest.mark.parametrize("to", ["", "nobody", "a@b", "a b@example.com", "a@example.com\r\nRCPT TO:<v@example.com>", "@example.com",
                                "a@-x.com", "a..b@example.com", "<a@example.com>", "a@exa mple.com", "é" * 80 + "@example.com"])
def test_what_is_no_address_fails_before_any_connection(emails, mail_server, to):
    sessions = mail_server.sessions
    failure = emails(mail_server.config()).send("bad", CONTENT, to)["failure"]
    assert (failure["kind"], failure["reason"]) == ("permanent", "to: It is no mail address.")
    assert mail_server.sessions == sessions


@pytest.mark.parametrize("content, name", [({"text": "t"}, "subject"), ({"subject": "s"}, "text"),
                                           ({"subject": "s", "text": "a\x00b"}, "text")])
def test_what_is_no_mail_fails_for_good(emails, mail_server, content, name):
    failure = emails(mail_server.config()).send("no-mail", content, "a@example.com")["failure"]
    assert failure["kind"] == "permanent" and failure["reason"].startswith(f"content.{name}: ")


@pytest.mark.parametrize("change, words", [
    ({"password": "wrong"}, "535 5.7.8, the login is wrong"),
    ({"ca_file": "/etc/ssl/certs/ca-certificates.crt"}, "its certificate is signed by nobody that is trusted; ca_file can name who is"),
    ({"ca_file": "/dev/null"}, "ca_file holds no certificates"), ({"security": "tls"}, "it speaks no TLS at this port"),
    ({"port": 1}, "cannot be reached: nothing takes connections at this address and port"),
    ({"host": "no.such.host.invalid"}, "cannot be reached: its name is not known"),
])
def test_a_server_that_cannot_be_used_is_a_fault_of_the_channel(emails, mail_server, change, words):
    channel = emails(mail_server.config(**change))
    failure = channel.send("fault", CONTENT, "ann@example.com")["failure"]
    assert failure["kind"] == "config" and words in failure["reason"], failure
    checked = channel.request("configure", config=mail_server.config(**change), check=True)
    assert checked["ok"] is False and words in checked["error"] and "@" not in checked["error"]


def test_a_server_without_starttls_gets_nothing(emails, tmp_path):
    server = MailServer(tmp_path, security="plain", login=None).start()
    try:
        failure = emails(server.config(security="starttls")).send("k", CONTENT, "ann@example.com")["failure"]
        assert failure["kind"] == "config" and "it has no STARTTLS at this port" in failure["reason"] and not server.mails
    finally:
        server.stop()


@pytest.mark.parametrize("security", ["tls", "plain"])
def test_other_ways_to_protect_a_connection(emails, tmp_path, security):
    server = MailServer(tmp_path, security=security).start()
    try:
        assert emails(server.config()).send("k", CONTENT, "ann@example.com")["outcome"] == "sent"
        assert server.mails[0]["tls"] is (security == "tls")
    finally:
        server.stop()


@pytest.mark.parametrize("change, words", [
    ({"host": None}, "host: "), ({"host": "smtp://x"}, "host: It must be a server's name"), ({"port": 0}, "port: "),
    ({"from": "nobody"}, "from: It must be an address"), ({"security": "ssl"}, "security: "), ({"username": None}, "username: "),
    ({"connections": 0}, "connections: "), ({"ca_file": "/no/such/file"}, "ca_file: "), ({"passwort": "x"}, "passwort"),
    ({"security": "plain", "host": "smtp.example.com"}, "security: Mail and password would cross"),
])
def test_a_wrong_configuration_is_refused_with_its_member(email_channel, mail_server, change, words):
    config = {name: value for name, value in mail_server.config(**change).items() if value is not None}
    answer = email_channel.configure(config)
    assert answer["ok"] is False and answer["error"].startswith(words) or words in answer["error"]
    assert mail_server.login[1] not in answer["error"]


def test_checking_connects_and_sends_nothing(email_channel, mail_server):
    sessions, mails = mail_server.sessions, len(mail_server.mails)
    assert email_channel.configure(mail_server.config(), check=True) == {"id": 2, "ok": True}
    assert mail_server.sessions > sessions and len(mail_server.mails) == mails


def test_a_full_disk_lets_no_mail_leave(emails, mail_server):
    channel = emails(mail_server.config())
    channel.limit_files(0)
    failure = channel.send("disk", CONTENT, "disk@example.com")["failure"]
    assert failure["kind"] == "config" and not mail_server.parsed("disk@example.com")
