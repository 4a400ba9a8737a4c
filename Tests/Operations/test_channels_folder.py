"""Channels of the folder that `channels_folder` names: what is one, what it is called, and how it is configured."""

import json
import os
import pathlib
import subprocess

import pytest

from conftest import PROGRAM, ROOT, Daemon
from test_health import wait_for_status

EXAMPLE = ROOT / "proto-docs/examples/file_channel.py"


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "channels"
    path.mkdir()
    return path


@pytest.fixture
def service(tmp_path, folder):
    """Starts a service whose channels lie in the folder, with these below `channels`."""
    started = []

    def start(**channels):
        config = tmp_path / "config.yaml"
        config.write_text(json.dumps({"channels_folder": str(folder), "channels": channels}))
        started.append(Daemon(tmp_path / "service", "--config", config))
        return started[-1].start()

    yield start
    for daemon in started:
        daemon.close()


def install(folder, name, mode=0o755):
    path = folder / name
    path.write_text(EXAMPLE.read_text())
    path.chmod(mode)
    return path


def channels(daemon):
    return {channel["name"]: channel for channel in daemon.call("channel.list")["channels"]}


BUILT_IN = {"sms", "email", "call_reminder"}


def test_only_programs_are_channels(service, folder):
    install(folder, "whatsapp")
    install(folder, "README.md", 0o644)
    install(folder, ".hidden")
    (folder / "lib").mkdir()
    (folder / "linked-folder").symlink_to(folder / "lib")
    (folder / "linked").symlink_to(folder / "whatsapp")
    (folder / "dangling").symlink_to(folder / "nowhere")
    os.mkfifo(folder / "pipe", 0o755)
    assert set(channels(service())) == BUILT_IN | {"whatsapp", "linked"}


def test_one_that_is_configured_needs_no_program(service, folder):
    install(folder, "whatsapp.py")
    daemon = service(whatsapp={"config": {"path": "sent.jsonl"}, "per_second": 5})
    found = channels(daemon.wait_for_channels())
    assert set(found) == BUILT_IN | {"whatsapp"}
    assert found["whatsapp"]["per_second"] == 5 and "manifest_channel" not in found["whatsapp"]


def test_a_whole_name_may_be_configured_too(service, folder):
    install(folder, "whatsapp.py")
    install(folder, "whatsapp.sh")
    daemon = service(**{"whatsapp.py": {"config": {"path": "sent.jsonl"}}})
    assert set(channels(daemon)) == BUILT_IN | {"whatsapp.py", "whatsapp.sh"}


def test_a_manifest_that_names_another_channel_is_told(service, folder):
    install(folder, "whatsapp.py")
    daemon = service()
    problem, = [problem for problem in wait_for_status(daemon, "degraded", "channel_misnamed")["problems"]
                if problem["code"] == "channel_misnamed"]
    assert problem["channel"] == "whatsapp.py" and "calls itself whatsapp," in problem["message"]
    assert "Rename its file to whatsapp" in problem["hint"]
    assert channels(daemon)["whatsapp.py"]["manifest_channel"] == "whatsapp"


@pytest.mark.parametrize("files, words", [
    ([], "It needs a program, or a file of its name in channels_folder"),
    (["whatsapp.py", "whatsapp.sh"], "whatsapp.py and whatsapp.sh in channels_folder could be its program"),
    (["whatsapper"], "It needs a program"),
])
def test_what_serves_no_configured_channel_is_refused(tmp_path, folder, files, words):
    for name in files:
        install(folder, name)
    config = tmp_path / "config.yaml"
    config.write_text(json.dumps({"channels_folder": str(folder), "channels": {"whatsapp": {"config": {}}}}))
    done = subprocess.run([PROGRAM, "--config", config, "--data", tmp_path / "data"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 78 and "channels.whatsapp" in done.stderr and words in done.stderr


@pytest.mark.parametrize("make, words", [
    (lambda path: None, "There is no file at {}"), (pathlib.Path.mkdir, "{} is a folder, not a program."),
    (pathlib.Path.touch, "{} may not be executed: chmod +x {}"),
])
def test_a_program_that_is_none_is_refused_with_the_way_out(tmp_path, make, words):
    program, config = tmp_path / "program", tmp_path / "config.yaml"
    make(program)
    config.write_text(json.dumps({"channels": {"whatsapp": {"program": str(program)}}}))
    done = subprocess.run([PROGRAM, "--config", config, "--data", tmp_path / "data"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 78 and words.replace("{}", str(program)) in done.stderr
