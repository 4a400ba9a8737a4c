"""A mixed life for SOAK_SECONDS: memory, descriptors and threads of the service stay flat."""

import json
import os
import random
import signal
import subprocess
import threading
import time

import zmq

from conftest import PROGRAM, REPLY_LIMIT_MS
from measuring import descriptors, memory, service, threads
from seeds import seeds
from subscriber import Subscriber

SECONDS = float(os.environ.get("SOAK_SECONDS", "20"))
SAMPLES = 40
CONTACTS = 500
CLIENTS = 3

FLOW = {"name": "Visit", "steps": [
    {"id": "wait", "kind": "delay", "for": {"minutes": 1}},
    {"id": "text", "kind": "message", "channel": "sms", "content": {"text": "Hi {{ contact.first_name }}"}},
    {"id": "mail", "kind": "message", "channel": "email",
     "content": {"subject": "Hi", "text": "Thank you {{ contact.first_name }}"}}]}


class Life:
    """Threads that do something each, until all of it ends or one of them fails."""

    def __init__(self, daemon, folder):
        self.daemon, self.folder = daemon, folder
        self.ending = threading.Event()
        self.failures, self.counts, self.threads = [], {}, []

    def begin(self, act, seed, pause):
        thread = threading.Thread(target=self.run, args=(act, random.Random(seed), pause))
        self.threads.append(thread)
        thread.start()

    def run(self, act, numbers, pause):
        try:
            while not self.ending.is_set():
                act(numbers)
                self.counts[act.__name__] = self.counts.get(act.__name__, 0) + 1
                # The pace of a life, not a wait for something.
                self.ending.wait(pause * numbers.random() * 2)
        except Exception as failure:
            self.failures.append(failure)
            self.ending.set()

    def end(self):
        self.ending.set()
        for thread in self.threads:
            thread.join()
        if self.failures:
            raise self.failures[0]

    # What happens in it.

    def client(self, numbers):
        """A client that comes, sends some commands, and goes."""
        context = zmq.Context()
        socket = context.socket(zmq.REQ)
        socket.rcvtimeo = REPLY_LIMIT_MS
        socket.connect(self.daemon.commands)
        for _ in range(numbers.randrange(1, 60)):
            op, args = command(numbers)
            socket.send(json.dumps({"op": op, "args": args}).encode())
            reply = json.loads(socket.recv())
            assert reply["ok"], (op, reply)
        context.destroy(linger=0)

    def subscriber(self, numbers):
        """A subscriber that comes, reads all there is, listens for a time, and goes."""
        subscriber = Subscriber(self.daemon, numbers.choice(["message", "enrollment"]))
        subscriber.start()
        self.ending.wait(numbers.random() * 3)
        subscriber.stopping.set()
        subscriber.join()
        if subscriber.failure is not None:
            raise subscriber.failure

    def killer(self, numbers):
        """Kills a channel."""
        channels = [channel for channel in call(self.daemon, "channel.list")["channels"] if channel.get("pid")]
        if channels:
            try:
                os.kill(numbers.choice(channels)["pid"], signal.SIGKILL)
            except ProcessLookupError:
                pass

    def backup(self, numbers):
        target = self.folder / f"backup-{numbers.random()}"
        subprocess.run([PROGRAM.parent / "workflowctl", "backup", target, "--data", self.daemon.data],
                       check=True, capture_output=True)
        subprocess.run(["rm", "-r", target], check=True)

    def purge(self, numbers):
        """Keeps the history short, so that what grows is no history."""
        head = call(self.daemon, "system.hello")["events"]["head"]
        if head > 20_000:
            moment = call(self.daemon, "execution.list", {"limit": 200})["executions"][-1]["at"]
            while call(self.daemon, "execution.purge", {"before": moment})["more"]:
                pass


def command(numbers):
    contact = f"c-{numbers.randrange(CONTACTS)}"
    fields = {"first_name": f"Ann {numbers.randrange(9)}", "phone": "+12125550100", "email": "ann@example.com"}
    return numbers.choice([
        ("contact.put", {"id": contact, "fields": fields}),
        ("enrollment.create", {"workflow": "visit", "contact": {"id": contact, "fields": fields}}),
        ("signal.send", {"name": "sms.replied", "contact": {"id": contact, "fields": fields}}),
        ("contact.list", {"limit": 50}),
        ("enrollment.list", {"workflow": "visit", "limit": 50}),
        ("execution.list", {"workflow": "visit", "limit": 50}),
        ("workflow.stats", {"workflow": "visit"}),
        ("channel.list", {}),
    ])


def call(daemon, op, args=None):
    """One command over a connection of its own: this is called from several threads."""
    context = zmq.Context()
    socket = context.socket(zmq.REQ)
    socket.rcvtimeo = REPLY_LIMIT_MS
    socket.connect(daemon.commands)
    socket.send(json.dumps({"op": op, "args": args or {}}).encode())
    reply = json.loads(socket.recv())
    context.destroy(linger=0)
    assert reply["ok"], (op, reply)
    return reply["result"]


def sample(daemon, start, life):
    size = sum(file.stat().st_size for file in daemon.data.glob("workflows.sqlite*")) / (1 << 20)
    row = {"second": int(time.monotonic() - start), "memory": memory(daemon.process),
           "descriptors": descriptors(daemon.process), "threads": threads(daemon.process)}
    print(json.dumps({**row, "database": round(size, 1), **life.counts}), flush=True)
    return row


def test_memory_and_descriptors_stay_flat(tmp_path):
    # A minute of the workflow passes in a second.
    with service(tmp_path, "--clock", "60x") as daemon:
        daemon.call("settings.put", {"notifications": {"quiet_hours": None}})
        daemon.call("workflow.create", {"id": "visit", "definition": FLOW})
        daemon.call("workflow.activate", {"workflow": "visit"})
        life = Life(daemon, tmp_path)
        rare = max(5, SECONDS / 60)
        acts = [(life.client, 0.2)] * CLIENTS + [
            (life.subscriber, 0.5), (life.killer, rare), (life.backup, rare), (life.purge, rare)]
        for (act, pause), seed in zip(acts, seeds("soak", len(acts))):
            life.begin(act, seed, pause)
        samples, start = [], time.monotonic()
        print()
        while time.monotonic() < start + SECONDS and not life.ending.wait(SECONDS / SAMPLES):
            samples.append(sample(daemon, start, life))
        life.end()
        check_flat(samples)


def check_flat(samples):
    """The third quarter of the time against the last one."""
    quarter = len(samples) // 4
    third, last = samples[2 * quarter:3 * quarter], samples[3 * quarter:]
    # Of what comes and goes with clients, only the least tells what stays.
    for name, allowed in [("descriptors", 4), ("threads", 2), ("memory", 24)]:
        before, after = (min(row[name] for row in part) for part in (third, last))
        assert after - before <= allowed, (name, before, after)
