"""More connections than the limit of open files allows: who works goes on, and nothing runs out."""

import contextlib
import json
import os
import re
import signal
import socket
import time

import pytest
import zmq

from conftest import REPLY_LIMIT_MS, Daemon
from Interop.guarded import Guarded
from measuring import descriptors

FILES = 256
CROWD = 220
FEW_FILES = ("prlimit", f"--nofile={FILES}:{FILES}")


class FewFiles(Daemon):
    """A service that may open few files, on ipc and TCP."""

    def __init__(self, folder):
        super().__init__(folder, "--commands", "tcp://127.0.0.1:*", "--events", "tcp://127.0.0.1:*", "--log-level", "notice")

    def start(self):
        self.spawn(*FEW_FILES)
        self.connect()
        self.call("system.hello")
        self.wait_for_channels()
        commands, events = re.findall(r"(tcp://127\.0\.0\.1:\d+)", (self.folder / "log").read_text())
        self.endpoints = {
            "commands": self.commands, "events": self.events, "tcp commands": commands, "tcp events": events}
        return self

    def health(self):
        return self.call("system.health")

    def until(self, condition):
        """Calls until `condition()` holds; every call is answered meanwhile."""
        end = time.monotonic() + REPLY_LIMIT_MS / 1000
        while not condition():
            assert time.monotonic() < end
            self.call("clock.get")


@pytest.fixture
def crowded(tmp_path):
    daemon = FewFiles(tmp_path)
    yield daemon.start()
    assert daemon.process.poll() is None
    daemon.close()


@contextlib.contextmanager
def silent_crowd(endpoint):
    """Connections that never say a word; each that is cut comes again with the next `keep()`."""
    crowd = []

    def connect():
        family, address = socket.AF_UNIX, endpoint.removeprefix("ipc://")
        if endpoint.startswith("tcp"):
            host, port = re.fullmatch(r"tcp://(.+):(\d+)", endpoint).groups()
            family, address = socket.AF_INET, (host, int(port))
        one = socket.socket(family)
        one.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            one.connect(address)
        return one

    def is_open(one):
        try:
            return one.recv(1_000) != b""
        except BlockingIOError:
            return True
        except OSError:
            return False

    def keep():
        for one in [one for one in crowd if not is_open(one)]:
            crowd.remove(one)
            one.close()
        while len(crowd) < CROWD:
            crowd.append(connect())

    yield keep
    for one in crowd:
        one.close()


@contextlib.contextmanager
def idle_clients(endpoint, kind):
    """Clients that shake hands, answer pings, want nothing, and come again when they are cut."""
    with zmq.Context() as context:
        context.max_sockets = CROWD + 10
        clients = [context.socket(kind) for _ in range(CROWD)]
        for client in clients:
            client.linger = 0
            if kind == zmq.SUB:
                client.subscribe(b"")
            client.connect(endpoint)
        yield lambda: None
        for client in clients:
            client.close()


CROWDS = {
    "silent tcp commands": lambda daemon: silent_crowd(daemon.endpoints["tcp commands"]),
    "silent tcp events": lambda daemon: silent_crowd(daemon.endpoints["tcp events"]),
    "silent ipc commands": lambda daemon: silent_crowd(daemon.endpoints["commands"]),
    "idle tcp commands": lambda daemon: idle_clients(daemon.endpoints["tcp commands"], zmq.DEALER),
    "idle ipc commands": lambda daemon: idle_clients(daemon.endpoints["commands"], zmq.DEALER),
    "idle tcp events": lambda daemon: idle_clients(daemon.endpoints["tcp events"], zmq.SUB),
}


def ask_anew(daemon, endpoint):
    """A client that comes now is answered."""
    with zmq.Context() as context, context.socket(zmq.REQ) as client:
        client.linger, client.rcvtimeo = 0, REPLY_LIMIT_MS
        client.connect(endpoint)
        client.send(b'{"op":"system.hello"}')
        assert json.loads(client.recv())["ok"]


@pytest.mark.parametrize("crowd", CROWDS)
def test_a_crowd_that_wants_nothing(crowded, crowd):
    (sms,) = [channel for channel in crowded.call("channel.list")["channels"] if channel["name"] == "sms"]
    with CROWDS[crowd](crowded) as keep:
        # Who is silent is cut behind 5 s anyway: this is longer, and several of them come meanwhile.
        end = time.monotonic() + 7
        while time.monotonic() < end:
            keep()
            crowded.call("clock.get")
            assert descriptors(crowded.process) <= FILES
        health = crowded.health()
        assert [problem["code"] for problem in health["problems"]] == ["connections_full"]
        connections = health["process"]["connections"]
        assert connections["refused"] > 0
        # Newcomers stand beside those who are being cut.
        assert connections["commands"] + connections["events"] <= connections["limit"] + 24 < FILES - 40
        ask_anew(crowded, crowded.endpoints["commands"])
        ask_anew(crowded, crowded.endpoints["tcp commands"])
        # There are descriptors left for a channel that has to be started again.
        os.kill(sms["pid"], signal.SIGKILL)
        crowded.until(lambda: any(
            channel["name"] == "sms" and channel["state"] == "ready" and channel["pid"] != sms["pid"]
            for channel in crowded.call("channel.list")["channels"]))
    crowded.until(lambda: crowded.health()["process"]["connections"]["commands"] < 10)


def test_a_client_that_waits_for_its_reply_keeps_its_connection(crowded):
    head = crowded.call("system.hello")["events"]["head"]
    with crowded.context.socket(zmq.REQ) as waiting:
        waiting.linger, waiting.rcvtimeo = 0, REPLY_LIMIT_MS
        waiting.connect(crowded.endpoints["tcp commands"])
        waiting.send(json.dumps({"op": "events.read", "args": {"after": head, "wait_ms": 60_000}}).encode())
        with CROWDS["idle tcp commands"](crowded):
            crowded.until(lambda: crowded.health()["problems"])
            crowded.call("contact.put", {"id": "c-1", "fields": {"first_name": "Ann"}})
            crowded.call("signal.send", {"name": "job.booked", "contact": "c-1"})
            assert json.loads(waiting.recv())["result"]["events"][0]["type"] == "signal.received"


def test_a_crowd_without_keys(tmp_path):
    """Who has no key takes no connection from those who have one."""
    daemon = Guarded(tmp_path)
    daemon.tracer = FEW_FILES
    try:
        daemon.start()
        daemon.wait_for_channels()
        with silent_crowd(daemon.outside_commands) as keep:
            end = time.monotonic() + 7
            while time.monotonic() < end:
                keep()
                daemon.call("clock.get")
            pair = daemon.register("operator")
            client = daemon.context.socket(zmq.REQ)
            client.linger, client.rcvtimeo = 0, REPLY_LIMIT_MS
            client.curve_publickey, client.curve_secretkey = pair
            client.curve_serverkey = daemon.server_key
            client.connect(daemon.outside_commands)
            client.send(b'{"op":"system.hello"}')
            assert json.loads(client.recv())["ok"]
            client.close()
        assert daemon.process.poll() is None
    finally:
        daemon.close()
