"""Files that are moved, removed or replaced under a running service, and folders that cannot be written."""

import os
import shutil
import sqlite3
import subprocess

import pytest

from conftest import PROGRAM
from Disk.disk import LIMIT, Disk, Resident, service, until

NAMES = ["workflows.sqlite", "workflows.sqlite-wal"]


def is_refused(service):
    """Writes are refused with the reason, reads go on, the log says so once."""
    error = until(lambda: service.put("refused").get("error"))
    assert error["code"] == "storage_failed" and error["retry"] == "later"
    assert "moved, removed or replaced" in error["message"] and "Do not stop" in error["hint"]
    assert service.reply("contact.get", {"id": "a"})["ok"]
    assert service.log.count("The store failed") == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_moved_away_and_back(service, name):
    service.start().put("a")
    (service.data / name).rename(service.data / "elsewhere")
    is_refused(service)
    (service.data / "elsewhere").rename(service.data / name)
    assert service.goes_on()
    until(lambda: "The store works again" in service.log)


def test_the_folder_is_moved_away_and_back(service):
    service.start().put("a")
    service.data.rename(service.folder / "elsewhere")
    is_refused(service)
    (service.folder / "elsewhere").rename(service.data)
    assert service.goes_on()


def test_the_database_is_replaced(service, tmp_path):
    """The service writes into neither, and takes nothing from the other when it ends."""
    service.start().put("a")
    for name in NAMES:
        shutil.copy(service.data / name, tmp_path / name)
        (tmp_path / name).replace(service.data / name)
    before = [(service.data / name).read_bytes() for name in NAMES]
    is_refused(service)
    assert service.stop() == 0
    assert [(service.data / name).read_bytes() for name in NAMES] == before


def test_removed_files_are_saved_from_the_running_service(service):
    """The recipe of storage.md."""
    service.start()
    names = [f"n-{number}" for number in range(50)]
    for name in names:
        service.put(name)
    (service.data / "workflows.sqlite").unlink()
    (service.data / "workflows.sqlite-wal").unlink()
    until(lambda: not service.put("refused")["ok"])
    saved = service.folder / "saved"
    saved.mkdir()
    descriptors = f"/proc/{service.process.pid}/fd"
    for descriptor in os.listdir(descriptors):
        target = os.readlink(f"{descriptors}/{descriptor}")
        for name in NAMES:
            if target == f"{service.data.resolve()}/{name} (deleted)":
                shutil.copyfile(f"{descriptors}/{descriptor}", saved / name)
    service.kill()
    for name in NAMES:
        (saved / name).replace(service.data / name)
    service.start()
    assert all(service.reply("contact.get", {"id": name})["ok"] for name in names)


def test_another_program_holds_the_database(service):
    service.start().put("a")
    holder = sqlite3.connect(service.data / "workflows.sqlite", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    error = service.put("b")["error"]
    assert error["code"] == "storage_failed" and "Another process" in error["message"]
    assert service.reply("contact.get", {"id": "a"})["ok"]
    holder.execute("ROLLBACK")
    holder.close()
    assert service.goes_on()


def test_a_disk_that_is_read_only_at_the_start(tmp_path):
    disk = Disk(tmp_path / "disk", megabytes=16)
    service = Resident(tmp_path, disk.path / "data")
    try:
        service.start().put("a")
        assert service.stop() == 0
        subprocess.run(["mount", "-o", "remount,ro", disk.path], check=True)
        service.spawn()
        code, log = service.ended()
        assert code == 77 and "Read-only file system" in log
        subprocess.run(["mount", "-o", "remount,rw", disk.path], check=True)
        service.start()
        assert service.reply("contact.get", {"id": "a"})["ok"]
    finally:
        service.close()
        disk.close()


def nobody():
    os.setgid(65_534)
    os.setuid(65_534)


@pytest.mark.skipif(os.geteuid() != 0, reason="Only root can start a service as somebody else.")
def test_permissions_that_vanish(tmp_path):
    """What is open stays open; the next start says what is wrong."""
    os.chmod(tmp_path, 0o755)
    for folder in tmp_path.parents:
        if folder.owner() == "root" and not folder.stat().st_mode & 0o001:
            os.chmod(folder, folder.stat().st_mode | 0o011)
    service = Resident(tmp_path / "own", tmp_path / "own" / "data")
    os.chown(service.folder, 65_534, 65_534)
    try:
        service.spawn(preexec_fn=nobody)
        service.connect()
        assert service.put("a")["ok"]
        os.chmod(service.data, 0)
        assert service.put("b")["ok"]
        service.kill()
        service.spawn(preexec_fn=nobody)
        code, log = service.ended()
        assert code == 77 and "Permission denied" in log and "permissions" in log
        os.chmod(service.data, 0o700)
        service.spawn(preexec_fn=nobody)
        service.connect()
        assert service.reply("contact.get", {"id": "b"})["ok"]
    finally:
        service.close()


def test_it_is_not_run_in_a_file(tmp_path):
    (tmp_path / "data").write_text("")
    result = subprocess.run([PROGRAM, "--data", tmp_path / "data"], capture_output=True, text=True, timeout=LIMIT)
    assert result.returncode == 77
