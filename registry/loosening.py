"""What a change that loosens gates would let through, so that whoever confirms it knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from governance import access
from governance.models import Team, User
from governance.templatetags.words import counted
from registry.gate_changes import changes
from registry.models import GateRequest, Version
from registry.models.gates import gates_of, supposing
from registry.models.grants import inside
from registry.presenting.objecting import APPROVALS, PERSONAL

MOST = 50
NAMED = 3
HIDDEN = "one that you may not see"


def lets_through(asked: GateRequest, person: User) -> list[str]:
    """A sentence for each gate that becomes looser. The newest 50 frozen versions are looked at; of those
    that a person may not see only the number is told."""
    now, then = asked.team, supposing(asked.team, asked.by_alias)
    looser = {change.alias for change in changes(gates_of(now), gates_of(then)) if change.loosens}
    if not looser:
        return []
    found = frozen(asked.team, person)
    return [
        said for alias in sorted(looser) for said in of_alias(alias, found, now, then, asked.requested_by)
    ]


def frozen(team: Team, person: User) -> list[Version]:
    versions = Version.objects.filter(artifact__team=team, artifact__deleted_at=None)
    frozen = versions.exclude(submitted_at=None).with_state()
    shown = frozen.annotate(shown=inside(person, "artifact__"))
    return list(shown.select_related("artifact", "added_by").order_by("-pk")[:MOST])


def of_alias(alias: str, found: list[Version], now: Team, then: Team, person: User) -> Iterator[str]:
    if alias not in gates_of(then):
        yield f"{alias} has no gate any more: whoever may push points it at any version."
        return
    before, after = gates_of(now)[alias].approvals, gates_of(then)[alias].approvals
    at_once, sooner = [], []
    for version in found:
        against = objecting(version, alias, then, person)
        if against - {APPROVALS}:
            continue  # stays out either way: what the gate says of it now need not be asked
        was = objecting(version, alias, now, person)
        if was and not against:
            at_once.append(version)
        elif against and (after < before or was != against):
            sooner.append(version)
    if at_once:
        yield f"{counted(len(at_once), 'version')} could become {alias} at once: {named(at_once)}."
    if sooner:
        instead = f" instead of {before}" if after < before else " and nothing else"
        fewer = f"{counted(after, 'approval')}{instead}"
        yield f"{counted(len(sooner), 'version')} would need {fewer} to become {alias}: {named(sooner)}."


def objecting(version: Version, alias: str, team: Team, person: User) -> set[str]:
    """The policies that object to the version itself, whoever acts, when the gates of the team are these."""
    version.artifact.team = team
    found = access.policy_objections(person, "version.promote", version, alias=alias)
    return {each.policy for each in found} - PERSONAL


def named(versions: Iterable[Version]) -> str:
    names = [str(version) if version.shown else HIDDEN for version in versions]  # type: ignore[attr-defined]
    rest = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"{', '.join(names[:NAMED])}{rest}"
