"""Names that people give: long, turned around, written from right to left; and ids that are no names."""

import pytest
from editing import card
from playwright.sync_api import expect

LONG = "Winterization" * 13
TURNED = f"{LONG}\u202egnp.exe\u2066"
HEBREW = "דנה לוי"
STEPS = [
    {"id": "zz-raw-text", "kind": "message", "name": f"A{TURNED}", "channel": "sms", "content": {"text": f"Hi {TURNED}"}},
    {"id": "zz-raw-fork", "kind": "branch", "name": f"B{TURNED}", "within": {"days": 2}, "paths": [
        {"name": f"P{LONG[:60]}", "when": {"any": [
            {"signal": "sms.replied", "since": "zz-raw-text"}, {"field": "contact.city", "equals": TURNED}]},
         "steps": [{"id": "zz-raw-flag", "kind": "flag", "name": f"C{TURNED}", "flag": LONG[:60], "note": TURNED}]}]},
    {"id": "zz-raw-mail", "kind": "message", "name": f"D{TURNED}", "channel": "email",
     "content": {"subject": TURNED, "text": TURNED}},
]
DEFINITION = {
    "name": TURNED[:199], "description": TURNED, "steps": STEPS,
    "exits": [{"name": "answered", "when": {"signal": "sms.replied", "since": "zz-raw-text"}}],
}
PAGES = ["workflows", "new", "workflows/w", "workflows/w/preview", "workflows/w/live", "workflows/w/versions", "contacts",
         "contacts/c-long", "contacts/c-he"]
# Text that stands outside the box that it has, and is not cut off on purpose.
OVERFLOWING = """() => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const isCut = (block) => {
        for (let one = block; one !== document.body; one = one.parentElement) {
            const { textOverflow, webkitLineClamp } = getComputedStyle(one);
            if (textOverflow === "ellipsis" || webkitLineClamp !== "none") return true;
        }
        return false;
    };
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const element = node.parentElement;
        if (!node.data.trim() || !element.checkVisibility()) continue;
        if (element.closest(".visually-hidden, option, thead, .product")) continue;
        let block = element;
        while (getComputedStyle(block).display.startsWith("inline")) block = block.parentElement;
        const range = document.createRange();
        range.selectNodeContents(node);
        const [text, box] = [range.getBoundingClientRect(), block.getBoundingClientRect()];
        if ((text.right > box.right + 1 || text.left < box.left - 1) && !isCut(block)) {
            found.push(element.outerHTML.slice(0, 160));
        }
    }
    return found;
}"""
# Characters that turn what follows, outside of texts that stand in a block of their own.
TURNING = """() => {
    for (const block of document.querySelectorAll(".said, .bubble, .text-difference")) block.remove();
    return /[\u202a-\u202e\u2066\u2067]/.exec(document.body.innerText + document.title)?.input ?? null;
}"""
# Text from right to left that would turn what stands beside it.
NOT_ISOLATED = """(name) => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (!node.data.includes(name) || node.parentElement.closest("bdi, option")) continue;
        if (!node.data.includes(`\\u2068${name}\\u2069`)) found.push(node.parentElement.outerHTML.slice(0, 120));
    }
    return found;
}"""


@pytest.fixture
def business(service):
    service.call("workflow.create", {"id": "w", "definition": DEFINITION})
    service.call("template.create", {"id": "own", "workflow": "w", "name": TURNED[:199], "description": TURNED})
    service.call("workflow.activate", {"workflow": "w"})
    people = {
        "c-long": {"first_name": TURNED, "last_name": TURNED, "phone": "+12125550101", "email": f"{'a' * 60}@{'b' * 60}.example.com"},
        "c-he": {"full_name": f"{HEBREW}\u202e", "phone": "+12125550102", "email": "dana@example.com"},
    }
    for contact, fields in people.items():
        service.call("enrollment.create", {"workflow": "w", "contact": {"id": contact, "fields": fields}})
    service.call("clock.advance", {"by": {"minutes": 5}})
    # Those inside stand at a step that is gone, in a version of their own.
    service.call("workflow.update", {"workflow": "w", "changes": {"steps": [STEPS[0], STEPS[2]], "exits": []}})
    service.call("signal.send", {"name": "sms.replied", "contact": "c-he", "data": {"text": f"Yes {TURNED}"}})
    return service


@pytest.mark.parametrize("width", [390, 820, 1280])
@pytest.mark.parametrize("path", PAGES)
def test_no_name_leaves_its_place(business, open_page, screenshot, path, width):
    page = open_page(path, width=width)
    expect(page.locator(".loading")).to_have_count(0)
    expect(page.locator("main h1, main h2, #workflow h1").first).to_be_visible()
    screenshot(page, f"names-{path.replace('/', '-')}-{width}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(OVERFLOWING) == []
    assert page.evaluate(NOT_ISOLATED, HEBREW) == []
    assert page.evaluate(TURNING) is None


@pytest.mark.parametrize("path", PAGES)
def test_no_id_of_a_step_is_shown_for_its_name(business, open_page, path):
    page = open_page(path)
    expect(page.locator(".loading")).to_have_count(0)
    expect(page.locator("main h1, main h2, #workflow h1").first).to_be_visible()
    for details in page.locator("main details").all():
        details.evaluate("element => { element.open = true; }")
    if path == "workflows/w":
        for step in ["zz-raw-text", "zz-raw-mail", "/exit"]:
            card(page, step).click()
            assert "zz-raw" not in page.locator("main").inner_text()
    assert "zz-raw" not in page.locator("main").inner_text()
    assert page.evaluate("[...document.querySelectorAll('[aria-label]')].every(one => !one.ariaLabel.includes('zz-raw'))")


def test_a_step_of_an_earlier_version_has_its_name(business, open_page):
    page = open_page("workflows/w/live")
    expect(page.locator(".step-count.former h3")).to_have_text(f"B{LONG}gnp.exe")
    expect(page.locator("[data-contact='c-long']")).to_contain_text(f"B{LONG}gnp.exe")


def test_the_history_names_the_step(business, open_page):
    page = open_page("contacts/c-long")
    expect(page.get_by_role("region", name="History").locator("[data-type='message.sent']")).to_contain_text(
        f"A{LONG}gnp.exe (text message): sent")
