"""A channel of one's own: own_channel.py NAME ADDRESS FOLDER

It says hello once FOLDER/go is there, appends each message to FOLDER/sent, and then writes the lines of
FOLDER/reports, where `$` stands for what the key of the last message begins with; FOLDER/acknowledged tells which
reports are stored.
"""

import json
import pathlib
import sys
import time

name, address, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
manifest = {"protocols": [1], "name": "own_channel", "version": "1.0", "channel": name, "address": address,
            "max_inflight": 64, "dedupe": "local", "inbound": True, "statuses": ["delivered"]}


def append(file, value):
    with open(folder / file, "a") as lines:
        lines.write(json.dumps(value) + "\n")


def report(key):
    if (folder / "reports").exists():
        print((folder / "reports").read_text().replace("$", key.rsplit("-", 3)[0]), end="", flush=True)


for line in sys.stdin:
    request = json.loads(line)
    answer = {"ok": True}
    if request["op"] == "acknowledge":
        append("acknowledged", request["event_id"])
        continue
    if request["op"] == "hello":
        while not (folder / "go").exists():
            time.sleep(0.01)
        answer = {"manifest": manifest}
    if request["op"] == "send":
        append("sent", {"to": request.get("to"), "key": request["key"]})
        answer = {"outcome": "sent"}
    print(json.dumps({"id": request["id"], **answer}), flush=True)
    if request["op"] == "send":
        report(request["key"])
