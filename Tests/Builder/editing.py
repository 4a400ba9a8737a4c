"""What a person does in the editor, by mouse and by keys."""

from playwright.sync_api import expect


def card(page, step):
    return page.locator(f"[data-card='{step}']")


def expect_cards(page, *ids):
    """Waits until these are the ids of all steps, from top to bottom."""
    shown = page.locator("[data-step].step-card")
    expect(shown).to_have_count(len(ids))
    for number, step in enumerate(ids):
        expect(shown.nth(number)).to_have_attribute("data-step", step)


def gap(page, index, lane="top"):
    """The insert button number `index` of a lane."""
    return page.locator(f"[data-lane='{lane}'] > .gap").nth(index).locator(".insert")


def drag(page, source, target):
    """Drags with the mouse as a hand does: pressed, moved in steps, let go."""
    source.scroll_into_view_if_needed()
    box = source.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 8, box["y"] + box["height"] / 2 + 8, steps=3)
    target.scroll_into_view_if_needed()
    goal = target.bounding_box()
    page.mouse.move(goal["x"] + goal["width"] / 2, goal["y"] + goal["height"] / 2, steps=8)
    expect(page.locator(".insert.target")).to_have_count(1)
    page.mouse.up()
    expect(page.locator(".ghost")).to_have_count(0)


def drag_new(page, kind, index, lane="top"):
    """Drags a kind from the palette into the timeline."""
    drag(page, page.locator(f"[data-new='{kind}']"), gap(page, index, lane))


def drag_step(page, step, index, lane="top"):
    drag(page, page.locator(f"[data-drag='{step}']"), gap(page, index, lane))


def save(page):
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("All changes saved")).to_be_visible()


def panel(page):
    return page.get_by_role("complementary", name="Details")


def open_card(page, step):
    card(page, step).click()
    expect(card(page, step)).to_have_attribute("aria-pressed", "true")
    return panel(page)


def stored(service, workflow):
    return service.call("workflow.get", {"workflow": workflow})["definition"]
