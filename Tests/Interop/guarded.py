"""A service with endpoints that ask for keys, and clients with keys, by pyzmq."""

import json
import re
import subprocess

import zmq
from zmq.utils.monitor import recv_monitor_message

from conftest import PROGRAM, REPLY_LIMIT_MS, Daemon

# An address of this machine that is not 127.0.0.1: to workflowd it is one that others can reach.
OUTSIDE = "tcp://127.0.0.2:*"


class Guarded(Daemon):
    """A workflowd that takes commands and publishes events twice: on ipc, and for keys on TCP."""

    tracer = ()

    def start(self, commands=None, events=None, wait=True):
        config = self.folder / "config.yaml"
        config.write_text(json.dumps({
            "data": str(self.data), "commands": commands or [self.commands, OUTSIDE],
            "events": events or [self.events, OUTSIDE]}))
        self.log = self.folder / f"log-{len(list(self.folder.glob('log-*')))}"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*self.tracer, PROGRAM, "--config", config, *self.arguments], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        if wait:
            self.connect()
            self.call("system.hello")
            self.find_addresses()
        return self

    def find_addresses(self):
        """Where keys are asked for, and the key of the service: what its log says."""
        guarded, key = re.search(r"notice (.+): for registered keys; the key of this service is (\S+)", self.log.read_text()).groups()
        outside = [address for address in guarded.split() if address.startswith("tcp:")]
        self.outside_commands, self.outside_events = outside
        self.server_key = key.encode()

    def register(self, role, name=None):
        """A new pair whose public half is registered: (public, secret)."""
        pair = zmq.curve_keypair()
        self.call("key.create", {"name": name or role, "role": role, "public_key": pair[0].decode()})
        return pair


class Client:
    """One socket with keys, or without, that notes what becomes of its handshakes."""

    def __init__(self, kind, address, pair=None, server_key=None):
        self.context = zmq.Context()
        self.socket = self.context.socket(kind)
        self.socket.linger = 0
        self.socket.rcvtimeo = REPLY_LIMIT_MS
        self.monitor = self.socket.get_monitor_socket()
        if pair:
            self.socket.curve_publickey, self.socket.curve_secretkey = pair
            self.socket.curve_serverkey = server_key
        if kind == zmq.SUB:
            self.socket.subscribe(b"")
        self.socket.connect(address)

    def event(self, *kinds):
        """The value of the next event of one of `kinds`."""
        while True:
            assert self.monitor.poll(REPLY_LIMIT_MS), "no such event"
            event = recv_monitor_message(self.monitor)
            if event["event"] in kinds:
                return event["value"]

    def exchange(self, text):
        self.socket.send_string(text)
        return [json.loads(line) for line in self.socket.recv().splitlines()]

    def reply(self, op, args=None):
        return self.exchange(json.dumps({"op": op, "args": args or {}}))[0]

    def received(self):
        """The next published event."""
        return json.loads(self.socket.recv_multipart()[1])

    def is_silent(self):
        return not self.socket.poll(0)

    def close(self):
        self.socket.disable_monitor()
        self.monitor.close(0)
        self.context.destroy(0)
