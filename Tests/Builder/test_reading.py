"""What a page asks the service for: once on opening, and after that only what changed."""

import collections
import contextlib
import json
import pathlib
import re

import pytest
from people import PEOPLE, greeting
from playwright.sync_api import expect

PAGE = pathlib.Path(__file__).resolve().parents[2] / "Sources/workflow-builder/Page"
# They wait, or they say only that the service is there.
BESIDE = {"events.read", "system.hello", "clock.get", "settings.get"}
# Long enough for a second reading to begin, which comes a moment after the first if it comes.
MOMENT_MS = 600


@pytest.fixture
def business(service):
    greeting(service, "c-ann", "c-dan")
    for number in range(3):
        service.call("workflow.create", {"id": f"other-{number}", "template": "payment-overdue-escalation"})
    return service


@pytest.fixture
def open_and_count(open_page):
    """Opens a page; returns it and a list that grows with each command, as (op, args)."""

    def open_one(path):
        page = open_page("nowhere")
        asked = []

        def note(request):
            for line in (request.post_data or "").splitlines() if request.method == "POST" else []:
                command = json.loads(line)
                if command["op"] not in BESIDE:
                    asked.append((command["op"], json.dumps(command["args"], sort_keys=True)))

        page.on("request", note)
        with page.expect_request(lambda request: "events.read" in (request.post_data or "")):
            page.evaluate("path => { location.hash = `#/${path}`; }", path)
        expect(page.locator(".loading")).to_have_count(0)
        page.wait_for_timeout(MOMENT_MS)
        return page, asked

    return open_one


@pytest.mark.parametrize("path", [
    "workflows", "contacts", "contacts/c-ann", "workflows/greeting/live", "workflows/greeting/versions"])
def test_a_page_asks_for_nothing_twice_when_it_is_opened(business, open_and_count, path):
    _, asked = open_and_count(path)
    twice = {key: count for key, count in collections.Counter(asked).items() if count > 1}
    assert asked and not twice


def test_the_list_reads_only_the_workflow_in_which_something_happened(business, open_and_count):
    page, asked = open_and_count("workflows")
    asked.clear()
    business.call("enrollment.create", {"workflow": "greeting", "contact": {"id": "c-ben", "fields": PEOPLE["c-ben"]}})
    expect(page.get_by_role("link", name="3 inside Greeting")).to_be_visible()
    assert {op for op, _ in asked} == {"workflow.stats"} and all("greeting" in args for _, args in asked)


def test_the_list_follows_what_is_new_and_what_is_gone(business, open_and_count):
    page, _ = open_and_count("workflows")
    business.call("workflow.delete", {"workflow": "other-0"})
    business.call("workflow.create", {"id": "newest", "definition": {"name": "The newest"}})
    expect(page.get_by_role("link", name="The newest")).to_be_visible()
    expect(page.locator("[data-workflow='other-0']")).to_have_count(0)
    expect(page.locator("[data-workflow='newest']")).to_contain_text("Draft")


def test_the_contacts_read_only_those_to_whom_something_happened(business, open_and_count):
    page, asked = open_and_count("contacts")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(2)
    asked.clear()
    business.call("enrollment.create", {"workflow": "greeting", "contact": {"id": "c-ben", "fields": PEOPLE["c-ben"]}})
    expect(rows).to_have_count(3)
    business.call("signal.send", {"name": "contact.unsubscribed", "contact": "c-ben", "data": {"channel": "sms"}})
    expect(rows.filter(has_text="Ben Carter")).to_contain_text("Text message")
    business.call("contact.delete", {"id": "c-dan"})
    expect(page.get_by_text("Dan Engel")).to_have_count(0)
    assert {op for op, _ in asked} == {"contact.get"}


def test_what_happens_while_a_page_is_read_is_not_lost(business, open_page):
    page = open_page("nowhere")
    expect(page.get_by_role("heading")).to_be_visible()

    def meanwhile(route):
        if "workflow.list" in (route.request.post_data or "") and meanwhile.isFirst:
            meanwhile.isFirst = False
            response = route.fetch()
            business.call("workflow.pause", {"workflow": "greeting"})
            return route.fulfill(response=response)
        return route.continue_()

    meanwhile.isFirst = True
    page.route("**/commands", meanwhile)
    page.evaluate("() => { location.hash = '#/workflows'; }")
    expect(page.locator("[data-workflow='greeting']")).to_contain_text("Paused")


