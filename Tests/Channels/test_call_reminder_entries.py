"""What staff find in their calendar, read back from real servers."""

import datetime
import random
import zoneinfo

import pytest

from reminder_reading import CONTEXT, TITLE, alarm, entry, instant, moment, moment_by_own_rules
from seeds import seeds

AT = instant("2026-03-02T15:00:00Z")


@pytest.fixture(params=["radicale", "xandikos"])
def server(request):
    return request.getfixturevalue(request.param)


def only(server, url, key):
    return entry(server.entries(url)[f"workflowd-call-{key}.ics"].data)


def test_a_to_do(server, reminders, tmp_path):
    url = server.make_calendar(f"todo-{tmp_path.name}")
    channel = reminders({**server.config(url), "lead_minutes": 30, "alarm_minutes": 10})
    assert channel.send("1-1-0-0", {**TITLE, "notes": "Ask about the roof."}, context=CONTEXT) == {
        "id": 3, "outcome": "sent"}
    todo = only(server, url, "1-1-0-0")
    assert todo.name == "VTODO" and todo["STATUS"] == "NEEDS-ACTION" and "DTSTART" not in todo
    assert todo["SUMMARY"] == "Call the new lead – Ann Lee"
    assert todo["DUE"].params["TZID"] == "America/New_York"
    assert moment(todo, "DUE") == AT + datetime.timedelta(minutes=30)
    assert alarm(todo) == AT + datetime.timedelta(minutes=20)
    assert todo["URL"] == "tel:+15550100100"
    assert todo["CATEGORIES"].cats == ["Call"]
    assert str(todo["DESCRIPTION"]).split("\n") == [
        "Ann Lee", "+1 (555) 010-0100", "", "Ask about the roof.", "",
        "Why: workflow New Lead Follow-Up, step call-1", "",
        "Due: Mon 2026-03-02 10:30 (America/New_York)",
        "Contact's time: Mon 2026-03-02 07:30 (America/Los_Angeles)", "",
        "Sent so far:", "- Sun 2026-03-01 10:00 sms: Hi Ann, thanks; really, \\o/"]


def test_an_event(server, reminders, tmp_path):
    url = server.make_calendar(f"event-{tmp_path.name}")
    channel = reminders({**server.config(url), "entry": "event", "duration_minutes": 20})
    assert channel.send("1-2-0-0", TITLE, context=CONTEXT)["outcome"] == "sent"
    event = only(server, url, "1-2-0-0")
    assert event.name == "VEVENT" and event["STATUS"] == "CONFIRMED" and event["TRANSP"] == "TRANSPARENT"
    assert moment(event, "DTSTART") == AT and moment(event, "DTEND") == AT + datetime.timedelta(minutes=20)
    assert alarm(event) == AT


HARD = ["Grüße 👋🏽 👩‍👩‍👧", "שלום עולם; مرحبا, بالعالم", "a;b,c\\n\\,\\;\\\\ \"q\" 'x': =",
        "line 1\nline 2\n\nline 4",
        "語" * 60, "ä" * 200, "e\u0301" * 50, "BEGIN:VALARM\nEND:VTODO", " leads and trails ", "tab\there",
        "{{ not }} %0A ^n"]


def test_texts_come_back_exactly(server, reminders, tmp_path):
    url = server.make_calendar(f"hard-{tmp_path.name}")
    channel = reminders(server.config(url))
    for number, text in enumerate(HARD):
        title = text.replace("\n", " ").strip()
        assert channel.send(f"h-{number}", {"title": title, "notes": text})["outcome"] == "sent"
    entries = server.entries(url)
    for number, text in enumerate(HARD):
        todo = entry(entries[f"workflowd-call-h-{number}.ics"].data)
        assert str(todo["SUMMARY"]) == text.replace("\n", " ").strip()
        assert str(todo["DESCRIPTION"]) == f"{text}\n\nDue: Mon 2026-03-02 15:00 (UTC)"


def test_lines_are_folded_and_whole_characters(reminders, tmp_path):
    channel = reminders({"folder": str(tmp_path / "calls")})
    for number, text in enumerate(HARD):
        channel.send(f"h-{number}", {"title": text, "notes": text * 3})
        data = (tmp_path / f"calls/workflowd-call-h-{number}.ics").read_bytes()
        assert data.endswith(b"END:VCALENDAR\r\n") and b"\n" not in data.replace(b"\r\n", b"")
        for line in data.split(b"\r\n"):
            assert len(line) <= 75
            line.decode()


