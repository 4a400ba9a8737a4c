#!/usr/bin/env python3
"""A channel that notes each message it is given, also one that it was given before, and tells no repeated key.

Behind the fiftieth it waits until somebody has opened the pipe `gate` for writing and closed it again.
"""

import json
import os
import sys

MANIFEST = {"protocols": [1], "name": "recorder", "version": "1.0", "channel": "sms", "address": "phone",
            "max_inflight": 8, "send_timeout_ms": 60000, "dedupe": "none", "query": False}
path = gate = None
count = 0
for line in sys.stdin:
    request = json.loads(line)
    answer = {"ok": True}
    if request["op"] == "hello":
        answer = {"manifest": MANIFEST}
    elif request["op"] == "configure":
        path, gate = request["config"]["path"], request["config"]["gate"]
    elif request["op"] == "send":
        count += 1
        if count == 51:
            with open(gate) as pipe:
                pipe.read()
        with open(path, "a") as file:
            file.write(request["key"] + "\n")
            file.flush()
            os.fsync(file.fileno())
        answer = {"outcome": "sent"}
    if request["op"] != "acknowledge":
        print(json.dumps({"id": request["id"], **answer}), flush=True)
