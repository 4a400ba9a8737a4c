"""Makes the transcript of the version at hand:

    .build/python/bin/python Tests/Transcript/record.py

lives the life of `story.py` with the programs in `.build/release` (`--programs` names others) and writes
`Tests/Transcript/VERSION.jsonl.xz`: a line about itself, then one for each act and for each thing seen of it.
"""

import argparse
import collections
import json
import lzma
import pathlib
import re
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent))

from Transcript.stage import Stage  # noqa: E402
from Transcript.story import SEED, Story  # noqa: E402

# What no client can bring about: it takes a fault of the program.
UNREACHABLE = {"internal_error"}


def compact(line):
    return json.dumps(line, ensure_ascii=False, separators=(",", ":"))


def live(programs, folder, lines, seed=SEED):
    """Lives the whole life and appends its transcript to `lines`, as it will be read back; the service's version."""
    stage = Stage(folder, programs)

    def perform(act):
        act = json.loads(compact(act))
        lines.append(act)
        seen = stage.do(act)
        lines.extend(seen)
        return seen

    try:
        Story(perform, seed).run()
    finally:
        stage.close()
    return stage.version


def replies(lines):
    """Each reply line of a transcript with the command that it answers."""
    return [pair for line in lines if line.get("saw") == "reply" for pair in zip(line["ops"], line["lines"])]


def missing_commands(lines):
    """The commands of the service that were never done."""
    done = {op for op, reply in replies(lines) if reply["ok"]}
    known = {name for op, reply in replies(lines) if reply["ok"] and op == "system.hello" for name in reply["result"]["ops"]}
    return sorted(known - done)


def missing_errors(lines):
    """The errors in the documents that never came."""
    codes = {reply["error"]["code"] for _, reply in replies(lines) if not reply["ok"]}
    documented = set(re.findall(r"^\| `(\w+)` \|", (ROOT / "proto-docs/errors.md").read_text(), re.MULTILINE))
    return sorted(documented - codes - UNREACHABLE)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", default=ROOT / ".build/release", type=pathlib.Path)
    parser.add_argument("--to", type=pathlib.Path, help="another file; plain where it does not end with .xz")
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    lines, version, began = [], "unknown", time.monotonic()
    try:
        with tempfile.TemporaryDirectory() as folder:
            version = live(options.programs, folder, lines, options.seed)
    finally:
        # Also what came before a failure, to be looked at.
        target = options.to or HERE / f"{version}.jsonl.xz"
        head = {"transcript": version, "seed": options.seed}
        data = "".join(compact(line) + "\n" for line in [head, *lines]).encode()
        target.write_bytes(lzma.compress(data, preset=9) if target.suffix == ".xz" else data)
    counts = collections.Counter(line.get("do") or line["saw"] for line in lines)
    print(f"{target}: {target.stat().st_size} bytes, {time.monotonic() - began:.0f} s, {dict(counts)}")
    if lacks := missing_commands(lines) + missing_errors(lines):
        sys.exit(f"The life does not bring about: {', '.join(lacks)}")


if __name__ == "__main__":
    main()
