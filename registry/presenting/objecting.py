"""What stands in the way of a version, each with what cures it and who can do that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html

from governance import access
from governance.access import Objection
from governance.models import Approval, User
from registry.checking import FAILURE
from registry.models import Finding, Version
from registry.models.findings import BLOCKING
from registry.presenting.addresses import of_version
from registry.presenting.curing import begin, cure, recheck
from registry.presenting.parts import Action, Said, role_says_no

GATE = "production"
MOST = 8
# Objections to who acts. They stand beside the button; the others are about the version itself.
PERSONAL = {"role", "four_eyes"}
APPROVALS, FINDINGS, CHECKS = "enough_approvals", "no_blocking_finding", "checks_finished"


@dataclass(frozen=True)
class Standing:
    """What a verdict is worked out from, beside the version and who looks at it."""

    held: set[str]
    """The aliases that point at it."""
    approvals: Sequence[Approval]
    evidence: str
    """The digest that an approval for production would bind now."""
    findings: Sequence[Finding]
    """The open ones, the worst first; not more than a page shows."""
    waiving: str
    """Why this person may not waive any of them; empty when there is no reason."""


def to_person(objections: Iterable[Objection]) -> str:
    """The one sentence against who looks. That an author cannot act at all says more than a missing role."""
    against = {each.policy: each.sentence for each in objections if each.policy in PERSONAL}
    return against.get("four_eyes", against.get("role", ""))


def blocked_by(
    person: User, version: Version, blocking: Sequence[Objection], standing: Standing
) -> tuple[list[Said], int]:
    """Each thing in the way with what cures it, the findings one by one, and how many are not shown."""
    worst = [each for each in standing.findings if each.severity >= BLOCKING and not each.waived]
    told: list[Said] = []
    for objection in blocking:
        if objection.policy == FINDINGS:
            told += findings_said(person, version, worst[:MOST], objection, standing.waiving)
        elif objection.policy != CHECKS or not any(finding.name == FAILURE for finding in worst[:MOST]):
            told.append(objection_said(person, version, objection))
    put_first(told)
    return told, max(0, len(worst) - MOST)


def put_first(told: Iterable[Said]) -> None:
    """The first cure that is open to who looks is the primary button; one page has one."""
    open_now = [action for each in told for action in each.actions if not action.closed]
    if open_now and not any(action.kind == "primary" for action in open_now):
        open_now[0].kind = "primary"


def objection_said(person: User, version: Version, objection: Objection) -> Said:
    actions = cure(person, version, objection)
    return Said(objection.sentence, objection.cure, objection.who, policy=objection.policy, actions=actions)


def findings_said(
    person: User, version: Version, findings: Sequence[Finding], objection: Objection, no: str
) -> list[Said]:
    told = [finding_said(person, version, finding, objection, no) for finding in findings]
    new = begin(person, version)
    if told and not new.closed:
        new.kind = "primary"
        told[0].actions.insert(0, new)
    return told


def finding_said(person: User, version: Version, finding: Finding, objection: Objection, no: str) -> Said:
    failed = finding.name == FAILURE
    accept = [Action("Waive it", of_version(version, "waive", pk=finding.pk), closed=no)]
    if finding.can_be_known and not no:
        accept.insert(0, Action("It is ours", of_version(version, "name_add", pk=finding.pk)))
    return Said(
        finding.message if failed else format_html("<code>{}</code>: {}", finding.path, finding.message),
        "check the version again." if failed else objection.cure,
        access.able(version, "version.recheck") if failed else objection.who,
        origin="Not evaluated" if failed else f"{finding.severity_word.capitalize()} severity",
        policy=finding.check_name,
        href=f"{of_version(version, 'findings')}#finding-{finding.pk}",
        link=f"Finding {finding.pk}",
        since=finding.opened_at,
        actions=[recheck(person, version)] if failed else accept,
    )


def approval_missing(person: User, version: Version, objection: Objection, standing: Standing) -> Said:
    told = Said(objection.sentence, objection.cure, objection.who)
    open_now = [each for each in standing.approvals if not each.outcome and each.alias == GATE]
    asked = next((each for each in open_now if each.digest == standing.evidence), None)
    told.actions = [decide(person, version, asked) if asked else ask(person, version)]
    if asked:
        told.origin = f"{asked.requested_by} asked"
        told.since = asked.requested_at
    return told


def decide(person: User, version: Version, asked: Approval) -> Action:
    """To the request; the primary button of those who can be expected to decide on it."""
    decides = access.can(person, "approval.approve", version, approval=asked, alias=asked.alias)
    href = reverse("governance:approval", args=[asked.pk])
    return Action(
        "Decide on it" if decides else f"See request {asked.pk}", href, kind="primary" if decides else ""
    )


def ask(person: User, version: Version) -> Action:
    no = role_says_no(person, "approval.request", version)
    return Action("Ask for approval", of_version(version, "ask", alias=GATE), kind="primary", closed=no)
