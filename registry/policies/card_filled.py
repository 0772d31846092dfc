"""A gate may ask for what only people know: fields of the card, or filled headings of the description."""

from __future__ import annotations

from governance.access import Objection, able, listed, policy
from governance.models import User
from registry.card_fields import titles_of
from registry.headings import filled
from registry.models import Version
from registry.models.gates import gates_of
from registry.presenting.addresses import of_artifact


@policy("version.promote")
def card_filled(
    person: User, version: Version, *, alias: str = "production", **_: object
) -> Objection | None:
    gate = gates_of(version.team).get(alias)
    if gate is None or not gate.card:
        return None
    there = filled(version.artifact.description) | titles_of(version.artifact.card)
    missing = [part for part in gate.card if part.casefold() not in there]
    if not missing:
        return None
    return Objection(
        f"{alias} asks for a card that says more, and that of {version.artifact.name} has nothing under "
        f"{listed(missing, 'and')}.",
        "fill it in: fields of the card, or headings of the description.",
        who=able(version.artifact, "artifact.edit"),
        link=of_artifact(version.artifact, "edit_artifact"),
    )
