"""What can be wrong at the start: a clear sentence and an exit code for each."""

import os
import pathlib
import re
import signal
import sqlite3
import subprocess

import pytest

from conftest import PROGRAM


def start(folder, *arguments, data="data"):
    return subprocess.run(
        [PROGRAM, "--data", folder / data, "--commands", f"ipc://{folder}/c", "--events", f"ipc://{folder}/e", *arguments],
        capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("text, words", [
    ("clok: system", ["clok", 'Did you mean "clock"?']), ("clock: fast", ["clock", "3600x"]),
    ("data: [", ["data"]), ("channels: {sms: {program: nothing-here}}", ["channels.sms", "There is no file at"]),
])
def test_a_wrong_configuration(tmp_path, text, words):
    config = tmp_path / "config.yaml"
    config.write_text(text)
    result = start(tmp_path, "--config", config)
    assert result.returncode == 78
    assert all(word in result.stderr for word in words if word != "data"), result.stderr


def test_all_that_is_wrong_is_said_at_once_with_its_lines(tmp_path):
    config = tmp_path / "config.yaml"
    config.write_text("""data: d
commands: [ipc:///tmp/x, "127.0.0.1:7411"]
log:
  level: loud
  format: verse
channels:
  telegram:
    program: x
    per_second: many
colour: red
""")
    result = start(tmp_path, "--config", config)
    assert result.returncode == 78
    assert f"The configuration {config} cannot be used. 5 things are wrong:\n" in result.stderr
    for place in ("Line 2, commands[1]: It has no transport; write tcp://127.0.0.1:7411.", "Line 4, log.level:",
                  "Line 5, log.format:", "Line 9, channels.telegram.per_second:", "Line 10, colour:"):
        assert f"\n  {place}" in result.stderr


@pytest.mark.parametrize("text", ["", "# Nothing but a comment\n", "---\n", "null\n", "~", "{}", "[]", "- data: x", "workflows"])
def test_a_configuration_that_says_nothing(tmp_path, text):
    """A file that was emptied by mistake would start a service over an empty database."""
    config = tmp_path / "config.yaml"
    config.write_text(text)
    result = start(tmp_path, "--config", config)
    assert result.returncode == 78 and str(config) in result.stderr
    assert not (tmp_path / "data").exists()


def test_a_channels_folder_that_is_not_there(tmp_path):
    config = tmp_path / "config.yaml"
    config.write_text("clock: simulated\nchannels_folder: /no/such/folder\n")
    result = start(tmp_path, "--config", config)
    assert result.returncode == 78
    assert f"{config} cannot be used. Line 2, channels_folder: The folder /no/such/folder is not there" in result.stderr


@pytest.mark.parametrize("endpoint, words", [
    ("127.0.0.1:27601", "has no transport; write tcp://127.0.0.1:27601"),
    ("/run/workflows/commands", "has no transport; write ipc:///run/workflows/commands"),
    ("udp://127.0.0.1:1", "neither with tcp:// nor with ipc://"),
    ("tcp://localhost:7411", "at an address and not at a name; write tcp://127.0.0.1:7411"),
    ("tcp://127.0.0.1", "it has no port"), ("tcp://[::1]", "it has no port"), ("tcp://127.0.0.1:74111", "its port"),
    ("ipc://", "it names no file"),
])
@pytest.mark.parametrize("option", ["--commands", "--events"])
def test_an_endpoint_that_is_none(tmp_path, option, endpoint, words):
    other = "--events" if option == "--commands" else "--commands"
    result = subprocess.run(
        [PROGRAM, "--data", tmp_path / "d", option, endpoint, other, f"ipc://{tmp_path}/o"],
        capture_output=True, text=True, timeout=60)
    assert result.returncode == 78 and endpoint in result.stderr and words in result.stderr, result.stderr


def test_an_endpoint_at_an_interface_that_is_not_there(tmp_path):
    result = start(tmp_path, "--events", "tcp://nowhere0:7411")
    assert result.returncode == 78 and "tcp://nowhere0:7411" in result.stderr
    assert "no such network interface" in result.stderr


@pytest.mark.parametrize("commands, events", [
    ("tcp://127.0.0.1:27699", "tcp://127.0.0.1:27699"), ("ipc:///tmp/same", "ipc:///tmp/same"),
    ("tcp://*:27699", "tcp://127.0.0.1:27699"), ("tcp://127.0.0.1:27699", "tcp://0.0.0.0:27699"),
    ("ipc:///tmp/same", "ipc:///tmp/./same"), ("ipc:///tmp//same", "ipc:///tmp/same"),
    ("ipc:///tmp/same", "ipc:///tmp/other/../same")])
def test_one_endpoint_for_both(tmp_path, commands, events):
    result = subprocess.run(
        [PROGRAM, "--data", tmp_path / "d", "--commands", commands, "--events", events],
        capture_output=True, text=True, timeout=60)
    assert result.returncode == 78 and f"{events} cannot be used: it is named twice" in result.stderr


def test_wrong_arguments(tmp_path):
    assert start(tmp_path, "--no-such-thing").returncode == 64
    assert start(tmp_path, "--clock", "soon").returncode == 78


def test_a_second_service_in_the_same_folder(daemon):
    result = subprocess.run(
        [PROGRAM, "--data", daemon.data, "--commands", f"ipc://{daemon.folder}/other", "--events", f"ipc://{daemon.folder}/o2"],
        capture_output=True, text=True, timeout=60)
    assert result.returncode == 75
    assert "Another workflowd" in result.stderr
    assert daemon.reply("system.hello")["ok"]


def test_a_taken_port(tmp_path, daemon):
    import zmq
    holder = daemon.context.socket(zmq.REP)
    port = holder.bind_to_random_port("tcp://127.0.0.1")
    result = start(tmp_path / "x", "--commands", f"tcp://127.0.0.1:{port}", data="d")
    holder.close(0)
    assert result.returncode == 69
    assert str(port) in result.stderr


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    assert start(tmp_path, data="file/data").returncode == 77


def test_a_damaged_database(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "workflows.sqlite").write_bytes(os.urandom(8192))
    result = start(tmp_path)
    assert result.returncode == 65
    assert "cannot be read" in result.stderr


def test_a_database_of_a_later_version(daemon):
    assert daemon.stop() == 0
    database = sqlite3.connect(daemon.data / "workflows.sqlite")
    database.execute("INSERT INTO grdb_migrations VALUES ('99-later')")
    database.commit()
    database.close()
    result = start(daemon.folder)
    assert result.returncode == 65
    assert "later version" in result.stderr


def test_a_clean_end(daemon):
    daemon.call("settings.put", {"time_zone": "Europe/London"})
    assert daemon.stop() == 0
    assert not list(daemon.data.glob("*-wal")) or (daemon.data / "workflows.sqlite-wal").stat().st_size == 0
    daemon.start()
    assert daemon.call("settings.get") == {"time_zone": "Europe/London"}


TERM_BIT, WINCH_BIT = (1 << (number - 1) for number in (signal.SIGTERM, signal.SIGWINCH))


def takes_signals(process):
    """Whether SIGTERM no longer ends it at once.

    While a thread is being made, every signal is blocked for a moment, also one that nobody takes.
    """
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    masks = [int(mask, 16) for mask in re.findall(r"Sig(?:Blk|Ign|Cgt):\s*(\w+)", status)]
    return any(mask & TERM_BIT and not mask & WINCH_BIT for mask in masks)


@pytest.mark.parametrize("number", range(10))
def test_a_signal_is_taken_however_early_it_comes(tmp_path, number):
    process = subprocess.Popen(
        [PROGRAM, "--data", tmp_path / "data", "--commands", f"ipc://{tmp_path}/c", "--events", f"ipc://{tmp_path}/e"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not takes_signals(process):
            assert process.poll() is None
        process.terminate()
        assert process.wait(timeout=60) == 0
    finally:
        process.kill()
