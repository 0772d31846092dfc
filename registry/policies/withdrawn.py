"""What was withdrawn is out of use at once: nobody fetches it but its author and stewards, knowingly."""

from __future__ import annotations

from governance import access
from governance.access import Objection, able, policy
from governance.models import User
from registry.models import Version
from registry.policies.fit_for_use import KNOWINGLY
from registry.presenting.addresses import of_version
from registry.presenting.words import day


@policy(
    "version.download",
    "version.promote",
    "version.rollback",
    "version.evaluate",
    "alias.move",
    "approval.request",
    "approval.approve",
)
def withdrawn(
    person: User, version: Version, *, action: str, acknowledged: bool = False, **_: object
) -> Objection | None:
    if version.withdrawn_at is None:
        return None
    said = sentence(version)
    if action == "version.download" and is_close(person, version):
        knowing = f"{said} Fetch it only if you know what you do."
        link = of_version(version, "files")
        return None if acknowledged else Objection(knowing, KNOWINGLY, who="you", link=link)
    return Objection(
        said,
        "use another version; or a steward who neither withdrew it nor put something into it reinstates it.",
        who=able(version, "version.reinstate", but={version.withdrawn_by_id or 0, *version.authors}),
        link=of_version(version),
    )


def is_close(person: User, version: Version) -> bool:
    """Its author, and stewards."""
    is_steward = access.role_objection(person, "version.reinstate", version) is None
    return is_steward or person.pk == version.added_by_id


def sentence(version: Version) -> str:
    """“Version 3 was withdrawn on 27 November 2026: It leaks.”"""
    return f"Version {version.number} was {since(version)}"


def since(version: Version) -> str:
    """“withdrawn on 27 November 2026: It leaks.”"""
    assert version.withdrawn_at is not None
    said = f"withdrawn on {day(version.withdrawn_at)}: {version.withdrawn_reason}"
    return said if said.endswith((".", "!", "?")) else f"{said}."
