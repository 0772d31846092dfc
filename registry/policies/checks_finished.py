"""Nothing unchecked is used: every check has to have finished on every file."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet

from governance.access import Objection, able, policy
from governance.models import User
from governance.once import once
from governance.prepared import prepared
from registry import gate
from registry.checking import gave_up, waits_for
from registry.models import CheckResult, Version
from registry.presenting.addresses import of_version

AGAIN = "it is tried again by itself; or check the version again."


@policy("version.promote", "approval.approve")
def checks_finished(
    person: User, version: Version, *, alias: str = "production", **_: object
) -> Objection | None:
    """A check that failed has not finished: not evaluated is never a pass."""
    if version.is_draft:
        return gate.draft_objection(version)
    page = of_version(version)
    names = gate.required_checks(version, alias)
    if not names:
        none = "No check is installed, and nothing unchecked is used."
        return Objection(none, "install checks.", who="whoever runs this server", link=page)
    ended = dict(outcomes(version=version.pk, names=tuple(names)))
    for failed in first_failed(version=version.pk, names=names) if ended.get("failed") else ():
        return Objection(
            f"{failed.error} Not evaluated is never a pass.",
            "check the version again." if gave_up(failed) else AGAIN,
            who=able(version, "version.recheck"),
            link=page,
        )
    wanted = version.file_count * len(names)
    done = ended.get("done", 0)
    if done < wanted:
        said = f"{done} of {wanted} checks have finished. {waits_for(version)}".rstrip()
        return Objection(said, "wait until the others have.", who=gate.BY_ITSELF, link=page)
    return None


@once
@prepared
def outcomes(*, version: Any, names: Any) -> QuerySet[CheckResult, tuple[str, int]]:
    results = CheckResult.objects.filter(version=version, check_name__in=names).order_by()
    return results.values_list("outcome").annotate(number=Count("pk"))


@prepared
def first_failed(*, version: Any, names: Any) -> QuerySet[CheckResult]:
    failed = CheckResult.objects.filter(version=version, check_name__in=names, outcome="failed")
    return failed.order_by("check_name")[:1]
