"""Every create, read, update and delete of every object, as a sibling service does it, over real sockets."""

import json

import pytest

from conftest import Daemon

START = "2026-03-02T15:00:00Z"  # Monday, 10:00 in New York
SEED_CONTACT = {"first_name": "Ann", "phone": "+12125550101", "email": "ann@example.com"}


def sms(step, text="Hi {{ contact.first_name | default: 'there' }}"):
    return {"id": step, "kind": "message", "channel": "sms", "content": {"text": text}}


def wait(step, **length):
    return {"id": step, "kind": "delay", "for": length}


BRANCH = {"id": "asked", "kind": "branch", "within": {"days": 1}, "paths": [
    {"name": "yes", "when": {"signal": "sms.replied"}, "steps": [sms("thanks")]},
    {"name": "no", "when": {"signal": "link.clicked"}, "steps": []}]}


def definition(*steps, **members):
    return {"name": "Follow-up", "steps": list(steps), **members}


def tree(steps):
    """The ids of a definition's steps: an id, or an id with its paths."""
    def shown(step):
        if step["kind"] != "branch":
            return step["id"]
        paths = {path["name"]: tree(path.get("steps", [])) for path in step["paths"]}
        paths["otherwise"] = tree(step.get("otherwise", {}).get("steps", []))
        return {step["id"]: paths}
    return [shown(step) for step in steps]


def pages(daemon, op, name, limit, **args):
    """All elements of a list, page by page; no page is longer than the limit and none but the last shorter."""
    result = daemon.call(op, {"limit": limit, **args})
    elements = result[name]
    while "next" in result:
        assert len(result[name]) == limit
        result = daemon.call(op, {"limit": limit, "cursor": result["next"], **args})
        assert result[name]
        elements += result[name]
    return elements


def executions(daemon, **args):
    return pages(daemon, "execution.list", "executions", 200, order="oldest", **args)


def outbox(daemon, channel="sms"):
    path = daemon.data / "channels" / channel / "outbox.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def advance(daemon, **length):
    return daemon.call("clock.advance", {"by": length})


@pytest.fixture
def service(daemon):
    """A service whose business has a zone and no quiet hours."""
    daemon.call("settings.put", {
        "time_zone": "America/New_York", "business": {"name": "Evergreen"}, "notifications": {"quiet_hours": None}})
    return daemon


def active(daemon, id, *steps, **members):
    daemon.call("workflow.create", {"id": id, "definition": definition(*steps, **members)})
    return daemon.call("workflow.activate", {"workflow": id})


def enroll(daemon, workflow, contact="ann", **args):
    return daemon.call("enrollment.create", {
        "workflow": workflow, "contact": {"id": contact, "fields": SEED_CONTACT}, **args})


# The service itself


def test_hello_and_clock(daemon):
    hello = daemon.call("system.hello")
    assert hello["protocol"] == 1 and hello["now"] == START and hello["clock"] == "simulated"
    assert hello["events"]["head"] == 0
    assert hello["limits"]["line_bytes"] == 1 << 20 and hello["limits"]["bulk_enrollments"] == 1_000
    nouns = {op.split(".")[0] for op in hello["ops"]}
    assert nouns >= {"workflow", "step", "enrollment", "template", "execution", "signal", "contact", "record",
                     "settings", "channel", "events", "clock", "system"}
    assert daemon.call("clock.get") == {"now": START, "clock": "simulated"}
    assert advance(daemon, days=1)["now"] == "2026-03-03T15:00:00Z"
    assert daemon.call("clock.advance", {"to": "2026-03-04T00:00:00Z"})["now"] == "2026-03-04T00:00:00Z"
    assert daemon.call("clock.get")["now"] == "2026-03-04T00:00:00Z"
    assert daemon.refused("clock.advance", {"to": START})["code"] == "invalid_value"
    daemon.call("clock.advance", {"to": "9999-12-31T00:00:00Z"})
    assert daemon.refused("clock.advance", {"by": {"days": 1}})["code"] == "invalid_value"
    assert daemon.refused("clock.advance")["code"] == "missing_field"
    assert daemon.refused("clock.advance", {"to": START, "by": {"days": 1}})["code"] == "invalid_value"


def test_the_clock_of_the_machine_is_not_moved(tmp_path):
    daemon = Daemon(tmp_path)
    try:
        daemon.start()
        assert daemon.refused("clock.advance", {"by": {"days": 1}})["code"] == "clock_not_simulated"
    finally:
        daemon.close()


def test_channels(daemon):
    channels = {channel["name"]: channel for channel in daemon.call("channel.list")["channels"]}
    assert set(channels) == {"sms", "email", "call_reminder"}
    assert all(channel["waiting"] == 0 for channel in channels.values())


def test_settings(daemon):
    assert daemon.call("settings.get") == {}
    first = daemon.call("settings.put", {"time_zone": "Europe/London", "business": {"name": "Evergreen", "phone": "1"}})
    assert daemon.call("settings.get") == first
    daemon.call("settings.put", {
        "business": {"name": "Evergreen"}, "senders": {"sms": "+15550100"},
        "notifications": {"quiet_hours": {"start": "21:00", "end": "08:00", "channels": {"email": None}}}})
    settings = daemon.call("settings.get")
    assert settings["time_zone"] == "Europe/London" and settings["business"] == {"name": "Evergreen"}
    assert settings["notifications"]["quiet_hours"]["start"] == "21:00"
    daemon.call("settings.put", {"senders": None})
    assert "senders" not in daemon.call("settings.get")
    for wrong, path in [({"time_zone": "Mars/Olympus"}, "args.time_zone"), ({"busines": {}}, "args.busines"),
                        ({"notifications": {"quiet_hours": {"start": "25:00", "end": "08:00"}}},
                         "args.notifications.quiet_hours.start")]:
        assert daemon.refused("settings.put", wrong)["path"] == path
    assert daemon.call("settings.get")["time_zone"] == "Europe/London"


# Facts


