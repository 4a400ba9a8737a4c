"""A disk that is full: a clear answer, reads go on, nothing is lost or sent twice, and no hands are needed."""

import json
import os
import pathlib
import subprocess

import pytest

from conftest import PROGRAM
from Disk.disk import LIMIT, Disk, Resident, Writers, disk, lost, until

RECORDER = pathlib.Path(__file__).parent / "recorder.py"


@pytest.fixture
def service(tmp_path, disk):
    service = Resident(tmp_path, disk.path / "data")
    yield service
    service.close()


def failures(service):
    return service.log.count("The store failed"), service.log.count("The store works again")


def test_writes_are_refused_reads_go_on_and_it_goes_on_by_itself(service, disk):
    service.start()
    service.put("first")
    writers = Writers(service)
    until(lambda: len(writers.acknowledged) > 500)
    disk.fill()
    until(lambda: len(writers.errors) > 500)
    for _ in range(20):
        assert service.reply("contact.get", {"id": "first"})["ok"]
    assert service.reply("contact.list")["ok"]
    assert failures(service) == (1, 0), service.log
    disk.make_room()
    taken = len(writers.acknowledged)
    until(lambda: len(writers.acknowledged) > taken + 200)
    writers.stop()
    assert {error["code"] for error in writers.errors} == {"storage_full"}
    assert all(error["retry"] == "later" and "room" in error["hint"] for error in writers.errors)
    until(lambda: failures(service) == (1, 1))
    service.kill()
    service.start()
    assert lost(service, writers.acknowledged) == []


def test_it_notices_that_there_is_room_without_a_client(service, disk):
    service.start()
    disk.fill()
    # The log of what was written is as long as it was: not each write needs room.
    until(lambda: not service.put("a", "x" * 9_000)["ok"])
    assert failures(service) == (1, 0)
    disk.make_room()
    until(lambda: failures(service) == (1, 1))


def test_messages_go_once_each(tmp_path, service, disk):
    sent = tmp_path / "sent"
    sent.touch()
    os.mkfifo(tmp_path / "gate")
    (tmp_path / "config.yaml").write_text(json.dumps({
        "channels": {"sms": {"program": str(RECORDER), "config": {"path": str(sent), "gate": str(tmp_path / "gate")}}}}))
    service.arguments = ("--config", tmp_path / "config.yaml")
    service.start().wait_for_channels()
    service.call("settings.put", {"time_zone": "Europe/London"})
    service.call("workflow.create", {"id": "w", "definition": {"name": "w", "steps": [
        {"kind": "message", "id": "hello", "channel": "sms", "quiet_hours": "ignore", "content": {"text": "Hi " + "x" * 800}},
        {"kind": "message", "id": "again", "channel": "sms", "quiet_hours": "ignore", "content": {"text": "Hi again"}}]}})
    service.call("workflow.activate", {"workflow": "w"})
    people = [f"p-{number}" for number in range(300)]
    replies = service.call("enrollment.create", {"workflow": "w", "contacts": [
        {"contact": {"id": name, "fields": {"phone": f"+1212555{number:04}"}}} for number, name in enumerate(people)]})["results"]
    assert all(reply["created"] for reply in replies)
    until(lambda: len(sent.read_text().splitlines()) == 50)
    disk.fill()
    (tmp_path / "gate").write_text("")
    until(lambda: "The store failed" in service.log)
    assert len(sent.read_text().splitlines()) < 70
    disk.make_room()
    until(lambda: len(sent.read_text().splitlines()) >= 600)
    until(lambda: service.call("workflow.stats", {"workflow": "w"})["finished"] == 300)
    keys = sent.read_text().splitlines()
    assert len(keys) == len(set(keys)) == 600
    assert service.call("execution.list", {"workflow": "w", "types": ["message.unknown"]})["executions"] == []


def test_full_during_a_checkpoint(service, disk):
    service.start()
    writers = Writers(service, note=8_000)
    wal = service.data / "workflows.sqlite-wal"
    # At 4,000 pages the log is moved into the database, which has to grow for it.
    until(lambda: wal.stat().st_size > 12_000_000)
    disk.fill(leave=8_000_000)
    until(lambda: len(writers.errors) > 200)
    assert service.call("system.hello")
    disk.make_room()
    taken = len(writers.acknowledged)
    until(lambda: len(writers.acknowledged) > taken + 50)
    writers.stop()
    assert {error["code"] for error in writers.errors} == {"storage_full"}
    service.kill()
    service.start()
    assert lost(service, writers.acknowledged) == []


