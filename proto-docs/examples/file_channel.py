#!/usr/bin/env python3
"""A channel that appends each message to a file: the whole protocol, and nothing else."""
import fcntl, json, sys

MANIFEST = {"protocols": [1], "name": "file_channel", "version": "1.0", "channel": "whatsapp", "address": "phone",
            "max_inflight": 16, "send_timeout_ms": 10000, "dedupe": "local", "query": True}
file, done = None, set()

def answer(request):
    global file, done
    if request["op"] == "hello":
        return {"manifest": MANIFEST}
    if request["op"] == "configure":
        path = request["config"].get("path")
        if not path:
            return {"ok": False, "error": "The configuration has no path."}
        file = open(path, "a")
        fcntl.flock(file, fcntl.LOCK_EX)  # a predecessor may still be finishing what it had
        done = {json.loads(line)["key"] for line in open(path)}
        return {"ok": True}
    if request["op"] == "send":
        if request["key"] not in done:
            if "to" not in request or request.get("at", "") > request["not_after"]:
                return {"outcome": "failed", "failure": {"kind": "permanent", "reason": "No address, or too late."}}
            file.write(json.dumps({"key": request["key"], "to": request["to"], **request["content"]}) + "\n")
            file.flush()
            done.add(request["key"])
        return {"outcome": "sent"}
    if request["op"] == "query":
        return {"outcome": "sent" if request["key"] in done else "not_found"}
    return {"ok": True}

for line in sys.stdin:
    request = json.loads(line)
    if request["op"] != "acknowledge":
        print(json.dumps({"id": request["id"], **answer(request)}), flush=True)
