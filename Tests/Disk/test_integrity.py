"""`workflowctl integrity`: sound is sound, while the service works too; damage is told in plain words."""

import json
import sqlite3
import subprocess

from conftest import PROGRAM
from Disk.disk import LIMIT, Writers, faults, service

CTL = PROGRAM.parent / "workflowctl"


def integrity(folder, *arguments, code=0):
    result = subprocess.run([CTL, "integrity", *arguments, folder], capture_output=True, text=True, timeout=LIMIT)
    assert result.returncode == code, result
    return result.stdout if code != 66 else result.stderr


def filled(service):
    """A service in whose data there is a bit of everything."""
    service.arguments = ("--clock", "simulated", "--clock-start", "2026-03-02T15:00:00Z")
    service.start().wait_for_channels()
    service.call("settings.put", {"time_zone": "America/New_York"})
    service.call("workflow.create", {"id": "w", "definition": {"name": "w", "exits": [
        {"name": "replied", "when": {"signal": "sms.replied"}}], "steps": [
        {"kind": "message", "id": "hello", "channel": "sms", "content": {"text": "Hi {{ contact.first_name }}"}},
        {"kind": "delay", "id": "wait", "for": {"days": 2}},
        {"kind": "branch", "id": "choice", "within": {"days": 1}, "paths": [
            {"name": "clicked", "when": {"signal": "link.clicked"}, "steps": []}], "otherwise": {"steps": []}},
        {"kind": "message", "id": "mail", "channel": "email", "content": {"subject": "Hi", "text": "Hi"}}]}})
    service.call("workflow.activate", {"workflow": "w"})
    for number in range(20):
        fields = {"first_name": "Zoe", "phone": f"+1212555{number:04}", "email": f"zoe{number}@example.com"}
        service.call("enrollment.create", {"workflow": "w", "contact": {"id": f"c-{number}", "fields": fields}})
    service.call("signal.send", {"name": "sms.replied", "contact": "c-1"})
    service.call("enrollment.delete", {"enrollment": "en_3"})
    service.call("contact.delete", {"id": "c-4"})
    service.call("clock.advance", {"by": {"days": 2, "hours": 1}})
    service.call("signal.send", {"name": "link.clicked", "contact": "c-5"})
    service.call("workflow.halt", {"workflow": "w"})
    service.call("clock.advance", {"by": {"days": 3}})
    return service


def test_a_service_at_work_is_sound(service):
    filled(service)
    assert "is sound" in integrity(service.data)
    writers = Writers(service)
    for _ in range(5):
        assert json.loads(integrity(service.data, "--json"))["findings"] == []
    writers.stop()
    assert not writers.errors
    service.call("execution.purge", {"contact": "c-6"})
    assert json.loads(integrity(service.data, "--json"))["sound"] is True
    service.call("execution.purge", {"before": "2026-03-03T00:00:00Z"})
    assert json.loads(integrity(service.data, "--json"))["findings"] == []
    service.call("workflow.activate", {"workflow": "w"})
    service.call("workflow.delete", {"workflow": "w", "unenroll": True})
    service.kill()
    assert json.loads(integrity(service.data, "--json"))["findings"] == []
    # It left the log of the service that was killed where it was.
    assert (service.data / "workflows.sqlite-wal").stat().st_size > 0


def test_a_backup_and_what_is_damaged_in_it(service, tmp_path):
    filled(service)
    backup = tmp_path / "backup"
    subprocess.run([CTL, "backup", "--data", service.data, backup], check=True, capture_output=True, timeout=LIMIT)
    names = sorted(path.name for path in backup.iterdir())
    assert "is sound" in integrity(backup)
    assert sorted(path.name for path in backup.iterdir()) == names
    database = sqlite3.connect(backup / "workflows.sqlite")
    database.execute("UPDATE enrollment SET due = NULL, lane = NULL, phase = 1 WHERE id = 8")
    database.execute("DELETE FROM history WHERE seq = 9")
    database.commit()
    database.close()
    text = integrity(backup, code=65)
    assert "is damaged" in text and "enrollment.stuck" in text and "en_8" in text and "feed.gaps" in text
    assert "Zoe" not in text and "+1212" not in text and "example.com" not in text
    findings = json.loads(integrity(backup, "--json", code=65))["findings"]
    assert all(finding["meaning"] and finding["cure"] for finding in findings)
    restored = subprocess.run(
        [CTL, "restore", "--data", tmp_path / "new", backup], capture_output=True, text=True, timeout=LIMIT)
    assert restored.returncode == 0 and "workflowctl integrity" in restored.stderr


def test_what_it_cannot_look_at(service, tmp_path):
    assert "There is no database" in integrity(tmp_path, code=66)
    service.start().put("a")
    service.kill()
    (service.data / "workflows.sqlite").unlink()
    assert "file.readable" in integrity(service.data, code=65)
    (service.data / "workflows.sqlite").write_bytes(b"A letter. " * 1_000)
    (service.data / "workflows.sqlite-wal").unlink()
    assert "file.readable" in integrity(service.data, code=65)


def test_a_backup_that_is_killed_leaves_nothing_that_looks_whole(service, faults, tmp_path):
    filled(service)
    faults.set("write", "kill")
    result = subprocess.run(
        [CTL, "backup", "--data", service.data, tmp_path / "b"], env=faults.environment, capture_output=True, timeout=LIMIT)
    assert result.returncode == -9
    left, = tmp_path.glob("b*")
    assert left.name.startswith("b.partial-")
    restored = subprocess.run(
        [CTL, "restore", "--data", tmp_path / "new", left], capture_output=True, text=True, timeout=LIMIT)
    assert restored.returncode == 66 and not (tmp_path / "new").exists()
    assert service.put("more")["ok"]
    subprocess.run([CTL, "backup", "--data", service.data, tmp_path / "b"], check=True, capture_output=True, timeout=LIMIT)