def test_contacts(daemon):
    result = daemon.call("contact.put", {"id": "ann", "fields": {**SEED_CONTACT, "tags": ["vip", {"since": 2020}]}})
    assert result["created"]
    merged = daemon.call("contact.put", {"id": "ann", "fields": {"email": None, "last_name": "Österreich 🌻"}})
    assert not merged["created"]
    assert daemon.call("contact.get", {"id": "ann"})["fields"] == {
        "first_name": "Ann", "phone": "+12125550101", "tags": ["vip", {"since": 2020}], "last_name": "Österreich 🌻"}
    for number in range(6):
        daemon.call("contact.put", {"id": f"c-{number}"})
    assert [one["id"] for one in pages(daemon, "contact.list", "contacts", 3)] == ["ann"] + [f"c-{n}" for n in range(6)]
    assert daemon.call("contact.delete", {"id": "c-0"})["deleted"]
    assert daemon.refused("contact.get", {"id": "c-0"})["code"] == "not_found"
    assert daemon.refused("contact.delete", {"id": "c-0"})["code"] == "not_found"
    assert "c-0" not in [one["id"] for one in pages(daemon, "contact.list", "contacts", 2)]
    assert daemon.refused("contact.put", {"id": ""})["code"] == "invalid_value"
    assert daemon.refused("contact.put", {"id": "x", "fields": {"time_zone": "Nowhere"}})["path"] == "args.fields.time_zone"
    assert daemon.refused("contact.put", {"id": "x", "fields": {"first_name": 7}})["code"] == "invalid_value"
    assert daemon.refused("contact.get", {"id": "x"})["code"] == "not_found"


def test_records(daemon):
    assert daemon.call("record.put", {"type": "invoice", "id": "i-1", "fields": {"balance": 10.5, "a": 1}})["created"]
    assert not daemon.call("record.put", {"type": "invoice", "id": "i-1", "fields": {"a": None, "n": 2}})["created"]
    assert daemon.call("record.get", {"type": "invoice", "id": "i-1"})["fields"] == {"balance": 10.5, "n": 2}
    for number in range(5):
        daemon.call("record.put", {"type": "job", "id": f"j-{number}"})
    assert len(pages(daemon, "record.list", "records", 2)) == 6
    assert [one["id"] for one in pages(daemon, "record.list", "records", 2, type="job")] == [f"j-{n}" for n in range(5)]
    assert daemon.call("record.delete", {"type": "job", "id": "j-0"})["deleted"]
    assert daemon.refused("record.get", {"type": "job", "id": "j-0"})["code"] == "not_found"
    assert daemon.refused("record.get", {"type": "job", "id": "i-1"})["code"] == "not_found"
    assert len(pages(daemon, "record.list", "records", 200)) == 5


def test_a_record_in_use_is_not_deleted(service):
    active(service, "w", wait("long", days=9), sms("late"), entry={"record": "job"})
    assert service.refused("enrollment.create", {"workflow": "w", "contact": {"id": "a", "fields": {}}})["code"] == "record_required"
    one = enroll(service, "w", record={"type": "job", "id": "j", "fields": {}})
    assert one["record"] == {"type": "job", "id": "j"}
    assert service.refused("record.delete", {"type": "job", "id": "j"})["code"] == "in_use"
    service.call("enrollment.delete", {"enrollment": one["id"]})
    assert service.call("record.delete", {"type": "job", "id": "j"})["deleted"]


# Workflows


def test_a_workflow_from_draft_to_deletion(service):
    made = service.call("workflow.create", {"id": "w", "definition": definition(sms("hello"))})
    assert (made["state"], made["rev"], made["version"]) == ("draft", 1, 1)
    assert service.call("workflow.get", {"workflow": "w"}) == made
    assert service.refused("workflow.create", {"id": "w", "definition": definition()})["code"] == "already_exists"
    assert service.refused("enrollment.create", {"workflow": "w", "contact": {"id": "a", "fields": {}}})["code"] == "workflow_not_active"
    changed = service.call("workflow.update", {"workflow": "w", "changes": {"description": "What for"}})
    assert (changed["rev"], changed["version"], changed["description"]) == (2, 2, "What for")
    assert changed["hash"] != made["hash"]
    same = service.call("workflow.update", {"workflow": "w", "changes": {"description": "What for"}})
    assert (same["rev"], same["version"]) == (2, 2)
    whole = service.call("workflow.update", {"workflow": "w", "definition": definition(sms("hello"), wait("day", days=1))})
    assert whole["definition"]["description"] == "" and tree(whole["definition"]["steps"]) == ["hello", "day"]
    assert service.call("workflow.get", {"workflow": "w", "version": 2})["definition"] == changed["definition"]
    versions = pages(service, "workflow.versions", "versions", 2, workflow="w")
    assert [version["version"] for version in versions] == [3, 2, 1]
    assert [version["newest"] for version in versions] == [True, False, False]
    copy = service.call("workflow.duplicate", {"workflow": "w", "id": "copy"})
    assert copy["name"] == "Copy of Follow-up" and copy["state"] == "draft"
    assert copy["definition"]["steps"] == whole["definition"]["steps"]
    assert service.call("workflow.delete", {"workflow": "copy"}) == {"deleted": True, "unenrolled": 0, "more": False}
    assert service.refused("workflow.get", {"workflow": "copy"})["code"] == "not_found"


def test_states(service):
    service.call("workflow.create", {"id": "w", "definition": {"name": "Empty"}})
    assert service.refused("workflow.activate", {"workflow": "w"})["code"] == "workflow_empty"
    service.call("step.create", {"workflow": "w", "step": sms("hello")})
    assert service.refused("workflow.pause", {"workflow": "w"})["code"] == "workflow_not_active"
    contact = {"workflow": "w", "contact": {"id": "ann", "fields": SEED_CONTACT}}
    for op, state, code in [("activate", "active", None), ("pause", "paused", "workflow_paused"),
                            ("halt", "halted", "workflow_halted"), ("activate", "active", None)]:
        assert service.call(f"workflow.{op}", {"workflow": "w"})["state"] == state
        if code:
            assert service.refused("enrollment.create", contact)["code"] == code
    assert service.call("enrollment.create", contact)["created"]
    assert service.refused("workflow.update", {"workflow": "w", "changes": {"steps": []}})["code"] == "workflow_empty"


def test_what_activation_needs(daemon):
    daemon.call("workflow.create", {"id": "w", "definition": definition(sms("hello"))})
    assert daemon.refused("workflow.activate", {"workflow": "w"})["code"] == "time_zone_missing"
    daemon.call("settings.put", {"time_zone": "Asia/Tokyo"})
    daemon.call("workflow.update", {"workflow": "w", "changes": {"steps": [{**sms("hello"), "channel": "pigeon"}]}})
    refusal = daemon.refused("workflow.activate", {"workflow": "w"})
    assert refusal["code"] == "channel_unknown" and refusal["details"] == {"channel": "pigeon"}


