"""The same pages for who reads them otherwise: colours of their own, on paper, without a stylesheet."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from registry.models import Severity
from tests import browsing
from tests.browsing import browser, complaints, visit
from tests.registry.conftest import artifact, author, clean, found, steward, team, waiting

__all__ = ["artifact", "author", "browser", "clean", "complaints", "steward", "team", "visit", "waiting"]

pytestmark = [*browsing.MARKS, pytest.mark.slow]

VERSION = "/models/fraud/scorer/versions/1/"
PAGES = ("/", "/models/", "/models/fraud/scorer/", VERSION, f"{VERSION}findings/", "/findings/")
PAGES += ("/inbox/", "/approvals/", "/trail/", "/account/")

# What takes the focus and does not show it, by an outline of its own.
UNSEEN = """() => {
    const all = [...document.querySelectorAll("main :is(a[href], button, input, select, summary)")];
    return all.filter((each) => each.checkVisibility()).filter((each) => {
        each.focus({focusVisible: true});
        const { outlineStyle, outlineWidth } = getComputedStyle(each);
        return document.activeElement === each && (outlineStyle === "none" || parseFloat(outlineWidth) < 2);
    }).map((each) => each.outerHTML.slice(0, 120));
}"""
# States that only a colour would tell: without a shape, or without a word.
COLOURED = """() => [...document.querySelectorAll(".badge, .verdict > header, .notice")]
    .filter((each) => each.checkVisibility() && (!each.querySelector("svg") || !each.textContent.trim()))
    .map((each) => each.outerHTML.slice(0, 120))"""
WIDEST = (
    "Math.max(...[...document.querySelectorAll('svg')].map((each) => each.getBoundingClientRect().width))"
)
PRESSED = ".bar:visible, .side:visible, main .button:visible, main .pager:visible, main .filters:visible"


@pytest.fixture
def blocked(clean, steward):
    found(clean, Severity.HIGH, "a.A")
    return clean


def each_of(page: Page, ask: str) -> dict[str, list[str]]:
    """What is wrong with each of the pages."""
    wrong = {}
    for address in PAGES:
        page.goto(address)
        if said := page.evaluate(ask):
            wrong[address] = said
    return wrong


def test_with_colours_of_ones_own_focus_is_seen_and_states_have_shape_and_word(blocked, steward, visit):
    page = visit(steward, forced_colors="active")

    assert (each_of(page, UNSEEN), each_of(page, COLOURED)) == ({}, {})


def test_on_paper_there_is_what_one_reads_and_nothing_to_press(blocked, steward, visit):
    page = visit(steward)
    page.emulate_media(media="print")

    pressed = {}
    for address in PAGES[:-1]:  # an account is all form
        page.goto(address)
        pressed[address] = page.locator(PRESSED).count()

    assert pressed == dict.fromkeys(PAGES[:-1], 0)
    page.goto(VERSION)
    shown = page.locator("main").inner_text()
    assert "Version 1 may not become production" in shown
    assert "It is not withdrawn." in shown  # what is folded on a screen


def test_without_a_stylesheet_a_page_reads_in_order(blocked, steward, visit):
    page = visit(steward)
    page.route("**/*.css", lambda route: route.abort())

    page.goto(VERSION)

    assert page.locator("body").inner_text().startswith("Skip to the page")
    heads = page.locator("main :is(h1, h2)").all_inner_texts()
    assert heads[:4] == ["scorer 1", "Version 1 may not become production", "Files", "Findings"]
    assert heads.index("What happened") < heads.index("Where it stands")
    assert page.evaluate(WIDEST) <= 640  # a chart; not the mark, as wide as the window
