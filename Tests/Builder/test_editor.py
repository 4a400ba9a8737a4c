"""The editor under the hands of a person: dragged, typed, undone, saved."""

import re

from editing import card, drag_new, drag_step, expect_cards, gap, open_card, panel, save, stored
from people import greeting
from playwright.sync_api import expect

DAYS = [(1, "friendly", "sms"), (7, "firm", "email"), (14, "final", "email")]


def make_delay(page, step, days):
    form = open_card(page, step)
    form.get_by_label("Counted from").select_option("other")
    form.get_by_label("Which date").fill("record.due_date")
    form.get_by_label("How long: days").fill(str(days))
    form.get_by_label("Time of day").fill("10:00")
    expect(form.locator(".in-words")).to_have_text(f"{days} day{'s' if days > 1 else ''} after the invoice's due date at 10:00 AM.")


def test_the_payment_overdue_escalation_is_built_from_blank(service, open_page, screenshot):
    page = open_page("new")
    page.get_by_role("button", name="Start blank").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What is it called?").fill("Late payers")
    dialog.get_by_role("button", name="Create").click()
    form = panel(page)
    form.get_by_label("What it is about").fill("invoice")
    form.get_by_role("button", name="Enter by itself when").click()
    form.get_by_label("What the contact did").select_option("invoice.overdue")
    form.get_by_role("button", name="End it early when").click()
    form.get_by_label("What the contact did").nth(1).select_option("invoice.paid")
    form.get_by_label("Name in the statistics").fill("paid")
    form.get_by_label("A contact may enter").select_option("never")

    for number, (_, _, channel) in enumerate(DAYS):
        drag_new(page, "delay", 2 * number)
        drag_new(page, channel, 2 * number + 1)
    drag_new(page, "delay", 6)
    drag_new(page, "flag", 7)
    expect_cards(page, "wait-1", "sms-1", "wait-2", "email-1", "wait-3", "email-2", "wait-4", "flag-1")

    for number, days in enumerate((1, 7, 14, 30), start=1):
        make_delay(page, f"wait-{number}", days)
    form = open_card(page, "sms-1")
    form.get_by_label("Text", exact=True).fill("Hi , invoice  is past due. Reply STOP to opt out.")
    form.get_by_label("Text", exact=True).evaluate("element => element.setSelectionRange(3, 3)")
    form.get_by_label("Insert a field into Text").select_option(label="First name")
    expect(form.get_by_label("Text", exact=True)).to_have_value(
        'Hi {{ contact.first_name | default: "there" }}, invoice  is past due. Reply STOP to opt out.')
    expect(form.locator(".bubble")).to_have_text("Hi Ann, invoice  is past due. Reply STOP to opt out.")
    expect(form.get_by_text("1 segment")).to_be_visible()
    for step in ("email-1", "email-2"):
        form = open_card(page, step)
        form.get_by_role("textbox", name="Subject").fill("Your invoice")
        form.get_by_label("Text", exact=True).fill("It is overdue.")
    form = open_card(page, "flag-1")
    form.get_by_label("Flag", exact=True).fill("collections")
    screenshot(page, "editor-built")
    save(page)

    mine, template = stored(service, "late-payers"), service.call(
        "template.get", {"template": "payment-overdue-escalation"})["definition"]
    shape = lambda steps: [(s["kind"], s.get("channel"), s.get("for"), s.get("at"), s.get("from"), s.get("flag")) for s in steps]
    assert shape(mine["steps"]) == shape(template["steps"])
    assert mine["entry"] == template["entry"] and mine["reentry"] == template["reentry"]
    assert mine["exits"] == template["exits"][:1]
    page.locator("[data-action='activate']").click()
    page.get_by_role("dialog").get_by_role("button", name="Activate").click()
    expect(page.get_by_text("Workflow is on.")).to_be_visible()


def test_cards_are_dragged_into_and_out_of_paths(service, open_page, screenshot):
    greeting(service)
    page = open_page("workflows/greeting")
    drag_new(page, "branch", 3)
    drag_step(page, "mail", 0, "branch-1 0")
    drag_step(page, "hello", 0, "branch-1 otherwise")
    expect_cards(page, "wait", "branch-1", "mail", "hello")
    screenshot(page, "editor-branch")
    drag_step(page, "mail", 0)
    drag_step(page, "branch-1", 0)
    expect_cards(page, "branch-1", "hello", "mail", "wait")
    save(page)
    [branch, mail, wait] = stored(service, "greeting")["steps"]
    assert (branch["id"], mail["id"], wait["id"]) == ("branch-1", "mail", "wait")
    assert [step["id"] for step in branch["otherwise"]["steps"]] == ["hello"]


def test_a_branch_is_not_dropped_into_itself_and_escape_cancels(service, open_page):
    greeting(service)
    page = open_page("workflows/greeting")
    drag_new(page, "branch", 3)
    handle = page.locator("[data-drag='branch-1']").bounding_box()
    page.mouse.move(handle["x"] + 8, handle["y"] + 8)
    page.mouse.down()
    inside = gap(page, 0, "branch-1 0").bounding_box()
    page.mouse.move(inside["x"] + 12, inside["y"] + 12, steps=5)
    assert "branch-1" not in page.locator(".insert.target").get_attribute("data-place")
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(page.locator(".ghost")).to_have_count(0)
    expect_cards(page, "hello", "wait", "mail", "branch-1")


