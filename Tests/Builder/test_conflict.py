"""Two people change one workflow."""

import pytest
from editing import open_card, panel, save, stored
from people import greeting
from playwright.sync_api import expect


@pytest.fixture
def page_behind(service, open_page):
    """A page whose subject was changed, and a service where somebody else has changed the text since."""
    greeting(service)
    page = open_page("workflows/greeting")
    open_card(page, "mail").get_by_role("textbox", name="Subject").fill("My subject")
    service.call("step.update", {"workflow": "greeting", "step": "hello", "changes": {"content": {"text": "Their text"}}})
    page.get_by_role("button", name="Save", exact=True).click()
    return page


def contents(service):
    steps = stored(service, "greeting")["steps"]
    return steps[0]["content"]["text"], steps[-1]["content"]["subject"]


def test_both_sides_are_shown_and_both_can_be_kept(service, page_behind, axe, screenshot):
    dialog = page_behind.get_by_role("dialog")
    expect(dialog.get_by_role("region", name="What they changed")).to_contain_text("Their text")
    expect(dialog.get_by_role("region", name="What you changed")).to_contain_text("My subject")
    axe(page_behind)
    screenshot(page_behind, "conflict")
    dialog.get_by_role("button", name="Keep both").click()
    expect(page_behind.get_by_text("Saved as version 3.")).to_be_visible()
    assert contents(service) == ("Their text", "My subject")


def test_theirs_can_be_taken_and_mine_comes_back_by_undo(service, page_behind):
    page_behind.get_by_role("dialog").get_by_role("button", name="Take theirs").click()
    expect(page_behind.get_by_text("All changes saved")).to_be_visible()
    expect(panel(page_behind).get_by_role("textbox", name="Subject")).to_have_value("How can we help?")
    page_behind.get_by_role("button", name="Undo").click()
    expect(panel(page_behind).get_by_role("textbox", name="Subject")).to_have_value("My subject")


def test_mine_can_replace_theirs(service, page_behind):
    page_behind.get_by_role("dialog").get_by_role("button", name="Keep only mine").click()
    expect(page_behind.get_by_text("Saved as version 3.")).to_be_visible()
    assert contents(service)[0].startswith("Hi {{ contact.first_name }}") and contents(service)[1] == "My subject"


def test_what_both_changed_is_named(service, open_page):
    greeting(service)
    page = open_page("workflows/greeting")
    open_card(page, "mail").get_by_role("textbox", name="Subject").fill("My subject")
    service.call("step.update", {"workflow": "greeting", "step": "mail", "changes": {
        "content": {"subject": "Their subject", "text": "x"}}})
    page.get_by_role("button", name="Save", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Both of you changed the same: “How can we help”")
    expect(dialog.get_by_role("button", name="Keep both")).to_have_count(0)
    dialog.get_by_role("button", name="Go on editing").click()
    expect(page.get_by_text("Unsaved changes")).to_be_visible()
    assert contents(service)[1] == "Their subject"


def test_a_changed_state_is_no_conflict(service, open_page):
    greeting(service)
    page = open_page("workflows/greeting")
    open_card(page, "mail").get_by_role("textbox", name="Subject").fill("My subject")
    service.call("workflow.pause", {"workflow": "greeting"})
    save(page)
    assert contents(service)[1] == "My subject"
