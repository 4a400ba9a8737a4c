"""What the tests under load measure: memory, descriptors, and how long others wait."""

import contextlib
import json
import os
import pathlib
import resource
import threading
import time

import zmq

from conftest import REPLY_LIMIT_MS, Daemon

# 1 for the sizes that the product promises; CI runs a part of them.
SCALE = float(os.environ.get("LOAD_SCALE", "0.1"))

WELCOME = {"name": "Welcome", "steps": [
    {"id": "wait", "kind": "delay", "for": {"days": 1}},
    {"id": "text", "kind": "message", "channel": "sms", "content": {"text": "Hi {{ contact.first_name }}"}}]}


@contextlib.contextmanager
def service(folder, *arguments):
    """A service by real time with the active workflow `welcome`."""
    daemon = Daemon(folder, *arguments)
    try:
        daemon.start().wait_for_channels()
        daemon.call("settings.put", {"time_zone": "America/New_York"})
        daemon.call("workflow.create", {"id": "welcome", "definition": WELCOME})
        daemon.call("workflow.activate", {"workflow": "welcome"})
        yield daemon
    finally:
        daemon.close()


def people(name, count):
    """Contacts as a bulk enrollment takes them."""
    return [{"contact": {"id": f"{name}-{n}", "fields": {"first_name": f"Ann {n}", "phone": "+12125550100"}}}
            for n in range(count)]


def command(op, args=None, **members):
    return json.dumps({"op": op, "args": args or {}, **members}).encode()


def memory(process):
    """The resident memory of a process in MiB."""
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) // 1024


def threads(process):
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(status.split("Threads:")[1].split()[0])


def descriptors(process):
    return len(os.listdir(f"/proc/{process.pid}/fd"))


def allow_descriptors(count):
    """Lets this process have so many descriptors open."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (count, hard))


class Others:
    """Clients that work while something else goes on, and how long each of their commands took."""

    def __init__(self, daemon, commands, count=2):
        self.daemon, self.commands = daemon, commands
        self.times, self.peak, self.failures = [], 0, []
        self.ending = threading.Event()
        self.threads = [threading.Thread(target=self.run) for _ in range(count)]

    def __enter__(self):
        self.before = self.peak = memory(self.daemon.process)
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *failure):
        self.ending.set()
        for thread in self.threads:
            thread.join()
        assert not self.failures, self.failures[0]

    def run(self):
        context = zmq.Context()
        socket = context.socket(zmq.REQ)
        socket.rcvtimeo = REPLY_LIMIT_MS
        socket.connect(self.daemon.commands)
        try:
            turn = 0
            while not self.ending.is_set():
                start = time.monotonic()
                socket.send(self.commands[turn % len(self.commands)])
                reply = json.loads(socket.recv())
                self.times.append(time.monotonic() - start)
                assert reply["ok"], reply
                self.peak = max(self.peak, memory(self.daemon.process))
                turn += 1
        except Exception as failure:
            self.failures.append(failure)
        finally:
            context.destroy(linger=0)

    @property
    def growth(self):
        """MiB that the service's memory grew by at most."""
        return self.peak - self.before

    def figures(self):
        times = sorted(self.times)
        if not times:
            return "no other command was answered"
        quantile = {name: times[min(len(times) - 1, int(len(times) * part))] * 1000
                    for name, part in [("p50", 0.5), ("p99", 0.99), ("max", 1)]}
        latencies = ", ".join(f"{name} {value:.1f} ms" for name, value in quantile.items())
        return f"others: {len(times)} commands, {latencies}; memory {self.before} -> {self.peak} MiB at most"
