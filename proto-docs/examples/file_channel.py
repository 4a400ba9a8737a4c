#!/usr/bin/env python3
"""A channel that appends each message to a file: the whole protocol, and nothing else."""
import json, os, sys

MANIFEST = {"protocols": [1], "name": "file_channel", "version": "1.0", "channel": "whatsapp", "address": "phone",
            "max_inflight": 16, "send_timeout_ms": 10000, "dedupe": "local", "query": True}
path, done = None, set()

def answer(request):
    global path, done
    if request["op"] == "hello":
        return {"manifest": MANIFEST}
    if request["op"] == "configure":
        path = request["config"].get("path")
        if not path:
            return {"ok": False, "error": "The configuration has no path."}
        done = {json.loads(line)["key"] for line in open(path)} if os.path.exists(path) else set()
        return {"ok": True}
    if request["op"] == "send":
        if request["key"] not in done:
            if "to" not in request or request.get("at", "") > request["not_after"]:
                return {"outcome": "failed", "failure": {"kind": "permanent", "reason": "No address, or too late."}}
            with open(path, "a") as file:
                file.write(json.dumps({"key": request["key"], "to": request["to"], **request["content"]}) + "\n")
            done.add(request["key"])
        return {"outcome": "sent"}
    if request["op"] == "query":
        return {"outcome": "sent" if request["key"] in done else "not_found"}
    return {"ok": True}

for line in sys.stdin:
    request = json.loads(line)
    if request["op"] != "acknowledge":
        print(json.dumps({"id": request["id"], **answer(request)}), flush=True)
