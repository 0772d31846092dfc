"""A real browser: pages with scripts and without, wide and narrow, and within the content policy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet
from playwright.sync_api import Browser, Page, sync_playwright

from governance.models import User
from tests import factories

CHROMIUM = Path("/usr/bin/chromium")
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Slow to start, and each page costs a second: the plain run goes without, for CI they all count.
MARKS = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is not installed"),
]


def slow(*values: object) -> list[ParameterSet]:
    """Variations of a test of which one is enough while one works; all of them are for CI."""
    return [pytest.param(value, marks=pytest.mark.slow) for value in values]


SCRIPTS = pytest.mark.parametrize("scripts", [True, *slow(False)], ids=["with scripts", "without scripts"])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        # Playwright runs a loop of its own in this thread; Django would take it for an asynchronous caller.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser says against the pages: errors of scripts, and what the content policy stopped."""
    return []


@pytest.fixture
def visit(browser, live_server, complaints):
    """Sign somebody in by the form, and give the page."""
    contexts = []

    def go(person, **options) -> Page:
        context = browser.new_context(base_url=live_server.url, **options)
        context.set_default_timeout(8_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return sign_in(page, person)

    yield go
    for context in contexts:
        context.close()


def sign_in(page: Page, person: User) -> Page:
    page.goto("/account/login/")
    page.get_by_label("User name").fill(person.username)
    page.get_by_label("Password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda address: address.endswith("/") and "/account/" not in address)
    return page
