"""How the page looks: type, the ring of the focus, colours that a system chooses, what sticks to the top."""

from editing import card, gap, open_card, panel
from people import greeting
from playwright.sync_api import expect

FONTS = """() => new Set([...document.querySelectorAll("body *:not([type=checkbox], [type=radio], .code)")]
    .filter((one) => one.checkVisibility())
    .flatMap((one) => [getComputedStyle(one).fontFamily, getComputedStyle(one, "::after").fontFamily])).size"""
# A select cuts its words off without a sign.
CUT_SELECTS = """() => [...document.querySelectorAll("select")].filter((select) => select.checkVisibility()).filter((select) => {
    const words = document.createElement("span");
    words.textContent = select.selectedOptions[0].text;
    words.style.cssText = `position: absolute; white-space: nowrap; font: ${getComputedStyle(select).font}`;
    document.body.append(words);
    const arrow = 22;
    const style = getComputedStyle(select);
    const room = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - arrow;
    const { width } = words.getBoundingClientRect();
    words.remove();
    return width > room;
}).map((select) => select.ariaLabel)"""


def test_all_words_are_in_one_type_and_fit_their_place(service, open_page):
    greeting(service)
    page = open_page("workflows/greeting")
    open_card(page, "mail")
    assert page.evaluate(CUT_SELECTS) == []
    gap(page, 1).click()
    expect(page.get_by_role("menu", name="Add a step")).to_be_visible()
    assert page.evaluate(FONTS) == 1
    page.keyboard.press("Escape")
    box = page.locator("[data-new='email']").bounding_box()
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    page.mouse.down()
    goal = card(page, "wait").bounding_box()
    page.mouse.move(goal["x"] + 10, goal["y"], steps=5)
    expect(page.locator(".insert.target")).to_have_count(1)
    assert page.evaluate(FONTS) == 1
    page.mouse.up()


def test_the_ring_of_the_focus_goes_around_the_card(service, open_page):
    greeting(service)
    page = open_page("workflows/greeting")
    for step in ("/entry", "hello"):
        card(page, step).focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        expect(card(page, step)).to_be_focused()
        rings = card(page, step).evaluate("""button => [button, button.closest(".step-card, .frame-card")]
            .map((one) => getComputedStyle(one).outlineStyle)""")
        assert rings == ["none", "solid"]


def test_what_is_chosen_is_told_in_colours_of_the_system(service, open_page, screenshot):
    greeting(service)
    page = open_page("workflows/greeting", forced_colors="active")
    open_card(page, "mail")
    look = lambda selector: page.locator(selector).first.evaluate("""element => {
        const { outlineStyle, outlineWidth, borderBottomColor, color } = getComputedStyle(element);
        return [outlineStyle, outlineWidth, borderBottomColor, color].join();
    }""")
    screenshot(page, "forced-colors")
    assert look("[data-step='mail']") != look("[data-step='hello']")
    for bar in (".tabs", "#top nav"):
        assert look(f"{bar} a[aria-current]") != look(f"{bar} a:not([aria-current])")


def test_nothing_that_sticks_lies_under_the_banner(service, open_page, faults):
    faults.allow("status of 503")
    service.call("workflow.create", {"id": "long", "definition": {"name": "Long", "steps": [
        {"id": f"note-{number}", "kind": "flag", "flag": "x"} for number in range(30)]}})
    page = open_page("workflows/long")
    card(page, "note-0").click()
    service.kill()
    banner = page.locator("#notices .banner")
    expect(banner).to_be_visible()
    card(page, "note-29").evaluate("element => element.scrollIntoView()")
    below = banner.bounding_box()["y"] + banner.bounding_box()["height"]
    for stuck in (page.locator(".palette"), panel(page)):
        assert stuck.bounding_box()["y"] >= below
    assert panel(page).bounding_box()["y"] + panel(page).bounding_box()["height"] <= 860
