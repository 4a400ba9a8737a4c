"""The service does what it did when its transcript was made, and a change of that is named.

Where no transcript is stored, a life is lived first: two lives are equal.
"""

import copy
import json

import pytest

from programs import PROGRAMS
from Transcript.record import live, missing_commands
from Transcript.replay import ALLOWED, HERE, differences, read, replay

STORED = sorted(HERE.glob("*.jsonl.xz"))
# So many acts are the first day, with starts, refusals and messages.
BEGINNING = 300


@pytest.fixture(scope="module", params=STORED or [None], ids=lambda path: path.name if path else "lived now")
def transcript(request, tmp_path_factory):
    """The lines of a transcript."""
    if request.param:
        return read(request.param)[1]
    lines = []
    live(PROGRAMS, tmp_path_factory.mktemp("life"), lines)
    return lines


def beginning(lines):
    """A copy of the first acts, and what was seen of them."""
    places = [place for place, line in enumerate(lines) if "do" in line]
    return copy.deepcopy(lines[:places[BEGINNING]])


def test_everything_happens_in_it(transcript):
    assert not missing_commands(transcript)
    seen = {line["event"]["type"] for line in transcript if line.get("saw") == "event"}
    assert {"message.unknown", "message.skipped", "message.held", "contact.deleted", "history.purged", "flag.raised"} <= seen
    assert sum(line.get("saw") == "event" for line in transcript) > 10_000


def test_it_is_the_same_again(transcript, tmp_path):
    found = replay(transcript, PROGRAMS, tmp_path, json.loads(ALLOWED.read_text()))
    assert not found, "\n".join(found[:40])


def test_a_change_is_named(transcript, tmp_path):
    """A text of a message, a moment, a member that is gone, what a channel is asked: each is named by its line and its path."""
    lines = beginning(transcript)
    events = [line for line in lines if line.get("saw") == "event"]
    sent = next(line["event"] for line in events if line["event"]["type"] == "message.sent")
    sent["content"]["text"] = "Hello"
    executed = next(line for line in events if line["event"]["type"] == "step.executed")
    executed["event"]["at"] = "2026-02-23T14:00:00.001Z"
    refusal = next(reply for line in lines if line.get("saw") == "reply" for reply in line["lines"] if not reply["ok"])
    refusal["error"]["gone"] = True
    request = next(line for line in lines if line.get("saw") == "request" and line["request"]["op"] == "send")
    request["request"]["context"]["planned"] = None
    found = replay(lines, PROGRAMS, tmp_path)
    assert sorted(text.split(", ", 1)[1].split(" was ")[0] for text in found) == [
        "clock.advance: error.gone", "message.sent: content.text", "sms send: context.planned", "step.executed: at"], "\n".join(found)
    assert found[-1].startswith(f"line {lines.index(executed) + 2}, ")


def test_only_new_members_are_no_difference():
    was = {"a": 1, "b": [{"c": True}], "d": {"e": None}}
    assert not list(differences(was, {"a": 1, "new": 2, "b": [{"c": True, "new": []}], "d": {"e": None}}))
    for now, paths in [
            ({}, ["a", "b", "d"]), ({**was, "a": True}, ["a"]), ({**was, "a": 1.0}, ["a"]), ({**was, "b": []}, ["b"]),
            ({**was, "b": [{"c": 1}]}, ["b[0].c"]), ({**was, "d": {"f": None}}, ["d.e"])]:
        assert [path for path, *_ in differences(was, now)] == paths
