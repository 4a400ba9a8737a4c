"""A database that is damaged, at the start and at work: a clear sentence, no restart for nothing, and reads where they can be."""

import random
import sqlite3

import pytest

from Disk.disk import service, until
from seeds import seeds


@pytest.fixture
def stopped(service):
    """The data of a service that ended as an operator ends it."""
    service.start()
    for number in range(60):
        service.call("contact.put", {"id": f"c-{number}", "fields": {"note": "x" * 3_000}})
    assert service.stop() == 0
    return service


@pytest.fixture
def killed(service):
    """The data of a service that was killed: what it stored last is in the log alone."""
    service.start()
    for number in range(60):
        service.call("contact.put", {"id": f"c-{number}", "fields": {"note": "x" * 3_000}})
    service.kill()
    return service


def database(service):
    return service.data / "workflows.sqlite"


def log(service):
    return service.data / "workflows.sqlite-wal"


def refuses(service, code, *words):
    service.spawn()
    found, text = service.ended()
    assert found == code, (found, text)
    assert all(word in text for word in words), text


def test_a_truncated_database(stopped):
    data = database(stopped).read_bytes()
    database(stopped).write_bytes(data[: len(data) // 2])
    refuses(stopped, 65, "Restore a backup", "workflowctl integrity")


def test_a_database_of_one_page(stopped):
    database(stopped).write_bytes(database(stopped).read_bytes()[:4_096])
    refuses(stopped, 65, "Restore a backup")


def test_garbage_in_place_of_the_log(killed):
    size = log(killed).stat().st_size
    assert size > 100_000
    log(killed).write_bytes(random.Random(seeds("garbage log", 1)[0]).randbytes(size))
    refuses(killed, 65, "write-ahead log", "Restore a backup")
    assert log(killed).stat().st_size == size


def test_a_damaged_header_of_the_log(killed):
    data = bytearray(log(killed).read_bytes())
    data[17] ^= 1
    log(killed).write_bytes(data)
    refuses(killed, 65, "write-ahead log")


def test_a_log_without_its_database(killed):
    database(killed).unlink()
    refuses(killed, 65, "no database that it belongs to")
    assert log(killed).exists() and not database(killed).exists()


def test_an_empty_database_beside_a_log(killed):
    database(killed).write_bytes(b"")
    refuses(killed, 65, "no database that it belongs to")


@pytest.mark.parametrize("ending", [b"", b"\0" * 32], ids=["empty", "zeros"])
def test_a_log_that_never_began_is_none(stopped, ending):
    log(stopped).write_bytes(ending)
    stopped.start()
    assert stopped.reply("contact.get", {"id": "c-59"})["ok"]


def test_a_missing_index_of_the_log_is_made_anew(killed):
    (killed.data / "workflows.sqlite-shm").unlink()
    killed.start()
    assert killed.reply("contact.get", {"id": "c-59"})["ok"]


def test_a_garbage_index_of_the_log_is_made_anew(killed):
    (killed.data / "workflows.sqlite-shm").write_bytes(b"\xa5" * 32_768)
    killed.start()
    assert killed.reply("contact.get", {"id": "c-59"})["ok"]


def test_a_folder_in_place_of_the_database(stopped):
    database(stopped).unlink()
    database(stopped).mkdir()
    refuses(stopped, 77, "cannot be opened")


def test_garbage_in_the_middle_of_pages(stopped):
    """It starts, answers what it can, says clearly what it cannot, and stays."""
    connection = sqlite3.connect(database(stopped))
    root, = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'contact'").fetchone()
    leaves = [page for page, in connection.execute("SELECT pageno FROM dbstat WHERE name = 'contact' AND pagetype = 'leaf'")] \
        if has_dbstat(connection) else []
    connection.close()
    page = leaves[-1] if leaves else root
    with open(database(stopped), "r+b") as file:
        file.seek((page - 1) * 4_096)
        file.write(b"\xa5" * 4_096)
    stopped.start()
    hit = [stopped.reply("contact.get", {"id": f"c-{number}"}) for number in range(60)]
    codes = {reply["error"]["code"] for reply in hit if not reply["ok"]}
    assert codes == {"storage_failed"}
    assert all("backup" in reply["error"]["hint"] for reply in hit if not reply["ok"])
    assert not leaves or any(reply["ok"] for reply in hit)
    assert stopped.reply("system.hello")["ok"]
    assert stopped.log.count("The store failed") == 1
    assert "note" not in stopped.log and "xxx" not in stopped.log
    assert stopped.stop() == 0


def has_dbstat(connection):
    try:
        connection.execute("SELECT 1 FROM dbstat LIMIT 1")
        return True
    except sqlite3.OperationalError:
        return False


def test_a_damaged_enrollment_stops_nobody_else(service):
    service.arguments = ("--clock", "simulated", "--clock-start", "2026-03-02T15:00:00Z")
    service.start().wait_for_channels()
    service.call("settings.put", {"time_zone": "America/New_York"})
    service.call("workflow.create", {"id": "w", "definition": {"name": "w", "steps": [
        {"kind": "delay", "id": "wait", "for": {"hours": 1}},
        {"kind": "message", "id": "hello", "channel": "sms", "content": {"text": "Hi"}}]}})
    service.call("workflow.activate", {"workflow": "w"})
    for name in ["ann", "ben", "cid"]:
        service.call("enrollment.create", {"workflow": "w", "contact": {"id": name, "fields": {"phone": "+12125550100"}}})
    service.stop()
    connection = sqlite3.connect(database(service))
    connection.execute("UPDATE enrollment SET node = 77 WHERE id = 1")
    connection.execute("UPDATE enrollment SET version_id = 77 WHERE id = 2")
    connection.commit()
    connection.close()
    service.start().wait_for_channels()
    service.call("clock.advance", {"by": {"hours": 2}})
    sent = service.call("execution.list", {"types": ["message.sent"]})["executions"]
    assert [event["contact"] for event in sent] == ["cid"]
    assert service.log.count("An enrollment cannot go on") >= 2
    until(lambda: service.put("more")["ok"])
