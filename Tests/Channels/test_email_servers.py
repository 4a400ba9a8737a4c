"""What real servers say in ways of their own: several lines, sizes, alphabets, logins that fail for a while."""

import pathlib
import time

import pytest
from aiosmtpd.smtp import AuthResult

from mail_reading import CONTENT
from Servers.mail_server import MailServer

TO = "ann@example.com"


class RefusingServer(MailServer):
    """Answers MAIL FROM, RCPT or AUTH with the lines that a test chooses."""

    refusals, clients = {}, []

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.clients.append(hostname)
        return await super().handle_EHLO(server, session, envelope, hostname, responses)

    async def handle_MAIL(self, server, session, envelope, address, options):
        if "MAIL" in self.refusals:
            return self.refusals["MAIL"]
        envelope.mail_from = address
        return "250 2.1.0 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if "RCPT" in self.refusals:
            return self.refusals["RCPT"]
        return await super().handle_RCPT(server, session, envelope, address, options)

    def _authenticate(self, server, session, envelope, mechanism, data):
        if "AUTH" in self.refusals:
            return AuthResult(success=False, handled=False, message=self.refusals["AUTH"])
        return super()._authenticate(server, session, envelope, mechanism, data)


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    """Starts servers that stay for all tests of this file, one of a kind."""
    started = {}

    def server(security="starttls", utf8=True):
        if (security, utf8) not in started:
            made = RefusingServer(tmp_path_factory.mktemp("mail"), security=security)
            made.controller.SMTP_kwargs["enable_SMTPUTF8"] = utf8
            started[security, utf8] = made.start()
        server = started[security, utf8]
        server.refusals = {}
        return server

    yield server
    for server in started.values():
        server.stop()


@pytest.mark.parametrize("step, lines, kind, told", [
    ("RCPT", ["550-5.1.1 The mail account that you tried to reach", "550-5.1.1 does not exist. ann@example.com",
              "550 5.1.1 https://example.com/?p=NoSuchUser - gsmtp"], "permanent", "550 5.1.1"),
    ("RCPT", ["550-no status", "550 here"], "permanent", "550"),
    ("RCPT", ["550 5.1.10 RESOLVER.ADR.RecipientNotFound"], "permanent", "550 5.1.10"),
    ("RCPT", ["550 5.1.2345 is no status"], "permanent", "550"),
    ("RCPT", ["452-4.2.2 The mailbox is", "452 4.2.2 over quota"], "transient", "452 4.2.2"),
    ("RCPT", ["450 4.7.1 rate limited, ann@example.com"], "transient", "450 4.7.1"),
    ("RCPT", ["421 4.7.0 try again later"], "transient", "421 4.7.0"),
    ("RCPT", ["554 5.7.1 <ann@example.com>: Relay access denied"], "config", "554 5.7.1"),
    ("RCPT", ["530 5.7.57 Client not authenticated to send mail"], "config", "530 5.7.57"),
    ("MAIL", ["451 4.3.0 no room"], "transient", "451 4.3.0"),
    ("MAIL", ["550 5.1.8 the sender is refused"], "config", "550 5.1.8"),
    ("MAIL", ["552 5.3.4 message size exceeds the limit"], "permanent", "552 5.3.4"),
    ("AUTH", "454 4.7.0 the directory does not answer", "transient", "454 4.7.0"),
    ("AUTH", "535 5.7.8 ann@example.com may not", "config", "535 5.7.8"),
    ("AUTH", "534 5.7.9 use an application password", "config", "534 5.7.9"),
])
def test_the_words_of_real_servers(emails, servers, step, lines, kind, told):
    server = servers()
    channel = emails(server.config())
    server.refusals[step] = "\r\n".join(lines) if isinstance(lines, list) else lines
    failure = channel.send("refused", CONTENT, TO)["failure"]
    assert failure["kind"] == kind, failure
    assert f"refused: {told}" in failure["reason"] and "@" not in failure["reason"]
    server.refusals.clear()
    again = channel.send("refused", CONTENT, TO, attempt=2)
    assert again["outcome"] == ("failed" if kind == "permanent" else "sent")


def test_a_mail_that_is_too_long_for_the_server_never_goes(emails, exim):
    content = {"subject": "s", "text": "long line " * 150_000}
    failure = emails(exim.config()).send("too-long", content, "ann@example.test")["failure"]
    assert failure["kind"] == "permanent" and "552" in failure["reason"]


@pytest.mark.parametrize("to", ["grüße@example.com", "用户@例え.jp"])
def test_an_address_that_the_server_cannot_take_fails_for_good(emails, servers, to):
    server = servers(utf8=False)
    failure = emails(server.config()).send(to, CONTENT, to)["failure"]
    assert failure["kind"] == "permanent" and to not in failure["reason"]
    assert not server.parsed(to)


