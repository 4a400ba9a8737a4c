"""Holds a service against a transcript: the same acts, and what is seen of them compared member by member.

New members are allowed; what is missing or other is named by its line in the transcript and its path.

    .build/python/bin/python Tests/Transcript/replay.py Tests/Transcript/VERSION.jsonl.xz

does so with the programs in `.build/release` (`--programs` names others), and prints the differences.
"""

import argparse
import fnmatch
import json
import lzma
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from Transcript.stage import Disagreement, Stage  # noqa: E402

# Differences that are wanted: a pattern for "KIND: PATH" such as "message.sent: planned", and the reason.
ALLOWED = HERE / "allowed.json"
# Members that are positions of the feed: once an event is missing or new, which is named itself, they all differ.
POSITIONS = {"seq", "prev", "head", "floor", "next", "published"}
# After so many differences the rest says nothing new.
MOST = 200


def read(path):
    """The head of the transcript at `path`, and its lines."""
    data = path.read_bytes()
    head, *lines = (lzma.decompress(data) if path.suffix == ".xz" else data).decode().splitlines()
    return json.loads(head), [json.loads(line) for line in lines]


def acts(lines):
    """Each act with the number of its line in the file, and what was seen of it with theirs."""
    act = None
    for number, line in enumerate(lines, 2):
        if "do" in line:
            if act is not None:
                yield act, place, seen
            act, place, seen = line, number, []
        else:
            seen.append((number, line))
    if act is not None:
        yield act, place, seen


def differences(was, now, path=""):
    """Where `now` lacks or changes what `was`: the path, and both values."""
    if isinstance(was, dict) and isinstance(now, dict):
        for name, value in was.items():
            inner = f"{path}.{name}" if path else name
            if name not in now:
                yield inner, value, "nothing"
            else:
                yield from differences(value, now[name], inner)
    elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        for index, (one, other) in enumerate(zip(was, now)):
            yield from differences(one, other, f"{path}[{index}]")
    elif type(was) is not type(now) or was != now:
        yield path, was, now


def parts(line):
    """What is compared of a line: each part with its kind."""
    match line["saw"]:
        case "event":
            yield line["event"]["type"], line["event"]
        case "request":
            yield f"{line['channel']} {line['request']['op']}", line["request"]
        case "reply":
            ops = line["ops"] + [None] * len(line["lines"])
            yield "reply", {"client": line["client"], "lines": len(line["lines"])}
            for op, reply in zip(ops, line["lines"]):
                yield op or "no command", reply


def compare(seen, now, place):
    """The differences between what the transcript saw of an act and what is seen now: (line, kind, path, was, now)."""
    for saw in ("request", "reply", "event"):
        before = [entry for entry in seen if entry[1]["saw"] == saw]
        after = [line for line in now if line["saw"] == saw]
        for (number, line), other in zip(before, after):
            for (kind, was), (other_kind, value) in zip(parts(line), parts(other)):
                if kind != other_kind:
                    yield number, kind, "", kind, other_kind
                else:
                    yield from ((number, kind, *difference) for difference in differences(was, value))
        for number, line in before[len(after):]:
            yield number, next(parts(line))[0], "", line, "nothing"
        for line in after[len(before):]:
            yield place, next(parts(line))[0], "", "nothing", line


class Allowed:
    """The differences that are wanted, and which of them were met."""

    def __init__(self, entries):
        self.patterns = [entry["where"] for entry in entries]
        self.met = set()

    def __contains__(self, difference):
        _, kind, path, *_ = difference
        met = [pattern for pattern in self.patterns if fnmatch.fnmatchcase(f"{kind}: {path}", pattern)]
        self.met.update(met)
        return bool(met)

    def stale(self):
        return [pattern for pattern in self.patterns if pattern not in self.met]


def shown(difference):
    number, kind, path, was, now = difference
    was, now = (json.dumps(value, ensure_ascii=False)[:200] for value in (was, now))
    return f"line {number}, {kind}: {path or 'all of it'} was {was}, is {now}"


def replay(lines, programs, folder, allowed=()):
    """Does all acts of a transcript, and says what differs, one text each; nothing where all is equal."""
    allowed = Allowed(allowed)
    found, shift = [], 0
    stage = Stage(folder, programs)
    try:
        for act, place, seen in acts(lines):
            try:
                now = json.loads(json.dumps(stage.do(act)))
            except Disagreement as problem:
                found.append(f"line {place}, {act['do']}: cannot be done: {problem}")
                break
            shift += sum(line["saw"] == "event" for line in now) - sum(line["saw"] == "event" for _, line in seen)
            found += [shown(entry) for entry in sorted(compare(seen, now, place), key=lambda entry: entry[0])
                      if not (shift and entry[2].rpartition(".")[2] in POSITIONS) and entry not in allowed]
            if len(found) >= MOST:
                break
    finally:
        stage.close()
    if not found:
        found = [f"{ALLOWED.name} allows {pattern!r}, and nothing differs there" for pattern in allowed.stale()]
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("transcript", type=pathlib.Path)
    parser.add_argument("--programs", default=HERE.parent.parent / ".build/release", type=pathlib.Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = replay(read(options.transcript)[1], options.programs, folder, json.loads(ALLOWED.read_text()))
    print("\n".join(found) or "No difference.")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
