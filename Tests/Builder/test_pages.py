"""The pages around the editor: lists, gallery, versions, contacts, and what is done to a workflow."""

import re

import pytest
from playwright.sync_api import expect

from Builder.people import GREETING, PEOPLE, greeting


def dialog_button(page, name):
    return page.get_by_role("dialog").get_by_role("button", name=name, exact=True)


def menu(page, item):
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name=item).click()


# Workflows and templates

def test_from_nothing_to_the_gallery(page):
    expect(page.get_by_text("No workflows yet")).to_be_visible()
    page.get_by_role("link", name="Start from a template").click()
    expect(page.get_by_role("heading", name="Payment Overdue Escalation")).to_be_visible()


def test_the_list_follows_and_is_searched(service, page):
    greeting(service, "c-ann")
    service.call("workflow.create", {"template": "payment-overdue-escalation"})
    row = page.locator('[data-workflow="greeting"]')
    expect(row).to_contain_text("Active")
    expect(row.get_by_role("link", name="1 inside Greeting")).to_be_visible()
    service.call("workflow.pause", {"workflow": "greeting"})
    expect(row).to_contain_text("Paused")
    page.reload()
    page.get_by_label("Search workflows").fill("overdue")
    expect(row).to_have_count(0)
    page.get_by_label("Search workflows").fill("nothing like that")
    expect(page.get_by_text("No workflow fits")).to_be_visible()
    page.get_by_label("Search workflows").fill("")
    page.get_by_label("State").select_option("paused")
    expect(page.locator("[data-workflow]")).to_have_count(1)


@pytest.mark.parametrize("name, workflow", [("Payment Overdue Escalation", "payment-overdue-escalation"), ("Late payers", "late-payers")])
def test_a_template_is_used(service, open_page, name, workflow):
    page = open_page("new")
    page.get_by_role("button", name="Use Payment Overdue Escalation").click()
    page.get_by_label("What is it called?").fill(name)
    dialog_button(page, "Create").click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    found = service.call("workflow.get", {"workflow": workflow})
    assert (found["name"], found["state"]) == (name, "draft")
    assert len(found["definition"]["steps"]) == 8


def test_a_blank_one_needs_a_name(service, open_page):
    page = open_page("new")
    page.get_by_role("button", name="Start blank").click()
    dialog_button(page, "Create").click()
    expect(page.get_by_role("alert")).to_contain_text("give it a name")
    page.get_by_label("What is it called?").fill("Spring cleaning")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Spring cleaning", level=1)).to_be_visible()
    assert service.call("workflow.get", {"workflow": "spring-cleaning"})["definition"]["steps"] == []


def test_a_template_of_ones_own(service, open_page):
    greeting(service, state=None)
    page = open_page("workflows/greeting/versions")
    menu(page, "Save as template")
    page.get_by_role("textbox", name="Name").fill("Our greeting")
    dialog_button(page, "Save").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.goto(re.sub("#.*", "#/new", page.url))
    expect(page.get_by_role("button", name=re.compile("Delete the template"))).to_have_count(1)
    page.get_by_role("button", name="Delete the template Our greeting").click()
    dialog_button(page, "Delete").click()
    expect(page.get_by_role("heading", name="Our greeting")).to_have_count(0)


def test_a_business_without_a_time_zone(service, open_page):
    service.call("settings.put", {"time_zone": None})
    page = open_page("workflows")
    page.get_by_role("button", name="Choose").click()
    page.get_by_role("combobox", name="Time zone").select_option("Europe/London")
    dialog_button(page, "Save").click()
    expect(page.get_by_text("In which time zone")).to_have_count(0)
    assert service.call("settings.get")["time_zone"] == "Europe/London"


# A workflow as a whole

