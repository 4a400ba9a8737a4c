"""A real SMTP server (aiosmtpd) that keeps what it takes and fails on demand."""

import asyncio
import email
import email.policy
import re
import ssl
import threading
import time

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, SMTP

from Servers.certificates import free_port, make_certificates


class NotingSMTP(SMTP):
    """Tells its handler when a text may begin to arrive, and when no more of it will."""

    async def smtp_DATA(self, arg):
        self.event_handler.begin(self)
        try:
            await super().smtp_DATA(arg)
        finally:
            self.event_handler.end(self)


class NotingController(Controller):
    def factory(self):
        return NotingSMTP(self.handler, **self.SMTP_kwargs)


class MailServer:
    """STARTTLS, TLS or plain, with a login. The recipient's name says what goes wrong:

    rcpt-550-5.1.1   RCPT is refused with this code and status
    data-554-5.6.0   the text is refused
    once-451-4.7.1   RCPT is refused the first time only
    cut-before       the connection is cut behind the text, which is not kept
    cut-after        the connection is cut behind the text, which is kept
    stall            no reply to the text until `released`
    closing          the connection is closed behind the reply; then `closed`
    """

    def __init__(self, folder, security="starttls", login=("office", "pa ss:wörd")):
        self.port, self.login, self.security = free_port(), login, security
        make_certificates(folder)
        self.authority = folder / "ca.pem"
        self.mails, self.seen, self.sessions = [], set(), 0
        self.transactions = set()
        self.changed = threading.Condition()
        self.released, self.closed = threading.Event(), threading.Event()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "server.pem", folder / "server.key")
        options = {"authenticator": self._authenticate, "auth_required": login is not None, "ident": "test",
                   "enable_SMTPUTF8": True, "ready_timeout": 60}
        if security == "starttls":
            options |= {"tls_context": context, "require_starttls": True}
        else:
            options |= {"auth_require_tls": False}
        self.controller = NotingController(self, hostname="127.0.0.1", port=self.port,
                                           ssl_context=context if security == "tls" else None, **options)

    def start(self):
        self.controller.start()
        return self

    def stop(self):
        self.released.set()
        self.controller.stop()

    def config(self, **members):
        """What the channel is configured with to use this server."""
        config = {"host": "localhost", "port": self.port, "security": self.security,
                  "from": "Evergreen Homes <office@example.com>"}
        if self.security != "plain":
            config["ca_file"] = str(self.authority)
        if self.login:
            config |= {"username": self.login[0], "password": self.login[1]}
        return config | members

    def parsed(self, recipient):
        """The mails for `recipient` as Python's own parser reads them."""
        return [email.message_from_bytes(mail["bytes"], policy=email.policy.default)
                for mail in self.mails if mail["to"] == recipient]

    def wait_for_transactions(self, limit=60):
        """Returns when every text that has begun to arrive by now is kept, refused or cut."""
        with self.changed:
            begun = set(self.transactions)
            assert self.changed.wait_for(lambda: not begun & self.transactions, limit), "a text does not end"

    def begin(self, connection):
        with self.changed:
            self.transactions.add(connection)

    def end(self, connection):
        with self.changed:
            self.transactions.discard(connection)
            self.changed.notify_all()

    # What aiosmtpd calls.

    def _authenticate(self, server, session, envelope, mechanism, data):
        ok = self.login is not None and (data.login, data.password) == tuple(t.encode() for t in self.login)
        return AuthResult(success=ok, handled=False)

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.sessions += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):
        fault = re.match(r"(rcpt|once)-(\d{3})-([\d.]+)@", address)
        if fault and not (fault[1] == "once" and address in self.seen):
            self.seen.add(address)
            return f"{fault[2]} {fault[3]} {address} is refused"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        recipient = envelope.rcpt_tos[0]
        name = recipient.split("@")[0]
        if fault := re.match(r"data-(\d{3})-([\d.]+)@", recipient):
            return f"{fault[1]} {fault[2]} {recipient} is refused"
        if name == "stall":
            await asyncio.get_running_loop().run_in_executor(None, self.released.wait)
        if name != "cut-before":
            self._keep(session, envelope, recipient)
        if name.startswith("cut-"):
            server.transport.abort()
        if name == "closing":
            asyncio.get_running_loop().call_later(0.05, self._close, server.transport)
        return "250 2.0.0 Ok"

    def _close(self, transport):
        transport.close()
        self.closed.set()

    def _keep(self, session, envelope, recipient):
        with self.changed:
            self.mails.append({"at": time.monotonic(), "from": envelope.mail_from, "to": recipient, "bytes": envelope.content,
                               "tls": session.ssl is not None or self.security == "tls", "login": session.authenticated,
                               "utf8": envelope.smtp_utf8})
            self.changed.notify_all()
