"""The inbox in a real browser: by keys and by buttons, with scripts and without."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import expect

from governance.models import Notification
from governance.telling import tell
from tests import browsing
from tests.browsing import browser, complaints, visit

__all__ = ["browser", "complaints", "visit"]

pytestmark = browsing.MARKS


@pytest.fixture
def inbox(team, steward, visit):
    """Three messages, and the page of who got them."""

    def look(**options):
        for word in ("First", "Second", "Third"):
            tell("review", [steward], team, f"{word}.")
        page = visit(steward, **options)
        page.goto("/inbox/")
        return page

    return look


def unread():
    return [found.sentence for found in Notification.objects.unread().order_by("pk")]


def test_keys_go_through_it_mark_and_take_back(inbox, complaints):
    page = inbox()

    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Second.")).to_be_focused()
    page.keyboard.press("e")

    expect(page.locator("#bell")).to_have_attribute("aria-label", "Inbox, 2 to read")
    expect(page.locator("#count-inbox")).to_contain_text("2")
    expect(page.get_by_role("link", name="First.")).to_be_focused()
    assert unread() == ["First.", "Third."]
    page.keyboard.press("z")
    expect(page.locator("#bell")).to_have_attribute("aria-label", "Inbox, 3 to read")
    assert (unread(), complaints) == (["First.", "Second.", "Third."], [])


def test_what_is_opened_is_read(inbox, complaints):
    page = inbox()

    with page.expect_request("**/read"):  # its answer comes to a page that is left
        page.get_by_role("link", name="Third.").click()

    expect(page.get_by_role("heading", name="Fraud")).to_be_visible()
    until = time.monotonic() + 5
    while len(unread()) > 2 and time.monotonic() < until:
        page.wait_for_timeout(50)
    assert (unread(), complaints) == (["First.", "Second."], [])


@browsing.SCRIPTS
def test_buttons_mark_one_and_all_and_take_back(inbox, complaints, scripts):
    page = inbox(java_script_enabled=scripts)

    page.get_by_role("button", name=re.compile("Mark read ?: Third")).click()
    expect(page.get_by_role("link", name="Third.")).to_have_count(0)
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.get_by_role("heading", name="You have read everything")).to_be_visible()
    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_role("link", name="First.")).to_be_visible()
    assert (unread(), complaints) == (["First.", "Second."], [])


@pytest.mark.parametrize("width", [320, *browsing.slow(390, 1280)])
def test_none_of_its_pages_scrolls_sideways(inbox, visit, width):
    page = inbox(viewport={"width": width, "height": 800})

    wide = {}
    for address in ("/inbox/", "/inbox/settings/", "/teams/fraud/webhook/"):
        page.goto(address)
        wide[address] = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )

    assert wide == {"/inbox/": 0, "/inbox/settings/": 0, "/teams/fraud/webhook/": 0}
