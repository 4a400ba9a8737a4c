"""The live view: it follows what happens, without being loaded again."""

from playwright.sync_api import expect

from Builder.people import greeting


def count(page, name):
    return page.locator(f'.tile[data-count="{name}"] .tile-number')


def at_step(page, step, name="inside"):
    return page.locator(f'[data-step="{step}"] [data-count="{name}"]')


def test_a_contact_replies(service, open_page):
    greeting(service, "c-ann", "c-dan")
    page = open_page("workflows/greeting/live")
    expect(count(page, "inside")).to_have_text("2")
    expect(at_step(page, "wait")).to_contain_text("2")
    expect(at_step(page, "hello", "sent")).to_have_text("2 sent")
    page.evaluate("window.isTheSame = true")

    enrollment = service.call("enrollment.list", {"contact": "c-ann"})["enrollments"][0]["id"]
    service.call("signal.send", {
        "name": "sms.replied", "contact": "c-ann",
        "data": {"text": "Yes, please call me", "enrollment": enrollment, "step": "hello"}})

    expect(count(page, "inside")).to_have_text("1")
    expect(count(page, "exited")).to_have_text("1")
    expect(at_step(page, "wait")).to_contain_text("1")
    expect(at_step(page, "hello", "replied")).to_have_text("1 replied")
    expect(page.locator('[data-contact="c-ann"]')).to_have_count(0)
    expect(page.get_by_role("region", name="Latest")).to_contain_text("Yes, please call me")
    assert page.evaluate("window.isTheSame")


def test_a_day_goes_by(service, open_page):
    greeting(service, "c-ann")
    page = open_page("workflows/greeting/live")
    expect(page.locator('[data-contact="c-ann"]')).to_contain_text("Tue, Mar 3")
    service.call("clock.advance", {"by": {"days": 1}})
    expect(at_step(page, "mail", "sent")).to_have_text("1 sent")
    expect(count(page, "finished")).to_have_text("1")
    expect(page.get_by_text("Nobody is inside.")).to_be_visible()


def test_what_is_skipped_says_why(service, open_page):
    greeting(service, "c-eve")
    page = open_page("workflows/greeting/live")
    expect(at_step(page, "hello", "skipped")).to_contain_text("1 skipped")
    expect(page.locator('[data-type="message.skipped"]')).to_contain_text("skipped")


def test_somebody_is_added_by_hand(service, open_page):
    greeting(service)
    page = open_page("workflows/greeting/live")
    page.get_by_role("button", name="Add a contact").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("choose a contact")
    dialog.get_by_role("button", name="A new contact").click()
    dialog.get_by_label("First name").fill("Gina")
    dialog.get_by_label("Phone").fill("12")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(dialog.get_by_role("alert")).not_to_be_empty()
    dialog.get_by_label("Phone").fill("+12125550109")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("region", name="Contacts inside")).to_contain_text("Gina")


def test_somebody_is_found_and_added(service, open_page):
    greeting(service)
    service.call("contact.put", {"id": "c-9", "fields": {"first_name": "Hanna", "last_name": "Ito", "phone": "+12125550188"}})
    page = open_page("workflows/greeting/live")
    page.get_by_role("button", name="Add a contact").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Contact").fill("hann it")
    dialog.get_by_role("button", name="Hanna Ito").click()
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator('[data-contact="c-9"]')).to_be_visible()
    assert service.call("enrollment.list", {"contact": "c-9"})["enrollments"][0]["source"] == {"kind": "manual"}


def test_somebody_is_taken_out(service, open_page):
    greeting(service, "c-ann")
    page = open_page("workflows/greeting/live")
    page.get_by_role("button", name="Take Ann Baker out").click()
    page.get_by_role("dialog").get_by_role("button", name="Take out").click()
    expect(count(page, "unenrolled")).to_have_text("1")
    assert service.call("enrollment.list", {"contact": "c-ann"})["enrollments"][0]["state"] == "unenrolled"


def test_for_an_invoice(service, open_page):
    service.call("workflow.create", {"template": "payment-overdue-escalation"})
    service.call("workflow.activate", {"workflow": "payment-overdue-escalation"})
    service.call("contact.put", {"id": "c-1", "fields": {"first_name": "Ann", "phone": "+12125550101"}})
    service.call("record.put", {"type": "invoice", "id": "INV-7", "fields": {
        "number": "INV-7", "due_date": "2026-03-01", "balance": 120, "balance_text": "$120.00"}})
    page = open_page("workflows/payment-overdue-escalation/live")
    page.get_by_role("button", name="Add a contact").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Ann").click()
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("what it is about")
    dialog.get_by_label("Which invoice is it about?").select_option("=INV-7")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator('[data-contact="c-1"]')).to_contain_text("INV-7")


def test_the_focus_stays_while_events_arrive(service, open_page):
    greeting(service, "c-ann", "c-dan")
    page = open_page("workflows/greeting/live")
    link = page.get_by_role("link", name="Dan Engel").first
    link.focus()
    service.call("signal.send", {"name": "sms.replied", "contact": "c-ann"})
    expect(count(page, "inside")).to_have_text("1")
    expect(page.get_by_role("link", name="Dan Engel").first).to_be_focused()


def test_the_service_is_away_and_comes_back(service, open_page, faults):
    faults.allow("status of 503")
    greeting(service, "c-ann")
    page = open_page("workflows/greeting/live")
    expect(count(page, "inside")).to_have_text("1")
    service.kill()
    expect(page.get_by_role("alert")).to_contain_text("does not answer")
    service.start()
    expect(page.get_by_role("alert")).to_have_count(0)
    service.call("signal.send", {"name": "sms.replied", "contact": "c-ann"})
    expect(count(page, "inside")).to_have_text("0")


def test_the_builder_itself_is_started_again(service, builder, open_page, faults):
    faults.allow("ERR_CONNECTION|ERR_EMPTY_RESPONSE|ERR_SOCKET")
    greeting(service, "c-ann")
    page = open_page("workflows/greeting/live")
    expect(count(page, "inside")).to_have_text("1")
    builder.stop()
    expect(page.get_by_role("alert")).to_contain_text("does not answer")
    builder.start()
    expect(page.get_by_role("alert")).to_have_count(0)
    service.call("signal.send", {"name": "sms.replied", "contact": "c-ann"})
    expect(count(page, "inside")).to_have_text("0")


def test_a_page_that_is_opened_while_the_service_is_away(service, open_page, faults):
    faults.allow("status of 503")
    greeting(service, "c-ann")
    service.kill()
    page = open_page("workflows/greeting/live")
    expect(page.get_by_role("heading", name="This cannot be shown")).to_be_visible()
    service.start()
    expect(count(page, "inside")).to_have_text("1")
