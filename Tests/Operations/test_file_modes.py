"""Who may read the files with names, numbers and texts in them: their owner, whatever the folder and the umask."""

import os
import stat
import subprocess

import pytest

from conftest import PROGRAM, Daemon

CTL = PROGRAM.parent / "workflowctl"


def readable_by_others(folder):
    """Files that anybody but their owner may read or write; sockets and folders are not looked at."""
    return [str(path.relative_to(folder)) for path in folder.rglob("*")
            if stat.S_ISREG(path.stat().st_mode) and path.stat().st_mode & 0o077]


@pytest.fixture
def loose():
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture
def used(tmp_path, loose):
    """A service that has sent a message, in a folder that everybody may look into."""
    (tmp_path / "data").mkdir(mode=0o777)
    daemon = Daemon(tmp_path, "--clock", "simulated", "--clock-start", "2026-03-02T15:00:00Z")
    yield daemon.start().wait_for_channels()
    daemon.close()


def test_nobody_else_reads_the_data(used, tmp_path):
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o777
    for name in ("workflows.sqlite", "workflows.sqlite-wal", "workflows.sqlite-shm"):
        assert stat.S_IMODE((tmp_path / "data" / name).stat().st_mode) == 0o600
    assert readable_by_others(tmp_path / "data") == []


def test_nor_those_of_an_earlier_version(used, tmp_path):
    used.kill()
    for path in (tmp_path / "data").glob("workflows.sqlite*"):
        path.chmod(0o644)
    used.start()
    assert readable_by_others(tmp_path / "data") == []


def test_nor_backups_and_what_is_restored(used, tmp_path):
    subprocess.run([CTL, "backup", "--data", used.data, tmp_path / "backup"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([CTL, "restore", "--data", tmp_path / "restored", tmp_path / "backup"], check=True,
                   stdout=subprocess.DEVNULL)
    for name in ("backup", "restored"):
        assert readable_by_others(tmp_path / name) == []
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o700
