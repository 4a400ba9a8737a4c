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


def test_nobody_is_said_to_be_chosen_once_somebody_is(service, open_page):
    service.call("workflow.create", {"id": "leads", "template": "new-lead-follow-up"})
    service.call("contact.put", {"id": "c-1", "fields": {"first_name": "Kei", "phone": "+12125550101"}})
    page = open_page("workflows/leads/preview")
    sample = page.get_by_text("Nobody chosen")
    expect(sample).to_be_visible()
    page.get_by_role("button", name="Kei").click()
    expect(sample).to_be_hidden()
    page.get_by_role("button", name="Choose another").click()
    expect(sample).to_be_visible()
    page.get_by_role("button", name="A new contact").click()
    page.get_by_label("First name").fill("Ben")
    expect(sample).to_be_hidden()


def test_what_is_shown_is_marked_as_old_until_it_is_shown_anew(service, open_page):
    service.call("workflow.create", {"id": "leads", "template": "new-lead-follow-up"})
    service.call("contact.put", {"id": "c-1", "fields": {"first_name": "Kei", "phone": "+12125550101"}})
    page = open_page("workflows/leads/preview")
    old = page.get_by_role("status").filter(has_text="not up to date")
    expect(page.locator(".bubble").first).to_contain_text("Hi Ann")
    expect(old).to_have_count(0)
    start = page.get_by_label("Entering at")
    before = start.input_value()
    start.fill("2026-03-05T10:00")
    expect(old).to_be_visible()
    start.fill(before)
    expect(old).to_have_count(0)
    for change in (
        lambda: page.get_by_role("button", name="Kei").click(),
        lambda: page.get_by_role("button", name="Suppose that the contact").click(),
        lambda: page.get_by_label("What the contact does").select_option("job.booked"),
        lambda: page.get_by_role("button", name="Suppose it no more").click(),
    ):
        change()
        expect(old).to_be_visible()
        page.get_by_role("button", name="Show").click()
        expect(old).to_have_count(0)
    expect(page.locator(".bubble").first).to_contain_text("Hi Kei")
    page.get_by_role("button", name="Choose another").click()
    page.get_by_role("button", name="A new contact").click()
    page.get_by_label("First name").fill("Ben")
    page.get_by_role("button", name="Show").click()
    expect(old).to_have_count(0)
    page.get_by_label("First name").press("End")
    expect(old).to_have_count(0)


def test_a_record_of_the_contact_is_suggested(service, open_page):
    service.call("workflow.create", {"id": "late", "template": "payment-overdue-escalation"})
    service.call("workflow.activate", {"workflow": "late"})
    fields = {"due_date": "2026-03-01", "balance": 120, "balance_text": "$120.00"}
    for number, contact in (("INV-1", "c-1"), ("INV-2", "c-2"), ("INV-3", None)):
        more = {"customer_id": contact} if number == "INV-2" else {}
        service.call("record.put", {"type": "invoice", "id": number, "fields": {"number": number, **fields, **more}})
        if contact:
            service.call("contact.put", {"id": contact, "fields": {"first_name": f"No {number}", "phone": "+12125550101"}})
    service.call("enrollment.create", {"workflow": "late", "contact": "c-1", "record": {"type": "invoice", "id": "INV-1"}})
    page = open_page("workflows/late/preview")
    record = page.get_by_label("Which invoice is it about?")
    expect(record.locator("option")).to_have_count(5)
    for number in ("INV-1", "INV-2"):
        page.get_by_role("button", name=f"No {number}").click()
        expect(record).to_have_value(f"={number}")
        page.get_by_role("button", name="Choose another").click()
    record.select_option("=INV-3")
    page.get_by_role("button", name="No INV-1").click()
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".bubble").first).to_contain_text("INV-3")


def test_a_sample_reads_like_something_that_could_be(service, open_page):
    service.call("workflow.create", {"id": "leads", "definition": {"name": "Leads", "entry": {"record": "lead"}, "steps": [
        {"id": "m", "kind": "message", "channel": "sms",
         "content": {"text": "Service: {{ record.service }}, Source: {{ record.source }}, {{ record.pipe_size }}"}}]}})
    page = open_page("workflows/leads/preview")
    expect(page.locator(".bubble")).to_have_text("Service: Furnace tune-up, Source: website, sample pipe size")
