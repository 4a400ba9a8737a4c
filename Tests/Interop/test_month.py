"""A month in the life of 1,000 contacts, with the service killed ten times in between."""

import datetime
import json
import random
import threading

from conftest import Daemon
from seeds import SEED
from subscriber import Subscriber

START = "2026-03-02T15:00:00Z"
CONTACTS = 1_000
DAYS = 30
KILLS = 10

BUSINESS = {
    "name": "Evergreen Home Services", "address": "12 Elm Street, Albany, NY", "phone": "+1 518 555 0100",
    "booking_url": "https://example.com/book", "review_url": "https://example.com/review",
    "website": "https://example.com",
}
ZONES = ["America/New_York", "America/Los_Angeles", "Europe/London", "Asia/Kolkata", None]
WORKFLOWS = {
    "new-lead-follow-up": ("lead", lambda day: {"service": "gutter cleaning"}),
    "post-job-review-request": ("job", lambda day: {"completed_at": "2026-03-02T12:00:00Z", "service": "painting"}),
    "recurring-service-reminder": ("visit", lambda day: {"starts_at": f"2026-03-{10 + day % 20:02}T18:00:00Z"}),
    "payment-overdue-escalation": ("invoice", lambda day: {
        "due_date": "2026-03-01", "number": f"INV-{day}", "balance": 100 + day, "balance_text": "$100.00",
        "payment_url": "https://example.com/pay"}),
}
SIGNALS = ["sms.replied", "email.replied", "link.clicked", "job.booked", "invoice.paid", "review.submitted",
           "contact.unsubscribed", "visit.cancelled"]


def test_a_month_with_ten_kills(tmp_path):
    random.seed(SEED)
    daemon = Daemon(tmp_path, "--clock", "simulated", "--clock-start", START).start()
    try:
        set_up(daemon)
        subscriber = Subscriber(daemon, "message")
        subscriber.start()
        signals = live(daemon)
        head = daemon.call("system.hello")["events"]["head"]
        subscriber.catch_up(head)
        check(daemon, subscriber)
        check_the_feed(daemon, signals)
    finally:
        daemon.close()


def set_up(daemon):
    daemon.call("settings.put", {
        "time_zone": "America/New_York", "business": BUSINESS,
        "links": {"unsubscribe": "https://example.com/u/{contact}"}})
    for name in WORKFLOWS:
        daemon.call("workflow.create", {"id": name, "template": name})
        daemon.call("workflow.activate", {"workflow": name})
    for number, (name, (kind, fields)) in enumerate(WORKFLOWS.items()):
        ids = range(number, CONTACTS, len(WORKFLOWS))
        entries = [{"contact": contact(i), "record": {"type": kind, "id": f"{kind}-{i}", "fields": fields(i)}}
                   for i in ids]
        result = daemon.call("enrollment.create", {"workflow": name, "contacts": entries, "source": "import"})
        assert result["created"] == len(entries), result["results"][:2]


def contact(number):
    fields = {"first_name": f"Contact{number}", "email": f"c{number}@example.com"}
    if number % 7:
        fields["phone"] = f"+1555{number:07}"
    if zone := ZONES[number % len(ZONES)]:
        fields["time_zone"] = zone
    return {"id": f"c-{number}", "fields": fields}


