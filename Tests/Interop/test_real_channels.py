"""The New Lead Follow-Up with real channels: mails at a mail server, texts at an SMSC, entries in a calendar."""

import collections
import json
import os
import random
import signal
import time

import pytest
import yaml
import zmq

from conftest import Daemon
from seeds import SEED
from Servers.caldav_servers import Radicale
from Servers.kannel_server import KannelServer
from Servers.mail_server import MailServer

START = "2026-03-02T15:00:00Z"
ZONES = ["America/New_York", "America/Chicago", "America/Los_Angeles", "Europe/London", "Asia/Tokyo"]
LIMIT = 240
KILLS = 4
WENT = ("accepted", "sent", "delivered")


class Office:
    """A service with three accounts, and the servers behind them; its clock moves only where a test lets it."""

    def __init__(self, folder):
        self.mail = MailServer(self._folder(folder, "mail")).start()
        self.phones = KannelServer(self._folder(folder, "kannel")).start()
        self.calendars = Radicale(self._folder(folder, "radicale")).start()
        self.calendar = self.calendars.make_calendar("calls")
        (folder / "config.yaml").write_text(yaml.safe_dump({"channels": {
            "email": {"config": self.mail.config()}, "sms": {"config": self.phones.config()},
            "call_reminder": {"config": self.calendars.config(self.calendar) | {"poll_seconds": 1}}}}, allow_unicode=True))
        self.daemon = Daemon(folder / "service", "--clock", "simulated", "--clock-start", START, "--config", folder / "config.yaml")
        self.daemon.start()
        self.events, self.position = [], 0
        self.mover, self.is_moving = self.daemon.context.socket(zmq.REQ), False
        self.mover.linger = 0
        self.mover.connect(self.daemon.commands)

    @staticmethod
    def _folder(folder, name):
        (folder / name).mkdir()
        return folder / name

    def stop(self):
        self.mover.close(0)
        self.daemon.close()
        for server in (self.mail, self.phones, self.calendars):
            server.stop()

    def open_for_leads(self):
        self.daemon.call("settings.put", {
            "time_zone": "America/New_York", "links": {"unsubscribe": "https://example.com/u/{contact}"},
            "business": {"name": "Evergreen Home Services", "address": "12 Elm Street", "phone": "+1 518 555 0100",
                         "booking_url": "https://example.com/book"}})
        self.daemon.call("workflow.create", {"id": "leads", "template": "new-lead-follow-up"})
        self.daemon.call("workflow.activate", {"workflow": "leads"})

    def enroll(self, count):
        self.daemon.call("enrollment.create", {"workflow": "leads", "contacts": [
            {"contact": {"id": f"c-{number}", "fields": {
                "first_name": f"Lead{number}", "phone": phone(number), "email": address(number),
                "time_zone": ZONES[number % len(ZONES)]}}, "record": {"type": "lead", "id": f"l-{number}", "fields": {}}}
            for number in range(count)]})

    def read(self, wait_ms=200):
        """The events since the last call."""
        result = self.daemon.call("events.read", {"after": self.position, "limit": 1000, "wait_ms": wait_ms})
        self.events += result["events"]
        self.position = result["next"]
        return result["events"]

    def until(self, condition, each=lambda event: None, moves=True):
        """Reads the feed until `condition()` holds, and moves the clock where that may; `each` sees every event."""
        end = time.monotonic() + LIMIT
        while not condition():
            assert time.monotonic() < end, self.daemon.call("channel.list")
            for event in self.read(wait_ms=20 if moves else 200):
                each(event)
            if moves:
                self.move()

    def move(self):
        """Some hours go by, unless they still do: whatever falls due on the way waits for its channel's answer."""
        if self.is_moving and not self.mover.poll(0):
            return
        if self.is_moving:
            assert json.loads(self.mover.recv())["ok"]
        self.mover.send_string(json.dumps({"op": "clock.advance", "args": {"by": {"hours": 3}}}))
        self.is_moving = True

    def of(self, type, contact=None):
        return [event for event in self.events if event["type"] == type and contact in (None, event.get("contact"))]

    def inside(self):
        return self.daemon.call("workflow.stats", {"workflow": "leads"})["inside"]

    def channel(self, name):
        return next(state for state in self.daemon.call("channel.list")["channels"] if state["name"] == name)

    def messages(self):
        """For each key the events about it, in order."""
        self.read(0)
        messages = collections.defaultdict(list)
        for event in self.events:
            if event["type"].startswith("message.") and "key" in event:
                messages[event["key"]].append(event)
        return messages


def phone(number):
    return f"+1518555{number:04}"


def address(number):
    return f"lead{number}@example.com"


