"""Databases of earlier programs open, go on to the end of each workflow, and are those of today afterwards."""

import collections
import contextlib
import json
import re
import sqlite3
import subprocess

import pytest

import old_databases
from conftest import PROGRAM, ROOT

SCHEMA = ROOT / "Sources/WorkflowStore/Schema.swift"


def migrations():
    return re.findall(r'registerMigration\("([^"]+)"\)', SCHEMA.read_text())


def query(path, sql):
    with contextlib.closing(sqlite3.connect(path)) as database:
        return database.execute(sql).fetchall()


def events(daemon):
    """The whole feed."""
    found, after = [], 0
    while True:
        page = daemon.call("events.read", {"after": after, "limit": 1_000})
        found += page["events"]
        if page["next"] >= page["head"]:
            return found
        after = page["next"]


@pytest.fixture
def upgraded(tmp_path):
    """Starts today's program over the database called `name`."""
    with contextlib.ExitStack() as stack:
        def start(name):
            daemon = old_databases.service(tmp_path)
            old_databases.load(name, daemon.data)
            stack.callback(daemon.close)
            return daemon.start().wait_for_channels()
        yield start


def test_each_migration_has_a_database():
    assert old_databases.names() == sorted(migrations()), (
        "A migration came or went: see Tests/Operations/old_databases.py for how the program before it writes its database.")


@pytest.mark.parametrize("name", old_databases.names())
def test_the_log_tells_of_a_new_schema(tmp_path, name):
    daemon = old_databases.service(tmp_path)
    old_databases.load(name, daemon.data)
    daemon.arguments = (*daemon.arguments, "--log-level", "info")
    with contextlib.closing(daemon):
        daemon.start()
        daemon.stop()
        daemon.start()
    lines = [line for line in (tmp_path / "log").read_text().splitlines() if "The database was brought up to date" in line]
    assert len(lines) == (name != migrations()[-1])
    assert all(f"from={name} to={migrations()[-1]}" in line for line in lines)


@pytest.mark.parametrize("name", old_databases.names())
def test_an_earlier_database_goes_on_to_the_end(upgraded, name, tmp_path):
    daemon = upgraded(name)
    before = query_dump(name)
    hello = daemon.call("system.hello")
    assert hello["instance"] == before["instance"] and hello["events"]["epoch"] == before["epoch"]
    assert daemon.call("settings.get") == old_databases.SETTINGS
    assert daemon.call("template.get", {"template": "mine"})["id"] == "mine"
    assert daemon.reply("contact.put", old_databases.KEPT, key="kept-1")["replayed"]
    keys = [key["name"] for key in daemon.call("key.list")["keys"]]
    assert keys == (["office"] if "2-client-keys" in before["migrations"] else [])

    waits = {each["contact"]: each for each in daemon.call("enrollment.list", {"state": "active"})["enrollments"]}
    assert set(waits) == {"ann", "ben", "dee", "eve", "fay", "gil", "hal", "ida"}
    assert [waits[name]["version"] for name in ["ann", "ben", "dee", "eve", "ida"]] == [1, 1, 2, 2, 2]
    # One message was in doubt, the other was with its channel when the power went: both wait for a person.
    for name in ["fay", "gil"]:
        daemon.call("execution.resolve", {"enrollment": waits[name]["id"], "step": "letter", "outcome": "sent"})
    daemon.call("workflow.activate", {"workflow": "halted"})
    daemon.call("signal.send", {"name": "sms.replied", "contact": "ann"})
    daemon.call("clock.advance", {"to": "2026-03-12T15:00:00Z"})

    ended = {each["contact"]: each["state"] for each in daemon.call("enrollment.list")["enrollments"]}
    assert ended == {**{name: "finished" for name in waits}, "cid": "exited"}
    check_messages(daemon)
    check_feed(daemon, before)
    assert daemon.stop() == 0
    check_schema(daemon, tmp_path)


@pytest.mark.parametrize("name", old_databases.names())
def test_a_backup_from_before_an_upgrade_is_restored_for_the_program_that_wrote_it(name, tmp_path):
    with contextlib.closing(old_databases.service(tmp_path)) as daemon:
        old_databases.load(name, daemon.data)
        ctl("backup", "--data", daemon.data, tmp_path / "before")
        daemon.start()
        assert daemon.stop() == 0
        ctl("restore", "--replace", "--data", daemon.data, tmp_path / "before")
        schema = query(daemon.data / "workflows.sqlite", "SELECT identifier FROM grdb_migrations")
        assert [row[0] for row in schema] == query_dump(name)["migrations"]


def ctl(*arguments):
    subprocess.run([PROGRAM.parent / "workflowctl", *arguments], check=True, capture_output=True, timeout=60)


def query_dump(name):
    """What a dump itself says of its service."""
    with contextlib.closing(sqlite3.connect(":memory:")) as database:
        database.executescript((old_databases.FOLDER / f"{name}.sql").read_text())
        meta = dict(database.execute("SELECT key, value FROM meta"))
        meta["head"] = database.execute("SELECT max(seq) FROM history").fetchone()[0]
        meta["migrations"] = [row[0] for row in database.execute("SELECT identifier FROM grdb_migrations")]
        return meta


def check_messages(daemon):
    """Each message went once, over all that the two programs did, under the version that its contact is on."""
    sent = collections.Counter()
    texts = {}
    for event in events(daemon):
        if event["type"] == "message.sent":
            sent[event["contact"], event["step"]] += 1
            texts[event["contact"], event["step"]] = event.get("content", {}).get("text")
    follow_up = {("ann", "hello"), ("ann", "mail"), ("cid", "hello"), ("cid", "mail")} | {
        (name, step) for name in ["ben", "dee", "eve", "ida"] for step in ["hello", "mail", "last"]}
    letters = {(name, step) for name in ["fay", "gil", "hal"] for step in ["letter", "then"]}
    assert sent == collections.Counter(follow_up | letters)
    assert texts["ann", "hello"] == "Hello, Ann" and texts["dee", "hello"] == "Good day, Dee"
    assert texts["ida", "hello"] == "Good day, Ida" and texts["ann", "mail"] == "About roof"
    posted = [json.loads(line)["to"] for line in (daemon.data / "channels/letter/letters").read_text().splitlines()]
    assert sorted(posted) == ["fay@example.com", "gil@example.com", "hal@example.com", "hal@example.com"]


def check_feed(daemon, before):
    """The feed goes on behind where it was, without a gap, and each family's chain is whole."""
    feed = events(daemon)
    assert [event["seq"] for event in feed] == list(range(1, len(feed) + 1))
    assert len(feed) > before["head"] and {event["epoch"] for event in feed} == {before["epoch"]}
    newest = {}
    for event in feed:
        family = event["type"].split(".")[0]
        assert event["prev"] == newest.get(family, 0), event
        newest[family] = event["seq"]


def check_schema(daemon, tmp_path):
    """The database has become what a new one is."""
    with contextlib.closing(old_databases.service(tmp_path / "new")) as new:
        new.start()
        assert new.stop() == 0
        paths = [each.data / "workflows.sqlite" for each in (daemon, new)]
    tables = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"
    assert query(paths[0], tables) == query(paths[1], tables)
    assert [row[0] for row in query(paths[0], "SELECT identifier FROM grdb_migrations")] == migrations()
    assert query(paths[0], "PRAGMA integrity_check") == [("ok",)]
