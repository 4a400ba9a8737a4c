"""The page on a phone, with fingers."""

from editing import card, panel
from people import greeting
from playwright.sync_api import expect

from Builder.people import PEOPLE


def tap(page, step):
    card(page, step).tap()


def is_seen(page, locator):
    """Whether the middle of an element is in view, and nothing lies over it."""
    return locator.evaluate("""element => {
        const { left, top, width, height } = element.getBoundingClientRect();
        const found = document.elementFromPoint(left + width / 2, top + height / 2);
        return Boolean(found) && (element.contains(found) || found.contains(element));
    }""")


def test_a_tap_on_a_step_shows_its_form(service, open_phone, axe, screenshot):
    service.call("workflow.create", {"id": "leads", "template": "new-lead-follow-up"})
    for theme in ("light", "dark"):
        page = open_phone("workflows/leads", theme=theme)
        expect(panel(page)).to_be_hidden()
        axe(page)
        for step in [one.get_attribute("data-card") for one in page.locator(".card-button").all()]:
            tap(page, step)
            name = panel(page).get_by_label("Name on the timeline")
            expect(name).to_be_visible()
            assert is_seen(page, name) and is_seen(page, card(page, step))
        axe(page)
        screenshot(page, f"phone-sheet-{theme}")
        panel(page).get_by_role("button", name="Close").tap()
        expect(panel(page)).to_be_hidden()
        tap(page, "/entry")
        assert is_seen(page, panel(page).get_by_label("Name", exact=True))
        page.keyboard.press("Escape")
        expect(panel(page)).to_be_hidden()


def test_a_refused_save_leads_to_the_field(service, open_phone):
    service.call("workflow.create", {"id": "leads", "template": "new-lead-follow-up"})
    page = open_phone("workflows/leads")
    step = page.locator(".kind-message .card-button").last.get_attribute("data-card")
    tap(page, step)
    panel(page).get_by_label("Text", exact=True).first.fill("{{ nobody }}")
    panel(page).get_by_role("button", name="Close").tap()
    page.keyboard.press("Control+s")
    text = panel(page).get_by_label("Text", exact=True).first
    expect(text).to_be_focused()
    assert is_seen(page, text)


def test_the_form_is_out_of_the_way_while_something_is_dragged(service, open_phone):
    greeting(service)
    page = open_phone("workflows/greeting")
    tap(page, "hello")
    session = page.context.new_cdp_session(page)
    touch = lambda kind, *points: session.send("Input.dispatchTouchEvent", {
        "type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})
    box = page.locator("[data-drag='hello']").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch("touchStart", (x, y))
    touch("touchMove", (x, y + 10))
    expect(panel(page)).to_be_hidden()
    touch("touchEnd")
    expect(panel(page)).to_be_visible()


def test_a_deletion_closes_the_form_and_its_undo_is_seen(service, open_phone):
    greeting(service)
    page = open_phone("workflows/greeting")
    tap(page, "wait")
    panel(page).get_by_role("button", name="Delete").tap()
    expect(panel(page)).to_be_hidden()
    undo = page.locator(".toast").get_by_role("button", name="Undo")
    assert is_seen(page, undo)
    undo.tap()
    expect(card(page, "wait")).to_be_visible()


def test_nothing_is_written_for_a_keyboard(service, open_phone, open_page):
    greeting(service)
    hint = "Alt with an arrow"
    expect(open_page("workflows/greeting").get_by_text(hint)).to_be_visible()
    page = open_phone("workflows/greeting")
    card(page, "hello").wait_for()
    expect(page.get_by_text(hint)).to_be_hidden()


def test_tables_are_read_without_scrolling_sideways(service, open_phone, axe, screenshot):
    greeting(service, *PEOPLE)
    service.call("signal.send", {"name": "contact.unsubscribed", "contact": "c-ben", "data": {"channel": "sms"}})
    for path, texts in (("contacts", ["ben@example.com", "+12125550102", "Text message"]), ("workflows", ["Active", "Mar 2"])):
        page = open_phone(path)
        frame = page.locator(".table-frame")
        expect(frame).to_be_visible()
        assert frame.evaluate("element => element.scrollWidth <= element.clientWidth")
        for text in texts:
            box = frame.get_by_text(text).filter(visible=True).first.bounding_box()
            assert box["x"] >= 0 and box["x"] + box["width"] <= 390, text
        expect(page.get_by_role("table").get_by_role("row")).not_to_have_count(0)
        axe(page)
        screenshot(page, f"phone-{path}")


def test_what_stands_at_the_edge_keeps_to_the_grid(open_phone):
    page = open_phone("workflows")
    theme = page.get_by_role("button", name="Theme").bounding_box()
    assert theme["x"] + theme["width"] <= 390 - 12
