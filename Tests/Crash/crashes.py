"""The ways in which the service and its channels die. Each leaves a service that answers again."""

import collections
import contextlib
import os
import pathlib
import signal
import statistics
import subprocess
import threading

from Crash.service import LIMIT

SLOWNESS_US = 300_000


class Crashes:
    """Kills a service at moments that `numbers` choose."""

    def __init__(self, service, numbers):
        self.service, self.numbers = service, numbers
        self.counts = collections.Counter()

    def crash(self):
        kind = self.numbers.choices(list(KINDS), list(KINDS.values()))[0]
        self.counts[kind.__name__] += 1
        kind(self)

    def pause(self, longest):
        """A moment between two others, not a time in which something has to happen."""
        threading.Event().wait(self.numbers.uniform(0, longest))

    def work_on(self):
        """Lets clients get a random number of acknowledgements, and a random moment pass."""
        self.service.wait_for(self.numbers.randrange(1, 80))
        self.pause(0.02)

    # The service alone

    def at_work(self):
        self.work_on()
        self.service.kill()
        self.service.start()

    def twice(self):
        self.at_work()
        self.pause(0.05)
        self.service.kill()
        self.service.start()

    def at_its_start(self):
        """Once more before it has answered anybody."""
        self.work_on()
        self.service.kill()
        self.service.spawn()
        self.pause(1.2 * statistics.median(self.service.starts))
        self.service.kill()
        self.service.start()

    def at_its_end(self):
        """While it ends in peace, which takes it some time."""
        self.work_on()
        self.service.process.terminate()
        self.pause(0.05)
        self.service.kill()
        self.service.start()

    # With a tracer that counts what it does

    def at_a_commit(self):
        """Behind the write of a commit and before its end, so before its replies and events leave."""
        self.trace("fdatasync", "workflows.sqlite-wal", self.numbers.randrange(1, 60))

    def within_a_commit(self):
        """Between two pages of a transaction."""
        self.trace("pwrite64", "workflows.sqlite-wal", self.numbers.randrange(1, 1_500))

    def at_a_checkpoint(self):
        """While pages move from the log into the database, which an end in peace does."""
        self.trace("pwrite64", "workflows.sqlite", self.numbers.randrange(1, 60), ends=True)

    def trace(self, call, file, count, ends=False):
        """Kills it when it makes its `count`th `call` on `file`."""
        self.work_on()
        self.service.kill()
        self.service.spawn("strace", "-D", "-qq", "-o", "/dev/null", "-P", self.service.data / file,
                           "-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={count}")
        if self.service.answers():
            self.service.wait_for(self.numbers.randrange(1, 80) if ends else 1_000_000)
            if ends:
                self.service.process.terminate()
        self.service.bury()
        self.service.start()

    # With channels

    def channels(self):
        """The processes of some channels, at least one."""
        running = [state["pid"] for state in self.service.call("channel.list")["channels"] if "pid" in state]
        return self.numbers.sample(running, self.numbers.randint(1, len(running))) if running else []

    def signal(self, processes, number):
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)
                self.counts["channels killed"] += number == signal.SIGKILL

    def channels_alone(self):
        self.work_on()
        self.signal(self.channels(), signal.SIGKILL)

    def channels_before(self):
        """Channels, then the service, which has perhaps not noticed."""
        self.work_on()
        self.signal(self.channels(), signal.SIGKILL)
        self.pause(0.05)
        self.service.kill()
        self.service.start()

    def channels_behind(self):
        """The service, and channels that may still be finishing what it gave them."""
        self.work_on()
        channels = self.channels()
        self.service.kill()
        self.signal(channels, signal.SIGKILL)
        self.service.start()

    def channels_linger(self):
        """Slow channels still have work when the service dies, and do it beside their successors."""
        self.work_on()
        tracers = [self.slow_down(process) for process in self.channels()]
        self.work_on()
        self.service.kill()
        self.service.start()
        for tracer in tracers:
            tracer.wait(timeout=LIMIT)

    def slow_down(self, process):
        """Lets the next reads of a channel take a while; a stopped one would be hung up on when it is orphaned."""
        tracer = subprocess.Popen(
            ["strace", "-qq", "-o", "/dev/null", "-p", str(process), "-e", "trace=read",
             "-e", f"inject=read:delay_enter={SLOWNESS_US}:when=1..5"], stderr=subprocess.DEVNULL)
        while tracer.poll() is None and "TracerPid:\t0\n" in status(process):
            self.pause(0.01)
        return tracer


def status(process):
    try:
        return pathlib.Path(f"/proc/{process}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


KINDS = {
    Crashes.at_work: 8, Crashes.twice: 3, Crashes.at_its_start: 4, Crashes.at_its_end: 3, Crashes.at_a_commit: 3,
    Crashes.within_a_commit: 3, Crashes.at_a_checkpoint: 2, Crashes.channels_alone: 2, Crashes.channels_before: 3,
    Crashes.channels_behind: 3, Crashes.channels_linger: 3,
}
