"""The service under load, killed again and again: nothing acknowledged is lost, nothing is sent twice."""

import os
import random
import statistics

import pytest

from Crash import checks
from Crash.business import WORKFLOWS, open_business
from Crash.client import Client, Clock
from Crash.crashes import Crashes
from Crash.service import Service
from seeds import SEED
from subscriber import Subscriber

KILLS = int(os.environ.get("CRASH_KILLS", "60"))
CLIENTS = 3
DAYS = 10


@pytest.fixture
def service(tmp_path):
    service = Service(tmp_path / "service")
    yield service
    service.close()


def test_nothing_is_lost_or_doubled(service):
    numbers = random.Random(SEED)
    service.start()
    open_business(service)
    subscriber = Subscriber(service, "message")
    clients = [Client(service, f"client{number}", SEED) for number in range(CLIENTS)]
    clock, crashes, feed = Clock(service, SEED), Crashes(service, numbers), checks.Feed(service)
    service.threads = [clock, *clients]
    for thread in (subscriber, clock, *clients):
        thread.start()
    while service.kills < KILLS:
        crashes.crash()
        check_after_a_crash(service, clients, feed, numbers)
    for thread in (*clients, clock):
        thread.stop()
    come_to_rest(service, feed)
    check_at_the_end(service, clients, feed, subscriber)
    report(service, clients, crashes, checks.check_messages(feed, service))


def check_after_a_crash(service, clients, feed, numbers):
    for thread in service.threads:
        thread.check()
    assert service.hello["events"]["head"] >= service.position_before, "an acknowledged write is gone"
    feed.read()
    for client in clients:
        checks.check_acknowledged(service, client, numbers)


def come_to_rest(service, feed):
    """Lets everybody come to an end; a person settles what nobody knows."""
    service.wait_for_channels()
    for _ in range(DAYS):
        service.call("clock.advance", {"by": {"hours": 24}})
        inside = list(checks.active(service))
        checks.check_that_all_wait_for_something(inside)
        feed.read()
        for enrollment in inside:
            if enrollment["waits_for"] == "resolution":
                settle(service, feed, enrollment["id"])
        if not inside:
            return checks.wait_for_reports(service, feed)
    raise AssertionError(f"some are still inside: {inside[0]}")


def settle(service, feed, enrollment):
    """Says of a message that waits for a person whether its channel has it."""
    unknown = [event for event in feed.of("message.unknown") if event["enrollment"] == enrollment][-1]
    there = (unknown["channel"], unknown["key"]) in checks.mails(service)
    service.call("execution.resolve", {"enrollment": enrollment, "step": unknown["step"],
                                       "outcome": "sent" if there else "resend"})


def check_at_the_end(service, clients, feed, subscriber):
    feed.read()
    subscriber.catch_up(len(feed.events))
    assert subscriber.record == [event for event in feed.events if event["type"].startswith("message.")]
    assert subscriber.from_publication > 0
    for client in clients:
        checks.check_values(service, client)
    checks.check_signals(feed, clients)
    checks.check_enrollments(feed, clients)
    for workflow in WORKFLOWS:
        checks.check_statistics(feed, service, workflow)
    assert service.stop() == 0
    assert not service.damage()


def report(service, clients, crashes, messages):
    count = lambda name: sum(client.counts[name] for client in clients)
    starts = sorted(service.starts)
    print(f"{service.kills} kills and {crashes.counts.pop('channels killed')} of channels; "
          f"{count('acknowledged')} commands acknowledged, {count('replayed')} by a replay, {count('repeated')} repeated later; "
          f"{messages} messages; a start took {statistics.median(starts) * 1000:.0f} ms, at most {starts[-1] * 1000:.0f}; "
          f"{dict(crashes.counts)}")
