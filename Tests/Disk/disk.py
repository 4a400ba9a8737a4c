"""A small disk, or one that fails, for a service of its own; and clients that go on meanwhile."""

import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import threading
import time

import pytest
import zmq

from conftest import PROGRAM, REPLY_LIMIT_MS, Daemon

LIMIT = 60


class Disk:
    """A file system in memory at `path`, mounted until it is closed."""

    def __init__(self, path, megabytes):
        self.path = path
        path.mkdir()
        result = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "workflows-test", path], capture_output=True, text=True)
        if result.returncode != 0:
            pytest.skip(f"Only who may mount can make a small disk: {result.stderr.strip()}")

    @property
    def ballast(self):
        return self.path / "ballast"

    def fill(self, leave=0):
        """Leaves `leave` bytes free, while others may be writing."""
        with open(self.ballast, "ab", buffering=0) as file:
            for piece in [bytes(65_536), bytes(4_096)]:
                with contextlib.suppress(OSError):
                    while self.free > leave:
                        file.write(piece)

    @property
    def free(self):
        stat = os.statvfs(self.path)
        return stat.f_bavail * stat.f_frsize

    def make_room(self):
        self.ballast.unlink()

    def close(self):
        subprocess.run(["umount", "--lazy", self.path], check=True)


class Resident(Daemon):
    """A workflowd whose data directory is at `data`; its sockets and its log lie in `folder`."""

    def __init__(self, folder, data, *arguments):
        super().__init__(folder, *arguments)
        self.data = data

    @property
    def log(self):
        return (self.folder / "log").read_text()

    def spawn(self, **options):
        """Starts it and does not wait for an answer."""
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                [PROGRAM, "--data", self.data, "--commands", self.commands, "--events", self.events,
                 "--log-level", "warning", *self.arguments],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, **options)
        return self

    def ended(self):
        """Its exit code and what it wrote, where it ends by itself."""
        return self.process.wait(timeout=LIMIT), self.log

    def put(self, name, note=""):
        return self.reply("contact.put", {"id": name, "fields": {"note": note}})

    def goes_on(self):
        """Returns the reply to the first write that is taken again."""
        return until(lambda: (lambda reply: reply if reply["ok"] else None)(self.put("goes-on")))


def until(condition):
    """What `condition` returns once that is true."""
    end = time.monotonic() + LIMIT
    while not (value := condition()):
        assert time.monotonic() < end, "it does not come about"
        time.sleep(0.01)
    return value


class Writers(threading.Thread):
    """A client that never stops writing; it keeps what was acknowledged and how the rest was refused."""

    def __init__(self, daemon, window=20, note=500):
        super().__init__(daemon=True)
        self.address, self.window, self.note = daemon.commands, window, note
        self.acknowledged, self.errors, self.stopping = [], [], threading.Event()
        self.failure = None
        self.start()

    def run(self):
        context = zmq.Context()
        dealer = context.socket(zmq.DEALER)
        dealer.linger, dealer.rcvtimeo = 0, REPLY_LIMIT_MS
        dealer.connect(self.address)
        number = 0
        try:
            while not self.stopping.is_set():
                for _ in range(self.window):
                    number += 1
                    dealer.send(json.dumps({"id": f"w-{number}", "op": "contact.put", "args": {
                        "id": f"w-{number}", "fields": {"note": "x" * self.note}}}).encode())
                for _ in range(self.window):
                    self.take(json.loads(dealer.recv()))
        except zmq.ZMQError as error:
            self.failure = error
        finally:
            dealer.close(0)
            context.term()

    def take(self, reply):
        if reply["ok"]:
            self.acknowledged.append(reply["id"])
        else:
            self.errors.append(reply["error"])

    def stop(self):
        self.stopping.set()
        self.join(timeout=LIMIT)
        assert not self.failure, self.failure
        return self


def lost(daemon, names):
    """Those of `names` that the service does not know."""
    lines = [json.dumps({"op": "contact.get", "args": {"id": name}}) for name in names]
    replies = []
    for start in range(0, len(lines), 500):
        replies += daemon.exchange("\n".join(lines[start:start + 500]))
    return [name for name, reply in zip(names, replies) if not reply["ok"]]


@pytest.fixture
def disk(tmp_path):
    disk = Disk(tmp_path / "disk", megabytes=48)
    yield disk
    disk.close()


class Faults:
    """Calls that fail on databases, in processes with this environment."""

    def __init__(self, folder, library):
        self.folder = folder
        self.environment = {**os.environ, "LD_PRELOAD": str(library), "FAULTS": str(folder)}

    def set(self, call, error):
        """Lets `call` (read, write or sync) fail with the number `error`, or "kill" the process."""
        fresh = self.folder / "new"
        fresh.write_text(str(error))
        fresh.rename(self.folder / call)

    def clear(self):
        for call in ["read", "write", "sync"]:
            (self.folder / call).unlink(missing_ok=True)

    def met(self, call):
        """How often it failed."""
        met = self.folder / f"{call}.met"
        return met.stat().st_size if met.exists() else 0


@pytest.fixture
def faults(tmp_path):
    library = tmp_path / "failing_disk.so"
    compiler = shutil.which("clang") or "cc"
    subprocess.run([compiler, "-O1", "-shared", "-fPIC", "-o", library, pathlib.Path(__file__).parent / "failing_disk.c"], check=True)
    (tmp_path / "faults").mkdir()
    return Faults(tmp_path / "faults", library)


@pytest.fixture
def service(tmp_path):
    """A service that is not started yet; its data are at `data`."""
    service = Resident(tmp_path, tmp_path / "data")
    yield service
    service.close()
