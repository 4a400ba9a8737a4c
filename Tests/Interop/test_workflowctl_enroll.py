"""A CSV of 10,000 contacts: a progress bar, an interruption in the middle, and everybody enrolled once."""

import os
import re
import signal
import subprocess

import pytest

from ctl import LIMIT, Ctl, Screen
from Servers.cutting_proxy import CuttingProxy

COUNT = 10_000
DEFINITION = {"name": "Welcome", "steps": [
    {"id": "wait", "kind": "delay", "for": {"days": 1}},
    {"id": "text", "kind": "message", "channel": "sms", "content": {"text": "Hi {{ contact.first_name }}"}}]}


@pytest.fixture
def ctl(daemon):
    ctl = Ctl(daemon)
    daemon.call("settings.put", {"time_zone": "America/New_York"})
    daemon.call("workflow.create", {"id": "welcome", "definition": DEFINITION})
    daemon.call("workflow.activate", {"workflow": "welcome"})
    return ctl


@pytest.fixture
def proxy(ctl):
    """Stands before the service, and holds back what comes behind the first third of the file."""
    proxy = CuttingProxy(ctl.daemon.commands.removeprefix("ipc://"))
    proxy.plan("client", 300_000, "hold")
    yield proxy
    proxy.close()


@pytest.fixture
def people(tmp_path):
    path = tmp_path / "people.csv"
    rows = (f"p-{n},Name {n},+1212555{n:04}" for n in range(COUNT))
    path.write_text("id,first_name,phone\n" + "\n".join(rows) + "\n")
    return path


def percent(text):
    found = re.findall(r"(\d+)%", text)
    return int(found[-1]) if found else 0


def entered(ctl):
    return ctl.daemon.call("workflow.stats", {"workflow": "welcome"})["entered"]


def start(ctl, proxy, people, *arguments):
    """The screen of an enrollment that is stuck in the middle."""
    command = Ctl(ctl.daemon, f"tcp://127.0.0.1:{proxy.port}").command(
        "enroll", "welcome", "--csv", people, "--rows", 50, *arguments)
    screen = Screen(command, columns=100)
    screen.read_until(lambda text: percent(text) >= 20)
    assert proxy.reached.wait(60)
    return screen


def test_interrupted_and_started_again(ctl, proxy, people):
    screen = start(ctl, proxy, people, "--timeout", 60)
    os.kill(screen.process.pid, signal.SIGINT)
    proxy.release()
    code, shown = screen.end()
    done = entered(ctl)
    assert code == 130 and 0 < done < COUNT
    assert "█" in shown and "/10,000" in shown
    assert f"{done:,} of 10,000 rows enrolled" in shown
    assert f"stopped behind row {done + 1}. Start it again with the same file" in shown
    finish(ctl, people, done)


def test_killed_and_started_again(ctl, proxy, people):
    screen = start(ctl, proxy, people, "--timeout", 60)
    screen.process.kill()
    proxy.drop()
    assert screen.end()[0] == -signal.SIGKILL
    done = entered(ctl)
    assert 0 < done < COUNT
    finish(ctl, people, done)


def finish(ctl, people, done):
    """Starts it again with the same file: everybody is enrolled once."""
    again = Ctl.json(ctl, "enroll", "welcome", "--csv", people, "--rows", 50)[0]
    assert (again["enrolled"], again["in_already"], again["refused"]) == (COUNT - done, done, [])
    stats = ctl.daemon.call("workflow.stats", {"workflow": "welcome"})
    assert (stats["entered"], stats["inside"]) == (COUNT, COUNT)


def test_those_who_are_through_are_not_enrolled_again(ctl, people):
    lines = people.read_text().splitlines(keepends=True)
    people.write_text("".join(lines[:1_001]))
    ctl.run("enroll", "welcome", "--csv", people)
    ctl.daemon.call("clock.advance", {"by": {"days": 2}})
    assert ctl.daemon.call("workflow.stats", {"workflow": "welcome"})["finished"] == 1_000
    assert "0 of 1,000 rows enrolled in welcome, 1,000 in already, 0 refused." in ctl.run(
        "enroll", "welcome", "--csv", people)
    assert entered(ctl) == 1_000


def test_the_service_ends_in_the_middle(ctl, proxy, people):
    screen = start(ctl, proxy, people, "--timeout", 5)
    ctl.daemon.kill()
    code, shown = screen.end()
    assert code == 69 and "No answer from" in shown and "Start it again with the same file" in shown
    ctl.daemon.start()
    ctl.run("enroll", "welcome", "--csv", people, "--rows", 50)
    assert entered(ctl) == COUNT


def test_refused_rows_are_reported(ctl, tmp_path):
    path = tmp_path / "mixed.csv"
    path.write_text("id,first_name,phone\na,Ann,+12125550101\nb,Ben,555\n,Eve,\nd,Dev\ne,Eve,+12125550105\n")
    result = ctl.run("enroll", "welcome", "--csv", path, "--refusals", tmp_path / "refused.csv", code=1)
    assert "2 of 5 rows enrolled in welcome, 0 in already, 3 refused." in result.stdout
    assert re.search(r"^  3  invalid_value +It is not a phone number .*\(column phone\)$", result.stdout, re.M)
    assert re.search(r'^  4  unreadable_row +The column "id" is empty\.$', result.stdout, re.M)
    assert result.stderr == "" and "555" not in result.stdout.replace("+15551234567", "")
    refused = (tmp_path / "refused.csv").read_text().splitlines()
    assert [line.split(",")[0] for line in refused] == ["row", "3", "4", "5"]


@pytest.mark.parametrize("text, code, words", [
    ("name\nAnn\n", 65, 'no column "id"'), (None, 66, "cannot be read"), ("id\n\xff", 65, "UTF-8"),
    ('id,a\n1,"x"y\n', 65, "no CSV")])
def test_files_that_cannot_be_used(ctl, tmp_path, text, code, words):
    path = tmp_path / "wrong.csv"
    if text is not None:
        path.write_bytes(text.encode("latin-1"))
    assert words in ctl.run("enroll", "welcome", "--csv", path, code=code).stderr
    assert entered(ctl) == 0


def test_a_pipe_gets_no_progress(ctl, people):
    result = subprocess.run(
        ctl.command("enroll", "welcome", "--csv", people), capture_output=True, text=True, timeout=LIMIT)
    assert result.stderr == ""
    assert result.stdout == "10,000 of 10,000 rows enrolled in welcome, 0 in already, 0 refused.\n"
