"""The pages in a real browser: with scripts and without, wide and narrow, and within the content policy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from registry import checking
from registry.models import Severity, Version
from tests import browsing, factories
from tests.browsing import browser, complaints, visit
from tests.registry.conftest import found

__all__ = ["browser", "complaints", "visit"]

pytestmark = browsing.MARKS


def begin(page: Page) -> None:
    """A model and its first draft, by the forms alone."""
    page.goto("/models/new/")
    page.get_by_label("Name").fill("flowers")
    page.get_by_label("Description").fill("Tells **flowers** apart.")
    page.get_by_role("button", name="Make the model").click()
    page.get_by_role("link", name="New version").click()
    page.get_by_label("Metrics").fill("accuracy = 0.97")
    page.get_by_role("button", name="Begin the version").click()
    files = [{"name": "README.md", "mimeType": "text/markdown", "buffer": b"# Flowers\n"}]
    page.locator("input[name=files]").set_input_files(files)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("link", name="README.md", exact=True)).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_version_is_begun_filled_and_submitted(author, visit, complaints, scripts):
    page = visit(author, java_script_enabled=scripts)

    begin(page)
    page.get_by_role("button", name="Submit version 1").click()

    expect(page.get_by_role("heading", name="Version 1 is being checked")).to_be_visible()
    assert (Version.objects.get().is_draft, complaints) == (False, [])


def test_the_verdict_comes_by_itself_and_leaves_the_focus_where_it_was(author, visit, complaints):
    page = visit(author)
    begin(page)
    page.get_by_role("button", name="Submit version 1").click()
    link = page.get_by_role("link", name="Whole trail")
    link.focus()

    checking.run(Version.objects.get().pk)

    expect(page.get_by_role("heading", name="Version 1 is ready")).to_be_visible(timeout=10_000)
    expect(page.locator("#badge")).to_have_text("Ready")
    expect(page.locator("#files")).to_contain_text("Clean")
    expect(link).to_be_focused()
    assert complaints == []


def test_the_verdict_stops_asking_when_checks_have_ended(waiting, author, visit):
    page = visit(author)
    page.goto(f"/{waiting.label}/")
    checking.run(waiting.pk)
    expect(page.get_by_role("heading", name="Version 1 is ready")).to_be_visible(timeout=10_000)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.wait_for_timeout(2500)

    assert asked == []


def test_a_filter_that_is_chosen_is_applied_at_once(team, author, visit, complaints):
    factories.artifact(team, author, name="alpha")
    factories.draft(factories.artifact(team, author, name="beta"), author)
    page = visit(author)
    page.goto("/models/")

    page.get_by_label("State").select_option("draft")

    page.wait_for_url(re.compile(r"state=draft"))
    expect(page.get_by_role("link", name="beta")).to_be_visible()
    expect(page.get_by_role("link", name="alpha")).to_have_count(0)
    assert complaints == []


@pytest.mark.parametrize("width", [320, *browsing.slow(390, 700, 1000, 1280)])
def test_no_page_scrolls_sideways(artifact, clean, author, steward, visit, width):
    found(clean, Severity.HIGH, "a_package.with_a_long_name.and_a_module.TargetEncoderOfEverything")
    draft = factories.draft(artifact, author, {f"{'deep/' * 10}{'long' * 20}.bin": b"x"})
    page = visit(author, viewport={"width": width, "height": 800})
    addresses = (
        "/models/",
        "/models/new/",
        "/models/fraud/scorer/",
        "/models/fraud/scorer/versions/new/",
        f"/{clean.label}/",
        f"/{clean.label}/files/",
        f"/{clean.label}/findings/",
        f"/{clean.label}/files/notes.txt",
        f"/{draft.label}/",
    )

    wide = {address: overflow(page, address) for address in addresses}

    assert {address: by for address, by in wide.items() if by} == {}


def overflow(page: Page, address: str) -> int:
    """By how many pixels a page is wider than its window."""
    page.goto(address)
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def test_a_dangerous_file_is_fetched_only_after_saying_so(clean, author, visit):
    found(clean, Severity.CRITICAL, "posix.system")
    page = visit(author)
    page.goto(f"/{clean.label}/")

    page.get_by_role("link", name="Fetch notes.txt").click()
    expect(page.get_by_role("heading", name="Fetch notes.txt all the same?")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Fetch it knowingly").click()

    assert Path(download.value.path()).read_bytes() == b"plain words\n"
    assert download.value.suggested_filename == "notes.txt"


def test_a_closed_button_says_why_and_does_nothing(clean, author, visit):
    found(clean, Severity.HIGH)
    page = visit(author)
    page.goto(f"/{clean.label}/")

    closed = page.get_by_role("button", name=re.compile("Waive it ?, closed: Someone other than the author"))
    closed.click(force=True)

    assert page.url.endswith(f"/{clean.label}/")


def test_one_box_chooses_all_rows_of_a_page(clean, steward, visit):
    for name in ("a.A", "b.B"):
        found(clean, Severity.LOW, name)
    page = visit(steward)
    page.goto("/findings/")

    page.get_by_label("All on this page").check()
    page.get_by_label("State").last.select_option("in-triage")
    page.get_by_role("button", name="Change the chosen ones").click()

    expect(page.get_by_text("2 findings changed.")).to_be_visible()
