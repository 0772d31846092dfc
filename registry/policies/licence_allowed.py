"""A gate may take only some licences: of the version, of its files, and of what it came from."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef, QuerySet

from governance.access import Objection, able, listed, policy
from governance.models import User
from registry.licences import by_name, is_allowed
from registry.models import Artifact, CheckResult, Link, Version
from registry.models.gates import gates_of
from registry.presenting.addresses import of_artifact, of_version

Names = tuple[str, ...]
HIDDEN = "what you may not see, whose licence is missing or another one"
TOO_MANY = "so much that nobody can look through its licences"
MOST = 1000
TYPES = "file_type"  # the check that says what a file is, and which licence it names
OTHERS = "or a second steward confirms that the gate takes other licences."


@policy("version.promote")
def licence_allowed(
    person: User, version: Version, *, alias: str = "production", **_: object
) -> Objection | None:
    gate = gates_of(version.team).get(alias)
    if gate is None or not gate.licences:
        return None
    only = f"{alias} takes only {listed(gate.licences)}."
    return (
        of_itself(version.artifact, gate.licences, only)
        or of_files(version, gate.licences, only)
        or of_origins(person, version, gate.licences, only)
    )


def of_itself(artifact: Artifact, among: Names, only: str) -> Objection | None:
    if is_allowed(artifact.licence, among):
        return None
    return Objection(
        f"{artifact.name} {has(artifact)}, and {only}",
        f"say its licence when that is another one, {OTHERS}",
        who=able(artifact, "artifact.edit"),
        link=of_artifact(artifact, "edit_artifact"),
    )


def of_files(version: Version, among: Names, only: str) -> Objection | None:
    """What a file says of itself counts whatever the version says, as far as checks have read it."""
    said = CheckResult.objects.filter(version=version, check_name=TYPES).exclude(fact__licence=None)
    rows = dict(said.order_by("-file__path").values_list("fact__licence", "file__path"))  # each once
    named = sorted((path, by_name(licence)) for licence, path in rows.items())
    bad = next(((path, name) for path, name in named if not is_allowed(name, among)), None)
    if bad is None:
        return None
    return Objection(
        f"Its file {bad[0]} says that it has the licence {bad[1]}, and {only}",
        f"push a version without it, {OTHERS}",
        who=able(version, "version.add"),
        link=of_version(version),
    )


def of_origins(person: User, version: Version, among: Names, only: str) -> Objection | None:
    """Of what one may not see neither name nor licence is told."""
    found = origins(version)
    bad = [origin for origin in found if not is_allowed(origin.artifact.licence, among)]
    if not bad and len(found) < MOST:
        return None
    seen = Version.objects.visible_to(person).filter(pk__in=[origin.pk for origin in bad])
    keys = set(seen.values_list("pk", flat=True))
    shown = next((origin for origin in bad if origin.pk in keys), None)
    of = f"{shown}, which {has(shown.artifact)}" if shown else HIDDEN if bad else TOO_MANY
    return Objection(
        f"It comes from {of}, and {only}",
        f"push a version that does without, {OTHERS}",
        who=able(version, "version.add"),
        link=of_version(version),
    )


def origins(version: Version) -> list[Version]:
    """What it came from, and what that was made from, the nearest first. On what an origin was only evaluated
    is no part of it."""
    found: dict[int, Version] = {}
    links = Link.objects.filter(version=version)
    while len(found) < MOST and (new := behind(links, found)):
        found |= new
        links = Link.objects.filter(version__in=new).exclude(relation=Link.Relation.EVALUATED_ON)
    return list(found.values())


def behind(links: QuerySet[Link], known: Collection[int]) -> dict[int, Version]:
    rows = Version.objects.filter(Exists(links.filter(parent=OuterRef("pk")))).exclude(pk__in=known)
    return {row.pk: row for row in rows.select_related("artifact__team").order_by("pk")[:MOST]}


def has(artifact: Artifact) -> str:
    return f"has the licence {artifact.licence}" if artifact.licence else "has no licence"