def test_undo_and_redo(service, open_page):
    greeting(service)
    page = open_page("workflows/greeting")
    form = open_card(page, "mail")
    form.get_by_role("textbox", name="Subject").press("End")
    page.keyboard.type(" Really?")
    drag_step(page, "mail", 0)
    expect_cards(page, "mail", "hello", "wait")
    page.keyboard.press("Control+z")
    expect_cards(page, "hello", "wait", "mail")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("All changes saved")).to_be_visible()
    expect(panel(page).get_by_role("textbox", name="Subject")).to_have_value("How can we help?")
    page.keyboard.press("Control+Shift+z")
    expect(panel(page).get_by_role("textbox", name="Subject")).to_have_value("How can we help? Really?")
    page.get_by_role("button", name="Redo").click()
    expect_cards(page, "mail", "hello", "wait")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Saved as version 2.")).to_be_visible()


def test_contacts_inside_keep_their_version(service, open_page):
    greeting(service, "c-ann")
    page = open_page("workflows/greeting")
    form = open_card(page, "mail")
    form.get_by_role("textbox", name="Subject").fill("A new subject")
    save(page)
    greeting_of = lambda contact: service.call("enrollment.create", {"workflow": "greeting", "contact": contact})
    service.call("contact.put", {"id": "c-ben", "fields": {
        "first_name": "Ben", "phone": "+12125550102", "email": "ben@example.com"}})
    greeting_of("c-ben")
    service.call("clock.advance", {"by": {"days": 2}})
    sent = {event["contact"]: event for event in service.call("events.read", {"families": ["message"], "limit": 1000})["events"]
            if event["type"] == "message.sent" and event["step"] == "mail"}
    assert (sent["c-ann"]["version"], sent["c-ben"]["version"]) == (1, 2)
    subjects = {event["contact"]: event["content"]["subject"]
                for event in service.call("events.read", {"families": ["message"], "limit": 1000})["events"]
                if event.get("step") == "mail" and "content" in event}
    assert subjects == {"c-ann": "How can we help?", "c-ben": "A new subject"}


def test_errors_stand_at_their_field(service, open_page, axe):
    greeting(service)
    page = open_page("workflows/greeting")
    form = open_card(page, "hello")
    form.get_by_label("Text", exact=True).fill("Hi {{ first_name }}")
    open_card(page, "wait")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(card(page, "hello")).to_have_attribute("aria-pressed", "true")
    text = panel(page).get_by_label("Text", exact=True)
    expect(text).to_have_attribute("aria-invalid", "true")
    expect(panel(page).locator(".field .error")).to_contain_text("A field begins with contact.")
    axe(page)
    text.fill("Hi {{ contact.first_name }}")
    expect(text).not_to_have_attribute("aria-invalid", "true")
    save(page)


def test_text_of_contacts_never_runs(service, open_page, faults):
    faults.allow("Blocked script execution in 'about:srcdoc'")
    service.call("workflow.create", {"id": "evil", "definition": {
        "name": "<img src=x onerror=alert(1)>", "steps": [
            {"id": "m", "kind": "message", "name": "<script>alert(2)</script>", "channel": "email", "content": {
                "subject": "<b>x</b>", "text": "<script>alert(3)</script>",
                "html": "<script>parent.alert(4)</script><p>Hello</p>"}}]}})
    page = open_page("workflows/evil")
    page.on("dialog", lambda dialog: dialog.accept() or (_ for _ in ()).throw(AssertionError("a script ran")))
    form = open_card(page, "m")
    expect(form.locator(".bubble")).to_contain_text("<script>alert(3)</script>")
    form.get_by_text("As HTML").click()
    frame = form.locator("iframe")
    assert frame.get_attribute("sandbox") == ""
    expect(form.frame_locator("iframe").get_by_text("Hello")).to_be_visible()


def test_leaving_asks_and_loses_nothing(service, open_page, faults):
    greeting(service)
    page = open_page("workflows/greeting")
    open_card(page, "mail").get_by_role("textbox", name="Subject").fill("Not saved")
    page.get_by_role("link", name="Contacts").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Stay").click()
    expect(page).to_have_url(re.compile("#/workflows/greeting"))
    expect(page.get_by_text("Unsaved changes")).to_be_visible()
    page.on("dialog", lambda question: question.accept())
    page.reload()
    expect(page.get_by_text("Your unsaved changes of")).to_be_visible()
    assert open_card(page, "mail").get_by_role("textbox", name="Subject").input_value() == "Not saved"
    page.get_by_role("button", name="Discard them").click()
    expect(page.get_by_text("All changes saved")).to_be_visible()
    assert stored(service, "greeting")["steps"][2]["content"]["subject"] == "How can we help?"


def test_the_editor_keeps_nobody_out(service, open_page, axe, screenshot):
    service.call("workflow.create", {"id": "review", "template": "post-job-review-request"})
    for theme, width in (("light", 1280), ("dark", 820)):
        page = open_page("workflows/review", theme=theme, width=width)
        for step in ("/entry", page.locator(".kind-message .card-button").first.get_attribute("data-card"),
                     page.locator(".kind-delay .card-button").first.get_attribute("data-card"),
                     page.locator(".kind-branch .card-button").first.get_attribute("data-card")):
            card(page, step).click()
            axe(page)
        screenshot(page, f"editor-{theme}-{width}")
