"""A real channel executable, spoken to over its standard input and output as workflowd does."""

import json
import pathlib
import resource
import subprocess
import threading
import time

from programs import PROGRAMS

LIMIT = 60


class ChannelDriver:
    """One channel process with `folder` as its working folder; it can be killed and started again.

    Answers are kept by request id, events by event_id; both stay over restarts.
    """

    def __init__(self):
        self.changed = threading.Condition()
        self.answers, self.events, self.stray = {}, {}, []
        self.next_id = 0
        self.process = self.reader = None

    def start(self, program, folder, *arguments):
        """Starts `program`, a path or a name among the built executables; returns this driver."""
        self.folder = folder = pathlib.Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        path = pathlib.Path(program)
        with open(folder / "stderr", "ab") as log:
            self.process = subprocess.Popen(
                [path if path.is_absolute() else PROGRAMS / path, *arguments], cwd=folder, stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=log, start_new_session=True)
        self.reader = threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True)
        self.reader.start()
        return self

    def _read(self, output):
        for line in output:
            with self.changed:
                try:
                    message = json.loads(line)
                    if "event" in message:
                        self.events[message["event_id"]] = message
                    else:
                        self.answers[message["id"]] = message
                except (ValueError, KeyError):
                    self.stray.append(line)
                self.changed.notify_all()
        output.close()

    def wait(self, condition, what="a line of the channel", limit=LIMIT):
        """Waits until `condition()` is true, and returns its value."""
        end = time.monotonic() + limit
        with self.changed:
            while not (value := condition()):
                assert self.reader.is_alive(), f"the channel ended instead of {what}"
                assert (left := end - time.monotonic()) > 0, f"waited {limit} s for {what}"
                self.changed.wait(min(left, 0.5))
            return value

    def post(self, op, **members):
        """Writes a request without waiting; returns its id."""
        self.next_id += 1
        line = json.dumps({"id": self.next_id, "op": op, **members}) + "\n"
        self.process.stdin.write(line.encode())
        self.process.stdin.flush()
        return self.next_id

    def answer(self, id, limit=LIMIT):
        """The answer to request `id`."""
        return self.wait(lambda: self.answers.get(id), f"the answer to request {id}", limit)

    def request(self, op, limit=LIMIT, **members):
        """The answer to a request."""
        return self.answer(self.post(op, **members), limit)

    def configure(self, config, **members):
        """The answer to a configuration; the manifest is asked for before, as workflowd does."""
        self.manifest = self.request("hello", protocol=1)["manifest"]
        return self.request("configure", config=config, **members)

    def post_send(self, key, content, to=None, at="2026-03-02T15:00:00Z", **members):
        """Writes a message without waiting; returns the request's id."""
        members = {"attempt": 1, "not_after": "2026-12-31T00:00:00Z", "context": {}, "at": at, **members}
        if to is not None:
            members["to"] = to
        return self.post("send", key=key, content=content, **members)

    def send(self, key, content, to=None, **members):
        """The answer to a message."""
        return self.answer(self.post_send(key, content, to, **members))

    def event(self, condition, limit=LIMIT):
        """The first event for which `condition(event)` holds, acknowledged."""
        found = self.wait(
            lambda: next((event for event in self.events.values() if condition(event)), None), "an event", limit)
        self.post("acknowledge", event_id=found["event_id"])
        return found

    def limit_files(self, bytes):
        """From now on no file of it may grow above `bytes`, as on a full disk."""
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (bytes, bytes))

    def kill(self):
        """Ends it as a power cut would."""
        self.process.kill()
        self.process.wait()
        self.reader.join()
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass

    def close(self):
        """Ends it as workflowd does; returns its exit code."""
        if self.process is None or self.process.poll() is not None:
            return self.process and self.process.returncode
        try:
            self.process.stdin.close()
            return self.process.wait(timeout=LIMIT)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
