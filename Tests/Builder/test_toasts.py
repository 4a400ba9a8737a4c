"""What the page says at its edge: its Undo, and how long it stays."""

from editing import card, drag_new, expect_cards, open_card, panel
from people import greeting
from playwright.sync_api import expect


def toasts(page):
    return page.locator(".toast")


def undo(page):
    return toasts(page).get_by_role("button", name="Undo")


def test_undo_takes_back_its_own_deletion_whatever_came_after(service, open_page):
    greeting(service)
    page = open_page("workflows/greeting")
    open_card(page, "wait").get_by_role("button", name="Delete").click()
    expect_cards(page, "hello", "mail")
    drag_new(page, "flag", 2)
    open_card(page, "mail").get_by_role("textbox", name="Subject").fill("Changed since")
    undo(page).click()
    expect_cards(page, "hello", "wait", "mail", "flag-1")
    expect(card(page, "wait")).to_be_focused()
    expect(open_card(page, "mail").get_by_role("textbox", name="Subject")).to_have_value("Changed since")
    expect(toasts(page)).to_have_count(0)
    page.keyboard.press("Control+z")
    expect_cards(page, "hello", "mail", "flag-1")


def test_a_new_step_does_not_take_the_name_of_a_deleted_one(service, open_page):
    greeting(service)
    page = open_page("workflows/greeting")
    drag_new(page, "flag", 0)
    open_card(page, "flag-1").get_by_label("Flag", exact=True).fill("first")
    panel(page).get_by_role("button", name="Delete").click()
    drag_new(page, "flag", 2)
    expect_cards(page, "hello", "wait", "flag-2", "mail")
    undo(page).click()
    expect_cards(page, "flag-1", "hello", "wait", "flag-2", "mail")
    expect(open_card(page, "flag-1").get_by_label("Flag", exact=True)).to_have_value("first")


def test_undo_brings_a_branch_back_with_all_that_stood_in_it(service, open_page):
    greeting(service, "c-ann", "c-dan")
    service.call("step.create", {"workflow": "greeting", "place": {"index": 0}, "step": {
        "id": "fork", "kind": "branch", "name": "Did they reply", "paths": [
            {"name": "yes", "when": {"signal": "sms.replied"}, "steps": [
                {"id": "inner", "kind": "branch", "paths": [
                    {"name": "again", "when": {"signal": "link.clicked"}, "steps": [
                        {"id": "note", "kind": "flag", "flag": "x"}]}]}]}]}})
    service.call("step.move", {"workflow": "greeting", "step": "wait", "place": {"branch": "fork", "path": "yes", "index": 0}})
    page = open_page("workflows/greeting")
    everything = ["fork", "wait", "inner", "note", "hello", "mail"]
    expect_cards(page, *everything)
    open_card(page, "fork").get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Delete “Did they reply” and the 3 steps in it?")
    expect(dialog).to_contain_text("2 contacts are there now")
    dialog.get_by_role("button", name="Cancel").click()
    expect_cards(page, *everything)
    panel(page).get_by_role("button", name="Delete").click()
    dialog.get_by_role("button", name="Delete").click()
    expect_cards(page, "hello", "mail")
    drag_new(page, "sms", 2)
    undo(page).click()
    expect_cards(page, *everything, "sms-1")


def test_moving_says_how_many_stand_there(service, open_page):
    greeting(service, "c-ann")
    page = open_page("workflows/greeting")
    card(page, "wait").focus()
    page.keyboard.press("Alt+ArrowUp")
    expect_cards(page, "wait", "hello", "mail")
    expect(toasts(page)).to_contain_text("One contact is there now")


def test_undo_is_gone_on_another_page_and_once_the_step_is_back(service, open_page):
    greeting(service)
    page = open_page("workflows/greeting")
    open_card(page, "wait").get_by_role("button", name="Delete").click()
    expect(undo(page)).to_be_visible()
    page.keyboard.press("Control+z")
    expect_cards(page, "hello", "wait", "mail")
    expect(undo(page)).to_have_count(0)
    open_card(page, "wait").get_by_role("button", name="Delete").click()
    expect(undo(page)).to_be_visible()
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Saved as version 2.")).to_be_visible()
    page.get_by_role("link", name="Live", exact=True).click()
    expect(page.get_by_role("heading", name="Contacts inside")).to_be_visible()
    expect(toasts(page)).to_have_count(0)


def test_one_thing_is_said_at_a_time(service, open_page):
    greeting(service)
    page = open_page("workflows/greeting/versions")
    for button in ("Pause", "Halt", "Resume"):
        page.locator(".workflow-header").get_by_role("button", name=button).click()
        page.get_by_role("dialog").get_by_role("button", name=button).click()
        expect(page.get_by_role("dialog")).to_have_count(0)
    expect(toasts(page)).to_have_count(1)
    expect(toasts(page)).to_contain_text("Workflow is on.")


def test_what_is_said_about_a_page_that_was_just_opened_stays(service, open_page):
    greeting(service)
    page = open_page("workflows/greeting/versions")
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("No workflows yet")).to_be_visible()
    expect(toasts(page)).to_contain_text("“Greeting” is deleted.")
