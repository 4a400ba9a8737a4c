"""The commands of workflowctl against the real daemon: what people see, what programs get, and what goes wrong."""

import re
import signal
import subprocess

import pytest

from conftest import Daemon
from ctl import CTL, Ctl, Screen

LEADS = """id,first_name,phone,email,record.id,record.service
ann,Ann,+12125550101,ann@example.com,r1,gutters
ben,Ben,+13125550102,ben@example.com,r2,lawn
"""
SETTINGS = [
    "time_zone=America/New_York", "business.name=Evergreen", "business.phone=+1 518 555 0100",
    "business.address=12 Elm Street", "links.unsubscribe=https://example.com/u/{contact}"]


@pytest.fixture
def ctl(daemon):
    ctl = Ctl(daemon)
    ctl.run("settings", *SETTINGS)
    return ctl


@pytest.fixture
def follow_up(ctl, tmp_path):
    (tmp_path / "leads.csv").write_text(LEADS)
    ctl.run("create", "--template", "new-lead-follow-up", "--id", "leads", "--activate")
    ctl.run("enroll", "leads", "--csv", tmp_path / "leads.csv", "--record-type", "lead")
    ctl.daemon.call("clock.advance", {"by": {"minutes": 5}})
    return ctl


# What people see


def test_from_nothing_to_a_running_workflow(follow_up):
    ctl = follow_up
    assert "leads     New Lead Follow-Up  active        1       2" in ctl.run("workflows")
    timeline = ctl.run("timeline", "leads", "first_name=Ann", "phone=+12125550101", "email=a@example.com")
    assert "● confirm          sms: Hi Ann, thank you for contacting Evergreen." in timeline
    assert 'if interest is "clicked"' in timeline
    picture = ctl.run("contact", "ann")
    assert "✓ confirm" in picture and "sms sent: Hi Ann" in picture
    assert "▶ until-day-1         waits for delay until Tue 2026-03-03 10:00" in picture
    assert "1 left" in ctl.run("signal", "sms.replied", "ann")
    assert "Inside no workflow" in ctl.run("contact", "ann")
    assert "exited: replied_by_text" in ctl.run("contact", "ann", "--all")
    assert "ben is out of leads." in ctl.run("unenroll", "leads", "ben")
    show = ctl.run("show", "leads")
    assert "entered 2  inside 0  finished 0  exited 1  unenrolled 1" in show and "exits: replied_by_text 1" in show


def test_states_and_deletion(follow_up):
    ctl = follow_up
    for verb, state in (("pause", "paused"), ("halt", "halted"), ("activate", "active")):
        assert ctl.run(verb, "leads") == f"leads is {state}.\n"
        assert ctl.json("workflows")[0]["state"] == state
    refused = ctl.run("delete", "leads", code=1)
    assert "Contacts are still inside" in refused.stderr
    assert "2 contacts were taken out" in ctl.run("delete", "leads", "--unenroll")
    assert "There are no workflows." in ctl.run("workflows")


def test_settings(ctl):
    ctl.run("settings", "quiet_hours=21:30-08:00", "quiet_hours.email=none", "senders.sms=+15185550100")
    ctl.run("settings", "business.name=Evergreen Home", "business.phone=")
    settings = ctl.daemon.call("settings.get")
    assert settings["business"] == {"name": "Evergreen Home", "address": "12 Elm Street"}
    assert settings["notifications"]["quiet_hours"] == {"start": "21:30", "end": "08:00", "channels": {"email": None}}
    assert "quiet_hours        21:30-08:00" in ctl.run("settings")
    ctl.run("settings", "quiet_hours=none")
    assert ctl.daemon.call("settings.get")["notifications"] == {"quiet_hours": None}
    for wrong in ("time_zone", "zone=x", "quiet_hours=9-5", "quiet_hours.email=20:00-21:00"):
        assert ctl.run("settings", wrong, code=64).stdout == ""
    assert "time_zone" in ctl.run("settings", "time_zone=Mars/Base", code=1).stderr


def test_contacts_and_opting_out(follow_up):
    ctl = follow_up
    ctl.run("unsubscribe", "ann", "--channel", "sms")
    assert re.search(r"^ann +Ann +.* sms$", ctl.run("contacts"), re.M)
    assert "Opted out of sms" in ctl.run("contact", "ann")
    ctl.run("resubscribe", "ann", "--channel", "sms")
    assert "Opted out" not in ctl.run("contact", "ann")
    assert [line.split()[0] for line in ctl.run("contacts", "--workflow", "leads").splitlines()[1:]] == ["ben", "ann"]


