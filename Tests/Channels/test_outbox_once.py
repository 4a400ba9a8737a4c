"""One line for each key, also while a channel of a service that was killed still finishes what it had."""

import contextlib
import json
import signal

import pytest

from channel_driver import ChannelDriver
from programs import ROOT

OUTBOX = ("OutboxChannel", "--channel", "sms")
EXAMPLE = (ROOT / "proto-docs/examples/file_channel.py",)


@pytest.fixture
def outbox(tmp_path):
    """Starts one more process of a channel on the same file, as a service does that starts again."""
    drivers = []

    def start(program, *arguments):
        drivers.append(ChannelDriver().start(program, tmp_path, *arguments))
        return drivers[-1]

    yield start
    for driver in drivers:
        driver.close()


@pytest.mark.parametrize("program", [OUTBOX, EXAMPLE], ids=["OutboxChannel", "file_channel.py"])
def test_a_successor_waits_for_what_its_predecessor_still_writes(outbox, program, tmp_path):
    first = outbox(*program)
    assert first.configure({"path": "sent.jsonl"})["ok"]
    first.process.send_signal(signal.SIGSTOP)
    first.post_send("k", {"text": "Hello"}, "+15550100")
    first.process.stdin.close()
    second = outbox(*program)
    assert "manifest" in second.request("hello", protocol=1)
    configuration = second.post("configure", config={"path": "sent.jsonl"})
    question = second.post("query", key="k")
    # One that does not wait has time to say that the key never came; one that waits says nothing.
    with contextlib.suppress(AssertionError):
        second.answer(question, limit=1)
    first.process.send_signal(signal.SIGCONT)
    assert second.answer(question)["outcome"] == "sent"
    assert second.answers[configuration]["ok"]
    assert first.process.wait() == 0
    assert second.send("k", {"text": "Hello"}, "+15550100")["outcome"] == "sent"
    keys = [json.loads(line)["key"] for line in (tmp_path / "sent.jsonl").read_text().splitlines()]
    assert keys == ["k"]
