"""A month in the life of 1,000 contacts, with the service killed ten times in between."""

import json
import os
import random
import threading

from conftest import Daemon
from subscriber import Subscriber

SEED = int(os.environ.get("TEST_SEED", random.randrange(1 << 32)))
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
    print(f"TEST_SEED={SEED}")
    random.seed(SEED)
    daemon = Daemon(tmp_path, "--clock", "simulated", "--clock-start", START).start()
    try:
        set_up(daemon)
        subscriber = Subscriber(daemon, "message")
        subscriber.start()
        live(daemon)
        head = daemon.call("system.hello")["events"]["head"]
        subscriber.catch_up(head)
        check(daemon, subscriber)
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
    """Days pass; contacts do things; now and then the power fails, also in the middle of a day."""
    kills = sorted(random.sample(range(DAYS), KILLS))
    for day in range(DAYS):
        for _ in range(15):
            daemon.call("signal.send", {
                "name": random.choice(SIGNALS), "contact": f"c-{random.randrange(CONTACTS)}"})
        target = f"2026-{3 + (day + 3) // 32:02}-{(day + 2) % 31 + 1:02}T15:00:00Z"
        if day in kills:
            kill_during_advance(daemon, target)
        daemon.call("clock.advance", {"to": target})


def kill_during_advance(daemon, target):
    daemon.socket.send(json.dumps({"op": "clock.advance", "args": {"to": target}}).encode())
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
