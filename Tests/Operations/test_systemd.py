"""The daemon under a service manager: a socket that hears what systemd would hear, and the unit file."""

import os
import re
import select
import signal
import socket
import subprocess
import time
import uuid

import pytest

from conftest import PROGRAM, ROOT, Daemon

UNIT = ROOT / "proto-docs/examples/workflowd.service"
# The unit of one of several.
TEMPLATE = ROOT / "proto-docs/examples/workflowd@.service"
LIMIT = 60


class Manager:
    """The socket of a service manager, and what came to it."""

    def __init__(self, name):
        self.name = name
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind("\0" + name[1:] if name.startswith("@") else name)
        self.heard = []

    def environment(self, watchdog=None, process=None):
        names = {"NOTIFY_SOCKET": self.name}
        if watchdog is not None:
            names["WATCHDOG_USEC"] = str(int(watchdog * 1_000_000))
        if process is not None:
            names["WATCHDOG_PID"] = str(process)
        return names

    def wait_for(self, notice, within=LIMIT):
        """The datagram that has `notice` among its lines."""
        end = time.monotonic() + within
        while (left := end - time.monotonic()) > 0:
            if select.select([self.socket], [], [], left)[0]:
                lines = self.socket.recv(4_096).decode().split("\n")
                self.heard += lines
                if any(line.startswith(notice) for line in lines):
                    return lines
        raise AssertionError(f"{notice} did not come within {within} s: {self.heard}")

    def drain(self):
        """Takes what is there; how many datagrams that were."""
        count = 0
        while select.select([self.socket], [], [], 0)[0]:
            self.heard += self.socket.recv(4_096).decode().split("\n")
            count += 1
        return count


@pytest.fixture(params=["path", "abstract"])
def manager(request, tmp_path):
    name = f"@workflows-{uuid.uuid4()}" if request.param == "abstract" else str(tmp_path / "notify")
    manager = Manager(name)
    yield manager
    manager.socket.close()


@pytest.fixture
def supervised(tmp_path, monkeypatch):
    """Starts a service whose environment names a manager; nothing is asked of it yet."""
    daemons = []

    def start(**names):
        for name, value in names.items():
            monkeypatch.setenv(name, value)
        daemon = Daemon(tmp_path / "service", "--clock", "simulated")
        daemons.append(daemon)
        return daemon.start()

    yield start
    for daemon in daemons:
        daemon.close()


def test_ready_comes_when_commands_are_taken_and_stopping_at_the_end(manager, supervised):
    daemon = supervised(**manager.environment())
    ready = manager.wait_for("READY=1")
    assert f"STATUS=Takes commands at {daemon.commands}" in ready
    # Before, it had asked for the time that a migration may take.
    assert int(next(line for line in manager.heard if line.startswith("EXTEND_TIMEOUT_USEC=")).split("=")[1]) >= 60_000_000
    assert daemon.stop() == 0
    stopping = manager.wait_for("STOPPING=1")
    assert any(line.startswith("EXTEND_TIMEOUT_USEC=") for line in stopping)
    manager.drain()
    assert "WATCHDOG=1" not in manager.heard, "Nobody asked for signs of life."


def test_signs_of_life_come_while_the_loop_turns_and_cease_when_it_does_not(manager, supervised):
    daemon = supervised(**manager.environment(watchdog=0.4))
    manager.wait_for("READY=1")
    for _ in range(3):
        manager.wait_for("WATCHDOG=1")
    daemon.process.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, daemon.process.pid, os.WSTOPPED)  # it stands still from here on
    manager.drain()
    began = time.monotonic()
    assert not select.select([manager.socket], [], [], 2)[0], "A sign of life came from a process that was stopped."
    assert time.monotonic() - began >= 2
    daemon.process.send_signal(signal.SIGCONT)
    manager.wait_for("WATCHDOG=1")
    assert daemon.reply("system.hello")["ok"]


