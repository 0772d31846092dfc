"""Things end in a real browser, without scripts: renamed, archived, held, withdrawn, deleted and had back."""

from __future__ import annotations

from playwright.sync_api import expect

from tests import browsing, factories
from tests.browsing import browser, complaints, visit

__all__ = ["browser", "complaints", "visit"]

pytestmark = browsing.MARKS


@browsing.SCRIPTS
def test_a_model_is_renamed_deleted_and_had_back(artifact, author, visit, complaints, scripts):
    page = visit(author, java_script_enabled=scripts)
    page.goto("/models/fraud/scorer/")

    page.get_by_text("More", exact=True).click()
    page.get_by_role("link", name="Rename").click()
    page.get_by_role("textbox", name="Name").fill("judge")
    page.get_by_role("button", name="Rename it").click()
    expect(page.get_by_role("heading", name="judge", exact=True)).to_be_visible()
    page.goto("/models/fraud/scorer/")
    expect(page.get_by_role("heading", name="judge", exact=True)).to_be_visible()

    page.get_by_text("More", exact=True).click()
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete judge").click()
    expect(page.get_by_role("heading", name="Bin")).to_be_visible()
    page.get_by_role("button", name="Have it back").click()

    expect(page.get_by_role("heading", name="judge", exact=True)).to_be_visible()
    assert complaints == []


def test_a_version_is_withdrawn_and_its_child_says_so(clean, steward, author, visit, complaints):
    child = factories.submitted(
        factories.artifact(clean.team, author, name="child"), author, parents=[(clean, "trained-on")]
    )
    page = visit(steward, java_script_enabled=False)
    page.goto(f"/{clean.label}/")

    page.get_by_text("More", exact=True).click()
    page.get_by_role("link", name="Withdraw").click()
    page.get_by_label("Reason").fill("It leaks.")
    page.get_by_role("button", name="Withdraw 1").click()

    expect(page.get_by_role("heading", name="Version 1 was withdrawn")).to_be_visible()
    page.goto(f"/{child.label}/")
    expect(page.get_by_text("It was trained on scorer 1, which was withdrawn on")).to_be_visible()
    assert complaints == []
