"""What a monitor sees: the health command and its exit code, and what each kind of trouble makes of it."""

import contextlib
import json
import re
import resource
import sqlite3
import subprocess
import sys
import time

import pytest

from conftest import PROGRAM, ROOT, Daemon

CTL = PROGRAM.parent / "workflowctl"
LIMIT = 60


def health(daemon, *arguments, code=None):
    """The output of workflowctl health; its exit code, too, where none is expected."""
    result = subprocess.run(
        [CTL, "health", "--connect", daemon.commands, *arguments], capture_output=True, text=True, timeout=LIMIT)
    if code is None:
        return result
    assert result.returncode == code, result
    return result.stdout


def wait_for_status(daemon, status, code):
    """Waits until the service is `status` because of the problem `code`; its health."""
    end = time.monotonic() + LIMIT
    while True:
        found = daemon.call("system.health")
        if found["status"] == status and (code is None or code in {problem["code"] for problem in found["problems"]}):
            return found
        assert time.monotonic() < end, found
        daemon.reply("events.read", {"after": found["feed"]["head"], "wait_ms": 20})


@pytest.fixture
def real_time(tmp_path):
    """A service by the machine's clock: one whose clock is simulated writes where that stands, by itself."""
    daemon = Daemon(tmp_path)
    yield daemon.start()
    daemon.close()


def test_a_service_that_works(daemon):
    text = health(daemon, code=0)
    assert text.startswith("workflowd is ok\n") and "nothing is late" in text
    report = json.loads(health(daemon, "--json", code=0))
    assert report == {**daemon.call("system.health"), "uptime_seconds": report["uptime_seconds"],
                      "longest_turn_ms": report["longest_turn_ms"], "process": report["process"], "store": report["store"]}
    assert report["status"] == "ok" and report["problems"] == []
    assert report["store"]["free_bytes"] > 0 and report["store"]["failures"] == 0
    assert report["process"]["resident_bytes"] > 1 << 20 and report["process"]["descriptors"] > 5


def test_nobody_there(tmp_path):
    daemon = Daemon(tmp_path)
    result = health(daemon)
    assert result.returncode == 69 and "Nobody listens" in result.stderr
    daemon.close()


def test_a_channel_that_keeps_dying(tmp_path):
    config = tmp_path / "config.yaml"
    config.write_text(json.dumps({"channels": {"sms": {"program": sys.executable, "arguments": ["-c", "raise SystemExit(3)"]}}}))
    daemon = Daemon(tmp_path / "service", "--config", config)
    try:
        daemon.start()
        wait_for_status(daemon, "degraded", "channel_dying")
        text = health(daemon, code=1)
        assert re.match(r"workflowd is degraded: channel_(dying|down)\n", text)
        assert "The channel sms " in text and "workflowctl status" in text
    finally:
        daemon.close()


def test_a_disk_that_takes_no_more_and_then_does(real_time):
    daemon = real_time
    size = (daemon.data / "workflows.sqlite-wal").stat().st_size
    resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    error = daemon.refused("contact.put", {"id": "ann", "fields": {"note": "x" * 50_000}})
    assert error["code"] in {"storage_full", "storage_failed"}
    report = json.loads(health(daemon, "--json", code=2))
    assert report["problems"][0]["code"] == "store_failing" and report["store"]["failures"] >= 1
    assert health(daemon, code=2).startswith("workflowd is failing: store_failing\n")
    resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    # Nobody writes: the service tries by itself.
    wait_for_status(daemon, "ok", None)
    assert daemon.call("system.health")["store"]["last_failure"]["seconds_ago"] >= 0


def test_a_database_that_somebody_holds(daemon):
    with contextlib.closing(sqlite3.connect(daemon.data / "workflows.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        report = wait_for_status(daemon, "failing", "store_failing")
        assert report["store"]["last_failure"]["code"] == "busy"
        assert "nothing is late" in health(daemon, code=2)
        other.execute("ROLLBACK")
    wait_for_status(daemon, "ok", None)


def test_a_database_that_cannot_be_read(daemon):
    with contextlib.closing(sqlite3.connect(daemon.data / "workflows.sqlite", isolation_level=None)) as other:
        other.execute("ALTER TABLE enrollment RENAME TO hidden")
        report = wait_for_status(daemon, "failing", "store_failing")
        assert "schedule" not in report and "schedule  unknown" in health(daemon, code=2)
        other.execute("ALTER TABLE hidden RENAME TO enrollment")
    wait_for_status(daemon, "ok", None)


def test_a_database_that_is_taken_away_and_put_back(real_time):
    real_time.data.joinpath("workflows.sqlite").rename(real_time.data / "elsewhere")
    report = wait_for_status(real_time, "failing", "store_failing")
    assert report["store"]["last_failure"]["code"] == "taken_away"
    assert "Put the database's file back" in health(real_time, code=2)
    (real_time.data / "elsewhere").rename(real_time.data / "workflows.sqlite")
    wait_for_status(real_time, "ok", None)


def test_every_problem_is_in_the_operations_page():
    source = (ROOT / "Sources/ServiceHealth/HealthProblem.swift").read_text()
    codes = set(re.findall(r'case \w+ = "(\w+)"', source.split("public enum HealthStatus")[0]))
    page = (ROOT / "proto-docs/operations.md").read_text()
    assert codes == set(re.findall(r"^\| `(\w+)` \|", page.split("## Problems")[1].split("\n## ")[0], re.M))


def test_readers_may_ask_and_only_administrators_may_set_the_log_level(daemon):
    roles = (ROOT / "proto-docs/transport.md").read_text()
    reader = next(line for line in roles.splitlines() if line.startswith("| `reader`"))
    admin = next(line for line in roles.splitlines() if line.startswith("| `admin`"))
    assert "`system.health`" in reader and "`system.metrics`" in reader and "`system.log_level`" in admin


# The log


def level(daemon, *arguments, code=0):
    result = subprocess.run(
        [CTL, "log-level", "--connect", daemon.commands, *arguments], capture_output=True, text=True, timeout=LIMIT)
    assert result.returncode == code, result
    return result.stdout.strip() or result.stderr.strip()


def test_the_log_level_while_the_service_runs(real_time):
    log = real_time.folder / "log"
    assert level(real_time) == "warning"
    assert level(real_time, "notice") == "notice"
    assert real_time.stop() == 0
    assert log.read_text().count(" notice Stopped") == 1
    # It holds until the restart.
    real_time.start()
    assert level(real_time) == "warning"
    assert "one of trace, debug" in level(real_time, "loud", code=1)
    assert real_time.stop() == 0
    assert log.read_text().count(" notice Stopped") == 1
