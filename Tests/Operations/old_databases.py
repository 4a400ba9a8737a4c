"""Databases as earlier programs wrote them: what they hold, and how another is made.

Each file of `Databases` is the dump of a service in the middle of its work, killed as by a power cut, and is called
after the newest migration that its program knew. It never changes. Before a migration is added, the program that is
about to become an earlier one writes its own:

    .build/python/bin/python Tests/Operations/old_databases.py
"""

import contextlib
import json
import pathlib
import sqlite3
import sys
import tempfile

import zmq

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from conftest import ROOT, Daemon  # noqa: E402

FOLDER = pathlib.Path(__file__).resolve().parent / "Databases"
START = "2026-03-02T15:00:00Z"  # Monday, 10:00 in New York
LETTERS = pathlib.Path(__file__).resolve().parent / "letter_channel.py"
FIRST_TEXT, SECOND_TEXT = "Hello, {{ contact.first_name }}", "Good day, {{ contact.first_name }}"
SETTINGS = {
    "time_zone": "America/New_York", "business": {"name": "Evergreen"}, "links": {"unsubscribe": "https://example.com/u/{contact}"},
    "notifications": {"quiet_hours": {"start": "20:00", "end": "09:00"}}}
KEPT = {"id": "kept", "fields": {"first_name": "Kept"}}


def names():
    """The migrations of which there is a database."""
    return sorted(path.stem for path in FOLDER.glob("*.sql"))


def config(folder):
    """A configuration with the letter channel."""
    path = folder / "config.yaml"
    path.write_text(json.dumps({
        "channels": {"letter": {"program": sys.executable, "arguments": [str(LETTERS)]}}}))
    return path


def service(folder):
    """A service with the letter channel, not started."""
    folder.mkdir(parents=True, exist_ok=True)
    return Daemon(folder, "--config", config(folder), "--clock", "simulated", "--clock-start", START)


def follow_up(text):
    return {"name": "Follow-up", "exits": [{"name": "booked", "when": {"signal": "job.booked"}}], "steps": [
        {"id": "hello", "kind": "message", "channel": "sms", "content": {"text": text}},
        {"id": "day", "kind": "delay", "for": {"days": 1}},
        {"id": "mail", "kind": "message", "channel": "email", "content": {
            "subject": "Your request", "text": "About {{ record.service | default: 'your request' }}"}},
        {"id": "asked", "kind": "branch", "within": {"days": 2}, "paths": [
            {"name": "yes", "when": {"signal": "sms.replied"}, "steps": [{"id": "won", "kind": "flag", "flag": "won"}]}],
            "otherwise": {"steps": [{"id": "last", "kind": "message", "channel": "sms", "content": {"text": "A last word"}}]}}]}


def letters(text):
    return {"name": "Letters", "steps": [
        {"id": "letter", "kind": "message", "channel": "letter", "content": {"text": text}, "max_lateness": {"days": 30}},
        {"id": "then", "kind": "message", "channel": "letter", "content": {"text": "And then"}, "max_lateness": {"days": 30}}]}


def enroll(daemon, workflow, name, fields={}, **args):
    return daemon.call("enrollment.create", {"workflow": workflow, "contact": {"id": name, "fields": {
        "first_name": name.title(), "phone": f"+1212555{sum(name.encode()):04}", "email": f"{name}@example.com",
        **fields}}, **args})


def work(daemon):
    """What the service has gone through when it is killed: contacts at every kind of step, and what is kept beside."""
    daemon.call("settings.put", SETTINGS)
    daemon.call("workflow.create", {"id": "follow-up", "definition": follow_up(FIRST_TEXT)})
    daemon.call("workflow.activate", {"workflow": "follow-up"})
    daemon.call("template.create", {"id": "mine", "workflow": "follow-up"})
    for name in ["ann", "ben", "cid"]:  # in the branch, in the branch, out by a signal
        enroll(daemon, "follow-up", name, record={"type": "job", "id": f"j-{name}", "fields": {"service": "roof"}})
    daemon.call("clock.advance", {"by": {"days": 1, "hours": 1}})
    daemon.call("signal.send", {"name": "job.booked", "contact": "cid", "signal_id": "s-1"})
    change = {"workflow": "follow-up", "step": "hello", "changes": {"content": {"text": SECOND_TEXT}}}
    daemon.call("step.update", change)
    enroll(daemon, "follow-up", "dee")  # in the delay, under version 2
    daemon.call("clock.advance", {"by": {"hours": 12}})
    enroll(daemon, "follow-up", "eve")  # in the delay, after a night of quiet hours
    for name, text in [("doubtful", "In doubt"), ("held", "On hold")]:
        daemon.call("workflow.create", {"id": name, "definition": letters(text)})
        daemon.call("workflow.activate", {"workflow": name})
    daemon.call("contact.put", KEPT, key="kept-1")
    daemon.call("clock.advance", {"to": "2026-03-04T15:00:00Z"})
    enroll(daemon, "doubtful", "fay")
    daemon.call("clock.advance", {"by": {"minutes": 1}})
    daemon.call("workflow.create", {"id": "halted", "definition": {**letters("At rest"), "steps": [
        {"id": "hour", "kind": "delay", "for": {"hours": 1}}, *letters("At rest")["steps"]]}})
    daemon.call("workflow.activate", {"workflow": "halted"})
    enroll(daemon, "halted", "hal")
    daemon.call("workflow.halt", {"workflow": "halted"})
    enroll(daemon, "follow-up", "ida", {"time_zone": "Asia/Tokyo"})  # held by quiet hours: it is midnight there
    if "key.create" in daemon.call("system.hello")["ops"]:
        daemon.call("key.create", {"name": "office", "role": "author", "public_key": zmq.curve_keypair()[0].decode()})
    enroll(daemon, "held", "gil")
    while not [channel for channel in daemon.call("channel.list")["channels"] if channel["inflight"]]:
        daemon.call("events.read", {"after": daemon.call("system.hello")["events"]["head"], "wait_ms": 10})


def write():
    """Writes the dump of the program that `WORKFLOWD` names."""
    with tempfile.TemporaryDirectory() as folder, contextlib.closing(service(pathlib.Path(folder))) as daemon:
        daemon.start().wait_for_channels()
        work(daemon)
        daemon.kill()
        with contextlib.closing(sqlite3.connect(daemon.data / "workflows.sqlite")) as database:
            newest = database.execute("SELECT identifier FROM grdb_migrations ORDER BY rowid DESC").fetchone()[0]
            target = FOLDER / f"{newest}.sql"
            target.write_text("\n".join(database.iterdump()) + "\n")
            print(f"wrote {target.relative_to(ROOT)}")


def load(name, data):
    """Puts the database called `name` where a service with the data directory `data` finds it."""
    data.mkdir(parents=True, mode=0o700)
    with contextlib.closing(sqlite3.connect(data / "workflows.sqlite")) as database:
        database.executescript((FOLDER / f"{name}.sql").read_text())


if __name__ == "__main__":
    write()
