"""Channels of one's own behind the real service: they start late, change, and write whatever they like."""

import json
import pathlib
import sys
import time

import pytest

from conftest import Daemon

PROGRAM = pathlib.Path(__file__).resolve().parent / "own_channel.py"
CONTACTS = 100


class Channel:
    def __init__(self, folder, name):
        self.folder, self.name = folder / name, name
        self.folder.mkdir()

    def lines(self, file):
        path = self.folder / file
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def go(self):
        (self.folder / "go").touch()

    def stand_still(self):
        (self.folder / "go").unlink()


@pytest.fixture
def serve(tmp_path):
    """Starts a service with channels of these names and addresses."""
    daemons = []

    def start(**addresses):
        config = {"channels": {
            name: {"program": sys.executable, "arguments": [str(PROGRAM), name, address, str(tmp_path / name)]}
            for name, address in addresses.items()}}
        (tmp_path / "config.yaml").write_text(json.dumps(config))
        daemon = Daemon(tmp_path / "service", "--clock", "simulated", "--clock-start", "2026-03-02T15:00:00Z",
                        "--config", tmp_path / "config.yaml")
        daemons.append(daemon)
        daemon.start()
        return daemon

    yield start
    for daemon in daemons:
        daemon.close()


def until(what, condition):
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def state(daemon, name):
    return next(channel for channel in daemon.call("channel.list")["channels"] if channel["name"] == name)


def events(daemon, *families):
    found, after = [], 0
    while True:
        page = daemon.call("events.read", {"after": after, "families": families, "limit": 1_000})
        found += page["events"]
        if page["next"] >= page["head"]:
            return found
        after = page["next"]


def set_up(daemon, *steps):
    daemon.call("settings.put", {"time_zone": "America/New_York", "notifications": {"quiet_hours": None}})
    daemon.call("workflow.create", {"id": "w", "definition": {"name": "W", "steps": list(steps)}})
    daemon.call("workflow.activate", {"workflow": "w"})


def message(channel, **members):
    return {"id": channel, "kind": "message", "channel": channel, "content": {"text": "Hi"}, **members}


def enroll(daemon, number, **fields):
    daemon.call("enrollment.create", {"workflow": "w", "contact": {"id": f"c-{number}", "fields": fields}})


def test_no_message_is_lost_at_a_start(serve, tmp_path):
    chat, desk = Channel(tmp_path, "chat"), Channel(tmp_path, "desk")
    chat.go(), desk.go()
    daemon = serve(chat="phone", desk="staff").wait_for_channels()
    set_up(daemon, {"id": "wait", "kind": "delay", "for": {"hours": 1}}, message("chat"), message("desk"))
    for number in range(CONTACTS):
        enroll(daemon, number, phone=f"+1212555{number:04}")
    daemon.call("workflow.halt", {"workflow": "w"})
    daemon.call("clock.advance", {"by": {"hours": 2}})
    assert daemon.stop() == 0
    chat.stand_still(), desk.stand_still()
    daemon.start()
    # Everything is due, and nobody has said hello yet.
    daemon.call("workflow.activate", {"workflow": "w"})
    until("all are held", lambda: state(daemon, "chat")["waiting"] == CONTACTS)
    assert state(daemon, "chat")["state"] == "starting"
    chat.go(), desk.go()
    until("all are sent", lambda: len(desk.lines("sent")) == CONTACTS)
    assert len(chat.lines("sent")) == CONTACTS and all(sent["to"] for sent in chat.lines("sent"))
    assert not [event for event in events(daemon, "message") if event["type"] == "message.skipped"]


def test_the_very_first_start_waits_too_and_another_address_counts_from_its_hello(serve, tmp_path):
    chat = Channel(tmp_path, "chat")
    daemon = serve(chat="telegram_id")
    set_up(daemon, message("chat"))
    enroll(daemon, 1, telegram_id="1001", phone="+12125550001")
    until("it waits", lambda: state(daemon, "chat")["waiting"] == 1)
    chat.go()
    until("it goes", lambda: len(chat.lines("sent")) == 1)
    assert daemon.stop() == 0
    chat.stand_still()
    # The same name and program, with another field.
    daemon = serve(chat="phone")
    enroll(daemon, 2, phone="+12125550002")
    until("it waits", lambda: state(daemon, "chat")["waiting"] == 1)
    chat.go()
    until("it goes", lambda: len(chat.lines("sent")) == 2)
    assert [sent["to"] for sent in chat.lines("sent")] == ["1001", "+12125550002"]


