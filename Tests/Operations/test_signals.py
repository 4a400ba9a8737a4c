"""What a service manager, logrotate, a closed terminal and an operator send: only what asks for the end ends a server."""

import os
import signal
import socket
import subprocess
import time
import urllib.request

import pytest

from conftest import PROGRAM, Daemon

CTL = PROGRAM.parent / "workflowctl"
LIMIT = 240
IGNORED = [signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2]


def test_the_service_says_once_that_it_ignores_them(tmp_path):
    daemon = Daemon(tmp_path, "--log-level", "info")
    try:
        daemon.start()
        log = tmp_path / "log"
        end = time.monotonic() + LIMIT
        while not all(f"{number.name} is ignored" in log.read_text() for number in IGNORED):
            for number in IGNORED:
                daemon.process.send_signal(number)
            assert daemon.process.poll() is None and time.monotonic() < end
            time.sleep(0.05)
        assert daemon.reply("system.hello")["ok"]
        assert daemon.stop() == 0
        assert all(log.read_text().count(f"{number.name} is ignored") == 1 for number in IGNORED)
        assert "Stopped" in log.read_text()
    finally:
        daemon.close()


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.mark.parametrize("program", ["workflow-builder", "workflowctl metrics"])
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_so_do_the_other_servers(daemon, program, end):
    name, *arguments = program.split()
    server = subprocess.Popen(
        [PROGRAM.parent / name, *arguments, "--listen", "127.0.0.1:0", "--connect", daemon.commands],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    address = server.stdout.readline().split()[-1]
    for number in IGNORED:
        server.send_signal(number)
    with urllib.request.urlopen(address, timeout=LIMIT) as answer:
        assert answer.status == 200
    server.send_signal(end)
    assert server.wait(timeout=LIMIT) == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_what_runs_for_a_person_ends_with_its_terminal(daemon, number):
    daemon.call("contact.put", {"id": "c", "fields": {}})
    daemon.call("signal.send", {"name": "sms.replied", "contact": "c"})
    # As soon as the first line is there: one in sixteen was lost while a thread still had to set itself up.
    for _ in range(40):
        watch = subprocess.Popen([CTL, "watch", "--from", "0", "--connect", daemon.commands], stdout=subprocess.PIPE)
        try:
            watch.stdout.readline()
            watch.send_signal(number)
            assert watch.wait(timeout=LIMIT) == 128 + number
        finally:
            watch.kill()
