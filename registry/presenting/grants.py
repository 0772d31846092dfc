"""Who may read a dataset, as its pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from governance.access import listed
from governance.models import User
from governance.pages import why_not
from registry import reading
from registry.models import Artifact, Grant, Kind
from registry.policies.own_grant import own_grant
from registry.presenting.addresses import of_artifact
from registry.reading import Readers

# The state of a grant: its colour, its shape, its word.
STATES = {
    "waiting": ("info", "info", "Waiting"),
    "live": ("good", "good", "Reads it"),
    "ended": ("neutral", "neutral", "Ended"),
    "rejected": ("blocked", "blocked", "Rejected"),
    "void": ("neutral", "neutral", "Void"),
}
RESTRICTING = (
    "From then on only its owner and who is granted it look into it: versions, files, findings, metrics and "
    "what was measured. Whoever else fetches it today is cut off. Its name, owner, tags and description stay "
    "readable, so that others can ask."
)
OPENING = (
    "From then on everybody who sees it looks into it and fetches it, without being granted it. That goes on "
    "the record with your reason. Requests that wait become void; grants stay."
)


@dataclass
class GrantRow:
    """One request and what became of it."""

    grant: Grant
    badge: tuple[str, str, str]
    href: str


def row(artifact: Artifact, grant: Grant) -> GrantRow:
    return GrantRow(grant, STATES[grant.state], of_artifact(artifact, "grant", pk=grant.pk))


def page(person: User, artifact: Artifact) -> dict[str, Any]:
    """What of the page does not depend on the day that is looked at."""
    reads = reading.reads(person, artifact)
    waits = artifact.grants.waiting().filter(person=person).first()
    return {
        "artifact": artifact,
        "section": artifact.plural,
        "can_be_restricted": artifact.kind == Kind.DATASET,
        "own": artifact.owner_id == person.pk,
        "mine": reading.grant_of(person, artifact),
        "waits": waits,
        "asks": artifact.restricted and artifact.owner_id != person.pk and waits is None,
        "reads": reads,
        "why_not_restrict": why_not(person, "dataset.restrict", artifact),
        "why_not_open": why_not(person, "dataset.open", artifact),
    }


def sentence(artifact: Artifact, told: Readers, *, now: bool) -> str:
    """Who reads it now or could read it then."""
    name = artifact.name
    if not told.owners:
        return f"{name} was not there yet."
    if not told.restricted:
        part = "for a part of that time" if told.periods and not now else ""
        return " ".join(filter(None, [f"{name} {'is' if now else 'was'} open", part, "to all who see it."]))
    owners = listed(told.owners).replace(" or ", " and ")
    verb = "reads" if now else "could read"
    begin = f"{name} {'is' if now else 'was'} restricted"
    return f"{begin}: {owners} {'owns' if now else 'owned'} it; else only who is named below {verb} it."


def told(grant: Grant) -> str:
    if grant.outcome == "granted":
        return f"{grant.person} reads {grant.artifact.name} until {grant.ends_at:%-d %B %Y}."
    return f"The request is closed. {grant.person} finds your note in the inbox."


def ends(person: User, artifact: Artifact, grant: Grant) -> str:
    """Where this person ends it, if they may and there is something to end."""
    own_request = grant.state == "waiting" and person.pk == grant.person_id
    if not (own_request or grant.state == "live") or own_grant(person, grant) is not None:
        return ""
    return of_artifact(artifact, "end_grant", pk=grant.pk)