def test_lists_of_workflows(service):
    for number in range(7):
        service.call("workflow.create", {"id": f"w-{number}", "definition": definition(sms("hello"))})
    service.call("workflow.activate", {"workflow": "w-3"})
    assert [one["id"] for one in pages(service, "workflow.list", "workflows", 3)] == [f"w-{n}" for n in range(7)]
    assert [one["id"] for one in pages(service, "workflow.list", "workflows", 3, state="active")] == ["w-3"]
    assert len(pages(service, "workflow.list", "workflows", 7)) == 7


def test_ids_are_made_of_names(service):
    first = service.call("workflow.create", {"definition": {"name": "Über Lead: Follow-Up!"}})["id"]
    second = service.call("workflow.create", {"definition": {"name": "Über Lead: Follow-Up!"}})["id"]
    assert first != second and first.isascii() and second.isascii()


def test_deleting_a_workflow_with_contacts_inside(service):
    active(service, "w", sms("hello"), wait("long", days=9), sms("late"))
    one = enroll(service, "w")["id"]
    advance(service, minutes=1)
    refusal = service.refused("workflow.delete", {"workflow": "w"})
    assert refusal["code"] == "in_use"
    assert service.call("workflow.delete", {"workflow": "w", "unenroll": True}) == {"deleted": True, "unenrolled": 1, "more": False}
    advance(service, days=20)
    assert len(outbox(service)) == 1
    assert service.call("enrollment.get", {"enrollment": one})["state"] == "unenrolled"
    rows = executions(service, contact="ann")
    assert [row["type"] for row in rows] == ["message.sent"] and rows[0]["workflow"] == "w"


def test_preview_sends_nothing(service):
    service.call("workflow.create", {"id": "w", "definition": definition(
        sms("hello"), {"id": "day", "kind": "delay", "for": {"days": 1}, "at": "10:00"}, sms("again"))})
    head = service.call("system.hello")["events"]["head"]
    result = service.call("workflow.preview", {"workflow": "w", "contact": {"fields": SEED_CONTACT}, "at": "2026-03-07T20:00:00Z"})
    assert [(step["step"], step["at"], step["local"]) for step in result["steps"]] == [
        ("hello", "2026-03-07T20:00:00Z", "2026-03-07T15:00:00-05:00"),
        ("day", "2026-03-08T14:00:00Z", "2026-03-08T10:00:00-04:00"),
        ("again", "2026-03-08T14:00:00Z", "2026-03-08T10:00:00-04:00")]
    assert result["steps"][0]["content"] == {"text": "Hi Ann"}
    advance(service, days=2)
    assert outbox(service) == [] and service.call("system.hello")["events"]["head"] == head


def test_bad_definitions_name_their_path(service):
    for steps, code, path in [
        ([{**wait("x"), "for": {"dais": 1}}], "unknown_field", "args.definition.steps[0].for.dais"),
        ([sms("a"), sms("a")], "invalid_value", "args.definition.steps[1].id"),
        ([sms("a", "{{ contact.name | upcase }}")], "invalid_value", "args.definition.steps[0].content.text"),
        ([{"id": "b", "kind": "branch", "paths": [{"name": "p", "when": {"signal": "x.y", "since": "gone"}}]}],
         "invalid_value", "args.definition.steps[0].paths[0].when"),
        ([BRANCH, sms("thanks")], "invalid_value", "args.definition.steps[1].id"),
        ([sms("thanks"), BRANCH], "invalid_value", "args.definition.steps[1].paths[0].steps[0].id"),
        ([{"id": "a", "kind": "mesage"}], "invalid_value", "args.definition.steps[0].kind"),
    ]:
        error = service.refused("workflow.create", {"id": "w", "definition": definition(*steps)})
        assert (error["code"], error["path"]) == (code, path)
    assert service.call("workflow.list")["workflows"] == []


# Steps


def test_steps(service):
    service.call("workflow.create", {"id": "w", "definition": definition(sms("a"), BRANCH, sms("z"))})

    def move(step, **place):
        return tree(service.call("step.move", {"workflow": "w", "step": step, "place": place})["definition"]["steps"])

    made = service.call("step.create", {"workflow": "w", "step": {"kind": "flag", "flag": "hot"}, "place": {"after": "a"}})
    flag = made["step"]
    assert tree(made["definition"]["steps"]) == ["a", flag, {"asked": {"yes": ["thanks"], "no": [], "otherwise": []}}, "z"]
    found = service.call("step.get", {"workflow": "w", "step": flag})
    assert found["step"] == {"id": flag, "kind": "flag", "flag": "hot"} and found["place"] == {"index": 1}
    assert move(flag, branch="asked", path="no") == ["a", {"asked": {"yes": ["thanks"], "no": [flag], "otherwise": []}}, "z"]
    assert service.call("step.get", {"workflow": "w", "step": flag})["place"] == {"branch": "asked", "path": "no", "index": 0}
    assert move("a", before="thanks") == [{"asked": {"yes": ["a", "thanks"], "no": [flag], "otherwise": []}}, "z"]
    assert move("thanks", branch="asked", path="otherwise") == [{"asked": {"yes": ["a"], "no": [flag], "otherwise": ["thanks"]}}, "z"]
    assert move("a", index=0) == ["a", {"asked": {"yes": [], "no": [flag], "otherwise": ["thanks"]}}, "z"]
    assert move("thanks", after="z") == ["a", {"asked": {"yes": [], "no": [flag], "otherwise": []}}, "z", "thanks"]
    assert move("asked") == ["a", "z", "thanks", {"asked": {"yes": [], "no": [flag], "otherwise": []}}]

    changed = service.call("step.update", {"workflow": "w", "step": flag, "changes": {"note": "call", "flag": "cold"}})
    assert service.call("step.get", {"workflow": "w", "step": flag})["step"] == {
        "id": flag, "kind": "flag", "flag": "cold", "note": "call"}
    assert changed["rev"] == service.call("workflow.get", {"workflow": "w"})["rev"]
    listed = service.call("step.list", {"workflow": "w"})["steps"]
    assert [step["id"] for step in listed] == ["a", "z", "thanks", "asked", flag]
    assert listed[4]["place"] == {"branch": "asked", "path": "no", "index": 0}
    assert tree(service.call("step.delete", {"workflow": "w", "step": "asked"})["definition"]["steps"]) == ["a", "z", "thanks"]
    assert service.refused("step.get", {"workflow": "w", "step": flag})["code"] == "not_found"


