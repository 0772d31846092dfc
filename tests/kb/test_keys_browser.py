"""The palette, the keys and what keeps up by itself, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from governance import actions as governing
from registry.models import Artifact
from tests import browsing, factories
from tests.browsing import browser, complaints, visit

__all__ = ["browser", "complaints", "visit"]

pytestmark = [*browsing.MARKS, pytest.mark.slow]


@pytest.fixture
def author():
    team = factories.team("fraud")
    author = factories.member(team, "data-scientist", username="mara")
    for name in ("churn", "scorer", "uplift"):
        factories.artifact(team, author, name=name)
    return author


def test_everything_is_reached_by_keys(author, visit, complaints):
    page = visit(author)
    palette = page.get_by_role("dialog", name="Search everything")

    page.keyboard.press("/")
    expect(palette.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("scor")
    expect(palette.get_by_role("link", name="fraud/scorer")).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(palette.get_by_role("link", name="fraud/scorer")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/models/fraud/scorer/")

    page.keyboard.press("Control+k")
    page.keyboard.type("dark")
    expect(palette.get_by_role("button", name="Theme: dark")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.url.endswith("/models/fraud/scorer/")

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Shortcuts")).to_contain_text("Go to Models")
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("m")
    page.wait_for_url("**/models/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator("main tbody tr").first.locator("a.name")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/models/fraud/(churn|scorer|uplift)/$"))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.keyboard.press("c")
    expect(page.locator(".programs [data-done]")).to_have_count(1)
    assert "steward.py pull" in page.evaluate("navigator.clipboard.readText()")
    page.goto("/questions/")
    page.keyboard.press("j")
    expect(page.locator("main .steps a").first).to_be_focused()
    page.context.clear_cookies(name="sessionid")
    page.keyboard.press("/")
    expect(palette).to_contain_text("You are signed out")
    assert complaints == []


def test_a_filter_that_is_chosen_by_keys_keeps_the_focus(author, visit):
    page = visit(author)
    page.goto("/models/")

    page.get_by_label("State").focus()
    page.keyboard.type("blocked")
    page.wait_for_url("**state=blocked**")
    expect(page.get_by_role("link", name="State is blocked, remove")).to_be_focused()

    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "blocked" not in address)
    expect(page.get_by_label("State")).to_be_visible()


def test_no_key_acts_while_one_types(author, visit):
    page = visit(author)
    page.goto("/models/")
    field = page.locator("main input[type=search]")

    field.click()
    page.keyboard.type("gm/?jx")

    expect(field).to_have_value("gm/?jx")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_the_link_is_a_page_without_scripts(author, visit):
    page = visit(author, java_script_enabled=False)

    page.get_by_role("link", name="Search everything").click()
    page.locator("main").get_by_role("searchbox").fill("scorer")
    page.locator("main").get_by_role("button", name="Search").click()

    expect(page.get_by_role("link", name="fraud/scorer")).to_be_visible()


def test_what_others_do_appears_and_focus_stays(author, visit, complaints):
    version = factories.submitted(Artifact.objects.get(name="scorer"), author)
    steward = factories.member(version.team, "steward", username="jonas")
    page = visit(steward)
    with page.expect_response("**/pulse"):
        page.goto("/approvals/")
    page.locator("a.find").focus()

    governing.request_approval(version.label, alias="production", note="", by=author)

    expect(page.locator("#of-approvals")).to_contain_text("scorer 1 for production", timeout=20_000)
    expect(page.locator("#said")).to_contain_text("changed.")
    expect(page.locator("a.find")).to_be_focused()
    assert complaints == []
