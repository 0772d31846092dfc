"""Back and reload after what was sent: nothing is done twice, and what is shown is so."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from governance import actions as governing
from governance.models import Approval, Token, Vote
from registry.models import Artifact, Severity, Waiver
from tests import browsing
from tests.browsing import browser, complaints, visit
from tests.registry.conftest import found

__all__ = ["browser", "complaints", "visit"]

pytestmark = browsing.MARKS


def reload(page: Page) -> list[str]:
    """The methods of the requests that a reload sends for the page itself."""
    sent: list[str] = []
    page.on(
        "request", lambda request: sent.append(request.method) if request.is_navigation_request() else None
    )
    page.reload()
    return list(sent)


def test_a_model_is_made_once(author, team, visit):
    page = visit(author)
    page.goto("/models/new/")
    page.get_by_label("Name").fill("flowers")
    page.get_by_role("button", name="Make the model").click()

    sent = reload(page)
    page.go_back()

    assert (sent, Artifact.objects.count()) == (["GET"], 1)
    expect(page.get_by_role("heading", name="New model")).to_be_visible()


def test_what_a_refused_form_held_is_there_after_a_reload_and_nothing_was_sent(author, team, visit):
    page = visit(author)
    page.goto("/models/new/")
    page.get_by_label("Name").fill("no name!")
    page.get_by_label("Description").fill("Tells flowers apart.")
    page.get_by_role("button", name="Make the model").click()
    expect(page.locator("[aria-invalid=true]")).to_be_visible()

    sent = reload(page)

    assert (sent, Artifact.objects.count()) == (["GET"], 0)
    expect(page.get_by_label("Name")).to_have_value("no name!")
    expect(page.get_by_label("Description")).to_have_value("Tells flowers apart.")


def test_a_token_is_made_and_shown_once(author, team, visit):
    page = visit(author)
    page.goto("/account/tokens/")
    page.get_by_label("What it is for").fill("nightly")
    page.get_by_role("button", name="Make the token").click()
    secret = page.get_by_text(re.compile("stw_[A-Za-z0-9_-]{20}"))
    expect(secret.first).to_be_visible()

    sent = reload(page)

    assert (sent, Token.objects.filter(user=author).count()) == (["GET"], 1)
    expect(secret).to_have_count(0)


def test_going_back_after_a_decision_shows_what_was_decided(clean, author, steward, visit):
    approval = governing.request_approval(clean.label, alias="production", by=author)
    page = visit(steward)
    page.goto(f"/approvals/{approval.pk}/")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("You approved")).to_be_visible()

    sent = reload(page)
    page.go_back()

    assert (sent, Vote.objects.count(), Approval.objects.get().state) == (["GET"], 1, "approved")
    expect(page.get_by_role("button", name="Approve", exact=True)).to_have_count(0)


def test_going_back_to_a_form_that_was_sent_says_that_it_is_done(clean, steward, visit):
    finding = found(clean, Severity.HIGH, "a.A")
    page = visit(steward)
    page.goto(f"/{clean.label}/findings/{finding.pk}/waive/")
    page.get_by_label("Why can it be accepted?").fill("Known.")
    page.get_by_role("button", name="Waive it").click()
    expect(page.get_by_text(f"Finding {finding.pk} is waived")).to_be_visible()

    page.go_back()
    page.get_by_label("Why can it be accepted?").fill("Known.")
    page.get_by_role("button", name="Waive it").click()

    expect(page.locator("main [role=alert], main .error").first).to_be_visible()
    assert Waiver.objects.count() == 1


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_who_has_signed_out_is_shown_nothing_by_going_back(clean, author, visit, scripts):
    page = visit(author, java_script_enabled=scripts)
    page.goto(f"/{clean.label}/")
    page.goto("/account/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Password")).to_be_visible()

    page.go_back()
    page.go_back()

    expect(page.get_by_label("Password")).to_be_visible()
    expect(page.get_by_text(clean.artifact.name)).to_have_count(0)