def test_steps_that_cannot_be(service):
    service.call("workflow.create", {"id": "w", "definition": definition(sms("a"), BRANCH)})
    before = service.call("workflow.get", {"workflow": "w"})
    for op, args, code in [
        ("step.create", {"step": sms("thanks")}, "already_exists"),
        ("step.create", {"step": {"id": "x", "kind": "delay"}}, "missing_field"),
        ("step.create", {"step": sms("x"), "place": {"after": "gone"}}, "not_found"),
        ("step.create", {"step": sms("x"), "place": {"branch": "asked", "path": "maybe"}}, "not_found"),
        ("step.create", {"step": sms("x"), "place": {"branch": "asked"}}, "invalid_value"),
        ("step.create", {"step": sms("x"), "place": {"index": 0, "after": "a"}}, "invalid_value"),
        ("step.move", {"step": "asked", "place": {"branch": "asked", "path": "yes"}}, "not_found"),
        ("step.move", {"step": "asked", "place": {"before": "thanks"}}, "not_found"),
        ("step.move", {"step": "gone", "place": {"index": 0}}, "not_found"),
        ("step.update", {"step": "a", "changes": {"id": "thanks"}}, "already_exists"),
        ("step.update", {"step": "a", "changes": {}}, "missing_field"),
        ("step.update", {"step": "a", "changes": {"chanel": "email"}}, "unknown_field"),
        ("step.delete", {"step": "gone"}, "not_found"),
    ]:
        error = service.refused(op, {"workflow": "w", **args})
        assert error["code"] == code, (op, args, error)
    assert service.call("workflow.get", {"workflow": "w"}) == before


# Templates


def test_templates(service):
    shipped = [one["id"] for one in pages(service, "template.list", "templates", 3)]
    assert shipped == ["new-lead-follow-up", "payment-overdue-escalation", "post-job-review-request", "recurring-service-reminder"]
    for name in shipped:
        made = service.call("workflow.create", {"template": name})
        assert made["definition"] == service.call("template.get", {"template": name})["definition"]
        assert service.call("workflow.activate", {"workflow": made["id"]})["state"] == "active"
    mine = service.call("template.create", {"id": "mine", "definition": definition(sms("hello"))})
    assert (mine["name"], mine["rev"]) == ("Follow-up", 1)
    assert service.refused("template.create", {"id": "mine", "definition": definition()})["code"] == "already_exists"
    other = service.call("template.create", {"id": "other", "workflow": "new-lead-follow-up", "name": "Ours"})
    assert other["name"] == "Ours"
    changed = service.call("template.update", {
        "template": "mine", "name": "Greeting", "definition": definition(sms("hello"), wait("w", days=1))}, if_rev=1)
    assert changed["rev"] == 2 and tree(changed["definition"]["steps"]) == ["hello", "w"]
    assert service.call("template.get", {"template": "mine"}) == changed
    error = service.refused("template.update", {"template": "mine", "name": "x"}, if_rev=1)
    assert error["code"] == "rev_mismatch" and error["details"] == {"rev": 2}
    assert service.call("template.delete", {"template": "mine"})["deleted"]
    assert service.refused("template.get", {"template": "mine"})["code"] == "not_found"
    service.call("template.delete", {"template": shipped[0]})
    service.kill()
    service.start()
    assert service.refused("template.get", {"template": shipped[0]})["code"] == "not_found"


def test_a_shipped_template_can_be_brought_back(service):
    def rest(template):
        return {name: value for name, value in template.items() if name not in ("rev", "created_at", "updated_at")}

    id = "new-lead-follow-up"
    before = service.call("template.get", {"template": id})
    service.call("template.delete", {"template": id})
    assert service.call("template.restore", {"template": id})["id"] == id
    assert rest(service.call("template.get", {"template": id})) == rest(before)
    service.call("template.update", {"template": id, "name": "Ours", "definition": definition(sms("hello"))})
    assert service.refused("template.restore", {"template": id}, if_rev=1)["code"] == "rev_mismatch"
    assert service.call("template.restore", {"template": id}, if_rev=2)["rev"] == 3
    after = service.call("template.get", {"template": id})
    assert rest(after) == rest(before)
    assert service.call("template.restore", {"template": id})["rev"] == 3
    error = service.refused("template.restore", {"template": "new-lead-folow-up"})
    assert error["code"] == "not_found" and id in error["hint"]
    types = [event["type"] for event in service.call("events.read", {"after": 0, "families": ["template"]})["events"]]
    assert types[-4:] == ["template.deleted", "template.created", "template.updated", "template.updated"]


# What takes one of a closed list


@pytest.mark.parametrize("op, args, member, wrong, nearest", [
    ("execution.list", {}, "types", ["message.skiped"], "message.skipped"),
    ("execution.list", {}, "types", ["message.sent", "flag.raise"], "flag.raised"),
    ("execution.list", {}, "order", "newst", "newest"),
    ("events.read", {"after": 0}, "families", ["mesage"], "message"),
    ("workflow.list", {}, "state", "activ", "active"),
    ("enrollment.list", {}, "state", "activ", "active"),
    ("execution.resolve", {"enrollment": "en_1", "step": "x"}, "outcome", "resent", "resend"),
    ("system.log_level", {}, "level", "waring", "warning"),
    ("key.create", {"name": "n", "public_key": "k"}, "role", "operater", "operator"),
    ("key.update", {"name": "n"}, "role", "operater", "operator"),
])
def test_a_misspelt_word_is_refused_with_the_nearest(service, op, args, member, wrong, nearest):
    error = service.refused(op, {**args, member: wrong})
    assert error["code"] == "invalid_value" and error["path"].startswith(f"args.{member}")
    assert f'Did you mean "{nearest}"?' in error["hint"]


# Enrollments


def test_enrollments(service):
    active(service, "w", sms("hello"), wait("day", days=1), sms("again"))
    one = enroll(service, "w", source={"kind": "smart_automation", "rule": "r-1"})
    assert one["created"] and one["state"] == "active" and one["source"] == {"kind": "smart_automation", "rule": "r-1"}
    again = enroll(service, "w")
    assert not again["created"] and again["id"] == one["id"]
    advance(service, minutes=1)
    standing = service.call("enrollment.get", {"enrollment": one["id"]})
    assert (standing["step"], standing["waits_for"], standing["next_at"]) == ("day", "delay", "2026-03-03T15:00:00Z")
    assert standing["next_at_local"] == "2026-03-03T10:00:00-05:00"
    assert [visit["step"] for visit in standing["path"]] == ["hello", "day"]
    ended = service.call("enrollment.delete", {"enrollment": one["id"]})
    assert ended["state"] == "unenrolled" and ended["in_flight"] is False
    assert service.refused("enrollment.delete", {"enrollment": one["id"]})["code"] == "not_active"
    advance(service, days=3)
    assert len(outbox(service)) == 1
    second = enroll(service, "w")
    assert second["created"] and second["id"] != one["id"]
    advance(service, days=3)
    assert service.call("enrollment.get", {"enrollment": second["id"]})["state"] == "finished"
    assert [message["content"]["text"] for message in outbox(service)] == ["Hi Ann"] * 3
    assert service.refused("enrollment.get", {"enrollment": "en_999"})["code"] == "not_found"
    assert service.refused("enrollment.get", {"enrollment": "x"})["code"] == "invalid_value"


