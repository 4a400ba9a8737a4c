"""Every command of every program, where what it prints cannot be written: it says so by its exit code, and never
ends by a trap."""

import os
import re
import signal
import subprocess
import time

import pytest

from conftest import PROGRAM
from ctl import CTL, LIMIT

ANSWER = '{"id":1,"manifest":{"name":"x","version":"1","channel":"x","address":"staff","max_inflight":1}}'
FLAGS = {"name": "Flags", "steps": [
    {"id": "first", "kind": "flag", "flag": "one"}, {"id": "wait", "kind": "delay", "for": {"days": 2}},
    {"id": "last", "kind": "flag", "flag": "two"}]}
# What each command of workflowctl prints where a service with one workflow and one contact runs.
COMMANDS = {
    "demo": ["demo", "--speed", "1000000"],
    "status": ["status"],
    "settings": ["settings"],
    "completion": ["completion", "bash"],
    "workflows": ["workflows"],
    "templates": ["templates"],
    "create": ["create", "--template", "post-job-review-request", "--id", "{new}"],
    "show": ["show", "leads"],
    "timeline": ["timeline", "leads"],
    "activate": ["activate", "leads"],
    "pause": ["pause", "leads"],
    "halt": ["halt", "leads"],
    "delete": ["delete", "leads"],
    "export": ["export", "leads"],
    "import": ["import", "{flow}"],
    "enroll": ["enroll", "flags", "ann"],
    "unenroll": ["unenroll", "flags", "{new}"],
    "contacts": ["contacts"],
    "contact": ["contact", "ann"],
    "signal": ["signal", "sms.replied", "ann"],
    "unsubscribe": ["unsubscribe", "ann"],
    "resubscribe": ["resubscribe", "ann"],
    "watch": ["watch", "--from", "0", "--once"],
    "history": ["history"],
    "resolve": None,  # It prints only where a message is in doubt.
    "purge": ["purge", "--before", "2000-01-01", "--yes"],
    "health": ["health"],
    "metrics": ["metrics"],
    "log-level": ["log-level"],
    "keys": ["keys", "server"],
    "backup": ["backup", "--data", "{data}", "{new}"],
    "restore": ["restore", "--data", "{new}", "{backup}"],
    "integrity": ["integrity", "{backup}"],
    "channel": ["channel", "check", "{channel}"],
    "send": ["send", '{{"op":"system.hello"}}'],
}
WITHOUT_SERVICE = {"demo", "completion", "backup", "restore", "integrity", "channel"}
PROGRAMS = ["workflowctl", "workflowd", "workflow-builder", "workflow-bench"]
WAYS = {
    "nobody reads": (141, ""),
    "nobody reads, SIGPIPE ignored": (141, ""),
    "the disk is full": (73, "the output cannot be written: No space left on device."),
    "it is closed": (73, "the output cannot be written: Bad file descriptor."),
}


def run_badly(command, way):
    """Runs `command` with an output that fails in this `way`."""
    options = {"stdin": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True, "timeout": LIMIT}
    if way == "it is closed":
        return subprocess.run(["sh", "-c", 'exec "$@" >&-', "sh", *command], **options)
    if way == "the disk is full":
        with open("/dev/full", "wb") as full:
            return subprocess.run(command, stdout=full, **options)
    reading, writing = os.pipe()
    os.close(reading)
    try:
        return subprocess.run(command, stdout=writing, restore_signals="ignored" not in way, **options)
    finally:
        os.close(writing)


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    from conftest import Daemon

    daemon = Daemon(tmp_path_factory.mktemp("output"), "--clock", "simulated").start()
    daemon.call("settings.put", {
        "time_zone": "America/New_York", "business": {"name": "E", "phone": "1", "address": "a"},
        "links": {"unsubscribe": "https://example.com/{contact}"}})
    daemon.call("workflow.create", {"id": "leads", "template": "new-lead-follow-up"})
    daemon.call("workflow.activate", {"workflow": "leads"})
    daemon.call("contact.put", {"id": "ann", "fields": {"first_name": "Ann", "phone": "+12125550101"}})
    daemon.call("workflow.create", {"id": "flags", "definition": FLAGS})
    daemon.call("workflow.activate", {"workflow": "flags"})
    daemon.call("enrollment.create", {"workflow": "flags", "contact": "ann"})
    folder = daemon.folder
    subprocess.run([CTL, "export", "leads", "--to", folder, "--connect", daemon.commands], check=True)
    subprocess.run([CTL, "backup", "--data", daemon.data, folder / "backup"], check=True)
    channel = folder / "channel"
    channel.write_text(f"#!/bin/sh\nread line && echo '{ANSWER}' && cat > /dev/null\n")
    channel.chmod(0o755)
    yield daemon
    daemon.close()


