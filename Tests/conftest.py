"""The real daemon for tests in another language: started, spoken to over real sockets, always ended."""

import json
import pathlib
import signal
import subprocess
import time

import pytest
import zmq

from programs import PROGRAMS, ROOT
from seeds import SEED

pytest_plugins = ["Builder.fixtures", "Channels.fixtures"]

PROGRAM = PROGRAMS / "workflowd"
REPLY_LIMIT_MS = 60_000
# The last lines of each log that a failing test shows.
SHOWN_LINES = 60


class Daemon:
    """One workflowd on ipc endpoints below `folder`; it can be killed and started again."""

    def __init__(self, folder, *arguments):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.commands = f"ipc://{self.folder}/commands"
        self.events = f"ipc://{self.folder}/events"
        self.data = self.folder / "data"
        self.arguments = arguments
        self.context = zmq.Context()
        self.process = None
        self.socket = None

    def start(self):
        self.spawn()
        self.connect()
        self.call("system.hello")
        return self

    def spawn(self, *tracer):
        """Starts the process, below `tracer` if one is given, and waits for nothing."""
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                [*tracer, PROGRAM, "--data", self.data, "--commands", self.commands, "--events", self.events,
                 "--log-level", "warning", *self.arguments],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def wait_for_channels(self):
        """Returns when no channel is coming up any more: until then messages are held."""
        end = time.monotonic() + REPLY_LIMIT_MS / 1000
        while any(channel["state"] == "starting" for channel in self.call("channel.list")["channels"]):
            assert time.monotonic() < end, "a channel does not come up"
            self.call("events.read", {"after": self.call("system.hello")["events"]["head"], "wait_ms": 10})
        return self

    def connect(self):
        if self.socket is not None:
            self.socket.close(0)
        self.socket = self.context.socket(zmq.REQ)
        self.socket.rcvtimeo = REPLY_LIMIT_MS
        self.socket.linger = 0
        self.socket.connect(self.commands)

    def kill(self):
        """Ends it as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """Ends it as an operator would; returns its exit code."""
        self.process.terminate()
        return self.process.wait(timeout=60)

    def close(self):
        if self.process is not None and self.process.poll() is None:
            self.kill()
        if self.socket is not None:
            self.socket.close(0)
        self.context.term()

    def exchange(self, message):
        """One message as it is; the lines of its reply."""
        self.socket.send(message if isinstance(message, bytes) else message.encode())
        return [json.loads(line) for line in self.socket.recv().splitlines()]

    def reply(self, op, args=None, **members):
        """The whole reply to one command."""
        return self.exchange(json.dumps({"op": op, "args": args or {}, **members}))[0]

    def call(self, op, args=None, **members):
        """The result of one command, which has to succeed."""
        reply = self.reply(op, args, **members)
        assert reply["ok"], (op, reply)
        return reply["result"]

    def refused(self, op, args=None, **members):
        """The error of one command, which has to be refused."""
        reply = self.reply(op, args, **members)
        assert not reply["ok"], (op, reply)
        return reply["error"]


@pytest.fixture
def daemon(tmp_path):
    """A service whose clock is moved by the test; it begins on Monday 2026-03-02, 10:00 in New York."""
    daemon = Daemon(tmp_path, "--clock", "simulated", "--clock-start", "2026-03-02T15:00:00Z")
    yield daemon.start().wait_for_channels()
    daemon.close()


# Files that take minutes begin first, so that no process is left alone with one of them at the end.
LONGEST = ("test_transcript", "test_hostile", "test_clients", "test_storm", "test_accessibility", "test_editor",
           "test_channel_check", "test_workflowctl_enroll")


def pytest_collection_modifyitems(items):
    ranks = {name: rank for rank, name in enumerate(LONGEST)}
    items.sort(key=lambda item: ranks.get(item.path.stem, len(LONGEST)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """A failing test shows what its service and its channels have logged."""
    report = yield
    folder = getattr(item, "funcargs", {}).get("tmp_path")
    if report.failed and folder:
        for log in sorted([*folder.rglob("log*"), *folder.rglob("stderr")]):
            if log.is_file() and (lines := log.read_text(errors="replace").splitlines()):
                report.sections.append((f"{log.relative_to(folder)}", "\n".join(lines[-SHOWN_LINES:])))
    return report


def pytest_terminal_summary(terminalreporter):
    terminalreporter.write_line(f"The programs in {PROGRAMS} were tested")
    terminalreporter.write_line(f"TEST_SEED={SEED} repeats the random numbers of this run")


def pytest_addoption(parser):
    parser.addoption("--write-replies", action="store_true", help="write replies into the documents")