def test_bulk_enrollment(service):
    active(service, "w", sms("hello"), wait("day", days=1), sms("again"), entry={"record": "job"})
    service.call("contact.put", {"id": "known"})
    entries = [{"contact": {"id": f"c-{n}", "fields": SEED_CONTACT}, "record": {"type": "job", "id": f"j-{n}", "fields": {}}}
               for n in range(995)]
    entries += [{"contact": "known", "record": {"type": "job", "id": "j-0"}}, {"contact": "unknown"},
                {"contact": "known"}, {"contact": "known", "record": {"type": "job", "id": "gone"}}, entries[0]]
    result = service.call("enrollment.create", {"workflow": "w", "contacts": entries, "source": "import"})
    assert (result["created"], result["refused"], len(result["results"])) == (996, 3, 1_000)
    errors = [(one["error"]["code"], one["error"]["path"]) for one in result["results"][996:999]]
    assert errors == [("not_found", "args.contacts[996].contact"), ("record_required", "args.contacts[997].record"),
                      ("not_found", "args.contacts[998].record")]
    assert result["results"][999] == {**result["results"][0], "created": False}
    assert service.refused("enrollment.create", {"workflow": "w", "contacts": entries + entries[:1]})["code"] == "invalid_value"
    assert service.refused("enrollment.create", {"workflow": "w", "contacts": []})["code"] == "invalid_value"
    inside = pages(service, "enrollment.list", "enrollments", 200, workflow="w", state="active")
    assert len(inside) == len({one["id"] for one in inside}) == 996
    assert service.call("workflow.stats", {"workflow": "w"})["inside"] == 996


def test_lists_of_enrollments(service):
    active(service, "a", wait("long", days=9), sms("late"))
    active(service, "b", wait("long", days=9), sms("late"))
    for name in ("a", "b"):
        for contact in ("x", "y", "z"):
            enroll(service, name, contact)
    last = service.call("enrollment.list", {"limit": 1})["enrollments"][0]
    service.call("enrollment.delete", {"enrollment": last["id"]})
    assert len(pages(service, "enrollment.list", "enrollments", 2)) == 6
    assert len(pages(service, "enrollment.list", "enrollments", 2, workflow="a")) == 3
    assert len(pages(service, "enrollment.list", "enrollments", 2, contact="x")) == 2
    assert len(pages(service, "enrollment.list", "enrollments", 2, workflow="b", state="active")) == 2
    assert len(pages(service, "enrollment.list", "enrollments", 2, contact="y", workflow="b")) == 1
    assert [one["id"] for one in pages(service, "enrollment.list", "enrollments", 2, state="unenrolled")] == [last["id"]]


@pytest.mark.parametrize("reentry, allowed_at_once, allowed_later", [
    ("after_finish", True, True), ("never", False, False),
    ({"rule": "after_finish", "cooldown": {"days": 2}}, False, True)])
def test_reentry(service, reentry, allowed_at_once, allowed_later):
    active(service, "w", sms("hello"), reentry=reentry)
    first = enroll(service, "w")
    advance(service, minutes=1)
    contact = {"workflow": "w", "contact": "ann"}
    for days, allowed in ((0, allowed_at_once), (3, allowed_later)):
        advance(service, days=days, minutes=1)
        reply = service.reply("enrollment.create", contact)
        assert reply["ok"] == allowed
        if not allowed:
            assert reply["error"]["code"] == "reentry_not_allowed"
            assert reply["error"]["details"]["last"] == first["id"]
        advance(service, minutes=1)


# Signals


def test_signals(service):
    active(service, "w", sms("hello"), BRANCH, sms("after"), entry={"triggers": [{"signal": "lead.created", "where": {"source": "web"}}]},
           exits=[{"name": "booked", "when": {"signal": "job.booked"}}])
    contact = {"id": "ann", "fields": SEED_CONTACT}
    assert service.refused("signal.send", {"name": "lead.created", "contact": "nobody"})["code"] == "not_found"
    other = service.call("signal.send", {"name": "lead.created", "contact": contact, "data": {"source": "phone"}})
    assert other["enrolled"] == []
    first = service.call("signal.send", {
        "name": "lead.created", "contact": contact, "data": {"source": "web"}, "signal_id": "s-1"})
    assert len(first["enrolled"]) == 1 and not first["duplicate"]
    repeated = service.call("signal.send", {
        "name": "lead.created", "contact": contact, "data": {"source": "web"}, "signal_id": "s-1"})
    assert repeated == {"enrolled": [], "branched": 0, "exited": 0, "duplicate": True}
    assert service.call("enrollment.get", {"enrollment": first["enrolled"][0]})["source"] == {"kind": "trigger", "signal": "lead.created"}
    advance(service, minutes=1)
    assert service.call("signal.send", {"name": "sms.replied", "contact": "ann"})["branched"] == 1
    advance(service, minutes=1)
    path = service.call("enrollment.get", {"enrollment": first["enrolled"][0]})["path"]
    assert [visit["step"] for visit in path] == ["hello", "asked", "thanks", "after"]
    assert service.refused("signal.send", {"name": "message.sent", "contact": "ann"})["code"] == "invalid_value"


def test_a_repeated_signal_puts_no_old_facts(service):
    send = {"name": "lead.created", "contact": {"id": "ann", "fields": {"phone": "+12125550101"}}, "signal_id": "s-1"}
    service.call("signal.send", send)
    service.call("contact.put", {"id": "ann", "fields": {"phone": "+12125550202"}})
    assert service.call("signal.send", send)["duplicate"]
    assert service.call("contact.get", {"id": "ann"})["fields"]["phone"] == "+12125550202"


