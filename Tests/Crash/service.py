"""A workflowd that dies often, and connections to it that notice."""

import json
import shutil
import socket
import sqlite3
import threading
import time

import yaml
import zmq

from conftest import ROOT, Daemon

from Crash.business import START

LIMIT = 60
MUCH = 200


class Service(Daemon):
    """Counts its lives, what was acknowledged in all of them, and how long each took to answer."""

    def __init__(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        self.mails = folder / "mails.sqlite"
        config = folder / "config.yaml"
        config.write_text(yaml.safe_dump({"channels": {"email": {
            "program": str(ROOT / "Tests/Crash/keyed_channel.py"), "config": {"path": str(self.mails)}}}}))
        super().__init__(folder, "--clock", "simulated", "--clock-start", START, "--config", config)
        self.changed = threading.Condition()
        self.life = self.acknowledged = self.position = self.position_before = self.kills = 0
        self.now = START
        self.starts = []
        self.threads = []

    # Lives

    def spawn(self, *tracer):
        super().spawn(*tracer)
        self.spawned = time.monotonic()
        with self.changed:
            self.position_before = self.position
            self.enough = self.acknowledged + MUCH
            self.life += 1
            self.changed.notify_all()

    def connect(self):
        super().connect()
        self.socket.reconnect_ivl = 1

    def answers(self):
        """Waits for its first answer; False where it died before that."""
        self.connect()
        self.socket.send(b'{"op":"system.hello"}')
        while not self.socket.poll(20):
            if self.ended():
                return False
            assert time.monotonic() < self.spawned + LIMIT, "it does not start"
        self.hello = json.loads(self.socket.recv())["result"]
        return True

    def start(self):
        self.spawn()
        assert self.answers(), f"it ended with {self.process.returncode} at its start"
        self.starts.append(time.monotonic() - self.spawned)
        return self

    def ended(self):
        return self.process.poll() is not None

    def bury(self):
        """Waits for its end, and counts it where it was a violent one."""
        code = self.process.wait(timeout=LIMIT)
        assert code in (0, -9), f"it ended with {code}"
        self.kills += code == -9
        if self.kills % 10 == 0:
            assert not self.damage()

    def kill(self):
        self.process.kill()
        self.bury()

    # What clients tell

    def note(self, count, position):
        """A client got `count` commands acknowledged, which reached `position` of the feed."""
        with self.changed:
            self.acknowledged += count
            self.position = max(self.position, position)
            self.changed.notify_all()

    def pace(self):
        """Slows a client down that has done much since the last crash, so that the history does not grow without end."""
        if self.acknowledged > self.enough:
            threading.Event().wait(0.02)

    def wait_for(self, count):
        """Waits until `count` more commands were acknowledged, or it has ended."""
        with self.changed:
            enough = self.acknowledged + count
            end = time.monotonic() + LIMIT
            while self.acknowledged < enough and not self.ended():
                for thread in self.threads:
                    thread.check()
                assert time.monotonic() < end, "nothing is acknowledged any more"
                self.changed.wait(0.05)

    def is_listening(self):
        with socket.socket(socket.AF_UNIX) as attempt:
            try:
                attempt.connect(self.commands.removeprefix("ipc://"))
                return True
            except OSError:
                return False

    # Its files

    def damage(self):
        """What SQLite finds wrong in the database as the crash left it."""
        copy = self.folder / "copy"
        copy.mkdir(exist_ok=True)
        for path in copy.iterdir():
            path.unlink()
        for path in self.data.glob("workflows.sqlite*"):
            if not path.name.endswith("-shm"):
                shutil.copy(path, copy)
        database = sqlite3.connect(copy / "workflows.sqlite")
        found = [row[0] for row in database.execute("PRAGMA integrity_check")]
        database.close()
        return [row for row in found if row != "ok"]


class Connection:
    """A DEALER to one life of a service: what was sent over it reaches no other, so nothing comes late."""

    def __init__(self, service):
        self.service = service
        self.silent_since = time.monotonic()
        while True:
            self.life = service.life
            if service.is_listening():
                break
            self.check_patience()
            with service.changed:
                service.changed.wait_for(lambda: service.life != self.life, 0.01)
        self.socket = service.context.socket(zmq.DEALER)
        self.socket.linger = 0
        self.socket.reconnect_ivl = -1
        self.socket.connect(service.commands)

    def send(self, message):
        """Sends it, unless the service has died: then nobody takes it any more."""
        while self.life == self.service.life:
            try:
                return self.socket.send(message, zmq.DONTWAIT)
            except zmq.Again:
                self.socket.poll(20, zmq.POLLOUT)

    def receive(self):
        """The lines of the next reply; None where the service died instead."""
        while not self.socket.poll(20):
            if self.life != self.service.life:
                return None
            self.check_patience()
        self.silent_since = time.monotonic()
        return [json.loads(line) for line in self.socket.recv().splitlines()]

    def check_patience(self):
        assert time.monotonic() < self.silent_since + 2 * LIMIT, "the service says nothing"

    def close(self):
        self.socket.close(0)
