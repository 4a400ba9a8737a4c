"""A channel that can say nothing for sure: it tells no repeated key and cannot be asked.

A text that says `hold` is never answered, one that says `doubt` is answered with `unknown`; all others are sent, and
appended to the file `letters` in its folder.
"""

import json
import sys

MANIFEST = {
    "protocols": [1], "name": "letter_channel", "version": "1.0", "channel": "letter", "address": "email",
    "max_inflight": 16, "send_timeout_ms": 600_000}


def answer(request):
    if request["op"] == "hello":
        return {"manifest": MANIFEST}
    if request["op"] != "send":
        return {"ok": True}
    text = request["content"]["text"]
    if "hold" in text:
        return None
    if "doubt" in text:
        return {"outcome": "unknown", "reason": "The letter box was full."}
    with open("letters", "a") as letters:
        letters.write(json.dumps({"key": request["key"], "to": request["to"], "text": text}) + "\n")
    return {"outcome": "sent"}


for line in sys.stdin:
    request = json.loads(line)
    if request["op"] != "acknowledge" and (reply := answer(request)) is not None:
        print(json.dumps({"id": request["id"], **reply}), flush=True)