def test_a_signal_about_a_record(service):
    active(service, "w", wait("long", days=9), sms("late"), exits=[{"name": "paid", "when": {"signal": "invoice.paid"}}])
    ids = {name: enroll(service, "w", **({"record": {"type": "invoice", "id": name, "fields": {}}} if name else {}))["id"]
           for name in ("i-1", "i-2", "")}
    effect = service.call("signal.send", {"name": "invoice.paid", "contact": "ann", "record": {"type": "invoice", "id": "i-1"}})
    assert effect["exited"] == 2
    assert service.call("enrollment.get", {"enrollment": ids["i-2"]})["state"] == "active"
    assert service.call("signal.send", {"name": "invoice.paid", "contact": "ann"})["exited"] == 1


def test_an_exit_in_the_middle_of_thirty_days(service):
    active(service, "w", sms("hello"), wait("month", days=30), sms("late"),
           exits=[{"name": "replied", "when": {"signal": "sms.replied"}}, {"name": "vip", "when": {"field": "contact.vip", "equals": True}}])
    ids = [enroll(service, "w", contact)["id"] for contact in ("ann", "ben", "eve")]
    advance(service, days=15)
    # In one message with the read behind it: nothing can have happened between the two.
    effect, standing = service.exchange("\n".join(json.dumps(line) for line in [
        {"op": "signal.send", "args": {"name": "sms.replied", "contact": "ann"}},
        {"op": "enrollment.get", "args": {"enrollment": ids[0]}}]))
    assert effect["result"]["exited"] == 1
    assert (standing["result"]["state"], standing["result"]["exit"]) == ("exited", "replied")
    exited = service.call("events.read", {"families": ["enrollment"], "limit": 1000})["events"][-1]
    assert (exited["type"], exited["enrollment"], exited["exit"]) == ("enrollment.exited", ids[0], "replied")
    assert exited["seq"] <= effect["seq"] and exited["at"] == "2026-03-17T15:00:00Z"
    service.call("contact.put", {"id": "ben", "fields": {"vip": True}})
    assert service.call("enrollment.get", {"enrollment": ids[1]})["exit"] == "vip"
    advance(service, days=20)
    assert [message["to"] for message in outbox(service)].count("+12125550101") == 4
    assert {row["enrollment"] for row in executions(service, types=["message.sent"]) if row["step"] == "late"} == {ids[2]}


def test_opting_out(service):
    both = {**sms("hello"), "fallback": {"channel": "email", "content": {"subject": "Hi", "text": "Hi"}}}
    active(service, "w", wait("day", days=1), both, wait("more", days=1), sms("again"))
    one = enroll(service, "w")["id"]
    service.call("signal.send", {"name": "contact.unsubscribed", "contact": "ann", "data": {"channel": "sms"}})
    assert service.call("contact.get", {"id": "ann"})["suppressed"] == ["sms"]
    advance(service, days=1, hours=1)
    assert outbox(service) == [] and len(outbox(service, "email")) == 1
    assert service.call("enrollment.get", {"enrollment": one})["exit"] == "unsubscribed"
    service.call("signal.send", {"name": "contact.unsubscribed", "contact": "ann"})
    assert service.call("contact.get", {"id": "ann"})["suppressed"] is True
    assert service.refused("enrollment.create", {"workflow": "w", "contact": "ann"})["code"] == "contact_suppressed"
    service.call("signal.send", {"name": "contact.resubscribed", "contact": "ann"})
    assert "suppressed" not in service.call("contact.get", {"id": "ann"})
    assert service.call("enrollment.create", {"workflow": "w", "contact": "ann"})["created"]


# Changing what is in use


def test_those_inside_stay_on_the_old_text_and_timing(service):
    active(service, "w", sms("hello", "old 1"), wait("pause", days=2), sms("again", "old 2"), wait("last", days=1), sms("end", "old 3"))
    old = enroll(service, "w", "old")
    advance(service, days=1)
    assert service.call("workflow.update", {"workflow": "w", "definition": definition(
        sms("hello", "new 1"), wait("pause", hours=1), sms("again", "new 2"))})["state"] == "active"
    new = enroll(service, "w", "new")
    assert (old["version"], new["version"]) == (1, 2) and old["version_hash"] != new["version_hash"]
    service.kill()
    service.start()
    advance(service, days=5)
    sent = {(row["contact"], row["content"]["text"], row["at"]) for row in executions(service, types=["message.sent"])}
    assert sent == {
        ("old", "old 1", START), ("old", "old 2", "2026-03-04T15:00:00Z"), ("old", "old 3", "2026-03-05T15:00:00Z"),
        ("new", "new 1", "2026-03-03T15:00:00Z"), ("new", "new 2", "2026-03-03T16:00:00Z")}
    counts = {one["version"]: one["inside"] for one in service.call("workflow.versions", {"workflow": "w"})["versions"]}
    assert not any(counts.values())


def test_pausing_changes_nothing_inside(service):
    active(service, "w", sms("hello"), wait("day", days=1), sms("again"))
    one = enroll(service, "w", "in")["id"]
    service.call("workflow.pause", {"workflow": "w"})
    error = service.refused("enrollment.create", {"workflow": "w", "contact": {"id": "out", "fields": SEED_CONTACT}})
    assert error["code"] == "workflow_paused" and error["retry"] == "later"
    assert service.refused("contact.get", {"id": "out"})["code"] == "not_found"
    assert not service.call("enrollment.create", {"workflow": "w", "contact": "in"})["created"]
    advance(service, days=1, hours=1)
    assert service.call("enrollment.get", {"enrollment": one})["state"] == "finished"
    assert len(outbox(service)) == 2


def test_halting_holds_and_never_bursts(service):
    active(service, "w", sms("hello"), wait("a", hours=12), sms("one"), wait("b", hours=12), sms("two"), wait("c", hours=12), sms("three"))
    enroll(service, "w")
    advance(service, minutes=1)
    service.call("workflow.halt", {"workflow": "w"})
    advance(service, days=2)
    assert len(outbox(service)) == 1
    service.call("workflow.activate", {"workflow": "w"})
    advance(service, minutes=1)
    assert len(outbox(service)) <= 2
    rows = executions(service, contact="ann", types=["message.sent", "message.skipped"])
    assert [row["step"] for row in rows][:3] == ["hello", "one", "two"]
    assert [row["type"] for row in rows].count("message.sent") <= 2


