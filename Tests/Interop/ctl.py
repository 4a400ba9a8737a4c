"""workflowctl as a person runs it, and as a person at a terminal sees it."""

import contextlib
import fcntl
import json
import os
import pty
import select
import struct
import subprocess
import termios
import time

from conftest import PROGRAM

CTL = PROGRAM.parent / "workflowctl"
LIMIT = 240


class Ctl:
    """Runs workflowctl against one service, by way of `endpoint` where one is given."""

    def __init__(self, daemon, endpoint=None):
        self.daemon = daemon
        self.endpoint = endpoint or daemon.commands

    def command(self, *arguments):
        return [CTL, *map(str, arguments), "--connect", self.endpoint]

    def run(self, *arguments, code=0, **options):
        """Runs it to its end; its standard output, where it ends with `code`."""
        result = subprocess.run(
            self.command(*arguments), capture_output=True, text=True, timeout=LIMIT, **options)
        assert result.returncode == code, (arguments, result)
        return result.stdout if code == 0 else result

    def json(self, *arguments, **options):
        """The objects that it prints with --json."""
        return [json.loads(line) for line in self.run(*arguments, "--json", **options).splitlines()]

    def start(self, *arguments, **options):
        return subprocess.Popen(
            self.command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


class Screen:
    """A terminal of a given width with workflowctl in it."""

    def __init__(self, command, columns=80, environment=None):
        self.leader, follower = pty.openpty()
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        names = {**os.environ, "TERM": "xterm-256color", **(environment or {})}
        names.pop("COLUMNS", None)
        self.process = subprocess.Popen(
            command, stdin=follower, stdout=follower, stderr=follower, env=names, start_new_session=True)
        os.close(follower)
        self.text = ""

    def read_until(self, condition):
        """Reads what it shows until `condition` holds for all of it, or it has ended."""
        end = time.monotonic() + LIMIT
        while not condition(self.text):
            assert time.monotonic() < end, self.text[-500:]
            if not select.select([self.leader], [], [], 0.5)[0]:
                continue
            with contextlib.suppress(OSError):
                data = os.read(self.leader, 65_536)
                if data:
                    self.text += data.decode(errors="replace")
                    continue
            break
        return self.text

    def type(self, text):
        os.write(self.leader, text.encode())

    def end(self):
        """Its exit code, and all it has shown."""
        self.read_until(lambda _: False)
        code = self.process.wait(timeout=LIMIT)
        os.close(self.leader)
        return code, self.text
