"""A gate may take only some licences: of the version, and of what it came from."""

from __future__ import annotations

from governance.access import Objection, able, listed, policy
from governance.models import User
from registry.licences import is_allowed
from registry.models import Artifact, Version
from registry.models.gates import gates_of
from registry.presenting.addresses import of_artifact, of_version

Names = tuple[str, ...]
HIDDEN = "what you may not see, whose licence is missing or another one"
OTHERS = "or a second steward confirms that the gate takes other licences."


@policy("version.promote")
def licence_allowed(
    person: User, version: Version, *, alias: str = "production", **_: object
) -> Objection | None:
    gate = gates_of(version.team).get(alias)
    if gate is None or not gate.licences:
        return None
    only = f"{alias} takes only {listed(gate.licences)}."
    return of_itself(version.artifact, gate.licences, only) or of_parents(
        person, version, gate.licences, only
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


def of_parents(person: User, version: Version, among: Names, only: str) -> Objection | None:
    """Of what one may not see neither name nor licence is told."""
    links = version.parents.select_related("parent__artifact__team").order_by("pk")
    bad = [link for link in links if not is_allowed(link.parent.artifact.licence, among)]
    if not bad:
        return None
    seen = Version.objects.visible_to(person).filter(pk__in=[link.parent_id for link in bad])
    keys = set(seen.values_list("pk", flat=True))
    shown = next((link.parent for link in bad if link.parent_id in keys), None)
    of = f"{shown}, which {has(shown.artifact)}" if shown else HIDDEN
    return Objection(
        f"It comes from {of}, and {only}",
        f"push a version that does without, {OTHERS}",
        who=able(version, "version.add"),
        link=of_version(version),
    )


def has(artifact: Artifact) -> str:
    return f"has the licence {artifact.licence}" if artifact.licence else "has no licence"
