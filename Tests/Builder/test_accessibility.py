"""For everybody: WCAG AA on each page and in each dialog, in light and dark, on a desk and on a tablet."""

import pytest
from playwright.sync_api import expect

from Builder.people import GREETING, greeting


@pytest.fixture
def business(service):
    greeting(service, "c-ann", "c-ben", "c-eve")
    service.call("workflow.create", {"template": "payment-overdue-escalation"})
    service.call("signal.send", {"name": "sms.replied", "contact": "c-ann", "data": {"text": "Yes, please"}})
    service.call("signal.send", {"name": "contact.unsubscribed", "contact": "c-ben", "data": {"channel": "sms"}})
    service.call("workflow.update", {"workflow": "greeting", "changes": {"steps": GREETING["steps"][:2]}})


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 820])
def test_nothing_keeps_people_out(business, open_page, axe, screenshot, theme, width):
    for name, path in {
        "workflows": "workflows", "gallery": "new", "live": "workflows/greeting/live",
        "versions": "workflows/greeting/versions", "contacts": "contacts", "contact": "contacts/c-ann",
        "nothing": "nowhere",
    }.items():
        page = open_page(path, theme=theme, width=width)
        expect(page.locator(".loading")).to_have_count(0)
        expect(page.get_by_role("heading").first).to_be_visible()
        axe(page)
        screenshot(page, f"{name}-{theme}-{width}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("path, button", [
    ("new", "Start blank"), ("workflows/greeting/live", "Add a contact"), ("workflows/greeting/live", "Halt"),
    ("contacts/c-ann", "Unsubscribe"), ("contacts/c-ann", "Add to a workflow"),
])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_dialogs_keep_nobody_out(business, open_page, axe, screenshot, path, button, theme):
    page = open_page(path, theme=theme)
    opener = page.get_by_role("button", name=button)
    opener.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    axe(page)
    screenshot(page, f"dialog-{button.lower().replace(' ', '-')}-{theme}")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(opener).to_be_focused()


def test_a_chosen_theme_stays(open_page):
    page = open_page("workflows", theme="light")
    for theme in ["light", "dark"]:
        page.get_by_role("button", name="Theme").click()
        expect(page.locator("html")).to_have_attribute("data-theme", theme)
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_role("button", name="Theme").click()
    expect(page.locator("html")).not_to_have_attribute("data-theme", "dark")
