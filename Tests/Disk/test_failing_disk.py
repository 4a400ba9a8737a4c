"""A disk that fails: what could not be stored is never acknowledged, and the service goes on once it can."""

import errno
import sqlite3

import pytest

from Disk.disk import Writers, faults, lost, service, until


def start(service, faults):
    service.spawn(env=faults.environment)
    service.connect()
    service.call("system.hello")
    return service


@pytest.mark.parametrize("call, error, codes", [
    ("sync", errno.EIO, {"storage_failed"}), ("write", errno.EIO, {"storage_failed"}), ("write", errno.EROFS, {"storage_failed"}),
    ("sync", errno.ENOSPC, {"storage_full"}), ("write", errno.EDQUOT, {"storage_full"}), ("write", errno.ENOSPC, {"storage_full"}),
], ids=["sync", "write", "read-only", "sync-without-room", "quota", "no-room"])
def test_writes_fail(service, faults, call, error, codes):
    start(service, faults).put("first")
    writers = Writers(service)
    until(lambda: len(writers.acknowledged) > 200)
    faults.set(call, error)
    until(lambda: len(writers.errors) > 200)
    assert service.reply("contact.get", {"id": "first"})["ok"]
    assert faults.met(call) > 0
    faults.clear()
    taken = len(writers.acknowledged)
    until(lambda: len(writers.acknowledged) > taken + 200)
    writers.stop()
    assert {error["code"] for error in writers.errors} <= codes
    assert all(error["retry"] == "later" and error["hint"] for error in writers.errors)
    until(lambda: "The store works again" in service.log)
    assert service.log.count("The store failed") == 1
    service.kill()
    service.start()
    assert lost(service, writers.acknowledged) == []


def test_it_is_killed_while_syncing_fails(service, faults):
    """Nothing that was acknowledged is lost, though the log holds what could not be synced."""
    start(service, faults)
    writers = Writers(service)
    until(lambda: len(writers.acknowledged) > 200)
    faults.set("sync", errno.EIO)
    until(lambda: len(writers.errors) > 20)
    service.kill()
    faults.clear()
    service.start()
    assert lost(service, writers.acknowledged) == []
    assert service.put("after")["ok"]


def test_reads_fail(service, faults):
    start(service, faults)
    for number in range(120):
        service.call("contact.put", {"id": f"c-{number}", "fields": {"note": "x" * 60_000}})
    assert service.stop() == 0
    start(service, faults)
    faults.set("read", errno.EIO)
    error = service.refused("contact.get", {"id": "c-20"})
    assert error["code"] == "storage_failed" and error["retry"] == "later"
    assert service.process.poll() is None
    faults.clear()
    until(lambda: service.reply("contact.get", {"id": "c-20"})["ok"])
    assert service.goes_on()


def test_the_disk_fails_at_the_start(service, faults):
    service.start().put("a")
    assert service.stop() == 0
    faults.set("read", errno.EIO)
    service.spawn(env=faults.environment)
    code, log = service.ended()
    assert code == 74 and "Check the disk" in log


def test_a_checkpoint_that_fails_loses_nothing(service, faults):
    start(service, faults)
    writers = Writers(service, note=8_000)
    wal = service.data / "workflows.sqlite-wal"
    until(lambda: wal.stat().st_size > 14_000_000)
    faults.set("sync", errno.EIO)
    until(lambda: writers.errors)
    faults.clear()
    taken = len(writers.acknowledged)
    until(lambda: wal.stat().st_size > 16_500_000 and len(writers.acknowledged) > taken + 500)
    writers.stop()
    service.kill()
    database = sqlite3.connect(service.data / "workflows.sqlite")
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()
    service.start()
    assert lost(service, writers.acknowledged) == []