def said(events):
    """What was really said: the first event of a message that has its texts."""
    return next(event for event in events if "content" in event)


def compare(office):
    """The contents of the three servers are the history: nothing missing, nothing twice."""
    office.phones.flush()
    went = {key: said(events) for key, events in office.messages().items()
            if any(event["type"].removeprefix("message.") in WENT for event in events)}
    of = lambda channel: {key: event for key, event in went.items() if event["channel"] == channel}

    identifiers = sorted(mail["Message-ID"] for recipient in {mail["to"] for mail in office.mail.mails}
                         for mail in office.mail.parsed(recipient))
    assert identifiers == sorted(f"<{key}@example.com>" for key in of("email"))
    for key, event in of("email").items():
        mail = next(mail for mail in office.mail.parsed(event["to"]) if mail["Message-ID"] == f"<{key}@example.com>")
        assert mail["Subject"] == event["content"]["subject"]

    texts = sorted((to, text) for _, to, text in office.phones.received() if text != "flush")
    assert texts == sorted((event["to"], event["content"]["text"]) for event in of("sms").values())

    entries = sorted(office.calendars.entries(office.calendar))
    assert entries == sorted(f"workflowd-call-{key}.ics" for key in of("call_reminder"))
    return {channel: len(of(channel)) for channel in ("email", "sms", "call_reminder")}


@pytest.fixture
def office(tmp_path):
    offices = []

    def open():
        offices.append(Office(tmp_path))
        offices[-1].open_for_leads()
        return offices[-1]

    yield open
    for office in offices:
        office.stop()


def test_leads_are_followed_up_over_real_channels(office):
    office = office()
    office.enroll(10)
    replied, stopped = "c-0", "c-1"
    office.until(
        lambda: office.of("message.delivered", replied) and office.of("message.delivered", stopped), moves=False)
    office.phones.write(phone(0), "15550199", "Yes please, call me 👍")
    office.until(lambda: office.of("enrollment.exited", replied), moves=False)
    assert office.of("enrollment.exited", replied)[0]["exit"] == "replied_by_text"
    signal_ = next(event for event in office.of("signal.received", replied) if event["signal"] == "sms.replied")
    assert signal_["data"]["text"] == "Yes please, call me 👍"
    office.phones.write(phone(1), "15550199", "STOP")
    office.until(
        lambda: "sms" in office.daemon.call("contact.get", {"id": stopped}).get("suppressed", []), moves=False)
    office.until(lambda: office.inside() == 0)
    counts = compare(office)
    assert counts == {"email": 18, "sms": 10, "call_reminder": 9}, counts
    office.until(lambda: len(office.of("message.delivered")) == 10, moves=False)


def test_nothing_is_lost_or_doubled_while_channels_are_killed(office):
    numbers = random.Random(SEED)
    office = office()
    office.enroll(60)
    answered, kills = collections.Counter(), collections.Counter()

    def kill(event):
        """A channel that did something since the last time is killed right then, in the middle of what else it has."""
        name = event.get("channel")
        if not event["type"].startswith("message.") or name is None or numbers.random() < 0.6 or kills[name] == KILLS:
            return
        state = office.channel(name)
        if state.get("pid") and state["answered"] > answered[name]:
            answered[name] = state["answered"]
            kills[name] += 1
            try:
                os.kill(state["pid"], signal.SIGKILL)
            except ProcessLookupError:
                pass

    def all_left():
        office.phones.revive()
        resolve(office)
        return office.inside() == 0

    office.until(all_left, each=kill)
    office.until(lambda: not any(event["type"] == "message.unknown" for events in office.messages().values() for event in events[-1:]))
    counts = compare(office)
    print(f"{dict(kills)} kills, {counts} messages")
    assert all(kills[name] >= 3 for name in ("email", "sms", "call_reminder")), kills
    assert sum(counts.values()) > 60 * 3


def resolve(office):
    """A person looks at the server for each message of which nobody knows, and says what is there."""
    unknown = [events for events in office.messages().values() if events[-1]["type"] == "message.unknown"]
    if unknown:
        # What a channel had on its way when it died may still arrive.
        office.mail.wait_for_transactions()
        office.phones.flush()
    for first, last in ((said(events), events[-1]) for events in unknown):
        if first["channel"] == "email":
            there = any(mail["Message-ID"] == f"<{last['key']}@example.com>" for mail in office.mail.parsed(first["to"]))
        else:
            there = first["content"]["text"] in office.phones.texts(first["to"])
        reply = office.daemon.reply("execution.resolve", {"enrollment": last["enrollment"], "step": last["step"],
                                                          "outcome": "sent" if there else "resend"})
        # A report may have settled it meanwhile.
        assert reply["ok"] or reply["error"]["code"] == "not_unknown", reply