# What a channel may write about messages that are none of its own, and about nobody.
HOSTILE = [
    {"event": "status", "event_id": "s1", "key": "$-1-77-0", "outcome": "failed",
     "failure": {"kind": "suppressed", "reason": "x"}},
    {"event": "status", "event_id": "s2", "key": "$-1-0-9", "outcome": "delivered"},
    {"event": "status", "event_id": "s3", "key": "$-1-9223372036854775807-0", "outcome": "delivered"},
    {"event": "status", "event_id": "s4", "key": "$-1-1-0", "outcome": "delivered"},
    {"event": "status", "event_id": "s5", "key": "none", "outcome": "sent"},
    {"event": "inbound", "event_id": "i1", "kind": "opt_out", "key": "$-2-0-0"},
    {"event": "inbound", "event_id": "i2", "kind": "opt_out", "from": "9999", "text": "STOP 9999"},
    {"event": "inbound", "event_id": "i3", "kind": "reply", "from": "1001", "text": "x" * 900_000},
    {"event": "inbound", "event_id": "i" * 900_000, "kind": "reply", "from": "1001"},
]


def test_whatever_a_channel_writes_the_service_goes_on(serve, tmp_path):
    chat = Channel(tmp_path, "chat")
    chat.go()
    (chat.folder / "reports").write_text("".join(json.dumps(line) + "\n" for line in HOSTILE))
    daemon = serve(chat="telegram_id").wait_for_channels()
    set_up(daemon, message("chat"), message("sms"), {"id": "arrived", "kind": "branch", "paths": [
        {"name": "yes", "when": {"signal": "message.delivered"}, "steps": []}]})
    enroll(daemon, 1, telegram_id="1001", phone="+12125550001")
    until("it acknowledged all", lambda: len(chat.lines("acknowledged")) == 8)
    assert daemon.process.poll() is None
    channel = state(daemon, "chat")
    assert (channel["stray_reports"], channel["unmatched_reports"], channel["failed_reports"]) == (6, 1, 0)
    assert channel["stray_lines"] == 1 and "event_id" in channel["last_error"]
    unmatched = events(daemon, "inbound")
    assert [(event["channel"], event["kind"]) for event in unmatched] == [("chat", "opt_out")]
    assert "9999" not in json.dumps(unmatched)
    assert daemon.call("contact.get", {"id": "c-1"}).get("suppressed") is None
    reply = next(event for event in events(daemon, "signal") if event["signal"] == "chat.replied")
    assert reply["data"]["truncated"] and reply["data"]["text"].endswith("…")
    assert 'workflowd_channel_reports_total{channel="chat",outcome="stray"} 6' in daemon.call("system.metrics")["metrics"]
    until("it is through", lambda: events(daemon, "enrollment")[-1]["type"] == "enrollment.finished")
    assert [event["path"] for event in events(daemon, "step") if event["kind"] == "branch"] == ["otherwise"]
    log = (daemon.folder / "log").read_text()
    assert "none of its own" in log and "9999" not in log and "1001" not in log


def test_a_stop_by_an_address_of_its_own_holds(serve, tmp_path):
    chat = Channel(tmp_path, "chat")
    chat.go()
    stop = {"event": "inbound", "event_id": "i1", "kind": "opt_out", "from": "1001", "text": "/stop"}
    (chat.folder / "reports").write_text(json.dumps(stop) + "\n")
    daemon = serve(chat="telegram_id").wait_for_channels()
    set_up(daemon, message("chat"), {"kind": "delay", "for": {"days": 1}}, message("chat", id="again"))
    enroll(daemon, 1, telegram_id="1001")
    until("it opted out", lambda: daemon.call("contact.get", {"id": "c-1"}).get("suppressed") == ["chat"])
    daemon.call("clock.advance", {"by": {"days": 2}})
    assert len(chat.lines("sent")) == 1