def test_full_at_the_very_first_start(service, disk):
    (disk.path / "data").mkdir()
    disk.fill()
    service.spawn()
    until(lambda: "The disk is full" in service.log)
    disk.make_room()
    service.connect()
    assert service.put("a")["ok"]
    assert service.log.count("The disk is full") == 1


def test_full_at_the_start_behind_a_clean_end(service, disk):
    service.start().put("a")
    assert service.stop() == 0
    disk.fill()
    service.spawn()
    until(lambda: "The disk is full" in service.log)
    service.process.terminate()
    assert service.process.wait(timeout=LIMIT) == 0
    service.spawn()
    until(lambda: service.log.count("The disk is full") == 2)
    disk.make_room()
    service.connect()
    assert service.reply("contact.get", {"id": "a"})["ok"]


def test_full_at_the_start_behind_a_power_cut_reads_go_on(service, disk):
    service.start().put("a", "x" * 9_000)
    disk.fill()
    service.kill()
    service.spawn()
    service.connect()
    assert service.reply("contact.get", {"id": "a"})["ok"]
    until(lambda: not service.put("b", "x" * 9_000)["ok"])
    disk.make_room()
    assert service.goes_on()


def test_it_ends_cleanly_on_a_full_disk(service, disk):
    service.start()
    writers = Writers(service)
    disk.fill()
    until(lambda: writers.errors)
    writers.stop()
    assert service.stop() == 0
    disk.make_room()
    service.start()
    assert lost(service, writers.acknowledged) == []


def test_a_log_on_the_same_disk(tmp_path, disk):
    """What cannot be logged must not end the service, above all not the line that says that the disk is full."""
    service = Resident(disk.path, disk.path / "data")
    service.commands, service.events = f"ipc://{tmp_path}/commands", f"ipc://{tmp_path}/events"
    try:
        service.start()
        disk.fill()
        until(lambda: not service.put("a", "x" * 9_000)["ok"])
        assert service.reply("system.hello")["ok"]
        disk.make_room()
        assert service.goes_on()
    finally:
        service.close()


def test_a_start_that_fails_says_so_on_a_full_log_too(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "workflows.sqlite").write_bytes(b"no database" * 1_000)
    with open("/dev/full", "wb") as full:
        result = subprocess.run([PROGRAM, "--data", tmp_path / "data"], stdin=subprocess.DEVNULL, stdout=full, stderr=full, timeout=LIMIT)
    assert result.returncode == 65


@pytest.mark.parametrize("arguments", [["--help"], ["templates"], ["send", '{"op":"clock.get"}']], ids=lambda arguments: arguments[0])
def test_a_client_whose_output_cannot_be_written(service, arguments):
    service.start()
    connect = [] if arguments == ["--help"] else ["--connect", service.commands]
    with open("/dev/full", "wb") as full:
        result = subprocess.run(
            [PROGRAM.parent / "workflowctl", *arguments, *connect], stdout=full, stderr=subprocess.PIPE, text=True, timeout=LIMIT)
    assert result.returncode >= 0
    assert arguments == ["--help"] or result.returncode == 73 and "cannot be written" in result.stderr


def test_a_channel_whose_own_disk_is_full_holds_its_messages(tmp_path):
    service = Resident(tmp_path, tmp_path / "data")
    (service.data / "channels").mkdir(parents=True)
    disk = Disk(service.data / "channels" / "sms", megabytes=1)
    try:
        service.start().wait_for_channels()
        service.call("settings.put", {"time_zone": "Europe/London"})
        service.call("workflow.create", {"id": "w", "definition": {"name": "w", "steps": [
            {"kind": "message", "id": "hello", "channel": "sms", "quiet_hours": "ignore", "content": {"text": "x" * 1_000}}]}})
        service.call("workflow.activate", {"workflow": "w"})
        disk.fill()
        people = [
            {"contact": {"id": f"p-{number}", "fields": {"phone": f"+1212555{number:04}"}}} for number in range(20)]
        service.call("enrollment.create", {"workflow": "w", "contacts": people})
        until(lambda: service.call("channel.list")["channels"][0]["state"] == "faulty")
        assert "No space left" in service.call("channel.list")["channels"][0]["last_error"]
        outbox = disk.path / "outbox.jsonl"
        assert outbox.read_text() == ""
        disk.make_room()
        until(lambda: len(outbox.read_text().splitlines()) == 20)
        until(lambda: service.call("workflow.stats", {"workflow": "w"})["finished"] == 20)
        assert service.log.count("A channel is paused") == 1
    finally:
        service.close()
        disk.close()
