"""`workflowctl channel check` on the channels that come with workflowd, at real servers."""

import json
import subprocess
import xml.etree.ElementTree

import pytest

from programs import PROGRAMS


@pytest.fixture
def check(tmp_path):
    """Runs the check of a program with a configuration; returns its exit code, output and JUnit cases."""
    def run(program, config, *arguments):
        (tmp_path / "config.json").write_text(json.dumps(config))
        report = tmp_path / "junit.xml"
        done = subprocess.run(
            [PROGRAMS / "workflowctl", "channel", "check", "--config", tmp_path / "config.json", "--send",
             "--report-wait", "2", "--patience", "30", "--junit", report, *arguments, PROGRAMS / program],
            capture_output=True, text=True, timeout=300)
        cases = xml.etree.ElementTree.parse(report).getroot().iter("testcase")
        return done.returncode, done.stdout + done.stderr, {case.get("name"): case for case in cases}
    return run


def test_email_passes(check, mail_server):
    code, output, cases = check("EmailChannel", mail_server.config(), "--to", "check@example.com")
    assert code == 0, output
    assert len(cases) >= 40 and "FAIL" not in output and mail_server.parsed("check@example.com")


def test_call_reminder_passes_with_a_server(check, radicale):
    calendar = radicale.make_calendar("check")
    code, output, _ = check("CallReminderChannel", radicale.config(calendar))
    assert code == 0, output
    assert radicale.entries(calendar)


def test_call_reminder_passes_with_a_folder(check, tmp_path):
    code, output, _ = check("CallReminderChannel", {"folder": str(tmp_path / "calls")})
    assert code == 0, output
    assert list((tmp_path / "calls").glob("*.ics"))


def test_sms_passes_with_twilio(check, twilio):
    code, output, _ = check("SMSChannel", twilio.config(), "--to", "+15550100123")
    assert code == 0, output
    assert twilio.texts("+15550100123")


def test_sms_passes_with_kannel(check, kannel):
    code, output, _ = check("SMSChannel", kannel.config(), "--to", "+15550100123", "--report-wait", "40")
    assert code == 0, output
    assert kannel.texts("+15550100123")
