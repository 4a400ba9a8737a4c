"""A subscriber that sleeps while the feed goes on, and catches up with all of it."""

import os
import pathlib
import signal
import subprocess
import sys

from measuring import SCALE, Others, command, people, service
from sleeping_subscriber import digest

PROGRAM = pathlib.Path(__file__).resolve().parent / "sleeping_subscriber.py"
BULKS = max(2, int(200 * SCALE))


def history(daemon, family):
    """All events of `family`, as the service has them."""
    events, position = [], 0
    while True:
        page = daemon.call("events.read", {"after": position, "families": [family], "limit": 1_000})
        if not page["events"]:
            return events
        events += page["events"]
        position = page["next"]


def test_a_subscriber_that_sleeps(tmp_path):
    with service(tmp_path) as daemon:
        child = subprocess.Popen(
            [sys.executable, PROGRAM, daemon.commands, daemon.events, "enrollment"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert child.stdout.readline() == "ready\n"
        daemon.call("enrollment.create", {"workflow": "welcome", "contact": {"id": "first", "fields": {}}})
        child.send_signal(signal.SIGSTOP)
        os.waitpid(child.pid, os.WUNTRACED)
        with Others(daemon, [command("clock.get")], count=1) as others:
            for bulk in range(BULKS):
                daemon.call("enrollment.create", {
                    "workflow": "welcome", "contacts": people(f"b{bulk}", 1_000)})
        print(f"\n{BULKS},000 events past a sleeping subscriber: {others.figures()}")
        assert others.growth < 250
        child.send_signal(signal.SIGCONT)
        head = daemon.call("system.hello")["events"]["head"]
        recorded, _ = child.communicate(f"{head}\n", timeout=300)
        assert recorded.strip() == digest(history(daemon, "enrollment"))
        assert recorded.startswith(f"{BULKS * 1_000 + 1} ")
