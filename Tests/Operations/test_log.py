"""What the log tells, and to whom: the journal by priorities, nobody anything about a contact."""

import json
import os
import subprocess
import time

from conftest import PROGRAM, Daemon

LIMIT = 240

WORKFLOW = {"name": "Hello", "steps": [
    {"id": "hello", "kind": "message", "channel": "sms", "content": {"text": "Dear {{ contact.first_name }}"}}]}


def test_commands_and_events_at_trace_without_a_word_about_anybody(tmp_path):
    daemon = Daemon(tmp_path, "--log-level", "trace", "--clock", "simulated", "--clock-start", "2026-03-02T15:00:00Z")
    try:
        daemon.start().wait_for_channels()
        daemon.call("settings.put", {"time_zone": "America/New_York"})
        daemon.call("workflow.create", {"id": "hello", "definition": WORKFLOW})
        daemon.call("workflow.activate", {"workflow": "hello"})
        daemon.call("enrollment.create", {"workflow": "hello", "contact": {
            "id": "phone:+12125550101", "fields": {"first_name": "Quentin", "phone": "+12125550101"}}})
        assert daemon.refused("workflow.get", {"workflow": "nothing"})["code"] == "not_found"
        # Whatever is wrong with a line, what stands in it are its client's own words.
        for op in ("call +12125550101", "a\n2026-03-02T15:00:00Z error Quentin"):
            for members in ({}, {"x": 1}, {"version": 9}, {"args": []}, {"batch": []}, {"id": {}}):
                assert daemon.exchange(json.dumps({"op": op, **members}))[0]["ok"] is False
        log = tmp_path / "log"
        end = time.monotonic() + LIMIT
        while "type=message.sent" not in log.read_text():
            assert time.monotonic() < end
            daemon.call("clock.advance", {"by": {"minutes": 1}})
        text = log.read_text()
        assert " trace Command op=enrollment.create\n" in text
        assert " debug Command refused code=not_found op=workflow.get\n" in text
        assert "enrollment=en_1" in text and "workflow=hello" in text
        assert "Quentin" not in text and "2125550101" not in text
    finally:
        daemon.close()


def test_priorities_for_the_journal_and_for_no_other_file(tmp_path):
    (tmp_path / "empty.yaml").write_text("log: {level: loud, format: verse}\n")
    for stream, prefix in ((None, "<3>"), ("1:1", "workflowd: ")):
        with open(tmp_path / "journal", "wb") as journal:
            status = os.fstat(journal.fileno())
            environment = {**os.environ, "JOURNAL_STREAM": stream or f"{status.st_dev}:{status.st_ino}"}
            code = subprocess.run([PROGRAM, "--config", tmp_path / "empty.yaml"], stderr=journal, env=environment).returncode
        lines = (tmp_path / "journal").read_text().splitlines()
        assert code == 78 and len(lines) == 3 and lines[0].startswith(prefix)
        assert all(line.startswith("<3>") == (stream is None) for line in lines)
