"""The page in a real browser: a service on a simulated clock, the builder before it, and Chromium."""

import os
import pathlib
import re
import subprocess

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from programs import PROGRAMS
from Servers.certificates import free_port

BUILDER = PROGRAMS / "workflow-builder"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
SCREENSHOTS = os.environ.get("SCREENSHOTS")
SETTINGS = {
    "time_zone": "America/New_York",
    "business": {
        "name": "Evergreen Home Services", "phone": "+1 518 555 0100",
        "address": "12 Elm Street, Albany, NY 12207", "booking_url": "https://evergreen.example/book",
        "review_url": "https://evergreen.example/review", "payment_url": "https://evergreen.example/pay",
    },
    "links": {"unsubscribe": "https://evergreen.example/u/{contact}"},
}
WAIT_MS = 60_000
PHONE = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True}
expect.set_options(timeout=WAIT_MS)


class Builder:
    """One workflow-builder on a port of its own; it can be ended and started again there."""

    def __init__(self, commands):
        self.commands = commands
        self.process = None
        self.url = None
        self.port = free_port()

    def start(self, *arguments):
        self.process = subprocess.Popen(
            [BUILDER, "--listen", f"127.0.0.1:{self.port}", "--connect", self.commands, *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        self.url = re.fullmatch(r"workflow-builder: (http://\S+/)\n", line).group(1)
        return self

    def stop(self):
        """Ends it as an operator would; returns its exit code."""
        self.process.terminate()
        try:
            return self.process.wait(timeout=60)
        finally:
            self.process.stdout.close()

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


class Faults:
    """What a page complained of; a test fails on it unless it allowed it."""

    def __init__(self):
        self.found = []
        self.allowed = []

    def allow(self, pattern):
        """A complaint that matches `pattern` is part of the test."""
        self.allowed.append(pattern)

    def watch(self, page):
        page.on("console", lambda message: message.type == "error" and self.found.append(message.text))
        page.on("pageerror", lambda error: self.found.append(str(error)))

    def unexpected(self):
        return [text for text in self.found if not any(re.search(p, text) for p in self.allowed)]


@pytest.fixture
def service(daemon):
    """A service with the settings of a business; its clock is moved by the test."""
    daemon.call("settings.put", SETTINGS)
    return daemon


@pytest.fixture
def builder(service):
    builder = Builder(service.commands).start()
    yield builder
    builder.close()


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments, timeout=2 * WAIT_MS)
        yield browser
        browser.close()


@pytest.fixture
def faults():
    return Faults()


@pytest.fixture
def open_page(browser, builder, faults):
    """Opens a page of its own browser profile: `open_page("contacts", theme="dark", width=820)`. More is
    what Playwright's `new_context` takes, such as `has_touch=True`."""
    contexts = []

    def open_one(path="", theme="light", width=1280, height=860, **more):
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=theme, reduced_motion="reduce",
            locale="en-US", timezone_id="America/New_York", **more)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        faults.watch(page)
        page.goto(f"{builder.url}#/{path}")
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not faults.unexpected()


@pytest.fixture
def open_phone(open_page):
    """Opens a page on a phone, with fingers."""
    return lambda path="", **more: open_page(path, **PHONE, **more)


@pytest.fixture
def page(open_page):
    """The page as it opens first, on a desk."""
    return open_page()


@pytest.fixture
def axe():
    """Asserts that a page has nothing that keeps people out: WCAG 2.2 A and AA."""
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

    def check(page):
        found = Axe().run(page, options=rules).response["violations"]
        assert not found, [
            (violation["id"], node["html"], node["failureSummary"])
            for violation in found for node in violation["nodes"]]

    return check


@pytest.fixture
def screenshot():
    """Keeps a picture of a page where the environment names a folder for SCREENSHOTS."""

    def keep(page, name):
        if SCREENSHOTS:
            page.screenshot(path=pathlib.Path(SCREENSHOTS) / f"{name}.png", full_page=True)

    return keep
