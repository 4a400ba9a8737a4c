"""Sibling services that write all the time, and one that moves the clock."""

import collections
import json
import random
import threading

from Crash.service import Connection
from Crash.writes import Writes


class Worker(threading.Thread):
    """A thread that talks to each life of a service, and keeps what went wrong in it."""

    def __init__(self, service):
        super().__init__(daemon=True)
        self.service = service
        self.stopping, self.failure, self.connection = threading.Event(), None, None

    def run(self):
        try:
            self.work()
        except Exception as failure:
            self.failure = failure
        finally:
            self.disconnect()

    def connected(self):
        """A connection to the present life."""
        if self.connection is None or self.connection.life != self.service.life:
            self.disconnect()
            self.connection = Connection(self.service)
        return self.connection

    def disconnect(self):
        if self.connection is not None:
            self.connection.close()

    def check(self):
        if self.failure is not None:
            raise self.failure

    def stop(self):
        self.stopping.set()
        self.join()
        self.check()


class Client(Worker, Writes):
    """Sends its writes one by one or pipelined, and each again until it is answered."""

    def __init__(self, service, who, seed):
        Worker.__init__(self, service)
        Writes.__init__(self, service, who, seed)

    def work(self):
        self.exchange([self.create_draft()])
        while not self.stopping.is_set():
            self.service.pace()
            self.exchange(self.some(self.random.choice([1, 1, 1, 8, 30])))
            if self.random.random() < 0.2:
                self.exchange([self.edit()])

    def exchange(self, messages):
        """Sends `messages` until each is answered, in their order."""
        waiting = collections.deque(messages)
        while waiting:
            connection = self.connected()
            for message in waiting:
                message.attempts += 1
                connection.send(message.bytes)
            self.something_was_lost = False
            while waiting and (replies := connection.receive()) is not None:
                self.take(waiting.popleft(), replies)

    def take(self, message, replies):
        assert len(replies) == len(message.commands), replies
        for command, reply in zip(message.commands, replies):
            assert reply["id"] == command["id"]
            if reply["ok"] and "key" in command:
                self.check_replay(message, command, reply)
        with self.lock:
            message.note(replies, message.is_repeated)
        acknowledged = [reply for reply in replies if reply["ok"]]
        self.counts["acknowledged"] += len(acknowledged)
        self.service.note(len(acknowledged), max((reply.get("seq", 0) for reply in acknowledged), default=0))

    def check_replay(self, message, command, reply):
        """A new key is new, and of several writes none survives that came behind one that was lost."""
        replayed = reply.get("replayed", False)
        if message.is_known:
            return
        assert message.is_repeated or not replayed, (command, reply)
        if message.is_repeated:
            assert not (replayed and self.something_was_lost), (command, reply)
            self.something_was_lost |= not replayed
            self.counts["replayed"] += replayed
        self.stored.append((command, reply, self.service.now))


class Clock(Worker):
    """Moves the service's clock on and on, so that delays end and messages fall due."""

    def __init__(self, service, seed):
        super().__init__(service)
        self.random = random.Random(f"{seed}-clock")

    def work(self):
        while not self.stopping.is_set():
            connection = self.connected()
            minutes = self.random.choice([1, 5, 20, 60])
            connection.send(json.dumps({"op": "clock.advance", "args": {"by": {"minutes": minutes}}}).encode())
            if replies := connection.receive():
                self.service.now = replies[0]["result"]["now"]
