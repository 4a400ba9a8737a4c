"""Backups and restorations that are killed at each of their steps: the data are there, whole, or a start says where."""

import contextlib
import json
import shutil
import subprocess

import pytest

from conftest import PROGRAM, Daemon

CTL = PROGRAM.parent / "workflowctl"
LIMIT = 240
# Whatever makes something lasting, or gives it another name.
STEPS = "fsync,fdatasync,rename,renameat2,unlink"


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    """A data directory with Old in it, and a backup with New."""
    folder = tmp_path_factory.mktemp("cut")
    for name in ("new", "old"):
        daemon = Daemon(folder / name).start()
        daemon.call("contact.put", {"id": "someone", "fields": {"first_name": name}})
        daemon.stop()
        daemon.close()
    subprocess.run([CTL, "backup", "--data", folder / "new/data", folder / "backup"], check=True, stdout=subprocess.DEVNULL)
    return folder


def cut_off(command, step, *faults):
    """Runs `command`, killed at its step of that number; whether it was."""
    result = subprocess.run(
        ["strace", "-qq", "-o", "/dev/null", "-e", f"trace={STEPS}", *faults,
         "-e", f"inject={STEPS if not faults else STEPS.replace(',renameat2', '')}:signal=KILL:when={step}", *command],
        capture_output=True, text=True, timeout=LIMIT)
    assert result.returncode in (0, -9, 137), result.stderr
    return result.returncode != 0


def started(folder):
    """Whose data a service at `folder` finds; None where it refuses to start."""
    refused = subprocess.run(
        [PROGRAM, "--data", folder / "data", "--commands", f"ipc://{folder}/none/c", "--events", f"ipc://{folder}/e"],
        capture_output=True, text=True, timeout=LIMIT)
    if "was cut off in the middle" in refused.stderr:
        assert refused.returncode == 65
        return None
    with contextlib.closing(Daemon(folder)) as daemon:
        daemon.start()
        name = daemon.call("contact.get", {"id": "someone"})["fields"]["first_name"]
        daemon.stop()
        return name


@pytest.mark.parametrize("faults", [(), ("-e", "inject=renameat2:error=EINVAL")], ids=["exchanged", "in two steps"])
def test_a_restoration_is_whole_or_says_where_the_data_are(stage, tmp_path, faults):
    seen = []
    for step in range(1, 200):
        folder = tmp_path / str(step)
        shutil.copytree(stage / "old/data", folder / "data")
        restore = [CTL, "restore", "--replace", "--data", folder / "data", stage / "backup"]
        wasCut = cut_off(restore, step, *faults)
        found = started(folder)
        seen.append(found)
        if found is None:
            # Both ways out that the service names.
            [aside] = [path for path in folder.iterdir() if "before-restore" in path.name]
            shutil.copytree(folder, tmp_path / "again")
            aside.rename(folder / "data")
            assert started(folder) == "old"
            shutil.rmtree(tmp_path / "again/data", ignore_errors=True)
            subprocess.run([CTL, "restore", "--data", tmp_path / "again/data", stage / "backup"], check=True,
                           stdout=subprocess.DEVNULL)
            assert started(tmp_path / "again") == "new"
            shutil.rmtree(tmp_path / "again")
        elif found == "new":
            [aside] = [path for path in folder.iterdir() if "before-restore" in path.name]
            assert (aside / "workflows.sqlite").exists()
        shutil.rmtree(folder)
        if not wasCut:
            break
    assert seen[0] == "old" and seen[-1] == "new"
    assert (None in seen) == bool(faults)
    assert not faults or seen.index(None) > seen.index("old")


@pytest.mark.parametrize(("call", "faults"), [
    *((call, ()) for call in ("fsync", "openat", "rename", "renameat2")),
    *((call, ("-e", "inject=renameat2:error=EINVAL")) for call in ("fsync", "openat", "rename"))])
