"""Contacts and workflows that tests of the page begin with."""

GREETING = {
    "name": "Greeting",
    "description": "Says hello and comes back a day later.",
    "exits": [{"name": "replied", "when": {"signal": "sms.replied"}}],
    "steps": [
        {"id": "hello", "kind": "message", "name": "Hello", "channel": "sms",
         "content": {"text": "Hi {{ contact.first_name }}, thanks for calling {{ business.name }}!"}},
        {"id": "wait", "kind": "delay", "name": "A day later", "for": {"days": 1}, "at": "10:00"},
        {"id": "mail", "kind": "message", "name": "How can we help", "channel": "email",
         "content": {"subject": "How can we help?", "text": "Just reply to this email."}},
    ],
}
PEOPLE = {
    "c-ann": {"first_name": "Ann", "last_name": "Baker", "phone": "+12125550101", "email": "ann@example.com"},
    "c-ben": {"first_name": "Ben", "last_name": "Carter", "phone": "+12125550102", "email": "ben@example.com",
              "time_zone": "America/Los_Angeles"},
    "c-dan": {"first_name": "Dan", "last_name": "Engel", "phone": "+12125550104", "email": "dan@example.com"},
    "c-eve": {"first_name": "Eve", "last_name": "Foster", "email": "eve@example.com"},
}


def greeting(service, *inside, state="activate"):
    """The workflow "greeting", with contacts inside who got its text and wait for the next day."""
    service.call("workflow.create", {"id": "greeting", "definition": GREETING})
    if state:
        service.call(f"workflow.{state}", {"workflow": "greeting"})
    for contact in inside:
        service.call("enrollment.create", {"workflow": "greeting", "contact": {"id": contact, "fields": PEOPLE[contact]}})
    if inside:
        service.call("clock.advance", {"by": {"minutes": 5}})
