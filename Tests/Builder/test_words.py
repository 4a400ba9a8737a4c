"""Definitions in words, as office staff read them: the page's own module, in the browser."""

import pytest

CASES = [
    ("delayWords", {"for": {"days": 3}, "at": "10:00"}, "3 days later at 10:00 AM"),
    ("delayWords", {"for": {"weeks": 1, "hours": 2}}, "1 week and 2 hours later"),
    ("delayWords", {"for": {"days": -2}, "from": "record.starts_at"}, "2 days before the visit's start"),
    ("delayWords", {"at": "08:00", "from": "record.starts_at"}, "on the visit's start at 8:00 AM"),
    ("delayWords", {"for": {"days": 1}, "from": "enrolled", "on": ["mon", "tue", "wed", "thu", "fri"]},
     "1 day after entering on a business day"),
    ("delayWords", {"at": "10:00", "on": ["sat", "sun"]}, "at the next 10:00 AM on a Saturday or Sunday"),
    ("delayWords", {"at": "00:05"}, "at the next 12:05 AM"),
    ("delayWords", {"at": "12:00"}, "at the next 12:00 PM"),
    ("delayWords", {"for": {"days": 1}, "at": "23:59"}, "1 day later at 11:59 PM"),
    ("conditionWords", {"signal": "sms.replied"}, "the contact replied by text"),
    ("conditionWords", {"signal": "visit.cancelled"}, "the contact had the visit canceled"),
    ("conditionWords", {"not": {"all": [{"signal": "sms.replied", "since": "confirm-text"}, {"signal": "job.booked", "since": "enrolled"}]}},
     "not: (the contact replied by text after the step “Ask to confirm” and the contact booked a job)"),
    ("conditionWords", {"signal": "link.clicked", "since": "until-day-7"}, "the contact clicked a link after a step that is gone"),
    ("conditionWords", {"any": [{"signal": "job.booked"}, {"not": {"field": "contact.vip", "equals": True}}]},
     "the contact booked a job or not: the contact's vip is yes"),
    ("conditionWords", {"field": "record.balance", "greater_than": 50}, "the visit's balance is more than 50"),
    ("conditionWords", {"signal": "lead.created", "where": {"source": "web", "budget": {"greater_than": 5000}}},
     "the contact became a lead, where source is “web” and budget is more than 5000"),
    ("stepTitle", {"kind": "message", "channel": "sms"}, "Text message"),
    ("stepTitle", {"kind": "delay", "name": "Over the weekend", "for": {"days": 2}}, "Over the weekend"),
    ("stepSummary", {"kind": "message", "channel": "email", "content": {
        "subject": "Hello {{ contact.first_name | default: 'there' }}", "text": "From {{business.name}}"}},
     "Hello [first name] · From [business name]"),
    ("stepSummary", {"kind": "branch", "within": {"days": 2}, "paths": [{"name": "yes"}, {"name": "no"}]},
     "Waits up to 2 days for “yes” or “no”"),
    ("reasonWords", "quiet_hours", "quiet hours"),
    ("reasonWords", "never_heard_of", "never heard of"),
    ("channelName", "door-hanger", "door hanger"),
]


@pytest.fixture
def say(page):
    def call(function, value):
        return page.evaluate(
            "([name, value]) => import('./words.js').then((words) => words[name](value, 'visit', new Map([['confirm-text', 'Ask to confirm']])))",
            [function, value])

    return call


def test_definitions_in_words(say):
    assert [(function, say(function, value)) for function, value, _ in CASES] == [
        (function, words) for function, _, words in CASES]


def test_a_message_from_nobody_known(page):
    title = page.evaluate("""async () => {
        const { happening } = await import("./views/happenings.js");
        return happening({ type: "inbound.unmatched", channel: "sms" }, { zone: "America/New_York" }).title;
    }""")
    assert title == "Text message: message from someone unknown"
