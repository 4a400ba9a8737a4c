"""Dragging by a hand that does not aim: straight down, beside the middle, while the page scrolls."""

import pytest
from editing import expect_cards, stored
from people import greeting
from playwright.sync_api import expect

ASIDE = [0, 60, 150, 280]


class Mouse:
    def __init__(self, page):
        self.press, self.release = page.mouse.down, page.mouse.up
        self.page = page

    def begin(self, x, y):
        self.page.mouse.move(x, y)
        self.page.mouse.down()

    def move(self, x, y):
        self.page.mouse.move(x, y)

    def end(self):
        self.page.mouse.up()


class Finger:
    def __init__(self, page):
        self.session = page.context.new_cdp_session(page)

    def send(self, kind, *points):
        self.session.send("Input.dispatchTouchEvent", {
            "type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    def begin(self, x, y):
        self.send("touchStart", (x, y))

    def move(self, x, y):
        self.send("touchMove", (x, y))

    def end(self):
        self.send("touchEnd")


HANDS = {"mouse": Mouse, "touch": Finger}


def middle(locator):
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def carry(page, hand, start, goal):
    """Leads what lies at `start` to `goal`, in a straight line; leaves it in the hand."""
    hand.begin(*start)
    for number in range(1, 11):
        hand.move(*(one + (other - one) * number / 10 for one, other in zip(start, goal)))
    expect(page.locator(".ghost")).to_have_count(1)


@pytest.mark.parametrize("kind", HANDS)
@pytest.mark.parametrize("aside", ASIDE)
def test_a_card_goes_where_the_hand_goes(service, open_page, kind, aside):
    greeting(service)
    page = open_page("workflows/greeting", has_touch=kind == "touch")
    hand = HANDS[kind](page)
    x, y = middle(page.locator("[data-drag='hello']"))
    below = page.locator("[data-step='mail']").bounding_box()
    carry(page, hand, (x, y), (x + aside, below["y"] + below["height"] + 10))
    hand.end()
    expect_cards(page, "wait", "mail", "hello")


@pytest.mark.parametrize("kind", HANDS)
def test_a_new_step_goes_where_the_hand_goes(service, open_page, kind):
    greeting(service)
    page = open_page("workflows/greeting", has_touch=kind == "touch")
    hand = HANDS[kind](page)
    first = page.locator("[data-step='hello']").bounding_box()
    last = page.locator("[data-step='mail']").bounding_box()
    carry(page, hand, middle(page.locator("[data-new='flag']")), (first["x"] + 20, first["y"] - 10))
    expect(page.locator(".insert.target")).to_have_attribute("data-place", '{"branch":null,"path":null,"index":0}')
    for step in range(10):
        hand.move(first["x"] + 20, first["y"] + (last["y"] + last["height"] + 10 - first["y"]) * (step + 1) / 10)
    hand.end()
    expect_cards(page, "hello", "wait", "mail", "flag-1")


def test_a_card_goes_straight_into_the_path_below_it(service, open_page):
    greeting(service)
    service.call("step.create", {"workflow": "greeting", "place": {"index": 1}, "step": {
        "id": "fork", "kind": "branch", "paths": [
            {"name": "long", "when": {"signal": "sms.replied"}, "steps": [
                {"id": f"note-{number}", "kind": "flag", "flag": "x"} for number in range(4)]},
            {"name": "short", "when": {"signal": "link.clicked"}, "steps": []}]}})
    page = open_page("workflows/greeting", height=1400)
    hand = Mouse(page)
    # Far below the last gap of the short path, beside the long one: the path's own ground.
    path = page.locator(".path").nth(1).bounding_box()
    carry(page, hand, middle(page.locator("[data-drag='hello']")), (path["x"] + 20, path["y"] + path["height"] - 20))
    hand.end()
    expect(page.locator("[data-lane='fork 1'] [data-step='hello']")).to_have_count(1)


def test_a_hand_that_rests_at_the_edge_drops_where_the_page_has_scrolled_to(service, open_page):
    service.call("workflow.create", {"id": "long", "definition": {"name": "Long", "steps": [
        {"id": f"note-{number}", "kind": "flag", "flag": "x"} for number in range(30)]}})
    page = open_page("workflows/long")
    hand = Mouse(page)
    x, y = middle(page.locator("[data-drag='note-0']"))
    carry(page, hand, (x, y), (x + 30, 850))
    expect(page.locator(".insert.target")).to_have_attribute("data-place", '{"branch":null,"path":null,"index":30}')
    hand.end()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("All changes saved")).to_be_visible()
    assert [step["id"] for step in stored(service, "long")["steps"]].index("note-0") == 29
