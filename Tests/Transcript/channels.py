"""The channels of the stage: what the service asks of them is kept until an act says what they answer."""

import json
import os
import select
import socket

from Transcript.relay import CHUNK, DIE, SYNC

# What a pipe takes in one piece, so that the service reads it in one turn.
PIECE = select.PIPE_BUF
MANIFESTS = {
    "call_reminder": {"address": "staff", "max_inflight": 4, "dedupe": "provider", "query": True},
    "email": {"address": "email", "max_inflight": 16, "dedupe": "local", "inbound": True, "statuses": ["delivered", "failed"]},
    "postcard": {"address": "street", "max_inflight": 2},
    "sms": {"address": "phone", "max_inflight": 6, "dedupe": "provider", "query": True, "inbound": True,
            "statuses": ["sent", "delivered", "failed"]},
    "whatsapp": {"address": "phone", "max_inflight": 3, "query": True, "inbound": True, "statuses": ["delivered"]},
}


def manifest(name):
    return {"protocols": [1], "name": f"{name}_stage", "version": "1.0", "channel": name, "send_timeout_ms": 600_000,
            "config": {"account": {"description": "The account.", "required": True}}, **MANIFESTS[name]}


class Channel:
    """One life of a channel's process, from its first word to its end."""

    def __init__(self, connection, name):
        self.connection, self.name = connection, name
        self.rest = b""
        self.configuring = None
        # The messages and questions that are not answered yet: what came new, and by number.
        self.fresh, self.held = [], {}
        self.echoes = 0
        self.at_end = False

    def fileno(self):
        return self.connection.fileno()

    def read(self):
        """Takes one piece of what the service said; False where it is nothing of weight."""
        try:
            data = self.connection.recv(CHUNK)
        except ConnectionResetError:
            data = b""
        if data == SYNC:
            self.echoes += 1
            return False
        if not data:
            self.at_end = True
            return True
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            self.take(json.loads(line))
        return True

    def take(self, request):
        match request["op"]:
            case "hello":
                self.write([{"id": request["id"], "manifest": manifest(self.name)}])
            case "ping" | "drain":
                self.write([{"id": request["id"], "ok": True}])
            case "configure":
                self.configuring = request["id"]
                self.fresh.append(request)
            case _:
                self.fresh.append(request)

    def write(self, lines):
        """Says `lines` in one piece."""
        data = "".join(json.dumps(line) + "\n" for line in lines).encode()
        assert len(data) <= PIECE, "more than a pipe takes in one piece"
        self.connection.send(data)

    def configured(self, **answer):
        self.write([{"id": self.configuring, **answer}])
        self.configuring = None

    def answer(self, answers):
        """Answers requests by their numbers."""
        self.write([{"id": self.held.pop(number)["id"], **answer} for number, answer in answers])

    def sends(self):
        """How many messages are with it."""
        return sum(request["op"] == "send" for request in [*self.held.values(), *self.fresh])

    def questions(self):
        return sum(request["op"] == "query" for request in [*self.held.values(), *self.fresh])

    def ask_for_echo(self):
        """Wants to know when all that the service has written so far is here."""
        if self.at_end:
            return False
        try:
            self.connection.send(SYNC)
        except OSError:
            return False
        return True

    def die(self):
        self.connection.send(DIE)

    def close(self):
        self.connection.close()


class Channels:
    """The channels of one service: the newest life of each, and the numbers of what they were asked."""

    def __init__(self, path):
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.listener.bind(os.fspath(path))
        self.listener.listen(16)
        self.path = path
        self.lives = {}
        self.number, self.keys = 0, {}

    def sources(self):
        """Whatever may have something to be read: `read` it."""
        return [self.listener, *(life for life in self.lives.values() if not life.at_end)]

    def read(self, source):
        if source is not self.listener:
            return source.read()
        connection, _ = self.listener.accept()
        name = connection.recv(CHUNK).decode()
        if name in self.lives:
            self.lives[name].close()
        self.lives[name] = Channel(connection, name)
        return True

    def take_requests(self):
        """What the channels were asked since the last call, by channel and in order; messages and questions with their numbers."""
        seen = []
        for name in sorted(self.lives):
            life = self.lives[name]
            for request in life.fresh:
                line = {"saw": "request", "channel": name}
                if request["op"] in ("send", "query"):
                    self.number += 1
                    life.held[self.number] = request
                    self.keys[self.number] = request["key"]
                    line["number"] = self.number
                seen.append(line | {"request": {member: value for member, value in request.items() if member != "id"}})
            life.fresh = []
        return seen

    def holder(self, number):
        """The channel that has yet to answer request `number`."""
        return next((life for life in self.lives.values() if number in life.held and not life.at_end), None)

    def sends(self):
        return sum(life.sends() for life in self.lives.values() if not life.at_end)

    def questions(self):
        return sum(life.questions() for life in self.lives.values() if not life.at_end)

    def forget(self):
        """Ends all lives: their service is gone."""
        for life in self.lives.values():
            life.close()
        self.lives = {}

    def close(self):
        self.forget()
        self.listener.close()
