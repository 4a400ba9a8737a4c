"""Everything that dragging does, by keys alone."""

from editing import card, expect_cards, panel, stored
from people import greeting
from playwright.sync_api import expect


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def test_a_workflow_is_built_without_a_mouse(service, open_page):
    greeting(service)
    page = open_page("workflows/greeting")
    card(page, "/entry").focus()
    # To the card "mail", and behind it with the button that follows.
    press(page, "ArrowDown", "ArrowDown", "ArrowDown")
    expect(card(page, "mail")).to_be_focused()
    press(page, "Tab", "Enter")
    expect(page.get_by_role("menuitem", name="Text message")).to_be_focused()
    press(page, "ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown", "Enter")
    expect(card(page, "branch-1")).to_be_focused()
    # Into the branch's first path, over to "otherwise", and out again.
    press(page, "ArrowUp", "Alt+ArrowDown")
    expect_cards(page, "hello", "wait", "branch-1", "mail")
    expect(page.locator("[data-lane='branch-1 0'] [data-card='mail']")).to_be_focused()
    press(page, "Alt+ArrowRight")
    expect(page.locator("[data-lane='branch-1 otherwise'] [data-card='mail']")).to_be_focused()
    expect(page.get_by_role("status").filter(has_text="was moved to place 1 of the path otherwise")).to_have_count(1)
    press(page, "Alt+ArrowDown")
    expect(page.locator("[data-lane='top'] > .entry [data-card='mail']")).to_be_focused()
    press(page, "Alt+ArrowUp", "Alt+ArrowUp")
    expect_cards(page, "hello", "wait", "mail", "branch-1")
    # Its details, and back.
    press(page, "Enter")
    expect(panel(page).get_by_label("Name on the timeline")).to_be_focused()
    page.keyboard.type("!")
    card(page, "hello").focus()
    press(page, "Delete")
    expect_cards(page, "wait", "mail", "branch-1")
    press(page, "Control+z")
    expect_cards(page, "hello", "wait", "mail", "branch-1")
    press(page, "Control+s")
    expect(page.get_by_text("Saved as version 2.")).to_be_visible()
    steps = stored(service, "greeting")["steps"]
    assert [step["id"] for step in steps] == ["hello", "wait", "mail", "branch-1"]
    assert steps[2]["name"] == "How can we help!"


def test_every_control_is_reached_by_tab_and_shows_its_focus(service, open_page):
    greeting(service)
    page = open_page("workflows/greeting")
    card(page, "hello").wait_for()
    seen = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("""() => {
            const element = document.activeElement;
            if (element === document.body) return "behind the page";
            const style = getComputedStyle(element.closest(".step-card, .frame-card") ?? element);
            const shows = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
            return shows ? element.dataset.card ?? element.dataset.new ?? element.dataset.action ?? element.tagName : `no focus: ${element.outerHTML}`;
        }"""))
    assert {"/entry", "hello", "wait", "mail", "/exit", "sms", "branch", "exit"} <= seen and not [one for one in seen if one.startswith("no focus")]
