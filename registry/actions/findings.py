"""Findings are accepted for a while."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from governance import access, audit
from governance.actions import saved, void_below
from governance.audit import action
from governance.errors import Conflict, Invalid
from governance.models import User
from registry import incidents
from registry.actions.artifacts import lock
from registry.checking import FAILURE
from registry.checks import CHECKS
from registry.models import Finding, Severity, Waiver

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
