"""Twilio's Messages resource, small: enough for Twilio's own SDK, with failures on demand."""

import base64
import datetime
import email.utils
import http.server
import json
import re
import secrets
import socket
import struct
import threading
import urllib.parse
import urllib.request

from twilio.request_validator import RequestValidator

FINAL = ("delivered", "undelivered", "failed")


class TwilioServer:
    """One account at a free port of this machine.

    `plan(fault, times)` breaks the next requests that send, where `fault` is one of
    - {"status": 429, "code": 20429, "headers": {"Retry-After": "7"}}: refused,
    - {"status": 500, "store": False} or True: an error before or after the message was stored,
    - {"cut": True, "store": False} or True: the connection breaks before or after that,
    - {"hang": True, "store": ...}: no answer until `release` is set.
    With "to", only messages to that number. `list_faults` is how many lists are answered with 500, and
    messages that are stored while `list_lag` is set stand in no list before `list_lag` is set to False.
    """

    def __init__(self):
        self.sid, self.token = "AC" + secrets.token_hex(16), secrets.token_hex(16)
        self.messages, self.plans, self.requests = [], [], []
        self.list_faults, self.list_lag, self.page_limit = 0, False, 1000
        self.rewrite = lambda text: text
        self.release = threading.Event()
        self.changed = threading.Condition()
        twilio = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                twilio.serve(self, b"")

            def do_POST(self):
                twilio.serve(self, self.rfile.read(int(self.headers.get("content-length") or 0)))

            def handle_one_request(self):
                try:
                    super().handle_one_request()
                except (ConnectionError, ValueError):
                    self.close_connection = True

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.base = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        self.release.set()
        self.server.shutdown()
        self.server.server_close()

    def config(self, **members):
        """A configuration of SMSChannel for this account, without a listener."""
        return {"provider": "twilio", "base_url": self.base, "account_sid": self.sid, "auth_token": self.token,
                "from": "+15550199000", "poll_seconds": 1, "settle_ms": 300, "timeout_ms": 2000, **members}

    # What tests do

    def requests_of(self, method):
        with self.changed:
            return [path for given, path in self.requests if given == method]

    def plan(self, fault, times=1):
        with self.changed:
            self.plans += [dict(fault) for _ in range(times)]

    def texts(self, to=None):
        """The texts that were taken from the channel, in order."""
        with self.changed:
            return [message["body"] for message in self.messages
                    if message["direction"] == "outbound-api" and to in (None, message["to"])]

    def wait_for(self, condition, limit=60):
        with self.changed:
            assert self.changed.wait_for(condition, limit), "Twilio did not see it"

    def set_status(self, message, status, error_code=None):
        """A message gets on; returns the status of the callback, or None where none is wanted."""
        with self.changed:
            message.update(status=status, error_code=error_code)
        if not message["callback"]:
            return None
        fields = {"MessageSid": message["sid"], "SmsSid": message["sid"], "AccountSid": self.sid,
                  "From": message["from"], "To": message["to"], "MessageStatus": status}
        if error_code:
            fields["ErrorCode"] = str(error_code)
        return self.call(message["callback"], fields)

    def receive(self, sender, text, at=None):
        """A contact writes; returns the message."""
        return self._store({"To": "+15550199000", "From": sender, "Body": text}, "inbound", at)

    def call(self, url, fields, signature=None, at=None):
        """Calls as Twilio does, by way of `at` where the public address leads there; returns the status."""
        signature = signature or RequestValidator(self.token).compute_signature(url, fields)
        request = urllib.request.Request(
            at or url, urllib.parse.urlencode(fields).encode(),
            {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"})
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return response.status
        except urllib.error.HTTPError as error:
            return error.code

    # The interface

    def serve(self, handler, body):
        url = urllib.parse.urlsplit(handler.path)
        with self.changed:
            self.requests.append((handler.command, handler.path))
            self.changed.notify_all()
        given = base64.b64encode(f"{self.sid}:{self.token}".encode()).decode()
        if handler.headers.get("authorization") != f"Basic {given}":
            return self._refuse(handler, 401, 20003, "Authenticate")
        path = url.path.removeprefix(f"/2010-04-01/Accounts/{self.sid}")
        query = dict(urllib.parse.parse_qsl(url.query))
        if path == ".json":
            return self._answer(handler, 200, {"sid": self.sid, "status": "active", "type": "Full"})
        if path == "/Messages.json":
            if handler.command == "POST":
                return self._send(handler, dict(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True)))
            return self._list(handler, query)
        found = re.fullmatch(r"/Messages/(\w+)\.json", path)
        message = found and next((m for m in self.messages if m["sid"] == found[1]), None)
        if message:
            return self._answer(handler, 200, self._resource(message))
        return self._refuse(handler, 404, 20404, "The requested resource was not found")

    def _send(self, handler, form):
        if "To" not in form:
            return self._refuse(handler, 400, 21604, "A 'To' phone number is required.")
        if "From" not in form and "MessagingServiceSid" not in form:
            return self._refuse(handler, 400, 21603, "A 'From' phone number is required.")
        if not form.get("Body"):
            return self._refuse(handler, 400, 21602, "Message body is required.")
        fault = self._fault(form["To"])
        message = self._store(form, "outbound-api") if fault.get("store", not fault) else None
        if fault.get("hang"):
            self.release.wait(60)
        if fault.get("cut") or fault.get("hang"):
            return self._cut(handler)
        if fault:
            return self._refuse(handler, fault["status"], fault.get("code"), "refused", fault.get("headers", {}))
        return self._answer(handler, 201, self._resource(message))

    def _fault(self, to):
        with self.changed:
            for index, fault in enumerate(self.plans):
                if fault.get("to") in (None, to):
                    return self.plans.pop(index)
        return {}

    def _store(self, form, direction, at=None):
        now = at or datetime.datetime.now(datetime.UTC)
        message = {
            "sid": "SM" + secrets.token_hex(16), "to": form["To"], "from": form.get("From"), "body": self.rewrite(form["Body"]),
            "status": "received" if direction == "inbound" else "queued", "error_code": None,
            "direction": direction, "date": now, "callback": form.get("StatusCallback"), "listed": not self.list_lag,
            "messaging_service_sid": form.get("MessagingServiceSid")}
        with self.changed:
            self.messages.append(message)
            self.changed.notify_all()
        return message

    def _list(self, handler, query):
        with self.changed:
            if self.list_faults > 0:
                self.list_faults -= 1
                return self._refuse(handler, 500, 20500, "Internal Server Error")
            found = [m for m in reversed(self.messages) if (m["listed"] or not self.list_lag) and self._fits(m, query)]
        size = min(int(query.get("PageSize", 50)), self.page_limit)
        start = int(query.get("Page", 0)) * size
        next_page = None
        if len(found) > start + size:
            rest = urllib.parse.urlencode({**query, "Page": int(query.get("Page", 0)) + 1, "PageToken": "PA"})
            next_page = f"/2010-04-01/Accounts/{self.sid}/Messages.json?{rest}"
        page = [self._resource(message) for message in found[start:start + size]]
        return self._answer(handler, 200, {
            "messages": page, "next_page_uri": next_page, "page": int(query.get("Page", 0)), "page_size": size,
            "uri": handler.path, "first_page_uri": handler.path, "previous_page_uri": None, "start": start,
            "end": start + len(page)})

    @staticmethod
    def _fits(message, query):
        day = message["date"].date().isoformat()
        return (query.get("To") in (None, message["to"]) and query.get("From") in (None, message["from"])
                and query.get("DateSent", day)[:10] == day and day >= query.get("DateSent>", day)[:10]
                and day <= query.get("DateSent<", day)[:10])

    def _resource(self, message):
        date = email.utils.format_datetime(message["date"])
        return {
            **{name: message[name] for name in (
                "sid", "to", "from", "body", "status", "error_code", "direction", "messaging_service_sid")},
            "account_sid": self.sid, "api_version": "2010-04-01", "date_created": date, "date_updated": date,
            "date_sent": None if message["status"] == "queued" else date, "error_message": None,
            "num_media": "0", "num_segments": "1", "price": None, "price_unit": "USD",
            "subresource_uris": {}, "uri": f"/2010-04-01/Accounts/{self.sid}/Messages/{message['sid']}.json"}

    def _refuse(self, handler, status, code, words, headers=()):
        self._answer(handler, status, {
            "code": code, "message": words, "more_info": f"https://www.twilio.com/docs/errors/{code}",
            "status": status}, dict(headers))

    def _answer(self, handler, status, json_body, headers=()):
        body = json.dumps(json_body).encode()
        handler.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)),
                            **dict(headers)}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    @staticmethod
    def _cut(handler):
        """Breaks the connection so that the other side notices at once."""
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.close_connection = True
        handler.connection.close()
