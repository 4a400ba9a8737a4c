"""What is wrong stands once, at its field, and the way leads there."""

from editing import card, open_card, panel, save, stored
from people import greeting
from playwright.sync_api import expect


def problems(page):
    return panel(page).get_by_role("alert")


def refuse(page):
    page.get_by_role("button", name="Save", exact=True).click()
    expect(problems(page)).not_to_be_empty()


def in_view(locator):
    return locator.evaluate("""element => {
        const { top, bottom } = element.getBoundingClientRect();
        return top >= 0 && bottom <= innerHeight;
    }""")


def test_all_that_is_wrong_is_named_at_once_and_said_once(service, open_page, axe, screenshot):
    greeting(service)
    page = open_page("workflows/greeting", height=600)
    open_card(page, "hello").get_by_label("Text", exact=True).fill("Hi {{ first_name }}")
    form = open_card(page, "mail")
    form.get_by_role("textbox", name="Subject").fill("")
    form.get_by_label("Text", exact=True).fill("{{ nobody }}")
    form.get_by_text("Rules").click()
    form.get_by_label("Not after").fill("whenever")
    card(page, "/entry").click()
    panel(page).get_by_role("button", name="Another end").click()
    panel(page).get_by_label("Name in the statistics").nth(1).fill("")
    refuse(page)
    names = ["Workflow: What ends it, 2", "Hello: Text", "How can we help: Subject", "How can we help: Text",
             "How can we help: Not after"]
    expect(problems(page)).to_contain_text("Please fix these 5 fields:")
    assert sorted(button.inner_text() for button in problems(page).get_by_role("button").all()) == sorted(names)
    axe(page)
    screenshot(page, "errors")
    expect(page.locator(".toast")).to_have_count(0)
    expect(card(page, "mail")).to_contain_text("Please fix: Subject, Text, Not after")

    problems(page).get_by_role("button", name="Hello: Text").click()
    text = panel(page).get_by_label("Text", exact=True)
    expect(text).to_be_focused()
    assert in_view(text)
    words = panel(page).locator(".field .error").inner_text()
    assert page.locator("main").inner_text().count(words) == 1
    text.fill("Hi {{ contact.first_name }}")
    expect(problems(page)).to_contain_text("Please fix these 4 fields:")

    problems(page).get_by_role("button", name="Not after").click()
    late = panel(page).get_by_label("Not after")
    expect(late).to_be_focused()
    late.fill("")
    expect(late).not_to_have_attribute("aria-invalid", "true")
    expect(panel(page).get_by_role("textbox", name="Subject")).to_have_attribute("aria-invalid", "true")
    panel(page).get_by_role("textbox", name="Subject").fill("Hello")
    panel(page).get_by_label("Text", exact=True).fill("Just reply")
    expect(problems(page)).to_contain_text("Please fix this field:")
    problems(page).get_by_role("button", name="What ends it, 2").click()
    name = panel(page).get_by_label("Name in the statistics").nth(1)
    expect(name).to_be_focused()
    name.fill("answered")
    expect(problems(page)).to_have_count(0)
    save(page)
    assert [end["name"] for end in stored(service, "greeting")["exits"]] == ["replied", "answered"]


def test_a_new_message_without_words_names_each_of_its_fields(service, open_page):
    greeting(service)
    page = open_page("workflows/greeting")
    for kind in ("sms", "email", "call_reminder", "flag"):
        page.locator(f"[data-new='{kind}']").click()
    panel(page).get_by_label("Flag", exact=True).fill("")
    refuse(page)
    names = {button.inner_text() for button in problems(page).get_by_role("button").all()}
    assert {"Text message: Text", "Email: Subject", "Email: Text", "Call reminder: What staff is reminded of"} < names
    assert len(names) == 5


def test_what_was_wrong_with_a_step_goes_with_it(service, open_page):
    greeting(service)
    page = open_page("workflows/greeting")
    open_card(page, "hello").get_by_label("Text", exact=True).fill("Hi {{ first_name }}")
    page.locator("[data-new='sms']").click()
    refuse(page)
    expect(problems(page)).to_contain_text("Please fix these 2 fields:")
    page.get_by_role("button", name="Undo (Ctrl+Z)").click()
    expect(card(page, "sms-1")).to_have_count(0)
    expect(problems(page)).to_contain_text("Please fix this field:")
    open_card(page, "hello")
    panel(page).get_by_role("button", name="Delete").click()
    expect(card(page, "hello")).to_have_count(0)
    expect(problems(page)).to_have_count(0)


def test_what_was_wrong_with_a_field_goes_with_it(service, open_page):
    greeting(service)
    page = open_page("workflows/greeting")
    open_card(page, "mail").get_by_role("textbox", name="Subject").fill("")
    refuse(page)
    expect(problems(page)).to_contain_text("How can we help: Subject")
    panel(page).get_by_label("Channel", exact=True).select_option("sms")
    expect(problems(page)).to_have_count(0)
    save(page)


def test_undo_in_a_field_leaves_the_hands_where_they_were(service, open_page):
    greeting(service)
    page = open_page("workflows/greeting")
    subject = open_card(page, "mail").get_by_role("textbox", name="Subject")
    subject.press("Home")
    page.keyboard.type("So: ")
    for keys, value in (("Control+z", "How can we help?"), ("Control+Shift+z", "So: How can we help?")):
        page.keyboard.press(keys)
        expect(subject).to_have_value(value)
        expect(subject).to_be_focused()
    assert subject.evaluate("element => element.selectionStart") == 4
    page.keyboard.type("x")
    expect(subject).to_have_value("So: xHow can we help?")
    days = open_card(page, "wait").get_by_label("How long: days")
    days.fill("3")
    page.keyboard.press("Control+z")
    expect(days).to_have_value("1")
    expect(days).to_be_focused()


def test_a_button_that_was_pressed_keeps_the_focus(service, open_page):
    greeting(service)
    page = open_page("workflows/greeting")
    open_card(page, "mail").get_by_role("textbox", name="Subject").fill("Changed")
    for name in ("Undo (Ctrl+Z)", "Redo (Ctrl+Shift+Z)", "Save"):
        button = page.get_by_role("button", name=name, exact=True)
        button.focus()
        page.keyboard.press("Enter")
        expect(button).to_be_disabled()
        expect(button).to_be_focused()


def test_what_an_undo_takes_away_gives_the_focus_to_what_is_left(service, open_page):
    greeting(service)
    page = open_page("workflows/greeting")
    page.locator("[data-new='flag']").click()
    expect(card(page, "flag-1")).to_be_focused()
    page.keyboard.press("Control+z")
    expect(card(page, "flag-1")).to_have_count(0)
    expect(card(page, "/entry")).to_be_focused()


def test_escape_leads_from_the_details_to_the_card(service, open_page):
    greeting(service)
    page = open_page("workflows/greeting")
    card(page, "mail").focus()
    page.keyboard.press("Enter")
    expect(card(page, "mail")).to_have_attribute("aria-pressed", "true")
    expect(panel(page).get_by_label("Name on the timeline")).to_be_focused()
    page.keyboard.press("Escape")
    expect(card(page, "mail")).to_be_focused()
    expect(card(page, "mail")).to_have_attribute("aria-pressed", "true")