def test_a_moved_anchor_plans_anew(service):
    active(service, "w", {"id": "before", "kind": "delay", "for": {"days": -2}, "from": "record.starts_at"}, sms("soon"))
    one = enroll(service, "w", record={"type": "visit", "id": "v", "fields": {"starts_at": "2026-03-12T15:00:00Z"}})
    assert one["next_at"] == "2026-03-10T14:00:00Z" or one["next_at"] == "2026-03-10T15:00:00Z"
    service.call("record.put", {"type": "visit", "id": "v", "fields": {"starts_at": "2026-03-20T15:00:00Z"}})
    assert service.call("enrollment.get", {"enrollment": one["id"]})["next_at"] == "2026-03-18T15:00:00Z"
    advance(service, days=12)
    assert outbox(service) == []
    advance(service, days=5)
    assert len(outbox(service)) == 1


# History


@pytest.fixture
def history(service):
    """Two workflows, three contacts, two days: 12 messages."""
    for name in ("a", "b"):
        active(service, name, sms("hello"), wait("day", days=1), sms("again"))
        for contact in ("x", "y", "z"):
            enroll(service, name, contact)
    advance(service, days=2)
    return service


def test_executions(history):
    rows = executions(history)
    assert [row["seq"] for row in rows] == sorted(row["seq"] for row in rows)
    assert pages(history, "execution.list", "executions", 7) == rows[::-1]
    assert pages(history, "execution.list", "executions", 7, order="oldest") == rows
    sent = executions(history, types=["message.sent"])
    assert len(sent) == 12 and sent == [row for row in rows if row["type"] == "message.sent"]
    assert executions(history, contact="x") == [row for row in rows if row["contact"] == "x"]
    assert executions(history, workflow="b") == [row for row in rows if row["workflow"] == "b"]
    one = rows[0]["enrollment"]
    assert executions(history, enrollment=one) == [row for row in rows if row["enrollment"] == one]
    for row in rows:
        assert history.call("execution.get", {"seq": row["seq"]}) == row
    for wrong in ("mesage.sent", "message", "enrollment.created"):
        assert history.refused("execution.list", {"types": [wrong]})["path"] == "args.types[0]"
    assert history.refused("execution.get", {"seq": 1})["code"] == "not_found"
    assert history.refused("execution.get", {"seq": 0})["code"] == "invalid_value"
    fed = [event for event in history.call("events.read", {"families": ["message", "step", "flag"], "limit": 1000})["events"]]
    assert fed == rows


def test_purging(history):
    rows = executions(history)
    assert history.refused("execution.purge")["code"] == "missing_field"
    assert history.call("execution.purge", {"contact": "x"})["purged"] >= 6
    assert executions(history) == [row for row in rows if row["contact"] != "x"]
    assert history.call("execution.purge", {"workflow": "a"})["purged"] >= 4
    rest = [row for row in rows if row["contact"] != "x" and row["workflow"] != "a"]
    assert executions(history) == rest
    # Who reads from the beginning misses what was purged, and is not told to begin elsewhere.
    assert [event for event in history.call("events.read", {"families": ["message", "step"], "limit": 1000})["events"]] == rest
    assert history.call("execution.purge", {"before": "2026-03-03T00:00:00Z"}) ["more"] is False
    assert executions(history) == [row for row in rest if row["at"] >= "2026-03-03"]
    error = history.refused("events.read", {"after": 0})
    assert error["code"] == "events_truncated"
    assert history.call("events.read", {"after": error["details"]["floor"]})["events"][0]["seq"] > error["details"]["floor"]
    assert history.refused("execution.purge", {"before": "2027-01-01T00:00:00Z"})["code"] == "invalid_value"
    now = history.call("clock.advance", {"by": {"minutes": 1}})["now"]
    assert history.call("execution.purge", {"before": now})["purged"] > 0
    assert executions(history) == []
    head = history.call("system.hello")["events"]["head"]
    enroll(history, "a", "new")
    assert history.call("system.hello")["events"]["head"] > head


def test_erasing_a_contact_redacts_its_history(history):
    result = history.call("contact.delete", {"id": "x"})
    assert result["redacted"] >= 4
    rows = executions(history, contact="x", types=["message.sent"])
    assert len(rows) == 4
    assert "Ann" not in json.dumps(rows) and "+1212" not in json.dumps(rows)


def test_history_of_a_deleted_workflow(history):
    rows = executions(history, workflow="a")
    history.call("workflow.delete", {"workflow": "a"})
    assert executions(history, workflow="a") == rows
    active(history, "a", sms("other"))
    enroll(history, "a", "x")
    advance(history, minutes=1)
    assert executions(history, workflow="a")[:-1] == rows
    assert history.call("execution.purge", {"workflow": "a"})["purged"] > len(rows)
    assert executions(history, workflow="a") == []
    assert history.refused("execution.list", {"workflow": "never"})["code"] == "not_found"


def test_events(service):
    head = service.call("system.hello")["events"]["head"]
    active(service, "w", sms("hello"))
    enroll(service, "w")
    advance(service, minutes=1)
    result = service.call("events.read", {"after": head})
    events = result["events"]
    assert [event["seq"] for event in events] == list(range(head + 1, result["head"] + 1))
    assert {event["epoch"] for event in events} == {result["epoch"]} == {service.call("system.hello")["events"]["epoch"]}
    last = {}
    for event in service.call("events.read")["events"]:
        family = event["type"].split(".")[0]
        assert event["prev"] == last.get(family, 0)
        last[family] = event["seq"]
    one_by_one, after = [], head
    while page := service.call("events.read", {"after": after, "limit": 1})["events"]:
        one_by_one += page
        after = page[0]["seq"]
    assert one_by_one == events
    # A name that nothing has would read as silence for ever.
    for wrong in ("mesage", "*", "message.sent"):
        assert service.refused("events.read", {"families": ["message", wrong]})["path"] == "args.families[1]"
    assert service.call("events.read", {"after": head, "families": ["enrollment"]})["events"] == [
        event for event in events if event["type"].startswith("enrollment.")]


def test_a_long_poll_answers_when_something_happens(service):
    import zmq
    head = service.call("system.hello")["events"]["head"]
    poll = service.context.socket(zmq.REQ)
    poll.linger = 0
    poll.connect(service.commands)
    poll.send(json.dumps({"op": "events.read", "args": {"after": head, "families": ["workflow"], "wait_ms": 30_000}}).encode())
    service.call("template.create", {"id": "t", "definition": definition(sms("hello"))})
    assert not poll.poll(100)
    service.call("workflow.create", {"id": "w", "definition": definition(sms("hello"))})
    assert poll.poll(5_000)
    assert [event["type"] for event in json.loads(poll.recv())["result"]["events"]] == ["workflow.created"]
    poll.close()


# The protocol