# Both kinds of switch on both halves of the globe, half hours and three quarters, and zones without any switch.
ZONES = ["America/New_York", "America/St_Johns", "America/Phoenix", "America/Santiago", "Europe/Dublin",
         "Europe/Berlin", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "Australia/Adelaide", "Pacific/Chatham",
         "Pacific/Auckland", "Pacific/Kiritimati", "UTC"]


def switches(zone, first, last):
    """The instants at which the offset of `zone` changes, by halving days."""
    offset = lambda at: at.astimezone(zone).utcoffset()
    day = datetime.timedelta(days=1)
    while first < last:
        low, high = first, first + day
        if offset(low) != offset(high):
            while high - low > datetime.timedelta(seconds=1):
                middle = low + (high - low) // 2
                low, high = (middle, high) if offset(middle) == offset(low) else (low, middle)
            yield high.replace(microsecond=0)
        first += day


def test_instants_in_zones(reminders, tmp_path):
    """By zoneinfo's reading of the TZID, and by the rules that came along, around each switch and at random."""
    [seed] = seeds("entries", 1)
    print(f"seed {seed}")
    chance = random.Random(seed)
    channel = reminders({"folder": str(tmp_path / "calls"), "entry": "event", "lead_minutes": 15,
                         "alarm_minutes": 5})
    first, last = instant("2025-01-01T00:00:00Z"), instant("2027-06-01T00:00:00Z")
    wanted = {}
    for name in ZONES:
        zone = zoneinfo.ZoneInfo(name)
        near = [at + datetime.timedelta(minutes=minutes) for at in switches(zone, first, last)
                for minutes in (-61, -30, -15, -1, 0, 1, 29, 45, 61)]
        seconds = int((last - first).total_seconds())
        anywhere = [first + datetime.timedelta(seconds=chance.randrange(seconds)) for _ in range(10)]
        for at in near + anywhere:
            wanted[f"z-{len(wanted)}"] = (name, at)
    for key, (name, at) in wanted.items():
        answer = channel.send(key, TITLE, at=at.isoformat(), not_after="2030-01-01T00:00:00Z",
                              context={"business_time_zone": name})
        assert answer["outcome"] == "sent"
    for key, (name, at) in wanted.items():
        text = (tmp_path / f"calls/workflowd-call-{key}.ics").read_bytes().decode()
        event, due = entry(text), at.replace(microsecond=0) + datetime.timedelta(minutes=15)
        is_clear = due.astimezone(zoneinfo.ZoneInfo(name)).fold == 0
        assert ("TZID" in event["DTSTART"].params) == (is_clear and name != "UTC"), (name, at)
        for prop, expected in (("DTSTART", due), ("DTEND", due + datetime.timedelta(minutes=15))):
            assert moment(event, prop) == expected, (name, at, text)
            assert moment_by_own_rules(text, prop) == expected, (name, at, text)
        assert alarm(event) == due - datetime.timedelta(minutes=5)


def test_an_hour_that_happens_twice(reminders, tmp_path):
    channel = reminders({"folder": str(tmp_path / "calls")})
    for key, at in (("first", "2026-11-01T05:30:00Z"), ("second", "2026-11-01T06:30:00Z")):
        channel.send(key, TITLE, at=at, context={"business_time_zone": "America/New_York"})
        todo = entry((tmp_path / f"calls/workflowd-call-{key}.ics").read_text())
        assert moment(todo, "DUE") == instant(at)
        assert ("TZID" in todo["DUE"].params) == (key == "first")


@pytest.mark.parametrize("zone", [None, "Nowhere/Land", "EST", "UTC"])
def test_without_a_zone_it_is_utc(reminders, tmp_path, zone):
    channel = reminders({"folder": str(tmp_path / "calls")})
    channel.send("k", TITLE, context={"business_time_zone": zone} if zone else {})
    text = (tmp_path / "calls/workflowd-call-k.ics").read_text()
    assert "\nDUE:20260302T150000Z\n" in text and "VTIMEZONE" not in text


@pytest.mark.parametrize("phone", ["555 0100", "+", "+1 555 CALL", "+1;ext=2", "+12345678901234567"])
def test_what_cannot_be_called_is_no_link(reminders, tmp_path, phone):
    channel = reminders({"folder": str(tmp_path / "calls")})
    channel.send("k", TITLE, context={"contact_phone": phone})
    todo = entry((tmp_path / "calls/workflowd-call-k.ics").read_text())
    assert "URL" not in todo and str(todo["DESCRIPTION"]).startswith(phone)
    assert todo["SUMMARY"] == f"Call the new lead – {phone}"
