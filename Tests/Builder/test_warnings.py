"""A misspelled field is told before it costs every message."""

import pytest
from editing import card, open_card, panel, save, stored
from people import greeting
from playwright.sync_api import expect

WRONG = "Hi {{ contact.first_nam }}"


@pytest.fixture
def misspelled(service, open_page):
    """A draft whose text was saved with a misspelled field."""
    greeting(service, state=None)
    page = open_page("workflows/greeting")
    open_card(page, "hello").get_by_label("Text", exact=True).fill(WRONG)
    save(page)
    return page


def at_field(page):
    return panel(page).locator(".content-field .error")


def activate(page):
    page.locator("[data-action='activate']").click()
    page.get_by_role("dialog").get_by_role("button", name="Activate", exact=True).click()
    expect(page.get_by_role("heading", name="Is this field misspelled?")).to_be_visible()


def test_it_is_told_at_its_field_when_it_is_saved(service, misspelled, axe):
    expect(misspelled.locator(".toast")).to_contain_text("Please check the highlighted field.")
    expect(at_field(misspelled)).to_contain_text("contact.first_name")
    expect(card(misspelled, "hello")).to_contain_text("Please check: Text")
    axe(misspelled)
    assert stored(service, "greeting")["steps"][0]["content"]["text"] == WRONG
    misspelled.reload()
    expect(card(misspelled, "hello")).to_contain_text("Please check: Text")
    form = open_card(misspelled, "hello")
    expect(at_field(misspelled)).to_contain_text("contact.first_name")
    form.get_by_label("Text", exact=True).fill("Hi {{ contact.first_name }}")
    expect(at_field(misspelled)).to_have_count(0)
    expect(card(misspelled, "hello")).not_to_contain_text("Please check")
    save(misspelled)
    expect(at_field(misspelled)).to_have_count(0)


def test_activation_asks_and_leads_to_the_field(service, misspelled, axe):
    open_card(misspelled, "wait")
    activate(misspelled)
    dialog = misspelled.get_by_role("dialog")
    expect(dialog).to_contain_text("Hello, Text: No one has “contact.first_nam”. Did you mean “contact.first_name”?")
    axe(misspelled)
    dialog.get_by_role("button", name="Fix it").click()
    expect(panel(misspelled).get_by_label("Text", exact=True)).to_be_focused()
    assert service.call("workflow.get", {"workflow": "greeting"})["state"] == "draft"


def test_whoever_means_it_activates_it(service, misspelled):
    activate(misspelled)
    misspelled.get_by_role("dialog").get_by_role("button", name="Activate anyway").click()
    expect(misspelled.get_by_text("Workflow is on.")).to_be_visible()
    assert service.call("workflow.get", {"workflow": "greeting"})["state"] == "active"


def test_from_another_page_the_way_leads_to_the_editor(service, misspelled):
    misspelled.get_by_role("link", name="Versions").click()
    expect(misspelled.locator("[data-version='1']")).to_be_visible()
    activate(misspelled)
    misspelled.get_by_role("dialog").get_by_role("button", name="Fix it").click()
    expect(card(misspelled, "hello")).to_contain_text("Please check: Text")


def test_the_way_leads_to_the_field_that_was_asked_about(service, misspelled):
    service.call("contact.put", {"id": "c-ann", "fields": {"first_name": "Ann"}})
    steps = stored(service, "greeting")["steps"]
    steps[0]["content"]["text"] = 'Size {{ contact.shoe_size | default: "unknown" }}'
    steps[-1]["content"]["text"] = WRONG
    workflow = service.call("workflow.update", {"workflow": "greeting", "changes": {"steps": steps}})
    assert [warning["code"] for warning in workflow["warnings"]] == ["field_unknown", "field_misspelled"]
    misspelled.reload()
    activate(misspelled)
    misspelled.get_by_role("dialog").get_by_role("button", name="Fix it").click()
    expect(card(misspelled, "mail")).to_have_attribute("aria-pressed", "true")
    expect(panel(misspelled).get_by_label("Text", exact=True)).to_be_focused()


def test_the_way_leads_to_a_field_that_was_known_when_the_page_was_opened(service, open_page):
    greeting(service, state=None)
    service.call("contact.put", {"id": "c-ann", "fields": {"first_nam": "Ann"}})
    page = open_page("workflows/greeting")
    open_card(page, "hello").get_by_label("Text", exact=True).fill(WRONG)
    save(page)
    expect(at_field(page)).to_have_count(0)
    service.call("contact.delete", {"id": "c-ann"})
    card(page, "wait").click()
    activate(page)
    page.get_by_role("dialog").get_by_role("button", name="Fix it").click()
    expect(panel(page).get_by_label("Text", exact=True)).to_be_focused()
    expect(at_field(page)).to_contain_text("contact.first_name")
