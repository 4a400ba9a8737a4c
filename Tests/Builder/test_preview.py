"""What would happen, shown before it happens."""

import re

from playwright.sync_api import expect


def show(page, moment):
    page.get_by_label("Entering at").fill(moment)
    page.get_by_role("button", name="Show").click()


def test_a_message_in_quiet_hours_is_shown_where_it_goes(service, open_page, axe, screenshot):
    service.call("workflow.create", {"id": "leads", "template": "new-lead-follow-up"})
    for theme, width in (("light", 1280), ("dark", 820)):
        page = open_page("workflows/leads/preview", theme=theme, width=width)
        show(page, "2026-03-02T22:00")
        first = page.locator(".preview-row").first
        expect(first.locator(".moved")).to_have_text("It would have gone in quiet hours: planned for Mon, Mar 2, 10:00 PM.")
        expect(page.locator(".preview-day h3").first).to_have_text("Tuesday, March 3, 2026")
        # From midnight to 9, and from 20 to midnight.
        spans = [(int(one.get_attribute("x")), int(one.get_attribute("width"))) for one in first.locator(".quiet").all()]
        assert spans == [(0, 540), (1200, 240)]
        mark = first.locator(".mark")
        assert 540 <= int(mark.get_attribute("x")) + 9 <= 560
        expect(first.locator(".bubble")).to_contain_text("Hi Ann, thank you for contacting Evergreen Home Services.")
        axe(page)
        screenshot(page, f"preview-{theme}-{width}")
        show(page, "2026-03-03T10:00")
        expect(page.locator(".moved")).to_have_count(0)


def test_what_is_skipped_says_why_and_what_is_supposed_leads_the_way(service, open_page):
    service.call("workflow.create", {"id": "leads", "template": "new-lead-follow-up"})
    page = open_page("workflows/leads/preview")
    page.get_by_role("button", name="A new contact").click()
    page.get_by_label("First name").fill("Ben")
    page.get_by_label("Phone").fill("+12125550102")
    show(page, "2026-03-03T10:00")
    expect(page.locator("[data-step='introduce']")).to_contain_text("The contact has no address for this channel.")
    expect(page.locator("[data-step='re-engage-email']")).to_have_count(1)
    page.get_by_role("button", name="Suppose that the contact").click()
    page.get_by_label("What the contact does").select_option("sms.replied")
    page.get_by_label("When").fill("2026-03-07T12:00")
    show(page, "2026-03-03T10:00")
    expect(page.locator("[data-step='re-engage-email']")).to_have_count(0)
    expect(page.locator("[data-step='call']")).to_have_count(1)


def test_a_contact_is_shown_on_its_own_clock(service, open_page):
    service.call("workflow.create", {"id": "leads", "template": "new-lead-follow-up"})
    service.call("contact.put", {"id": "c-tok", "fields": {
        "first_name": "Kei", "phone": "+81312345678", "email": "kei@example.com", "time_zone": "Asia/Tokyo"}})
    page = open_page("workflows/leads/preview")
    page.get_by_label("Contact", exact=True).fill("Kei")
    page.get_by_role("button", name="Kei").click()
    show(page, "2026-03-02T09:00")
    expect(page.get_by_text("Tokyo time")).to_be_visible()
    # 9:00 in New York is 23:00 in Tokyo: the text waits for the morning there.
    expect(page.locator(".preview-row").first.locator("time")).to_have_text(re.compile("9:0\\d AM"))