def test_the_table_names_every_command():
    shown = subprocess.run([CTL, "--help"], capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"^  ([a-z][a-z-]+)  ", shown, re.M)) - {"help"} == set(COMMANDS)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", [name for name, arguments in COMMANDS.items() if arguments])
def test_every_command(service, name, way):
    new = f"new-{time.monotonic_ns()}"
    words = {"data": service.data, "backup": service.folder / "backup", "flow": service.folder / "leads.yaml",
             "channel": service.folder / "channel", "new": new if name in ("create", "unenroll") else service.folder / new}
    command = [CTL, *(word.format(**words) for word in COMMANDS[name])]
    if name == "delete":
        service.call("workflow.create", {"id": new, "template": "post-job-review-request"})
        command = [CTL, "delete", new]
    if name == "unenroll":
        service.call("enrollment.create", {"workflow": "flags", "contact": {"id": new, "fields": {}}})
    if name == "import":
        command.append("--yes")
    if name not in WITHOUT_SERVICE:
        command += ["--connect", service.commands]
    result = run_badly(command, way)
    code, words = WAYS[way]
    assert result.returncode == code, result.stderr
    assert words in result.stderr and "Fatal error" not in result.stderr
    assert words or not result.stderr.strip(), result.stderr


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("option", ["--help", "--version"])
@pytest.mark.parametrize("program", PROGRAMS)
def test_help_and_version(program, option, way):
    result = run_badly([PROGRAM.parent / program, option], way)
    assert result.returncode == WAYS[way][0] and WAYS[way][1] in result.stderr


def test_all_programs_are_of_one_version():
    versions = {subprocess.run([PROGRAM.parent / program, "--version"], capture_output=True, text=True).stdout
                for program in PROGRAMS}
    assert len(versions) == 1 and re.fullmatch(r"\d+\.\d+\.\d+\n", versions.pop())


def test_a_closed_error_output_is_nobody_elses_file(tmp_path):
    """The next file that is opened would get its number, and the log."""
    command = [PROGRAM, "--data", tmp_path / "d", "--commands", f"ipc://{tmp_path}/c", "--events", f"ipc://{tmp_path}/e"]
    process = subprocess.Popen(["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *command])
    end = time.monotonic() + LIMIT
    while not (tmp_path / "c").exists() and process.poll() is None:
        assert time.monotonic() < end
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=LIMIT) == 0
    assert (tmp_path / "d" / "lock").read_bytes() == b""


@pytest.mark.parametrize(("words", "wrong", "nearest"), [
    (["enrol", "leads", "x"], "enrol", "enroll"), (["worklfows"], "worklfows", "workflows"),
    (["keys", "ad", "x"], "ad", "add"), (["channel", "chek"], "chek", "check")])
def test_a_misspelt_command_is_told_the_nearest(words, wrong, nearest):
    result = subprocess.run([CTL, *words], capture_output=True, text=True)
    assert result.returncode == 64
    assert f'There is no command "{wrong}". Did you mean "{nearest}"?' in result.stderr