def test_a_watchdog_that_waits_for_another_process_hears_nothing(manager, supervised):
    daemon = supervised(**manager.environment(watchdog=0.1, process=1))
    manager.wait_for("READY=1")
    assert daemon.stop() == 0
    manager.wait_for("STOPPING=1")
    assert "WATCHDOG=1" not in manager.heard


def test_channels_do_not_speak_to_the_manager(manager, supervised):
    daemon = supervised(**manager.environment()).wait_for_channels()
    for channel in daemon.call("channel.list")["channels"]:
        with open(f"/proc/{channel['pid']}/environ", "rb") as environment:
            assert b"NOTIFY_SOCKET" not in environment.read()


def test_a_start_that_fails_is_never_ready(manager, tmp_path):
    result = subprocess.run(
        [PROGRAM, "--data", tmp_path / "d", "--commands", "tcp://256.0.0.1:1", "--events", f"ipc://{tmp_path}/e"],
        env={**os.environ, **manager.environment()}, capture_output=True, text=True, timeout=LIMIT)
    assert result.returncode == 78
    manager.drain()
    assert "READY=1" not in manager.heard


# The unit


def settings(unit=UNIT):
    """The settings of the unit, each with its values."""
    found = {}
    for line in unit.read_text().splitlines():
        if match := re.fullmatch(r"(\w+)=(.*)", line):
            found.setdefault(match[1], []).append(match[2])
    return found


def test_the_unit_starts_no_service_again_that_no_start_can_mend():
    table = (ROOT / "README.md").read_text().split("| exit code | meaning |")[1].split("\n\n")[0]
    codes = {int(code) for code in re.findall(r"^\| (\d+) \|", table, re.M)}
    again = {0, 69, 74, 75}  # what another program or the disk may give back: an endpoint, a database, a folder
    prevented = {int(code) for code in settings()["RestartPreventExitStatus"][0].split()}
    assert prevented == codes - again


def test_the_unit_and_the_program_agree():
    unit = settings()
    assert unit["Type"] == ["notify"] and unit["Restart"] == ["on-failure"]
    program, *arguments = unit["ExecStart"][0].split()
    assert program.endswith("/workflowd") and arguments[0] == "--config"
    assert int(unit["WatchdogSec"][0]) >= 10


def test_the_files_that_the_page_installs(tmp_path):
    page = (ROOT / "proto-docs/operations.md").read_text().split("## Installing it under systemd")[1]
    paths = re.findall(r"^install -m 644 (\S+) /etc/systemd/system/$", page, re.M)
    assert [ROOT / path for path in paths] == [UNIT, TEMPLATE]
    configuration = tmp_path / "workflowd.yaml"
    configuration.write_text(re.search(r"^```yaml\n(.*?)^```$", page, re.M | re.S).group(1))
    daemon = Daemon(tmp_path / "service", "--config", configuration)
    daemon.start()
    daemon.close()


def test_the_unit_of_one_of_several_differs_by_its_name_alone():
    named = {"Description", "ExecStart", "EnvironmentFile", "StateDirectory", "RuntimeDirectory", "WorkingDirectory"}
    one, many = settings(UNIT), settings(TEMPLATE)
    assert {name for name in one.keys() | many.keys() if one.get(name) != many.get(name)} == named
    assert all("%i" in many[name][0] for name in named)


def test_the_unit_is_never_given_up():
    """Ten bad starts within half a minute would leave the service dead."""
    assert settings()["StartLimitIntervalSec"] == ["0"] and int(settings()["RestartSec"][0]) >= 1


@pytest.mark.parametrize("source, name", [(UNIT, "workflowd.service"), (TEMPLATE, "workflowd@evergreen.service")])
def test_systemd_accepts_the_unit_and_finds_it_tight(tmp_path, source, name):
    unit = tmp_path / name
    unit.write_text(source.read_text().replace("/usr/local/bin/workflowd", str(PROGRAM)))
    verified = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, timeout=LIMIT)
    assert verified.returncode == 0 and name not in verified.stderr, verified
    # 0 is shut and 10 is open; the threshold is in tenths.
    exposed = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", unit], capture_output=True, text=True, timeout=LIMIT)
    assert exposed.returncode == 0, exposed.stdout
