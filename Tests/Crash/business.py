"""What the service under fire works on: three workflows, and contacts in several time zones."""

START = "2026-03-02T15:00:00Z"
ZONES = ["America/New_York", "America/Los_Angeles", "Europe/London", "Asia/Kolkata", None]

# One that a contact enters once for ever: its enrollment may be repeated without an idempotency key.
CARE = {
    "name": "Care", "reentry": "never",
    "exits": [{"name": "booked", "when": {"signal": "job.booked"}}],
    "steps": [
        {"id": "text", "kind": "message", "channel": "sms", "content": {"text": "Hi {{ contact.first_name }}"}},
        {"id": "hour", "kind": "delay", "for": {"hours": 1}},
        {"id": "mail", "kind": "message", "channel": "email", "content": {"subject": "Hello", "text": "{{ contact.first_name }}"}},
        {"id": "reply", "kind": "branch", "within": {"hours": 3},
         "paths": [{"name": "yes", "when": {"signal": "sms.replied"}, "steps": [
             {"id": "call", "kind": "message", "channel": "call_reminder", "content": {"title": "Call {{ contact.first_name }}"}}]}],
         "otherwise": {"steps": [{"id": "quiet", "kind": "flag", "flag": "quiet"}]}},
        {"id": "morning", "kind": "delay", "for": {"days": 1}, "at": "10:00"},
        {"id": "later", "kind": "message", "channel": "sms", "content": {"text": "Still there, {{ contact.first_name }}?"}},
    ]}
# One that a contact may enter again: a repeated enrollment needs its idempotency key to be one.
QUICK = {
    "name": "Quick", "steps": [
        {"id": "mail", "kind": "message", "channel": "email", "content": {"subject": "Quick", "text": "{{ contact.first_name }}"}},
        {"id": "call", "kind": "message", "channel": "call_reminder", "content": {"title": "Call {{ contact.first_name }}"}},
        {"id": "pause", "kind": "delay", "for": {"minutes": 30}},
        {"id": "text", "kind": "message", "channel": "sms", "quiet_hours": "ignore",
         "content": {"text": "Bye {{ contact.first_name }}"}},
    ]}
# One that a signal starts.
LEAD = {
    "name": "Lead", "entry": {"triggers": [{"signal": "lead.created"}]}, "reentry": "never",
    "steps": [
        {"id": "text", "kind": "message", "channel": "sms", "content": {"text": "Welcome {{ contact.first_name }}"}},
        {"id": "wait", "kind": "delay", "for": {"hours": 2}},
        {"id": "mail", "kind": "message", "channel": "email", "content": {"subject": "Welcome", "text": "{{ contact.first_name }}"}},
    ]}
WORKFLOWS = {"care": CARE, "quick": QUICK, "lead": LEAD}


def draft(number):
    """A definition that says which number it has."""
    return {"name": "Draft", "description": str(number), "steps": [
        {"id": "text", "kind": "message", "channel": "sms", "content": {"text": f"Number {number}"}}]}


def open_business(daemon):
    """Settings and the workflows; each command may have been done before."""
    daemon.call("settings.put", {"time_zone": "America/New_York", "notifications": {
        "quiet_hours": {"start": "20:00", "end": "09:00", "channels": {"email": None}}}})
    for name, definition in WORKFLOWS.items():
        daemon.call("workflow.create", {"id": name, "definition": definition}, key=f"create-{name}")
        daemon.call("workflow.activate", {"workflow": name}, key=f"activate-{name}")


def person(id, number):
    """A contact with both addresses."""
    fields = {"first_name": id, "phone": f"+1555{number % 10_000_000:07}", "email": f"{id}@example.com"}
    if zone := ZONES[number % len(ZONES)]:
        fields["time_zone"] = zone
    return {"id": id, "fields": fields}
