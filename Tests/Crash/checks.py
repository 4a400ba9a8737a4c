"""What has to hold after a crash, and at the end."""

import collections
import json
import sqlite3
import time

from Crash.service import LIMIT
from Crash.writes import POISON

PAGE = 200


class Feed:
    """The history, read bit by bit: what was read once stays as it was."""

    def __init__(self, service):
        self.service = service
        self.events, self.families, self.epoch = [], {}, None

    def read(self):
        """Reads what is new by now; each position follows the one before it, also within its family."""
        head = self.service.call("system.hello")["events"]["head"]
        while len(self.events) < head:
            for event in self.service.call("events.read", {"after": len(self.events), "limit": 1000})["events"]:
                family = event["type"].split(".")[0]
                assert event["seq"] == len(self.events) + 1, event
                assert event["prev"] == self.families.get(family, 0), event
                assert event["epoch"] == (self.epoch or event["epoch"]), event
                self.epoch = event["epoch"]
                self.families[family] = event["seq"]
                self.events.append(event)

    def of(self, *types):
        return [event for event in self.events if event["type"] in types]


# After each crash

def check_acknowledged(service, client, numbers):
    """Some of what `client` knows to be done is done; what belongs together is there together."""
    with client.lock:
        group, values = client.group, dict(client.values)
        left, enrolled = list(client.left), list(client.enrolled)
    some = numbers.sample(list(values), min(4, len(values)))
    found = read_group(service, client)
    assert found[0] == found[1] == found[2] >= group, (found, group)
    lines = [get(op, {"id": id, "type": "job"}) for op, id in some]
    entries = left[-2:] + enrolled[-2:]
    lines += [{"op": "enrollment.get", "args": {"enrollment": id}} for id in entries]
    replies = service.exchange("\n".join(json.dumps(line) for line in lines))
    for name, reply in zip(some, replies):
        assert number(reply) >= values[name], (name, reply, values[name])
    for id, reply in zip(entries, replies[len(some):]):
        assert reply["ok"], (id, reply)
        assert id not in left or reply["result"]["state"] == "unenrolled", reply


def read_group(service, client):
    """The numbers of what belongs together, all as they are at one moment."""
    lines = [{"batch": "atomic"}, *(get(op, args) for op, args in client.group_places())]
    return [number(reply) for reply in service.exchange("\n".join(json.dumps(line) for line in lines))]


def get(put, args):
    op = put.replace(".put", ".get")
    return {"op": op, "args": args if op == "record.get" else {"id": args["id"]}}


def number(reply):
    """The number that the last write left; 0 where there was none."""
    return reply["result"]["fields"].get("n", 0) if reply["ok"] else 0


# At the end

def active(service):
    page = {"state": "active", "limit": PAGE}
    while True:
        result = service.call("enrollment.list", page)
        yield from result["enrollments"]
        if "next" not in result:
            return
        page["cursor"] = result["next"]


def check_that_all_wait_for_something(enrollments):
    """Where nothing is due, nobody stands without a moment or a person to wait for."""
    for enrollment in enrollments:
        if enrollment["waits_for"] in ("delay", "branch", "quiet_hours", "retry"):
            assert "next_at" in enrollment, enrollment
        else:
            assert enrollment["waits_for"] == "resolution", enrollment


def check_values(service, client):
    """Every value is the last that was sent: all were acknowledged."""
    for (op, id), value in client.values.items():
        assert number(service.exchange(json.dumps(get(op, {"id": id, "type": "job"})))[0]) == value, (op, id)
    assert read_group(service, client) == [client.group] * 3 and client.group != POISON
    workflow = service.call("workflow.get", {"workflow": f"{client.who}-w"})
    assert workflow["rev"] == client.revision
    assert workflow["definition"]["description"] == str(client.revision - 1 if client.revision > 1 else 0)
    assert not service.reply("contact.get", {"id": f"{client.who}-nobody"})["ok"]
    assert not service.reply("contact.get", {"id": f"{client.who}-wrong"})["ok"]


def check_signals(feed, clients):
    """Each signal once, and none that was refused."""
    received = collections.Counter(event["data"]["n"] for event in feed.of("signal.received"))
    assert set(received) == set().union(*(client.signals for client in clients))
    assert set(received.values()) <= {1}, [n for n, count in received.items() if count > 1]


