"""Whatever stands in the way of a version, its page leads who may to the cure, and tells others who can."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.utils import timezone

from governance import access
from governance import actions as governing
from governance.models import User
from registry import actions
from registry.models import Blob, CanaryRound, CheckResult, Gate, Severity, Version
from tests import factories
from tests.pages import said
from tests.registry.conftest import found
from tests.registry.test_gates import settings
from tests.registry.views.conftest import signed_in

__all__ = ["signed_in"]

pytestmark = pytest.mark.django_db

PAGES = ("version.promote", "version.download", "version.submit")
# Said beside the button that it closes, or nowhere: who may not look into something does not see its version,
# and submitting a draft loses nothing.
NOT_IN_A_VERDICT = {"four_eyes", "own_draft", "granted", "legal_hold"}


@dataclass(frozen=True)
class Case:
    """How a policy comes to object, who cures it and by which link or button, and whom others are told."""

    happen: Callable[[Version, dict[str, User]], object]
    who: str
    cure: str
    named: str
    bystander: str = "priya"


def withdraw(version, people):
    actions.withdraw(version, reason="It leaks.", by=people["jonas"])


def archive(version, people):
    actions.archive(version.artifact, by=people["mara"])


VERSION, MODEL = "/models/fraud/scorer/versions/1/", "/models/fraud/scorer/"
CASES = {
    "archived": Case(archive, "mara", f"{MODEL}unarchive/", "jonas or leila"),
    "card_filled": Case(
        lambda version, people: settings(
            version.team, people["jonas"], production=Gate(approvals=1, card=("Limits",))
        ),
        "mara", f"{MODEL}edit/", "jonas, leila or mara",
    ),
    "checks_finished": Case(
        lambda version, people: CheckResult.objects.update(outcome="failed", error="It stopped."),
        "priya", f"{VERSION}recheck", "jonas, leila, mara and 1 more", "ada",
    ),
    "digest_unchanged": Case(
        lambda version, people: Blob.objects.update(sha256="0" * 64),
        "mara", f"{MODEL}versions/new/", "jonas, leila or mara",
    ),
    "enough_approvals": Case(
        lambda version, people: None, "mara", f"{VERSION}aliases/production/ask/", "jonas or leila"
    ),
    "finished_run": Case(
        lambda version, people: settings(
            version.team, people["jonas"], production=Gate(approvals=1, run="PB-03")
        ),
        "mara", f"/playbooks/PB-03/start/?subject={VERSION.strip('/')}", "jonas, leila, mara and 1 more",
        "ada",
    ),
    "licence_allowed": Case(
        lambda version, people: settings(
            version.team, people["jonas"], production=Gate(approvals=1, licences=("MIT",))
        ),
        "mara", f"{MODEL}edit/", "jonas, leila or mara",
    ),
    "no_blocking_finding": Case(
        lambda version, people: found(version, Severity.HIGH, pk=700),
        "jonas", f"{VERSION}findings/700/waive/", "jonas or leila",
    ),
    "scanner_sees": Case(
        lambda version, people: CanaryRound.objects.create(
            known=5, missed=["a pickle"], finished_at=timezone.now()
        ),
        "jonas", "/checks/#canaries", access.SITE,
    ),
    "signed": Case(
        lambda version, people: settings(
            version.team, people["jonas"], production=Gate(approvals=1, signed=True)
        ),
        "mara", f"{MODEL}versions/new/", "jonas, leila or mara",
    ),
    "team_at_work": Case(
        lambda version, people: governing.archive_team(version.team, by=people["admin"]),
        "admin", "/teams/fraud/", access.SITE,
    ),
    "withdrawn": Case(withdraw, "leila", f"{VERSION}reinstate/", "leila"),
}  # fmt: skip


@pytest.fixture
def people(team, author, steward, operator, reader):
    return {
        "mara": author,
        "jonas": steward,
        "leila": factories.member(team, "steward", username="leila"),
        "priya": operator,
        "rita": reader,
        "ada": factories.member(team, "auditor", username="ada"),
        "admin": factories.admin(),
    }


def verdict(answer) -> str:
    return answer.content.decode().partition('<div id="verdict"')[2].partition("</section>")[0]


def test_every_objection_has_a_case():
    every = {name for name, _ in access._policies[access.EVERY]}
    known = every.union(*map(access.policies, PAGES))

    assert known - NOT_IN_A_VERDICT == set(CASES) | {"fit_for_use", "sandbox_stands"}


@pytest.mark.slow
@pytest.mark.parametrize("policy", CASES)
def test_the_page_leads_to_the_cure(clean, people, signed_in, policy):
    case = CASES[policy]
    case.happen(clean, people)
    if case.who == "admin":  # who sees nothing of the team but the team
        assert signed_in(people["admin"]).get(case.cure).status_code == 200
        return
    client = signed_in(people[case.who])

    shown = verdict(client.get(VERSION))

    assert re.search(rf'(href|action)="{re.escape(case.cure)}"', shown), said(client.get(VERSION))
    assert case.cure.endswith("recheck") or client.get(case.cure).status_code == 200


@pytest.mark.slow
@pytest.mark.parametrize("policy", CASES)
def test_others_are_told_who_can(clean, people, signed_in, policy):
    case = CASES[policy]
    case.happen(clean, people)

    words = said(signed_in(people[case.bystander]).get(VERSION))

    assert f"Who can: {case.named}." in words


def test_who_only_uses_it_is_led_to_the_other_versions(clean, people, signed_in):
    actions.promote(clean, "staging", by=people["priya"])
    found(clean, Severity.CRITICAL)

    answer = signed_in(people["rita"]).get(VERSION)

    assert f'href="{MODEL}">See the other versions' in verdict(answer)
    assert "Who can: jonas or leila." in said(answer)


def test_a_draft_says_what_keeps_it_from_being_submitted(artifact, people, signed_in):
    draft = factories.draft(artifact, people["mara"], {"notes.txt": b"words"})
    actions.archive(artifact, by=people["mara"])

    answer = signed_in(people["mara"]).get(f"/{draft.label}/")

    assert f'href="{MODEL}unarchive/"' in verdict(answer)
    assert "Submit version 1, closed: One thing stands in the way." in said(answer)


def test_who_may_not_promote_is_told_who_can(clean, people, signed_in):
    factories.approved(clean, people["jonas"], asker=people["mara"])

    words = said(signed_in(people["jonas"]).get(VERSION))

    assert "it takes devops-engineer. Who can: priya." in words
