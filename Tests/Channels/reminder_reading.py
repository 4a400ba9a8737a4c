"""Reads entries back with packages of other people: icalendar, and dateutil for the zone rules themselves."""

import datetime
import io

import dateutil.tz
import icalendar

CONTEXT = {
    "workflow": "New Lead Follow-Up", "step": "call-1", "enrollment": "en_7", "contact": "c-1",
    "contact_name": "Ann Lee", "contact_phone": "+1 (555) 010-0100", "time_zone": "America/Los_Angeles",
    "business_time_zone": "America/New_York",
    "sent": [{"at": "2026-03-01T15:00:00Z", "channel": "sms", "text": "Hi Ann,\nthanks; really, \\o/"}],
}
TITLE = {"title": "Call the new lead"}


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def entry(text):
    """The one event or to-do of an iCalendar text."""
    parts = icalendar.Calendar.from_ical(text).walk()
    assert not [part.errors for part in parts if part.errors]
    (found,) = [part for part in parts if part.name in ("VEVENT", "VTODO")]
    return found


def moment(part, name):
    """A date and time as an instant, by the zone that its TZID names."""
    value = part[name].dt
    assert value.tzinfo is not None
    return value.astimezone(datetime.timezone.utc)


def moment_by_own_rules(text, name):
    """The same by the VTIMEZONE that came with the entry, whatever its name means elsewhere."""
    part = entry(text)
    zone = part[name].params.get("TZID")
    if zone is None:
        return moment(part, name)
    own = dateutil.tz.tzical(io.StringIO(text.replace(zone, "Own"))).get("Own")
    return part[name].dt.replace(tzinfo=own, fold=0).astimezone(datetime.timezone.utc)


def alarm(part):
    """When the one alarm rings."""
    (found,) = part.walk("VALARM")
    assert found["ACTION"] == "DISPLAY" and found["DESCRIPTION"]
    related = found["TRIGGER"].params.get("RELATED", "START")
    end = "DUE" if part.name == "VTODO" else "DTEND"
    return moment(part, "DTSTART" if related == "START" else end) + found["TRIGGER"].dt
