"""The button beside an objection: it leads to where the objection is cured, and says why to who may not."""

from __future__ import annotations

from collections.abc import Callable

from governance.access import Objection
from governance.models import User
from governance.pages import why_not
from registry.models import Version
from registry.presenting.addresses import of_artifact, of_version
from registry.presenting.parts import Action, role_says_no

Cure = Callable[[User, Version, Objection], Action]


def cure(person: User, version: Version, objection: Objection) -> list[Action]:
    """What this person can do about it; of a policy that is not named here, the way that it gives itself."""
    known = CURES.get(objection.policy)
    if known is not None:
        return [known(person, version, objection)]
    return [Action("Go there", objection.link)] if objection.link else []


def recheck(person: User, version: Version, objection: Objection | None = None) -> Action:
    no = role_says_no(person, "version.recheck", version)
    return Action("Check again", post=of_version(version, "recheck"), closed=no)


def reinstate(person: User, version: Version, objection: Objection) -> Action:
    no = why_not(person, "version.reinstate", version)
    return Action("Reinstate it", of_version(version, "reinstate"), closed=no)


def unarchive(person: User, version: Version, objection: Objection) -> Action:
    no = why_not(person, "artifact.unarchive", version.artifact)
    return Action("Take it out of the archive", of_artifact(version.artifact, "unarchive"), closed=no)


def begin(person: User, version: Version, objection: Objection | None = None) -> Action:
    no = role_says_no(person, "version.add", version)
    return Action("Begin a new version", of_artifact(version.artifact, "new_version"), closed=no)


def licence(person: User, version: Version, objection: Objection) -> Action:
    """Its own licence is said; one that it comes from, it has to do without."""
    if objection.link != of_artifact(version.artifact, "edit_artifact"):
        return begin(person, version)
    return Action(
        "Say its licence", objection.link, closed=why_not(person, "artifact.edit", version.artifact)
    )


def describe(person: User, version: Version, objection: Objection) -> Action:
    no = why_not(person, "artifact.edit", version.artifact)
    return Action("Write it", objection.link, closed=no)


def sign(person: User, version: Version, objection: Objection) -> Action:
    """A key that counts is added; what nobody signed is pushed again, with a signature."""
    if objection.link == of_version(version):
        return begin(person, version)
    return Action("Add the key", objection.link, closed=why_not(person, "signing_key.add", version))


def canaries(person: User, version: Version, objection: Objection) -> Action:
    return Action("See the canaries", objection.link)


def walls(person: User, version: Version, objection: Objection) -> Action:
    return Action("See the checks", objection.link)


def open_team(person: User, version: Version, objection: Objection) -> Action:
    return Action("Open the team", objection.link)


def submit(person: User, version: Version, objection: Objection) -> Action:
    no = why_not(person, "version.submit", version)
    return Action("Submit it", post=of_version(version, "submit"), closed=no)


def another(person: User, version: Version, objection: Objection) -> Action:
    return Action("See the other versions", of_artifact(version.artifact))


CURES: dict[str, Cure] = {
    "archived": unarchive,
    "card_filled": describe,
    "checks_finished": recheck,
    "digest_unchanged": begin,
    "draft": submit,
    "fit_for_use": another,
    "licence_allowed": licence,
    "sandbox_stands": walls,
    "scanner_sees": canaries,
    "signed": sign,
    "team_at_work": open_team,
    "withdrawn": reinstate,
}
