"""The service goes away while somebody edits, and comes back."""

from editing import open_card, stored
from people import greeting
from playwright.sync_api import expect


def test_work_survives_a_service_that_was_killed(service, open_page, faults, screenshot):
    faults.allow("Failed to load resource.*503")
    greeting(service)
    page = open_page("workflows/greeting")
    form = open_card(page, "mail")
    service.kill()
    form.get_by_role("textbox", name="Subject").fill("Typed while it was away")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Not saved: the service does not answer.")).to_be_visible()
    expect(page.locator("#notices .banner")).to_be_visible()
    expect(page.get_by_text("Unsaved changes")).to_be_visible()
    screenshot(page, "offline")
    service.start()
    expect(page.locator("#notices .banner")).to_have_count(0)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved as version 2.")).to_be_visible()
    assert stored(service, "greeting")["steps"][-1]["content"]["subject"] == "Typed while it was away"


def test_a_page_that_was_closed_meanwhile_has_the_work_again(service, builder, open_page, faults):
    faults.allow("Failed to load resource")
    greeting(service)
    page = open_page("workflows/greeting")
    open_card(page, "mail").get_by_role("textbox", name="Subject").fill("Kept in this browser")
    page.on("dialog", lambda question: question.accept())
    builder.stop()
    builder.start()
    page.reload()
    expect(page.get_by_text("Your unsaved changes of")).to_be_visible()
    expect(open_card(page, "mail").get_by_role("textbox", name="Subject")).to_have_value("Kept in this browser")
