"""Findings are accepted for a while."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from governance import access, audit
from governance.access import Objection
from governance.actions import saved, void_below
from governance.audit import action
from governance.errors import Conflict, Denied, Invalid, Problem
from governance.models import User
from registry import incidents
from registry.actions.artifacts import lock
from registry.actions.triage import check_number, in_turn
from registry.checking import FAILURE
from registry.checks import CHECKS
from registry.models import Finding, Severity, Waiver
from registry.models.findings import twins

MOST_TOLD = 5
# The longest a waiver may last, in days. The worse the finding, the sooner somebody looks again.
MOST_DAYS: dict[int, int] = {
    Severity.CRITICAL: 14,
    Severity.HIGH: 90,
    Severity.MEDIUM: 180,
    Severity.LOW: 365,
    Severity.INFO: 365,
}


@action("finding.waive")
def waive(finding: Finding, *, reason: str, expires: datetime, by: User) -> Waiver:
    """Accept a finding until a day. It covers later versions with the same check, name and path, but none
    into which who accepts it put something."""
    artifact = lock(finding.version.artifact_id)
    finding = Finding.objects.select_related("version__artifact__team", "version__added_by").get(
        pk=finding.pk
    )
    access.check(by, "finding.waive", finding.version, finding=finding)
    check_can_be_waived(finding)
    check_terms(finding, reason, expires)
    version = finding.version
    waiver = saved(
        Waiver(
            artifact=version.artifact,
            finding=finding,
            check_name=finding.check_name,
            path=finding.path,
            name=finding.name,
            severity=finding.severity,
            reason=reason,
            by=by,
            ends_at=expires,
        )
    )
    after = {"finding": finding.pk, "check": finding.check_name, "name": finding.name, "path": finding.path}
    audit.record(
        "finding.waive", version, by=by, reason=reason, after={**after, "until": expires.isoformat()}
    )
    void_below(version.artifact.label, by=by)
    incidents.derive(artifact)
    return waiver


@action("finding.waive")
def waive_all(findings: Sequence[Finding], *, reason: str, expires: datetime, by: User) -> list[Waiver]:
    """Accept several until one day: all of them, or none when one is refused. Every refusal is told. What is
    found in several versions of one artifact is accepted once, at its worst, and what other checks say of the
    same with it; the waivers of what was chosen."""
    check_number(findings)
    chosen = {in_turn(finding)[:-1] for finding in findings}
    made: list[Waiver] = []
    refused: list[tuple[Finding, Problem]] = []
    others = [twin for twin in twins(findings) if not twin.waived]
    for finding in once([*findings, *others]):
        try:
            with transaction.atomic():
                waiver = waive(finding, reason=reason, expires=expires, by=by)
                made += [waiver] if in_turn(finding)[:-1] in chosen else []
        except (Denied, Conflict, Invalid) as problem:
            refused.append((finding, problem))
    if refused:
        raise none_waived(refused, len(made))
    return made


def once(findings: Sequence[Finding]) -> list[Finding]:
    """In the order of what is locked."""
    worst = sorted(findings, key=lambda finding: finding.severity)
    return sorted({in_turn(finding)[:-1]: finding for finding in worst}.values(), key=in_turn)


def none_waived(refused: Sequence[tuple[Finding, Problem]], others: int) -> Problem:
    """A `Denied` when a role or a policy says no to any of them, else what the first one is."""
    kind, about = next(
        ((Denied, found) for found, problem in refused if isinstance(problem, Denied)),
        (type(refused[0][1]), refused[0][0]),
    )
    each = [Objection(f"{found.version}, {found.name}: {problem.sentence}") for found, problem in refused]
    told = " ".join(objection.sentence for objection in each[:MOST_TOLD])
    more = f" And {len(each) - MOST_TOLD} more." if len(each) > MOST_TOLD else ""
    rest = f" Nothing objects to the other {others}." if others else ""
    problem = kind(f"None was waived. {told}{more}{rest}", objections=each)
    if isinstance(problem, Denied):
        problem.subject = about.version
    return problem


def check_can_be_waived(finding: Finding) -> None:
    if finding.closed_at is not None:
        raise Conflict("This finding is closed: there is nothing to waive.")
    if finding.name == FAILURE and finding.check_name in CHECKS:
        raise Conflict("A check that did not finish cannot be waived: check the version again.")
    if finding.waived:
        raise Conflict("This finding is waived already.")


def check_terms(finding: Finding, reason: str, expires: datetime) -> None:
    now = timezone.now()
    most = MOST_DAYS[finding.severity]
    latest = now + timedelta(days=most)
    if not reason.strip():
        raise Invalid("A waiver needs a reason.", errors={"reason": ["Say why this can be accepted."]})
    if expires <= now:
        raise Invalid("A waiver ends in the future.", errors={"expires": ["Choose a later day."]})
    if expires > latest + timedelta(days=1):
        word = finding.severity_word
        sentence = f"A waiver of a {word} finding lasts at most {most} days: up to {latest:%d %B %Y}."
        raise Invalid(sentence, errors={"expires": [sentence]})