def test_one_enrollment_with_fields_and_a_record(ctl):
    ctl.run("create", "--template", "payment-overdue-escalation", "--id", "overdue", "--activate")
    fields = ["--record-field", "number=INV-1", "--record-field", "due_date=2026-03-01", "--record-field", "balance=120"]
    first = ctl.run(
        "enroll", "overdue", "ann", "first_name=Ann", "phone=+12125550101", "email=a@example.com",
        "--record", "invoice/i-1", *fields)
    assert "ann is enrolled in overdue: en_1" in first
    assert "ann was inside already" in ctl.run("enroll", "overdue", "ann", "--record", "invoice/i-1")
    assert ctl.daemon.call("record.get", {"type": "invoice", "id": "i-1"})["fields"]["balance"] == 120
    assert "1 left" in ctl.run("signal", "invoice.paid", "ann", "amount=120", "--record", "invoice/i-1", "--id", "s-1")
    assert "came before" in ctl.run("signal", "invoice.paid", "ann", "amount=120", "--record", "invoice/i-1", "--id", "s-1")


def test_fields_of_a_contact(follow_up):
    assert "+12125550199" in follow_up.run("contact", "ann", "phone=+12125550199", "email=")
    assert follow_up.daemon.call("contact.get", {"id": "ann"})["fields"] == {
        "first_name": "Ann", "phone": "+12125550199"}
    assert "phone number" in follow_up.run("contact", "ann", "phone=1", code=1).stderr


def test_resolve(follow_up):
    refused = follow_up.run("resolve", "en_1", "confirm", "sent", code=1)
    assert "No message of this step has an unknown outcome." in refused.stderr
    follow_up.run("resolve", "en_1", "confirm", "perhaps", code=64)


def test_history_and_purge(follow_up):
    ctl = follow_up
    lines = ctl.run("history", "--contact", "ann").splitlines()
    assert len(lines) == 1 and "sms sent: Hi Ann" in lines[0] and "Mon 2026-03-02 10:00" in lines[0]
    assert [event["type"] for event in ctl.json("history", "--oldest")] == ["message.sent"] * 2
    assert "Add --yes" in ctl.run("purge", "--contact", "ann", code=64).stderr
    assert "were removed" in ctl.run("purge", "--contact", "ann", "--yes")
    assert ctl.run("history", "--contact", "ann") == ""


# What programs get


def test_json(follow_up):
    ctl = follow_up
    assert ctl.json("status")[0]["service"]["service"] == "workflowd"
    assert [template["id"] for template in ctl.json("templates")][:1] == ["new-lead-follow-up"]
    assert ctl.json("show", "leads")[0]["stats"]["entered"] == 2
    assert [contact["id"] for contact in ctl.json("contacts")] == ["ann", "ben"]
    assert ctl.json("contact", "ann")[0]["enrollments"][0]["step"] == "until-day-1"
    assert ctl.json("timeline", "leads")[0]["time_zone"] == "America/New_York"
    assert ctl.json("watch", "--once", "--from", "0", "--contact", "ann", "--family", "message")[0]["to"] == "+12125550101"


# Definitions as files


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_export_change_import(ctl, tmp_path, form):
    for template in ctl.json("templates"):
        ctl.run("create", "--template", template["id"])
    files = ctl.run("export", "--to", tmp_path / "flows", *form).splitlines()
    assert len(files) == 4
    same = ctl.run("import", *files)
    assert same.count("no difference") == 4
    path = next(file for file in files if "new-lead" in file)
    with open(path) as file:
        text = file.read()
    with open(path, "w") as file:
        file.write(text.replace("Confirm the request", "Say that we have it"))
    seen = ctl.run("import", path, code=1)
    assert "-   name: Confirm the request" in seen.stdout and "+   name: Say that we have it" in seen.stdout
    assert "--yes" in seen.stderr
    assert ctl.daemon.call("workflow.get", {"workflow": "new-lead-follow-up"})["version"] == 1
    assert "is at version 2" in ctl.run("import", path, "--yes")
    assert "no difference" in ctl.run("import", path)


def test_import_makes_what_is_not_there(ctl, tmp_path):
    path = tmp_path / "hello.yaml"
    path.write_text("name: Hello\nsteps:\n- {id: a, kind: delay, for: {days: 1}, at: 10:00}\n")
    assert "hello is a new draft." in ctl.run("import", path, "--yes")
    assert ctl.daemon.call("step.get", {"workflow": "hello", "step": "a"})["step"]["at"] == "10:00"
    path.write_text("name: Hello\nsteps:\n- {id: a, kind: delay, for: {dais: 1}}\n")
    wrong = ctl.run("import", path, code=65)
    assert "steps[0].for.dais" in wrong.stderr and 'Did you mean "days"?' in wrong.stderr
    path.write_text("a: [")
    assert "hello.yaml" in ctl.run("import", path, code=65).stderr
    assert "cannot be read" in ctl.run("create", "--file", tmp_path / "none.yaml", code=66).stderr