def live(daemon):
    """Days pass; contacts do things; now and then the power fails, also in the middle of a day.

    Returns the ids of all signals: each was acknowledged, be it after it was repeated.
    """
    kills = sorted(random.sample(range(DAYS), KILLS))
    signals = []
    start = datetime.datetime.fromisoformat(START)
    for day in range(DAYS):
        for hours in (9, 24):
            for _ in range(8):
                signals.append(f"s-{len(signals)}")
                daemon.call("signal.send", signal(signals[-1]))
            target = (start + datetime.timedelta(days=day, hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
            if hours == 24 and day in kills:
                signals.append(f"s-{len(signals)}")
                unanswered = signal(signals[-1])
                kill_at_work(daemon, unanswered, target)
                daemon.call("signal.send", unanswered)
            daemon.call("clock.advance", {"to": target})
    return signals


def signal(id):
    """Something that a random contact does, half of the time about its record."""
    number = random.randrange(CONTACTS)
    kind = list(WORKFLOWS.values())[number % len(WORKFLOWS)][0]
    result = {"name": random.choice(SIGNALS), "contact": f"c-{number}", "signal_id": id}
    if random.random() < 0.5:
        result["record"] = {"type": kind, "id": f"{kind}-{number}"}
        if result["name"] == "invoice.paid":
            result["record"]["fields"] = {"balance": 0}
    if result["name"] == "contact.unsubscribed" and random.random() < 0.5:
        result["data"] = {"channel": random.choice(["sms", "email"])}
    return result


def kill_at_work(daemon, unanswered, target):
    """Ends the service somewhere between a command, whose reply nobody gets, and the end of an advance."""
    daemon.socket.send("\n".join(json.dumps(line) for line in [
        {"op": "signal.send", "args": unanswered}, {"op": "clock.advance", "args": {"to": target}}]).encode())
    timer = threading.Timer(random.uniform(0, 0.15), daemon.kill)
    timer.start()
    timer.join()
    daemon.start()


def executions(daemon):
    page = {"order": "oldest", "limit": 200}
    while True:
        result = daemon.call("execution.list", page)
        yield from result["executions"]
        if "next" not in result:
            return
        page["cursor"] = result["next"]


def check(daemon, subscriber):
    messages = [row for row in executions(daemon) if row["type"].startswith("message.")]
    assert subscriber.record == messages
    assert subscriber.from_publication > 0
    sent = [row for row in messages if row["type"] == "message.sent"]
    assert len(sent) > CONTACTS
    for identity in ([row["key"] for row in sent], [(row["enrollment"], row["step"]) for row in sent]):
        assert len(set(identity)) == len(identity)
    assert [row["seq"] for row in messages] == sorted({row["seq"] for row in messages})
    outbox = {}
    for path in daemon.data.glob("channels/*/outbox.jsonl"):
        for line in path.read_text().splitlines():
            message = json.loads(line)
            assert message["key"] not in outbox, "sent twice"
            outbox[message["key"]] = message
    assert {row["key"]: (row.get("to"), row["content"]) for row in sent} == {
        key: (message.get("to"), message["content"]) for key, message in outbox.items()}


def check_the_feed(daemon, signals):
    """What the feed says as a whole: no gaps, each signal once, and nothing that leaves after the end."""
    events = feed(daemon)
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    received = [event for event in events if event["type"] == "signal.received"]
    assert len(received) == len(signals)
    ended, in_flight, opted_out = set(), set(), {}
    for event in events:
        contact = event.get("contact")
        match event["type"]:
            case "enrollment.created":
                ended.discard(event["enrollment"])
            case "enrollment.exited" | "enrollment.finished":
                assert event["enrollment"] not in ended
                ended.add(event["enrollment"])
                if event.get("in_flight"):
                    in_flight.add(event["enrollment"])
            case "contact.suppressed":
                for channel in [event["channel"]] if "channel" in event else ["sms", "email"]:
                    opted_out.setdefault((contact, channel), event["at"])
            case "message.sent" if event["enrollment"] not in in_flight:
                assert event["enrollment"] not in ended, event
                # One that was with its channel when the contact opted out is reported at the same moment.
                assert event["at"] <= opted_out.get((contact, event["channel"]), event["at"]), event
    inside = daemon.call("enrollment.list", {"state": "active", "limit": 200})["enrollments"]
    assert not ended & {one["id"] for one in inside}


def feed(daemon):
    events = []
    while page := daemon.call("events.read", {"after": len(events), "limit": 1000})["events"]:
        events += page
    return events