def test_activate_pause_halt_resume_say_what_they_mean(service, open_page):
    greeting(service, state=None)
    page = open_page("workflows/greeting/versions")
    header = page.locator(".workflow-header")
    for button, words, state in [
        ("Activate", "Each contact keeps the version", "active"), ("Pause", "they still get their messages", "paused"),
        ("Resume", "New contacts can enter again", "active"), ("Halt", "nothing is sent any more", "halted"),
        ("Resume", "nobody gets several messages at once", "active"),
    ]:
        header.get_by_role("button", name=button).click()
        expect(page.get_by_role("dialog")).to_contain_text(words)
        dialog_button(page, button).click()
        expect(header.locator(".badge")).to_contain_text(state.capitalize())
        assert service.call("workflow.get", {"workflow": "greeting"})["state"] == state


def test_an_activation_that_is_refused_says_why(service, open_page):
    service.call("workflow.create", {"id": "empty", "definition": {"name": "Empty"}})
    page = open_page("workflows/empty/versions")
    page.get_by_role("button", name="Activate").click()
    dialog_button(page, "Activate").click()
    expect(page.get_by_role("heading", name="That was not possible")).to_be_visible()
    expect(page.get_by_role("dialog")).to_contain_text("step")


def test_rename_duplicate_delete(service, open_page):
    greeting(service, "c-ann")
    page = open_page("workflows/greeting/versions")
    menu(page, "Rename")
    page.get_by_role("textbox", name="Name").fill("Warm greeting")
    dialog_button(page, "Save").click()
    expect(page.get_by_role("heading", name="Warm greeting", level=1)).to_be_visible()
    menu(page, "Duplicate")
    dialog_button(page, "Duplicate").click()
    expect(page.get_by_role("heading", name="Warm greeting (copy)")).to_be_visible()
    page.goto(re.sub("#.*", "#/workflows/greeting/versions", page.url))
    expect(page.get_by_role("heading", name="Warm greeting", exact=True, level=1)).to_be_visible()
    menu(page, "Delete")
    expect(page.get_by_role("dialog")).to_contain_text("One contact is inside")
    dialog_button(page, "Delete").click()
    expect(page.locator("[data-workflow]")).to_have_count(1)
    service.refused("workflow.get", {"workflow": "greeting"})


def test_the_menu_by_keyboard(service, open_page):
    greeting(service)
    page = open_page("workflows/greeting/versions")
    button = page.get_by_role("button", name="More")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Rename")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("menuitem", name="Delete")).to_be_focused()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(page.get_by_role("menu")).to_have_count(0)


# Versions

def test_what_differs_between_versions_and_who_is_on_which(service, open_page):
    greeting(service, "c-ann")
    steps = [
        {"id": "new", "kind": "flag", "name": "Tell the office", "flag": "called"},
        {**GREETING["steps"][0], "content": {"text": "Hello {{ contact.first_name }}, thanks for calling {{ business.name }}!"}},
        {**GREETING["steps"][1], "for": {"days": 3}},
    ]
    service.call("workflow.update", {"workflow": "greeting", "changes": {"steps": steps}})
    page = open_page("workflows/greeting/versions")
    first = page.locator('[data-version="1"]')
    first.get_by_text("One contact inside").click()
    expect(first.get_by_role("link", name="Ann Baker")).to_be_visible()
    expect(page.locator('[data-kind="added"]')).to_contain_text("Tell the office")
    expect(page.locator('[data-kind="removed"]')).to_contain_text("How can we help")
    text = page.locator('[data-step="hello"]')
    expect(text.locator("del")).to_have_text("Hi")
    expect(text.locator("ins")).to_have_text("Hello")
    expect(page.locator('[data-step="wait"]')).to_contain_text("3 days")
    page.get_by_label("From").select_option("2")
    expect(page.get_by_text("Nothing differs")).to_be_visible()


def test_a_step_that_moved(service, open_page):
    greeting(service, state=None)
    service.call("step.move", {"workflow": "greeting", "step": "mail", "place": {"index": 0}})
    page = open_page("workflows/greeting/versions")
    expect(page.locator('[data-kind="moved"]')).to_have_count(1)
    expect(page.locator('[data-kind="moved"]')).to_contain_text("How can we help")


# Contacts