def test_import_asks_on_a_terminal(ctl, tmp_path):
    path = tmp_path / "hello.yaml"
    path.write_text("name: Hello\nsteps: [{id: a, kind: flag, flag: hot}]\n")
    for answer, code in (("n", 1), ("y", 0)):
        screen = Screen(ctl.command("import", path))
        screen.read_until(lambda text: "[y/N]" in text)
        screen.type(answer + "\n")
        assert screen.end()[0] == code
    assert ctl.json("workflows")[0]["id"] == "hello"


# Terminals


def test_colours_and_width_are_for_terminals(follow_up):
    ctl = follow_up
    assert "\x1b" not in ctl.run("show", "leads")
    code, shown = Screen(ctl.command("show", "leads"), columns=60).end()
    assert code == 0 and "\x1b[32mactive" in shown
    code, plain = Screen(ctl.command("show", "leads"), columns=60, environment={"NO_COLOR": "1"}).end()
    assert code == 0 and "\x1b" not in plain
    steps = [line for line in plain.splitlines() if line.startswith("  ")]
    assert len(steps) >= 9 and all(len(line) <= 60 for line in steps)
    _, feed = Screen(
        ctl.command("watch", "--once", "--from", 0), columns=60, environment={"NO_COLOR": "1"}).end()
    assert "sms sent" in feed and all(len(line) <= 70 for line in feed.splitlines())
    _, table = Screen(ctl.command("templates"), columns=60, environment={"NO_COLOR": "1"}).end()
    assert all(len(line) <= 60 for line in table.splitlines())


# What goes wrong


def test_without_a_daemon(tmp_path):
    for arguments in (["status"], ["workflows"], ["watch"], ["send", "{}"], ["export"]):
        for endpoint in (f"ipc://{tmp_path}/nobody", "tcp://127.0.0.1:1"):
            result = subprocess.run(
                [CTL, *arguments, "--connect", endpoint], capture_output=True, text=True, timeout=60)
            assert result.returncode == 69 and result.stdout == ""
            assert f"Nobody listens at {endpoint}. Start workflowd" in result.stderr
    wrong = subprocess.run([CTL, "status", "--connect", "nonsense"], capture_output=True, text=True, timeout=60)
    assert wrong.returncode == 64 and "nonsense" in wrong.stderr


def test_a_daemon_that_does_not_answer(daemon):
    daemon.process.send_signal(signal.SIGSTOP)
    result = Ctl(daemon).run("status", "--timeout", "1", code=69)
    daemon.process.send_signal(signal.SIGCONT)
    assert "No answer from" in result.stderr


def test_refusals_say_where(ctl):
    refused = ctl.run("activate", "no-such", code=1)
    assert refused.stderr.startswith("workflowctl: workflow.activate: There is no such workflow.")
    assert "(at args.workflow)" in refused.stderr
    assert ctl.run("enroll", "x", code=64).stdout == ""
    assert ctl.run("timeline", code=64).stdout == ""
    assert ctl.run("create", code=64).stdout == ""


@pytest.mark.parametrize("shell, check", [("bash", ["bash", "-n"]), ("zsh", None), ("fish", None)])
def test_completion(shell, check, tmp_path):
    script = subprocess.run([CTL, "completion", shell], capture_output=True, text=True, timeout=60, check=True).stdout
    assert "# To install: workflowctl completion" in script and "enroll" in script
    if check:
        (tmp_path / "script").write_text(script)
        subprocess.run([*check, tmp_path / "script"], check=True)


def test_a_relative_data_directory(tmp_path):
    """The README's first service works in `workflows-data`, below wherever it is started."""
    daemon = Daemon(tmp_path, "--clock", "simulated")
    daemon.data = "relative"
    try:
        log = open(tmp_path / "log", "ab")
        daemon.process = subprocess.Popen(
            [CTL.parent / "workflowd", "--data", "relative", "--commands", daemon.commands, "--events", daemon.events],
            cwd=tmp_path, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        daemon.connect()
        daemon.wait_for_channels()
        states = {channel["name"]: channel["state"] for channel in daemon.call("channel.list")["channels"]}
        assert set(states.values()) == {"ready"}
    finally:
        daemon.close()