def test_lines_by_themselves(daemon):
    replies = daemon.exchange("\n".join([
        '{"id":1,"op":"contact.put","args":{"id":"a"}}', "nonsense", '{"id":3,"op":"contact.get","args":{"id":"gone"}}',
        '{"id":"four","op":"contact.put","args":{"id":"b"}}']))
    assert [(reply.get("id"), reply["ok"]) for reply in replies] == [(1, True), (None, False), (3, False), ("four", True)]
    assert len(daemon.call("contact.list")["contacts"]) == 2


def test_an_atomic_batch(service):
    service.call("workflow.create", {"id": "w", "definition": definition(sms("a"))})

    def batch(*lines):
        return service.exchange("\n".join(['{"batch":"atomic"}'] + [json.dumps(line) for line in lines]))

    def create(step):
        return {"op": "step.create", "if_rev": 1, "args": {"workflow": "w", "step": sms(step)}}

    head = service.call("system.hello")["events"]["head"]
    failed = batch(create("b"), {"op": "contact.put", "args": {"id": "x"}}, create("b"))
    assert [reply["error"]["code"] for reply in failed] == ["batch_aborted", "batch_aborted", "already_exists"]
    assert failed[0]["error"]["details"] == {"line": 3, "cause": "already_exists"}
    assert service.call("workflow.get", {"workflow": "w"})["rev"] == 1
    assert service.refused("contact.get", {"id": "x"})["code"] == "not_found"
    assert service.call("system.hello")["events"]["head"] == head
    malformed = service.exchange('{"batch":"atomic"}\n{"op":"contact.put","args":{"id":"x"}}\nnonsense')
    assert [reply["error"]["code"] for reply in malformed] == ["batch_aborted", "invalid_json"]
    assert service.refused("contact.get", {"id": "x"})["code"] == "not_found"
    done = batch(create("b"), create("c"), {"op": "step.move", "args": {"workflow": "w", "step": "c", "place": {"index": 0}}})
    assert all(reply["ok"] for reply in done)
    made = service.call("workflow.get", {"workflow": "w"})
    assert (made["rev"], made["version"], tree(made["definition"]["steps"])) == (2, 2, ["c", "a", "b"])
    waiting = batch({"op": "clock.advance", "args": {"by": {"days": 1}}})
    assert waiting[0]["error"]["code"] == "invalid_request"
    assert service.call("clock.get")["now"] == START


def test_idempotency_keys(service):
    args = {"definition": definition(sms("hello"))}
    first = service.reply("workflow.create", args, key="k-1", id=1)
    again = service.reply("workflow.create", args, key="k-1", id=2)
    assert first["ok"] and "replayed" not in first
    assert again == {**first, "id": 2, "replayed": True}
    service.kill()
    service.start()
    assert service.reply("workflow.create", args, key="k-1", id=1) == {**first, "replayed": True}
    assert len(service.call("workflow.list")["workflows"]) == 1
    assert service.refused("workflow.create", {"definition": {"name": "Other"}}, key="k-1")["code"] == "key_mismatch"
    assert service.refused("workflow.activate", {"workflow": "gone"}, key="k-2")["code"] == "not_found"
    service.call("workflow.create", {"id": "gone", **args})
    assert service.reply("workflow.activate", {"workflow": "gone"}, key="k-2")["ok"]
    for key in ("", "x" * 201, "with space", "ü"):
        assert service.refused("contact.put", {"id": "x"}, key=key)["code"] == "invalid_value"
    advance(service, days=3, minutes=1)
    assert "replayed" not in service.reply("workflow.create", args, key="k-1")


def test_a_key_within_an_aborted_batch_is_not_kept(daemon):
    put = json.dumps({"op": "contact.put", "args": {"id": "a"}, "key": "k"})
    replies = daemon.exchange(f'{{"batch":"atomic"}}\n{put}\n{{"op":"contact.get","args":{{"id":"gone"}}}}')
    assert not any(reply["ok"] for reply in replies)
    assert "replayed" not in daemon.reply("contact.put", {"id": "a"}, key="k")


def test_revisions(service):
    service.call("workflow.create", {"id": "w", "definition": definition(sms("a"))})
    service.call("workflow.update", {"workflow": "w", "changes": {"name": "One"}}, if_rev=1)
    for op, args in [("workflow.update", {"changes": {"name": "Two"}}), ("workflow.activate", {}), ("workflow.delete", {}),
                     ("step.create", {"step": sms("b")}), ("step.update", {"step": "a", "changes": {"name": "x"}}),
                     ("step.move", {"step": "a", "place": {"index": 0}}), ("step.delete", {"step": "a"})]:
        error = service.refused(op, {"workflow": "w", **args}, if_rev=1)
        assert (error["code"], error["details"], error["retry"]) == ("rev_mismatch", {"rev": 2}, "after_read"), op
    assert service.call("workflow.activate", {"workflow": "w"}, if_rev=2)["rev"] == 3
    assert service.call("step.update", {"workflow": "w", "step": "a", "changes": {"name": "x"}}, if_rev=3)["rev"] == 4
    error = service.refused("contact.put", {"id": "a"}, if_rev=1)
    assert (error["code"], error["path"]) == ("unknown_field", "if_rev")


def test_limits_of_lists(service):
    for op in ("workflow.list", "template.list", "enrollment.list", "execution.list", "contact.list", "record.list"):
        for limit in (0, 201, -1, "5"):
            assert service.refused(op, {"limit": limit})["path"] == "args.limit", op
        assert service.reply(op, {"limit": 200})["ok"]
    assert service.refused("contact.list", {"cursor": "nonsense"})["code"] == "invalid_value"
    for number in range(60):
        service.call("contact.put", {"id": f"c-{number}"})
    assert len(service.call("contact.list")["contacts"]) == 50


def test_every_write_tells_where_the_feed_stands(service):
    reply = service.reply("workflow.create", {"definition": definition(sms("hello"))})
    assert reply["seq"] == service.call("system.hello")["events"]["head"]
    assert "seq" not in service.reply("workflow.list")


def test_a_committed_reply_survives_a_kill(service):
    active(service, "w", sms("hello"), wait("day", days=1), sms("again"))
    one = enroll(service, "w")["id"]
    head = service.call("system.hello")["events"]["head"]
    service.kill()
    service.start()
    assert service.call("system.hello")["events"]["head"] >= head
    assert service.call("enrollment.get", {"enrollment": one})["state"] == "active"
    advance(service, days=2)
    assert len(outbox(service)) == 2