UNREACHABLE = {"code": "unreachable", "message": "The workflow service does not answer."}
OVERLOADED = {"code": "overloaded", "message": "There is no room for this command now."}


@pytest.fixture
def refused(faults):
    """Refuses each message with this command for as long as it lasts; what it yields has the number of them."""
    faults.allow("status of 503")

    @contextlib.contextmanager
    def refuse(page, op, error):
        found = []

        def answer(route):
            if f'"op":"{op}"' not in (route.request.post_data or ""):
                return route.continue_()
            found.append(op)
            return route.fulfill(status=503 if error is UNREACHABLE else 200, content_type="application/json",
                                 body=json.dumps({"ok": False, "error": error}))

        page.route("**/commands", answer)
        yield found
        page.unroute("**/commands", answer)

    return refuse


def wait_for(page, found):
    """Waits until something was refused, and a moment longer."""
    while not found:
        page.wait_for_timeout(50)
    page.wait_for_timeout(MOMENT_MS)


@pytest.mark.parametrize("error", [UNREACHABLE, OVERLOADED], ids=lambda error: error["code"])
def test_the_list_reads_again_what_it_could_not_read(business, open_page, refused, error):
    page = open_page("workflows")
    expect(page.get_by_role("link", name="2 inside Greeting")).to_be_visible()
    with refused(page, "workflow.stats", error) as found:
        business.call("enrollment.create", {"workflow": "greeting", "contact": {"id": "c-ben", "fields": PEOPLE["c-ben"]}})
        wait_for(page, found)
        assert len(found) <= 3
    expect(page.get_by_role("link", name="3 inside Greeting")).to_be_visible()


@pytest.mark.parametrize("error", [UNREACHABLE, OVERLOADED], ids=lambda error: error["code"])
def test_no_contact_vanishes_that_could_not_be_read(business, open_page, refused, error):
    page = open_page("contacts")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(2)
    with refused(page, "contact.get", error) as found:
        for contact in ("c-ann", "c-dan"):
            business.call("signal.send", {"name": "contact.unsubscribed", "contact": contact, "data": {"channel": "sms"}})
        wait_for(page, found)
        expect(rows).to_have_count(2)
    for number in range(2):
        expect(rows.nth(number)).to_contain_text("Text message")


def test_the_live_page_reads_again_what_it_could_not_read(business, open_page, refused):
    page = open_page("workflows/greeting/live")
    badge = page.locator(".workflow-header .badge")
    expect(page.locator('.tile[data-count="inside"] .tile-number')).to_have_text("2")
    with refused(page, "workflow.get", OVERLOADED) as found:
        business.call("workflow.pause", {"workflow": "greeting"})
        wait_for(page, found)
    expect(badge).to_contain_text("Paused")


def test_a_page_that_was_left_asks_no_more(business, open_page, refused):
    page = open_page("workflows")
    expect(page.get_by_role("link", name="2 inside Greeting")).to_be_visible()
    with refused(page, "workflow.stats", OVERLOADED) as found:
        business.call("enrollment.create", {"workflow": "greeting", "contact": {"id": "c-ben", "fields": PEOPLE["c-ben"]}})
        wait_for(page, found)
        page.get_by_role("link", name="Contacts").click()
        expect(page.locator("tbody tr")).to_have_count(3)
        found.clear()
        page.wait_for_timeout(5 * MOMENT_MS + 1000)
        assert not found


def test_every_module_is_asked_for_at_once():
    index = (PAGE / "index.html").read_text()
    named = set(re.findall(r'rel="modulepreload" href="([^"]+)"', index)) | set(re.findall(r'script src="([^"]+)"', index))
    assert named == {str(path.relative_to(PAGE)) for path in PAGE.rglob("*.js")}
