"""A gate may take only what a key of the team has signed, whole."""

from __future__ import annotations

from django.urls import reverse

from governance.access import Objection, able, policy
from governance.models import User
from registry.models import Version
from registry.models.gates import gates_of
from registry.presenting.addresses import of_version
from registry.signing.standing import standing

CURES = "push the files with a signature by a key of the team"
OWN = "A key that its author added does not count."


@policy("version.promote")
def signed(person: User, version: Version, *, alias: str = "production", **_: object) -> Objection | None:
    gate = gates_of(version.team).get(alias)
    if gate is None or not gate.signed or version.is_draft:
        return None
    counts = standing(version, but=version.authors)
    if counts.state == "signed":
        return None
    only = f"{alias} takes only what a key of {version.team.slug} has signed."
    if standing(version).state == "signed":
        keys = reverse("registry:signing_keys", args=[version.team.slug])
        cure = "a steward who is not the author adds the key."
        return Objection(
            f"{OWN} {only}", cure, who=able(version, "signing_key.add", but=version.authors), link=keys
        )
    who = able(version, "version.add")
    return Objection(f"{counts.said} {only}", f"{CURES}.", who=who, link=of_version(version))
