"""Who may fetch what: readers what is released and clean, those who push also what is not, knowingly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from governance import access
from governance.access import Objection, able, policy
from governance.models import User
from governance.prepared import prepared
from registry.checking import FAILURE
from registry.checks import for_kind
from registry.gate import BY_ITSELF
from registry.models import CheckResult, Finding, Severity, Version
from registry.presenting.addresses import of_version

GRACE = timedelta(days=7)
KNOWINGLY = "say that you know (acknowledge=1); it goes on the record."


@policy("version.download")
def fit_for_use(
    person: User, version: Version, *, acknowledged: bool = False, **_: object
) -> Objection | None:
    """The worst open finding decides who may; below critical, a release stays in use."""
    close = (
        person.pk == version.added_by_id or access.role_objection(person, "finding.waive", version) is None
    )
    pushes = access.role_objection(person, "version.add", version) is None
    worst, sentence = danger(version)
    if worst is None or (worst == Severity.HIGH and version.released):
        return None
    if not (close or (worst == Severity.HIGH and pushes)):
        only = "its author and stewards" if worst == Severity.CRITICAL else "those who may push"
        return Objection(
            f"{sentence} Only {only} may fetch it.",
            "use another version, or wait until it is cured.",
            who=who_cures(version),
            link=of_version(version) if version.is_draft else of_version(version, "findings"),
        )
    if not acknowledged:
        knowing = f"{sentence} Fetch it only if you know what you do."
        return Objection(knowing, KNOWINGLY, who="you", link=of_version(version, "files"))
    return None


def danger(version: Version) -> tuple[Severity | None, str]:
    """How dangerous a version is and why. What has not been evaluated counts as critical."""
    if version.is_draft:
        return Severity.CRITICAL, f"Version {version.number} is a draft: nothing in it has been checked."
    if unfinished(version):
        return Severity.CRITICAL, f"The checks of version {version.number} have not finished."
    found = next(iter(blocking(version=version.pk)), None)
    if found is None:
        return None, ""
    return Severity(found.severity), f"{found.path}: {found.message}"


@prepared
def blocking(*, version: Any) -> QuerySet[Finding]:
    """The worst that blocks; what failed to be checked is told otherwise."""
    return Finding.objects.filter(version=version).exclude(name=FAILURE).blocking()[:1]


def who_cures(version: Version) -> str:
    """Whoever can end the danger."""
    if version.is_draft:
        return str(version.added_by)
    return BY_ITSELF if unfinished(version) else able(version, "finding.waive", but=version.authors)


def unfinished(version: Version) -> bool:
    """Whether a required check has no finished result. For what is released the last finished result
    counts until it has run anew, and a check that is new has 7 days."""
    released = version.released
    names = [check.name for check in for_kind(version.artifact.kind) if not released or is_due(check.since)]
    done = finished(released, version=version.pk, names=names)
    return sum(done) < version.file_count * len(names)


@prepared
def finished(released: bool, *, version: Any, names: Any) -> QuerySet[CheckResult, int]:
    counts = Q(outcome="done") | (Q(done_at__isnull=False) if released else Q())
    rows = CheckResult.objects.filter(counts, version=version, check_name__in=names)
    return rows.order_by().values("version").annotate(number=Count("pk")).values_list("number", flat=True)


def is_due(since: object) -> bool:
    return datetime.now(UTC).date() >= since + GRACE  # type: ignore[operator,no-any-return]
