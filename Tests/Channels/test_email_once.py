"""One mail for each key, whatever is killed and repeated."""

import random
import re

import pytest

from mail_reading import CONTENT
from seeds import seeds


def test_a_repeated_key_is_answered_and_not_sent(emails, mail_server):
    channel = emails(mail_server.config())
    ids = [channel.post_send("same", CONTENT, "same@example.com", attempt=n) for n in range(1, 9)]
    assert [channel.answer(id)["outcome"] for id in ids] == ["sent"] * 8
    channel.close()
    assert emails(mail_server.config()).send("same", CONTENT, "same@example.com", attempt=9)["outcome"] == "sent"
    assert len(mail_server.parsed("same@example.com")) == 1


def test_connections_are_kept_and_used_side_by_side(emails, mail_server):
    channel = emails(mail_server.config(connections=3))
    sessions = mail_server.sessions
    ids = [channel.post_send(f"keep-{n}", CONTENT, f"keep-{n}@example.com") for n in range(30)]
    assert {channel.answer(id)["outcome"] for id in ids} == {"sent"}
    # A session with STARTTLS says EHLO twice.
    assert mail_server.sessions - sessions <= 6


def test_a_connection_that_the_server_closed_is_made_again(emails, mail_server):
    channel = emails(mail_server.config(connections=1))
    assert channel.send("before", CONTENT, "closing@example.com")["outcome"] == "sent"
    assert mail_server.closed.wait(60)
    assert channel.send("after", CONTENT, "after@example.com")["outcome"] == "sent"


@pytest.mark.parametrize("seed", seeds("email once", 3))
def test_killed_at_any_moment(emails, mail_server, seed):
    """A seed that fails is in the test's name."""
    numbers = random.Random(seed)
    keys = [f"kill-{seed}-{number}" for number in range(60)]
    outcomes = {}
    for attempt in range(1, 9):
        channel = emails(mail_server.config(connections=8))
        waiting = {channel.post_send(key, CONTENT, f"{key}@example.com", attempt=attempt): key
                   for key in keys if key not in outcomes}
        enough = numbers.randrange(len(waiting) + 1) if attempt < 8 else len(waiting)
        channel.wait(lambda: sum(id in channel.answers for id in waiting) >= enough, "some answers")
        channel.kill() if attempt < 8 else channel.close()
        outcomes |= {key: channel.answers[id]["outcome"] for id, key in waiting.items() if id in channel.answers}
        if len(outcomes) == len(keys):
            break
    assert set(outcomes) == set(keys) and set(outcomes.values()) <= {"sent", "unknown"}
    counts = {key: len(mail_server.parsed(f"{key}@example.com")) for key in keys}
    assert all(count <= 1 for count in counts.values()), counts
    assert all(counts[key] == 1 for key, outcome in outcomes.items() if outcome == "sent")
    assert sum(outcome == "unknown" for outcome in outcomes.values()) <= 8 * 8
    identifiers = [re.search(rb"Message-ID: (\S+)", mail["bytes"])[1] for mail in mail_server.mails]
    assert len(set(identifiers)) == len(identifiers)
