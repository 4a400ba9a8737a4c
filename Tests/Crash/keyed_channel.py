#!/usr/bin/env python3
"""A channel that keeps each key in an SQLite file: one message for each, and each delivery reported until that is stored."""

import json
import sqlite3
import sys

MANIFEST = {"protocols": [1], "name": "keyed_channel", "version": "1.0", "channel": "email", "address": "email",
            "max_inflight": 16, "send_timeout_ms": 60000, "dedupe": "local", "query": False, "statuses": ["delivered"],
            "config": {"path": {"description": "The SQLite file.", "required": True}}}


class Channel:
    def __init__(self):
        self.file = None

    def write(self, **line):
        print(json.dumps(line), flush=True)

    def report(self, key):
        self.write(event="status", event_id=f"delivery-{key}", key=key, outcome="delivered")

    def hello(self, request):
        self.write(id=request["id"], manifest=MANIFEST)

    def configure(self, request):
        self.file = sqlite3.connect(request["config"]["path"], isolation_level=None, timeout=60)
        self.file.execute("PRAGMA synchronous = OFF")
        self.file.execute("CREATE TABLE IF NOT EXISTS message "
                          "(key TEXT PRIMARY KEY, recipient TEXT, content TEXT, repeated INTEGER, changed INTEGER, stored INTEGER)")
        self.write(id=request["id"], ok=True)
        for key, in self.file.execute("SELECT key FROM message WHERE NOT stored").fetchall():
            self.report(key)

    def send(self, request):
        self.file.execute(
            "INSERT INTO message VALUES (?, ?, ?, 0, 0, 0) ON CONFLICT DO UPDATE "
            "SET repeated = repeated + 1, changed = changed OR content <> excluded.content",
            (request["key"], request["to"], json.dumps(request["content"])))
        self.write(id=request["id"], outcome="sent")
        self.report(request["key"])

    def acknowledge(self, request):
        self.file.execute("UPDATE message SET stored = 1 WHERE key = ?", (request["event_id"].removeprefix("delivery-"),))

    def ping(self, request):
        self.write(id=request["id"], ok=True)

    drain = ping


def main():
    channel = Channel()
    for line in sys.stdin:
        request = json.loads(line)
        getattr(channel, request["op"])(request)


main()
