"""What workflowctl says of definitions that can be saved, and are most likely not meant."""

import pytest

from ctl import Ctl

DEFINITION = """
name: Greeting
steps:
  - kind: message
    channel: sms
    content: {text: "Hi {{ contact.first_nam }}"}
"""
WORDS = 'No contact has the field contact.first_nam. Did you mean "contact.first_name"?'


@pytest.fixture
def ctl(daemon):
    daemon.call("settings.put", {"time_zone": "UTC"})
    return Ctl(daemon)


def test_a_misspelled_field_is_warned_of_and_confirmed(ctl, tmp_path):
    file = tmp_path / "greeting.yaml"
    file.write_text(DEFINITION)
    created = ctl.start("create", "--file", file, "--id", "greeting")
    output, errors = created.communicate(timeout=240)
    assert created.returncode == 0, errors
    assert f"warning: definition.steps[0].content.text: {WORDS}" in errors
    timeline = ctl.start("timeline", "--file", file, "first_name=Ann")
    assert WORDS in timeline.communicate(timeout=240)[1]
    refused = ctl.run("activate", "greeting", code=1)
    assert WORDS in refused.stderr and "confirm_fields" not in refused.stderr
    assert "Where it is meant, run: workflowctl activate greeting --confirm-fields." in refused.stderr
    assert ctl.run("activate", "greeting", "--confirm-fields") == "greeting is active.\n"


def test_a_draft_that_could_not_be_activated_at_once_is_there_to_be_confirmed(ctl, tmp_path):
    file = tmp_path / "greeting.yaml"
    file.write_text(DEFINITION)
    refused = ctl.run("create", "--file", file, "--id", "greeting", "--activate", code=1)
    option = "run: workflowctl activate greeting --confirm-fields"
    assert option in refused.stderr
    assert ctl.run(*option.split()[2:]) == "greeting is active.\n"
