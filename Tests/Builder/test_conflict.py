"""Two people change one workflow."""

import pytest
from editing import card, open_card, panel, save, stored
from people import GREETING, greeting
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


def test_theirs_can_be_used_and_mine_comes_back_by_undo(service, page_behind):
    page_behind.get_by_role("dialog").get_by_role("button", name="Use theirs").click()
    expect(page_behind.get_by_text("All changes saved")).to_be_visible()
    expect(panel(page_behind).get_by_role("textbox", name="Subject")).to_have_value("How can we help?")
    page_behind.get_by_role("button", name="Undo").click()
    expect(panel(page_behind).get_by_role("textbox", name="Subject")).to_have_value("My subject")


def test_nothing_of_theirs_is_dropped_by_a_button_that_is_pressed_in_haste(page_behind):
    dialog = page_behind.get_by_role("dialog")
    expect(dialog.get_by_role("button")).to_have_text(["Keep editing", "Use theirs", "Keep both"])


@pytest.fixture
def collision(service, open_page):
    """Both changed "mail" and "wait"; they changed "hello" besides, and I added a flag."""
    greeting(service)
    page = open_page("workflows/greeting")
    open_card(page, "mail").get_by_role("textbox", name="Subject").fill("My subject")
    open_card(page, "wait").get_by_label("How long: days").fill("2")
    page.locator("[data-new='flag']").click()
    panel(page).get_by_label("Flag", exact=True).fill("mine")
    for step, changes in {
        "hello": {"content": {"text": "Their text"}}, "wait": {"for": {"days": 9}},
        "mail": {"content": {"subject": "Their subject", "text": "x"}},
    }.items():
        service.call("step.update", {"workflow": "greeting", "step": step, "changes": changes})
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    return page


@pytest.mark.parametrize("mail, wait, kept", [
    ("Mine", "Theirs", ("My subject", 9)), ("Theirs", "Mine", ("Their subject", 2)), ("Mine", "Mine", ("My subject", 2)),
])
def test_where_both_changed_a_step_a_person_chooses_for_each(service, collision, axe, screenshot, mail, wait, kept):
    dialog = collision.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Keep both")).to_have_count(0)
    expect(dialog.locator("input:checked")).to_have_count(0)
    axe(collision)
    screenshot(collision, "collision")
    dialog.get_by_role("group", name="How can we help").get_by_role("radio", name=mail).check()
    dialog.get_by_role("button", name="Save with these choices").click()
    expect(dialog.get_by_role("alert")).to_contain_text("choose a version of each")
    dialog.get_by_role("group", name="A day later").get_by_role("radio", name=wait).check()
    dialog.get_by_role("button", name="Save with these choices").click()
    expect(collision.get_by_text("Saved as version 5.")).to_be_visible()
    steps = {step["id"]: step for step in stored(service, "greeting")["steps"]}
    assert (steps["mail"]["content"]["subject"], steps["wait"]["for"]["days"]) == kept
    assert steps["hello"]["content"]["text"] == "Their text" and steps["flag-1"]["flag"] == "mine"


def test_a_step_that_they_deleted_and_i_changed_comes_back_or_stays_away(service, open_page):
    for side, ids in (("Mine", ["hello", "mail", "wait"]), ("Theirs", ["hello", "wait"])):
        if side == "Mine":
            greeting(service)
        else:
            service.call("workflow.update", {"workflow": "greeting", "definition": GREETING})
        page = open_page("workflows/greeting")
        open_card(page, "mail").get_by_role("textbox", name="Subject").fill("My subject")
        service.call("step.delete", {"workflow": "greeting", "step": "mail"})
        page.get_by_role("button", name="Save", exact=True).click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("radio", name=side).check()
        dialog.get_by_role("button", name="Save with these choices").click()
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.get_by_text("All changes saved")).to_be_visible()
        assert sorted(step["id"] for step in stored(service, "greeting")["steps"]) == ids


def test_whoever_goes_on_editing_changes_nothing(service, collision):
    collision.get_by_role("dialog").get_by_role("button", name="Keep editing").click()
    expect(collision.get_by_text("Unsaved changes")).to_be_visible()
    assert contents(service)[1] == "Their subject"


def test_a_changed_state_is_no_conflict(service, open_page):
    greeting(service)
    page = open_page("workflows/greeting")
    open_card(page, "mail").get_by_role("textbox", name="Subject").fill("My subject")
    service.call("workflow.pause", {"workflow": "greeting"})
    save(page)
    assert contents(service)[1] == "My subject"


FORK = {"id": "fork", "kind": "branch", "name": "Which way", "paths": [
    {"name": "replied", "when": {"signal": "sms.replied"}, "steps": [{"id": "thanks", "kind": "flag", "flag": "thanks"}]},
    {"name": "clicked", "when": {"signal": "link.clicked"}, "steps": []},
], "otherwise": {"steps": []}}
ADDED = {"id": "called", "kind": "flag", "name": "Call them", "flag": "call"}


@pytest.fixture
def forked(service, open_page):
    """A workflow with a branch, and its page with the details of the branch."""
    service.call("workflow.create", {"id": "forked", "definition": {"name": "Forked", "steps": [FORK]}})
    page = open_page("workflows/forked")
    open_card(page, "fork")
    return page


def put_steps(service, *steps):
    service.call("workflow.update", {"workflow": "forked", "changes": {"steps": list(steps)}})


@pytest.mark.parametrize("side, paths", [
    ("Theirs", [("replied", ["thanks", "called"]), ("clicked", [])]), ("Mine", [("clicked", [])])])
def test_what_they_added_to_a_path_that_i_removed_is_shown_and_asked_about(service, forked, side, paths, axe):
    panel(forked).get_by_role("button", name="Remove the path and its steps").click()
    replied, clicked = FORK["paths"]
    put_steps(service, {**FORK, "paths": [{**replied, "steps": [*replied["steps"], ADDED]}, clicked]})
    forked.get_by_role("button", name="Save", exact=True).click()
    choice = forked.get_by_role("dialog").get_by_role("group", name="Which way")
    expect(choice.locator("[data-kind='added']")).to_contain_text("Call them")
    expect(choice.locator("[data-kind='changed']")).to_contain_text("Paths")
    axe(forked)
    choice.get_by_role("radio", name=side).check()
    forked.get_by_role("dialog").get_by_role("button", name="Save with these choices").click()
    expect(forked.get_by_text("All changes saved")).to_be_visible()
    found = stored(service, "forked")["steps"][0]["paths"]
    assert [(path["name"], [step["id"] for step in path.get("steps", [])]) for path in found] == paths


def test_a_step_in_a_path_of_mine_and_another_change_of_theirs_are_saved_together(service, forked):
    panel(forked).get_by_role("button", name="Another path").click()
    card(forked, "thanks").focus()
    for _ in range(2):
        forked.keyboard.press("Alt+ArrowRight")
    put_steps(service, FORK, ADDED)
    forked.get_by_role("button", name="Save", exact=True).click()
    forked.get_by_role("dialog").get_by_role("button", name="Keep both").click()
    expect(forked.get_by_text("Saved as version 3.")).to_be_visible()
    fork, added = stored(service, "forked")["steps"]
    assert [[step["id"] for step in path.get("steps", [])] for path in fork["paths"]] == [[], [], ["thanks"]]
    assert added["id"] == "called"
