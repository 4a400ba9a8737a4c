"""The README's first command tells the story that it promises, wherever it is run, and leaves nothing behind."""

import os
import pathlib
import signal
import subprocess
import tempfile
import time

import pytest

from conftest import PROGRAM, ROOT
from ctl import LIMIT

DEMO = [PROGRAM.parent / "workflowctl", "demo"]


@pytest.fixture
def temporary():
    """A folder whose name leaves room for the names of sockets in it."""
    with tempfile.TemporaryDirectory() as folder:
        yield pathlib.Path(folder)


def left_behind(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_demo(tmp_path):
    (tmp_path / "temporary").mkdir()
    result = subprocess.run(
        [*DEMO, "--speed", "200000"], cwd=tmp_path, env={**os.environ, "TMPDIR": str(tmp_path / "temporary")},
        capture_output=True, text=True, timeout=LIMIT)
    assert result.returncode == 0, result.stderr
    table = {line.split()[0]: line.split() for line in result.stdout.split("Who stands where:")[1].splitlines()
             if line.startswith("  lead-")}
    assert table["lead-ben"][1:3] == ["exited", "replied_by_email"]
    assert table["lead-carla"][1:3] == ["exited", "unsubscribed"]
    assert table["lead-ann"][1] == "finished"
    assert len(table) == 5
    assert left_behind(tmp_path / "temporary") == []


def test_its_messages_can_be_kept(temporary):
    result = subprocess.run(
        [*DEMO, "--speed", "1000000", "--keep", "--leads", ROOT / "proto-docs/examples/leads.csv"],
        env={**os.environ, "TMPDIR": str(temporary)}, capture_output=True, text=True, timeout=LIMIT)
    assert result.returncode == 0, result.stderr
    [folder] = temporary.iterdir()
    assert folder.stat().st_mode & 0o777 == 0o700
    outbox = folder / "data/channels/sms/outbox.jsonl"
    assert f"  {outbox} (5 messages)" in result.stdout and len(outbox.read_text().splitlines()) == 5


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_demo_that_is_stopped_leaves_nothing(temporary, number):
    demo = subprocess.Popen(
        [*DEMO, "--speed", "1000"], env={**os.environ, "TMPDIR": str(temporary)}, stdout=subprocess.PIPE, text=True)
    while "lead-ann" not in demo.stdout.readline():
        assert demo.poll() is None
    began = time.monotonic()
    demo.send_signal(number)
    demo.stdout.read()
    assert demo.wait(timeout=LIMIT) == 128 + number
    # Its service ends at once; a time limit of its own would be 20 s.
    assert time.monotonic() - began < 15
    assert left_behind(temporary) == []


def test_what_is_to_be_kept_stays_where_it_is_stopped(temporary):
    demo = subprocess.Popen(
        [*DEMO, "--speed", "1000", "--keep"], env={**os.environ, "TMPDIR": str(temporary)}, stdout=subprocess.PIPE,
        text=True)
    while "lead-ann" not in demo.stdout.readline():
        assert demo.poll() is None
    demo.terminate()
    demo.stdout.read()
    assert demo.wait(timeout=LIMIT) == 128 + signal.SIGTERM
    [folder] = temporary.iterdir()
    assert (folder / "data/channels/sms").is_dir()


def test_a_demo_that_nobody_watches_any_more_leaves_nothing(temporary):
    demo = subprocess.Popen(
        [*DEMO, "--speed", "1000000"], env={**os.environ, "TMPDIR": str(temporary)}, stdout=subprocess.PIPE, text=True)
    demo.stdout.readline()
    demo.stdout.close()
    assert demo.wait(timeout=LIMIT) == 141
    assert left_behind(temporary) == []


@pytest.mark.parametrize(("text", "code"), [
    (None, 66), ("", 65), ("no,leads\n1,2\n", 65), ("id,first_name\nl-1\n", 65),
    ('id,first_name\nl-1,"Ann\nl-2,Bob\n', 65), ("id,first_name\n,Ann\n", 65)])
def test_leads_that_cannot_be_used(tmp_path, text, code):
    path = tmp_path / "leads.csv"
    if text is not None:
        path.write_text(text)
    result = subprocess.run([*DEMO, "--leads", path], capture_output=True, text=True, timeout=LIMIT)
    assert result.returncode == code and str(path) in result.stderr