def test_a_domain_of_any_script_needs_no_extension(emails, servers):
    server = servers(utf8=False)
    assert emails(server.config()).send("idn", CONTENT, "ann@bücher.example")["outcome"] == "sent"
    assert len(server.parsed("ann@xn--bcher-kva.example")) == 1


def test_a_certificate_for_another_name_is_not_trusted(emails, servers):
    """The certificate is for localhost; all names below it lead to the same server (RFC 6761, 6.3)."""
    failure = emails(servers().config(host="other.localhost")).send("name", CONTENT, TO)["failure"]
    assert failure["kind"] == "config" and "its certificate is for another name" in failure["reason"]


@pytest.mark.parametrize("host", ["::1", "[::1]", "localhost"])
def test_a_server_on_ipv6(emails, tmp_path, host):
    server = MailServer(tmp_path, security="plain", login=None)
    server.controller.hostname = "::1"
    server.start()
    try:
        assert emails(server.config(host=host)).send("six", CONTENT, TO)["outcome"] == "sent"
    finally:
        server.stop()


@pytest.mark.parametrize("name", ["two words", "a/b", "a%0d%0ab", "a\r\nb", "ü", ""])
def test_a_name_for_itself_that_is_none_is_refused(email_channel, servers, name):
    answer = email_channel.configure(servers().config(client_name=name))
    assert answer["ok"] is False and answer["error"].startswith("client_name: ")


def test_the_name_for_itself_is_told(emails, servers):
    server = servers()
    assert emails(server.config(client_name="crm.example.com")).send("ehlo", CONTENT, TO)["outcome"] == "sent"
    assert server.clients[-1] == "crm.example.com"


def test_nothing_personal_is_written_anywhere_but_to_the_server(emails, servers):
    server = servers()
    channel = emails(server.config())
    for number, code in enumerate([None, "550 5.1.1", "451 4.3.0", "530 5.7.0"]):
        server.refusals = {"RCPT": f"{code} {TO}"} if code else {}
        context = {"enrollment": "en_1", "contact": "c-1", "unsubscribe_url": "https://example.com/u/secret-token"}
        channel.send(f"quiet-{number}", {"subject": "secret-subject", "text": "secret-text"}, TO, context=context)
    channel.close()
    written = b"".join(path.read_bytes() for path in pathlib.Path(channel.folder).iterdir() if path.is_file())
    for word in (b"ann@example.com", b"secret-", server.login[1].encode(), b"en_1@"):
        assert word not in written
    assert not channel.stray and (channel.folder / "stderr").read_bytes() == b""


def test_many_mails_through_exim_with_a_kill_in_the_middle(emails, exim):
    """Read back from the mailbox with Python's own reader."""
    keys = [f"storm-{number}" for number in range(60)]
    outcomes, attempt = {}, 0
    while len(outcomes) < len(keys):
        attempt += 1
        assert attempt <= 12, "Exim does not take them"
        channel = emails(exim.config(connections=4))
        waiting = {channel.post_send(key, CONTENT, f"{key}@example.test", attempt=attempt): key
                   for key in keys if key not in outcomes}
        enough = len(waiting) // 4 if attempt < 4 else len(waiting)
        channel.wait(lambda: sum(id in channel.answers for id in waiting) >= enough, "some answers")
        channel.kill() if attempt < 4 else channel.close()
        for id, key in waiting.items():
            answer = channel.answers.get(id, {"outcome": "failed"})
            # Exim, whose connections were cut in their middle, may say 421: such a mail goes with the next attempt.
            if answer["outcome"] == "failed":
                assert answer.get("failure", {"kind": "transient"})["kind"] == "transient", answer
            else:
                outcomes[key] = answer["outcome"]
    assert set(outcomes.values()) <= {"sent", "unknown"}
    sent = {f"<{key}@example.test>" for key, outcome in outcomes.items() if outcome == "sent"}
    found = identifiers(exim, sent)
    assert sent <= set(found) and len(found) == len(set(found))
    assert len(sent) >= len(keys) - 3 * 4


def identifiers(exim, expected, limit=60):
    """The storm's Message-IDs in the mailbox, once `expected` are among them: Exim delivers a little later."""
    end = time.monotonic() + limit
    while True:
        found = [mail["Message-ID"] for mail in exim.mails(0) if mail["Message-ID"].startswith("<storm-")]
        if expected <= set(found) or time.monotonic() > end:
            return found
        time.sleep(0.05)