def test_a_restoration_that_fails_at_any_step_leaves_the_data_as_they_were(stage, tmp_path, call, faults):
    for step in range(1, 400):
        folder = tmp_path / str(step)
        shutil.copytree(stage / "old/data", folder / "data")
        # A program opens much else.
        paths = ("-P", folder, "-P", folder / "data") if call == "openat" else ()
        result = subprocess.run(
            ["strace", "-qq", "-o", folder / "trace", "-e", f"trace={call},renameat2", *faults, *paths,
             "-e", f"inject={call}:error=EIO:when={step}", CTL, "restore", "--replace", "--data", folder / "data", stage / "backup"],
            capture_output=True, text=True, timeout=LIMIT)
        wasHit = "EIO (Input/output error) (INJECTED)" in (folder / "trace").read_text()
        others = [path.name for path in folder.iterdir() if path.name not in ("data", "trace")]
        if result.returncode == 0:
            [aside] = others
            assert "before-restore" in aside and (folder / aside / "workflows.sqlite").exists()
            assert started(folder) == "new"
        else:
            assert result.returncode in (70, 73, 74), result.stderr
            assert wasHit and others == [] and started(folder) == "old"
        shutil.rmtree(folder)
        if not wasHit:
            break
    assert step > 1 and result.returncode == 0


def test_a_restoration_that_cannot_be_undone_says_where_the_data_are(stage, tmp_path):
    """The disk fails for good between the two steps: no service may begin with an empty directory."""
    def restore(folder, *faults):
        shutil.copytree(stage / "old/data", folder / "data")
        return subprocess.run(
            ["strace", "-qq", "-o", folder / "trace", "-e", "trace=fsync,rename,renameat2", "-e", "inject=renameat2:error=EINVAL",
             *faults, CTL, "restore", "--replace", "--data", folder / "data", stage / "backup"],
            capture_output=True, text=True, timeout=LIMIT).returncode

    assert restore(tmp_path / "whole") == 0
    last = sum(line.startswith("rename(") for line in (tmp_path / "whole/trace").read_text().splitlines())
    seen = []
    for step in range(1, 400):
        folder = tmp_path / str(step)
        assert restore(folder, "-e", f"inject=rename:error=EIO:when={last}+", "-e", f"inject=fsync:error=EIO:when={step}+") != 0
        wasHit = any("fsync" in line and "INJECTED" in line for line in (folder / "trace").read_text().splitlines())
        seen.append(started(folder))
        assert seen[-1] in ("old", None)
        if seen[-1] is None:
            [aside] = [path for path in folder.iterdir() if "before-restore" in path.name]
            assert (aside / "workflows.sqlite").exists()
        shutil.rmtree(folder)
        if not wasHit:
            break
    assert not wasHit and seen[0] == "old" and seen[-1] is None


def test_a_backup_is_whole_or_not_there(stage, tmp_path):
    for step in range(1, 200):
        target = tmp_path / f"backup-{step}"
        wasCut = cut_off([CTL, "backup", "--data", stage / "old/data", target], step)
        if target.exists():
            assert json.loads((target / "backup.json").read_text())["files"]
            assert subprocess.run([CTL, "integrity", target], stdout=subprocess.DEVNULL).returncode == 0
        if not wasCut:
            break
    assert not wasCut and target.exists()


def test_a_link_to_the_data_stays_a_link(stage, tmp_path):
    shutil.copytree(stage / "old/data", tmp_path / "disk/data")
    (tmp_path / "data").symlink_to(tmp_path / "disk/data")
    subprocess.run([CTL, "restore", "--replace", "--data", tmp_path / "data", stage / "backup"], check=True,
                   stdout=subprocess.DEVNULL)
    assert (tmp_path / "data").is_symlink() and started(tmp_path) == "new"


def test_the_restored_data_belong_to_whom_they_did(stage, tmp_path):
    shutil.copytree(stage / "old/data", tmp_path / "data")
    shutil.chown(tmp_path / "data", 65534, 65534)
    subprocess.run([CTL, "restore", "--replace", "--data", tmp_path / "data", stage / "backup"], check=True,
                   stdout=subprocess.DEVNULL)
    paths = [tmp_path / "data", *(tmp_path / "data").rglob("*")]
    assert {(path.stat().st_uid, path.stat().st_gid) for path in paths} == {(65534, 65534)}
