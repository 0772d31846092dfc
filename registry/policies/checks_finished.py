"""Nothing unchecked is used: every check has to have finished on every file."""

from __future__ import annotations

from governance.access import Objection, able, policy
from governance.models import User
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
    results = CheckResult.objects.filter(version=version, check_name__in=names)
    failed = results.filter(outcome="failed").order_by("check_name").first()
    if failed is not None:
        return Objection(
            f"{failed.error} Not evaluated is never a pass.",
            "check the version again." if gave_up(failed) else AGAIN,
            who=able(version, "version.recheck"),
            link=page,
        )
    wanted = version.file_count * len(names)
    done = results.filter(outcome="done").count()
    if done < wanted:
        said = f"{done} of {wanted} checks have finished. {waits_for(version)}".rstrip()
        return Objection(said, "wait until the others have.", who=gate.BY_ITSELF, link=page)
    return None
