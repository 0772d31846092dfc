"""What keeps up by itself, in a real browser: it takes away nothing that somebody ticked or typed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from registry import actions, checking
from registry.models import Severity
from tests import browsing, factories
from tests.browsing import browser, complaints, visit
from tests.registry.conftest import found

__all__ = ["browser", "complaints", "visit"]

pytestmark = [*browsing.MARKS, pytest.mark.slow]


@pytest.fixture
def author():
    return factories.member(factories.team("fraud"), "data-scientist", username="mara")


@pytest.fixture
def scorer(author):
    artifact = factories.artifact(author.memberships.get().team, author)
    for _ in range(2):
        factories.draft(artifact, author)
    return artifact


def at(page: Page, address: str) -> Page:
    """The page once it has asked what is new for the first time."""
    with page.expect_response("**/pulse"):
        page.goto(address)
    return page


def look(page: Page) -> None:
    """Ask what is new now, and put it in."""
    page.evaluate("look()")


def test_a_list_with_ticks_waits_until_they_are_gone(author, scorer, visit, complaints):
    page = at(visit(author), f"/{scorer.label}/")
    rows, tick = page.locator("#of-versions tbody tr"), page.get_by_label("Compare version 1")
    tick.check()
    page.locator("h1").click()

    factories.draft(scorer, author)
    look(page)
    page.wait_for_timeout(200)
    assert (rows.count(), tick.is_checked()) == (2, True)

    tick.uncheck()
    page.locator("h1").click()
    look(page)

    expect(rows).to_have_count(3)
    assert complaints == []


def test_a_list_in_which_one_stands_waits_until_one_has_left(author, scorer, visit, complaints):
    page = at(visit(author), f"/{scorer.label}/")
    rows, link = page.locator("#of-versions tbody tr"), page.get_by_role("link", name="2", exact=True)
    link.focus()

    factories.draft(scorer, author)
    look(page)
    page.wait_for_timeout(200)
    expect(link).to_be_focused()
    assert rows.count() == 2

    page.get_by_role("link", name="Make a token").focus()
    look(page)

    expect(rows).to_have_count(3)
    assert complaints == []


@pytest.mark.parametrize("what", ["note", "choice"])
def test_what_was_typed_or_chosen_on_the_board_stays(author, scorer, visit, complaints, what):
    version = scorer.versions.first()
    actions.submit(version, by=author)
    checking.run(version.pk)
    found(version, Severity.HIGH, "a.A")
    page = at(visit(author), "/findings/")
    note, choice = page.get_by_label("Note"), page.get_by_label("State optional")
    note.fill("Looked at.") if what == "note" else choice.select_option("in-triage")
    page.locator("h1").click()

    found(version, Severity.HIGH, "b.B")
    actions.edit_artifact(scorer, description="new", by=author)
    look(page)
    page.wait_for_timeout(200)

    assert page.locator("#of-findings tbody tr").count() == 1
    assert (note.input_value(), choice.input_value()) in [("Looked at.", ""), ("", "in-triage")]
    assert complaints == []


def test_a_folder_stays_open_and_the_focus_in_it_when_checks_end(author, scorer, visit, complaints):
    version = factories.draft(scorer, author, {"deep/notes.txt": b"words", "top.txt": b"words"})
    actions.submit(version, by=author)
    page = at(visit(author), f"/{version.label}/")
    page.locator("#files summary").click()
    link = page.get_by_role("link", name="notes.txt", exact=True)
    link.focus()

    checking.run(version.pk)

    expect(page.get_by_role("heading", name="Version 3 is ready")).to_be_visible(timeout=10_000)
    expect(link).to_be_focused()
    page.locator("#files summary").click()
    page.locator("h1").click()
    look(page)
    expect(page.locator("#files")).to_contain_text("Clean")
    assert complaints == []


def test_ticks_stay_while_one_searches(author, scorer, visit, complaints):
    for name in ("churn", "uplift"):
        factories.artifact(scorer.team, author, name=name)
    page = visit(author)
    page.goto("/models/")
    page.get_by_label("Choose uplift").check()
    page.get_by_label("Choose churn").check()

    page.locator("main input[type=search]").fill("upl")
    expect(page.get_by_label("Choose churn")).to_have_count(0)

    expect(page.get_by_label("Choose uplift")).to_be_checked()
    assert complaints == []
