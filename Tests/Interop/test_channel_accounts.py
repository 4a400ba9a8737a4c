"""Channels with accounts behind the real service: secrets, rates, and what staff are told."""

import json
import pathlib
import time

import pytest
import yaml

from conftest import Daemon
from Servers.mail_server import MailServer

SECRET = "s3cret-äß-of-the-office"
WORKFLOW = {
    "name": "Hello", "steps": [
        {"kind": "message", "id": "mail", "channel": "email",
         "content": {"subject": "Hi {{ contact.first_name }}", "text": "Unsubscribe: {{ enrollment.unsubscribe_url }}"}},
        {"kind": "message", "id": "call", "channel": "call_reminder", "content": {"title": "Call"}}]}


@pytest.fixture
def server(tmp_path):
    folder = tmp_path / "mail"
    folder.mkdir()
    server = MailServer(folder, login=("office", SECRET)).start()
    yield server
    server.stop()


@pytest.fixture
def serve(tmp_path, server, monkeypatch):
    """Starts a service whose email channel has an account."""
    daemons = []

    def start(password, **members):
        monkeypatch.setenv("TEST_SMTP_PASSWORD", SECRET)
        (tmp_path / "password").write_text("not the password\n")
        config = {"channels": {"email": {"config": server.config(password=password), **members}}}
        (tmp_path / "config.yaml").write_text(yaml.safe_dump(config, allow_unicode=True))
        daemon = Daemon(tmp_path / "service", "--clock", "simulated", "--clock-start", "2026-03-02T18:00:00Z",
                        "--config", tmp_path / "config.yaml", "--log-level", "trace")
        daemons.append(daemon)
        daemon.start()
        daemon.call("settings.put", {"time_zone": "America/New_York",
                                     "links": {"unsubscribe": "https://example.com/u/{contact}"}})
        daemon.call("workflow.create", {"id": "hello", "definition": WORKFLOW})
        daemon.call("workflow.activate", {"workflow": "hello"})
        return daemon

    yield start
    for daemon in daemons:
        daemon.close()


def enroll(daemon, number):
    daemon.call("enrollment.create", {"workflow": "hello", "contact": {"id": f"c-{number}", "fields": {
        "first_name": "Ann", "last_name": "Lee", "email": f"ann{number}@example.com", "phone": "+15185550123",
        "time_zone": "America/Los_Angeles"}}})


def messages(daemon, count, type):
    """The events of one type, once there are `count`."""
    found, after = [], 0
    while len(found) < count:
        result = daemon.call("events.read", {"after": after, "families": ["message"], "wait_ms": 30_000})
        assert result["events"], f"{len(found)} of {count} {type}"
        found += [event for event in result["events"] if event["type"] == type]
        after = result["next"]
    return found


def channel(daemon, name):
    return next(channel for channel in daemon.call("channel.list")["channels"] if channel["name"] == name)


def faulty(daemon, name):
    """A channel's state once it says that something is wrong."""
    end = time.monotonic() + 60
    while (state := channel(daemon, name))["state"] != "faulty":
        assert time.monotonic() < end, state
        daemon.call("events.read", {"after": daemon.call("system.hello")["events"]["head"], "wait_ms": 50})
    return state


def test_a_secret_reaches_the_server_and_nothing_else(serve, server):
    daemon = serve("env:TEST_SMTP_PASSWORD")
    enroll(daemon, 1)
    messages(daemon, 2, "message.sent")
    assert server.parsed("ann1@example.com")[0]["List-Unsubscribe"] == "<https://example.com/u/c-1>"
    process = pathlib.Path("/proc") / str(channel(daemon, "email")["pid"])
    seen = [(process / "cmdline").read_bytes(), (process / "environ").read_bytes(), (daemon.folder / "log").read_bytes(),
            json.dumps(daemon.call("events.read")).encode(), json.dumps(daemon.call("channel.list")).encode()]
    seen += [path.read_bytes() for path in daemon.data.rglob("*") if path.is_file()]
    assert len(seen) > 8 and not any(SECRET.encode() in text for text in seen)


def test_a_wrong_password_holds_messages_and_says_so(serve, server, tmp_path):
    daemon = serve(f"file:{tmp_path}/password")
    enroll(daemon, 1)
    held = messages(daemon, 1, "message.held")[0]
    assert (held["channel"], held["reason"]) == ("email", "channel_down")
    state = faulty(daemon, "email")
    assert "535 5.7.8, the login is wrong" in state["last_error"]
    assert state["waiting"] == 1 and state["deaths"] == 0
    assert b"not the password" not in (daemon.folder / "log").read_bytes() and not server.mails


def test_a_missing_secret_is_a_fault_of_the_channel(serve):
    daemon = serve("env:TEST_NO_SUCH_VARIABLE")
    enroll(daemon, 1)
    messages(daemon, 1, "message.held")
    assert "config.password: the variable TEST_NO_SUCH_VARIABLE is not set" in faulty(daemon, "email")["last_error"]


def test_a_rate_is_kept_at_the_server(serve, server):
    daemon = serve("env:TEST_SMTP_PASSWORD", per_second=20)
    began = time.monotonic()
    for number in range(60):
        enroll(daemon, number)
    messages(daemon, 120, "message.sent")
    arrivals = sorted(mail["at"] for mail in server.mails)
    assert len(arrivals) == 60
    # None is there before its turn; a busy machine may only let some come later, and then close together.
    assert all(arrival - began > (number - 20) / 20 for number, arrival in enumerate(arrivals))
    state = channel(daemon, "email")
    assert (state["per_second"], state["answered"], state["answered_last_minute"]) == (20, 60, 60)


def test_staff_are_told_whom_to_call_and_what_was_sent(serve):
    daemon = serve("env:TEST_SMTP_PASSWORD")
    enroll(daemon, 1)
    messages(daemon, 2, "message.sent")
    line = json.loads((daemon.data / "channels/call_reminder/outbox.jsonl").read_text())
    context = line["context"]
    assert (context["contact_name"], context["contact_phone"]) == ("Ann Lee", "+15185550123")
    assert (context["time_zone"], context["business_time_zone"]) == ("America/Los_Angeles", "America/New_York")
    assert [(sent["channel"], sent["subject"]) for sent in context["sent"]] == [("email", "Hi Ann")]
    assert "unsubscribe_url" not in context
