"""One SMS for each key, whatever is killed and repeated."""

import itertools
import random

import pytest

from seeds import seeds


SERIES = itertools.count()


def repeat_and_kill(start, keys, text, numbers, lives):
    """Sends `keys` again and again while the channel is killed; returns the last outcome of each."""
    outcomes = {}
    for attempt in range(1, lives + 1):
        channel = start()
        waiting = {channel.post_send(key, {"text": text(key)}, number, attempt=attempt): key
                   for key, number in keys.items() if outcomes.get(key) in (None, "failed")}
        enough = numbers.randrange(len(waiting) + 1) if attempt < lives else len(waiting)
        channel.wait(lambda: sum(id in channel.answers for id in waiting) >= enough, "some answers")
        channel.kill() if attempt < lives else None
        for id, key in waiting.items():
            if id in channel.answers:
                outcomes[key] = channel.answers[id]["outcome"]
    return channel, outcomes


@pytest.mark.parametrize("seed", seeds("sms once", 2))
def test_twilio_killed_at_any_moment(texts, twilio, seed):
    """Twilio can be asked, so nothing is missing and nothing is there twice."""
    keys = {f"kill-{seed}-{n}": f"+1555030{n:04}" for n in range(40)}
    channel, outcomes = repeat_and_kill(
        lambda: texts(twilio.config(settle_ms=200)), keys, lambda key: f"Text of {key}", random.Random(seed), 8)
    # What was certainly not sent by a process that died goes with one more attempt.
    for key in [key for key, outcome in outcomes.items() if outcome == "failed"]:
        outcomes[key] = channel.send(key, {"text": f"Text of {key}"}, keys[key], attempt=9)["outcome"]
    assert {key: outcomes.get(key) for key in keys} == dict.fromkeys(keys, "accepted")
    assert sorted(twilio.texts()) == sorted(f"Text of {key}" for key in keys)


@pytest.mark.parametrize("seed", seeds("sms once 2", 2))
def test_kannel_killed_at_any_moment(texts, kannel, seed):
    """Kannel cannot be asked: what is unknown is settled by its reports, and nothing is there twice."""
    series = next(SERIES)
    keys = {f"kill-{seed}-{n}": f"+1555{series:03}{n:04}" for n in range(40)}
    channel, outcomes = repeat_and_kill(
        lambda: texts(kannel.config()), keys, lambda key: f"Text of {key}", random.Random(seed), 8)
    assert set(outcomes.values()) <= {"accepted", "sent", "delivered", "unknown"}
    for key in keys:
        if outcomes[key] != "unknown":
            kannel.wait_for(lambda: kannel.texts(keys[key]) == [f"Text of {key}"])
    assert all(len(kannel.texts(number)) <= 1 for number in keys.values())
    # Whatever went is known by its report, whoever was killed in between.
    gone = {key for key, number in keys.items() if kannel.texts(number)}
    for key in gone:
        channel.wait(lambda: channel.events.get(f"{key}-1"), f"the report of {key}")