def test_a_contact_is_found(service, open_page):
    for contact, fields in PEOPLE.items():
        service.call("contact.put", {"id": contact, "fields": fields})
    page = open_page("contacts")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(len(PEOPLE))
    for text, name in [("fost ev", "Eve Foster"), ("555-0102", "Ben Carter"), ("ann@", "Ann Baker")]:
        page.get_by_label("Search contacts").fill(text)
        expect(rows).to_have_count(1)
        expect(rows).to_contain_text(name)
    page.get_by_label("Search contacts").fill("nobody")
    expect(page.get_by_text("Nobody found")).to_be_visible()


def test_where_a_contact_stands(service, open_page):
    greeting(service, "c-ben")
    page = open_page("contacts/c-ben")
    card = page.locator('[data-workflow="greeting"]')
    # It is 7:00 where Ben lives: all moments are on his clock.
    expect(card).to_contain_text("Held back by quiet hours until Mon, Mar 2, 9:0")
    service.call("clock.advance", {"by": {"hours": 3}})
    expect(card).to_contain_text("A day later")
    expect(card).to_contain_text("Waits until Tue, Mar 3, 10:00 AM")
    expect(card.get_by_role("listitem").filter(has_text="How can we help")).to_contain_text("Tue, Mar 3, 10:00 AM")
    expect(page.get_by_role("region", name="History")).to_contain_text("Hi Ben, thanks for calling Evergreen")
    card.get_by_text("Path: 2 steps").click()
    expect(card.get_by_text("Hello", exact=True)).to_be_visible()
    card.get_by_role("button", name="Take out").click()
    dialog_button(page, "Take out").click()
    expect(card).to_contain_text("Was taken out")


def test_a_contact_unsubscribes_and_subscribes_again(service, open_page):
    service.call("contact.put", {"id": "c-ann", "fields": PEOPLE["c-ann"]})
    page = open_page("contacts/c-ann")
    page.get_by_role("button", name="Unsubscribe").click()
    page.get_by_label("Text message").check()
    dialog_button(page, "Unsubscribe").click()
    expect(page.locator(".badge.warn")).to_have_text("Text message")
    assert service.call("contact.get", {"id": "c-ann"})["suppressed"] == ["sms"]
    page.get_by_role("button", name="Subscribe again").click()
    dialog_button(page, "Subscribe again").click()
    expect(page.locator(".badge.warn")).to_have_count(0)
    assert "suppressed" not in service.call("contact.get", {"id": "c-ann"})


def test_a_contact_is_added_to_a_workflow(service, open_page):
    greeting(service)
    service.call("contact.put", {"id": "c-ann", "fields": PEOPLE["c-ann"]})
    page = open_page("contacts/c-ann")
    page.get_by_role("button", name="Add to a workflow").click()
    dialog_button(page, "Add").click()
    expect(page.locator('[data-workflow="greeting"]')).to_contain_text("Inside")


SCRIPT = '<img src=x onerror="document.title=\'run\'"><script>document.title="run"</script>'


def test_what_contacts_write_stays_text(service, open_page):
    greeting(service, state=None)
    service.call("workflow.update", {"workflow": "greeting", "changes": {"name": SCRIPT[:190], "exits": []}})
    service.call("workflow.activate", {"workflow": "greeting"})
    fields = {"first_name": SCRIPT, "last_name": SCRIPT, "phone": "+12125550101", "email": "a@example.com"}
    service.call("enrollment.create", {"workflow": "greeting", "contact": {"id": "c-x", "fields": fields}})
    service.call("clock.advance", {"by": {"minutes": 5}})
    service.call("signal.send", {"name": "sms.replied", "contact": "c-x", "data": {"text": SCRIPT}})
    for path in ["workflows", "workflows/greeting/live", "workflows/greeting/versions", "contacts", "contacts/c-x"]:
        page = open_page(path)
        expect(page.locator("main").get_by_text("<img").filter(visible=True).first).to_be_visible()
        assert page.locator("main img, main script").count() == 0
        assert "run" not in page.title().split(" ")