def check_enrollments(feed, clients):
    """Each contact enrolled once; who was taken out was out from then on."""
    created = feed.of("enrollment.created")
    ids = {event["enrollment"]: event["contact"] for event in created}
    assert len(ids) == len(created)
    contacts = collections.Counter(event["contact"] for event in created)
    assert set(contacts.values()) <= {1}, [id for id, count in contacts.items() if count > 1]
    enrolled = {id: contact for client in clients for id, contact in client.enrolled.items()}
    leads = set().union(*(client.leads for client in clients))
    assert {id: contact for id, contact in ids.items() if contact not in leads} == enrolled
    assert leads <= set(contacts)
    ends = collections.defaultdict(list)
    for event in feed.of("enrollment.finished", "enrollment.exited", "enrollment.unenrolled"):
        ends[event["enrollment"]].append(event)
    assert set(ends) == set(ids) and all(len(events) == 1 for events in ends.values())
    left = set().union(*(client.left for client in clients))
    assert {id for id, (end,) in ends.items() if end["type"] == "enrollment.unenrolled"} == left
    for event in feed.of("message.sent", "message.delivered"):
        end = ends[event["enrollment"]][0]
        late = event["seq"] > end["seq"] and event["type"] == "message.sent"
        assert not late or end.get("in_flight"), (end, event)


def check_messages(feed, service):
    """What the channels have is what the history says, each key once."""
    history = collections.defaultdict(dict)
    for event in feed.of("message.sent", "message.delivered"):
        types = history[event["channel"], event["key"]]
        assert event["type"] not in types, ("told twice", event)
        types[event["type"]] = event
    said = {name: said_first(types) for name, types in history.items()}
    assert said == {**outbox(service, "sms"), **outbox(service, "call_reminder"), **mails(service)}
    for (channel, key), types in history.items():
        assert ("message.sent" in types) if channel != "email" else ("message.delivered" in types), (channel, key)
    steps = [(types[type]["enrollment"], types[type]["step"]) for types in history.values() for type in list(types)[:1]]
    assert len(set(steps)) == len(steps)
    return len(said)


def wait_for_reports(service, feed):
    """The channel reports each of its mails, of whatever life."""
    end = time.monotonic() + LIMIT
    while True:
        feed.read()
        delivered = {event["key"] for event in feed.of("message.delivered")}
        missing = [key for _, key in mails(service) if key not in delivered]
        if not missing:
            return
        assert time.monotonic() < end, f"no report of {missing[:3]}"
        service.call("events.read", {"after": len(feed.events), "wait_ms": 100})


def said_first(types):
    event = min(types.values(), key=lambda event: event["seq"])
    return event.get("to"), event["content"]


def outbox(service, channel):
    result = {}
    for line in (service.data / "channels" / channel / "outbox.jsonl").read_text(errors="replace").splitlines():
        try:
            message = json.loads(line)
        except ValueError:
            continue  # the rest of a line that a kill tore
        name = channel, message["key"]
        assert name not in result, ("sent twice", message)
        result[name] = message.get("to"), message["content"]
    return result


def mails(service):
    database = sqlite3.connect(service.mails)
    rows = database.execute("SELECT key, recipient, content FROM message").fetchall()
    changed = database.execute("SELECT key FROM message WHERE changed").fetchall()
    database.close()
    assert not changed, "repeated with another text"
    return {("email", key): (recipient, json.loads(content)) for key, recipient, content in rows}


def check_statistics(feed, service, workflow):
    """The counts are what the feed adds up to."""
    counts = collections.Counter()
    for event in feed.events:
        if event.get("workflow") == workflow:
            counts[event["type"], event.get("step")] += 1
            counts[event["type"]] += 1
    stats = service.call("workflow.stats", {"workflow": workflow})
    assert stats["entered"] == counts["enrollment.created"] and stats["inside"] == 0
    for end in ("finished", "exited", "unenrolled"):
        assert stats[end] == counts[f"enrollment.{end}"], (end, stats)
    for step in stats["steps"]:
        assert step["inside"] == 0, step
        for state in ("accepted", "sent", "delivered", "failed", "unknown"):
            assert step[state] == counts[f"message.{state}", step["step"]], (state, step)
        assert sum(step["skipped"].values()) == counts["message.skipped", step["step"]], step
        assert sum(step["paths"].values()) == counts["step.executed", step["step"]] or not step["paths"], step
