"""A consumer of the feed in a process of its own, which a test puts to sleep.

Reads the feed's head from standard input once it is known, and writes a digest of what it has recorded.
"""

import hashlib
import json
import pathlib
import sys
import types

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from subscriber import Subscriber


def digest(events):
    text = "\n".join(json.dumps(event, sort_keys=True) for event in events)
    return f"{len(events)} {hashlib.sha256(text.encode()).hexdigest()}"


def main():
    commands, events, family = sys.argv[1:]
    subscriber = Subscriber(types.SimpleNamespace(commands=commands, events=events), family)
    subscriber.start()
    print("ready", flush=True)
    subscriber.catch_up(int(sys.stdin.readline()))
    print(digest(subscriber.record), flush=True)


if __name__ == "__main__":
    main()
