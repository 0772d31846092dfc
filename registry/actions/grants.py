"""Datasets are restricted and opened; people ask to read them, and others decide, with an end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from governance import access, audit
from governance.actions import saved
from governance.audit import action
from governance.errors import Conflict, Invalid
from governance.models import User
from governance.names import plain_text
from governance.policies.other_person import kept_out
from governance.telling import holding, settle, tell
from governance.waiting import first_line
from registry.actions.artifacts import lock
from registry.models import Artifact, Grant, Kind, Restriction
from registry.models.grants import MOST_DAYS

OPENED = "The dataset was opened."


@action("dataset.restrict")
def restrict(artifact: Artifact, *, reason: str, by: User) -> Artifact:
    """From now on only its owner and who holds a grant look into it."""
    artifact = lock(artifact.pk)
    access.check(by, "dataset.restrict", artifact)
    if artifact.kind != Kind.DATASET:
        raise Conflict(f"Only datasets can be restricted, and {artifact.name} is none.")
    if artifact.restricted:
        raise Conflict(f"{artifact.name} is restricted already.")
    saved(Restriction(artifact=artifact, by=by, reason=given(reason, "To restrict a dataset")))
    mark(artifact, True)
    audit.record("dataset.restrict", artifact, by=by, reason=reason)
    tell("restriction", concerned(artifact) - {by}, artifact, f"{by} restricted {artifact.name}.")
    return artifact


@action("dataset.open")
def open_dataset(artifact: Artifact, *, reason: str, by: User) -> Artifact:
    """From now on everybody who sees it looks into it. Requests that wait become void; grants stay, and count
    again when it is restricted again before they end."""
    artifact = lock(artifact.pk)
    access.check(by, "dataset.open", artifact)
    period = artifact.restrictions.filter(until=None).first()
    if period is None:
        raise Conflict(f"{artifact.name} is not restricted.")
    period.opened_because = given(reason, "To open a dataset")
    period.until, period.opened_by = timezone.now(), by
    period.save(update_fields=["until", "opened_by", "opened_because"])
    mark(artifact, False)
    audit.record("dataset.open", artifact, by=by, reason=reason)
    for grant in artifact.grants.waiting().select_related("person", "artifact__team"):
        take_back(grant, OPENED, by=by)
        told = f"{artifact.name} is open: you read it without a grant."
        tell("grant-decided", {grant.person} - {by}, grant, told)
    tell("restriction", concerned(artifact) - {by}, artifact, f"{by} opened {artifact.name}.")
    return artifact


def mark(artifact: Artifact, restricted: bool) -> None:
    """Kept beside the rows of restrictions, so that lists need not look at those."""
    artifact.restricted, artifact.updated_at = restricted, timezone.now()
    artifact.save(update_fields=["restricted", "updated_at"])


# ------------------------------------------------------------------ asked for, decided


@action("grant.request")
def request_grant(artifact: Artifact, *, purpose: str, until: datetime, by: User) -> Grant:
    """Ask to read a restricted dataset until an end."""
    artifact = lock(artifact.pk)
    access.check(by, "grant.request", artifact)
    check_needed(artifact, by)
    check_end(until)
    given(purpose, "A request", "purpose")
    now = timezone.now()
    grant = Grant(artifact=artifact, person=by, purpose=purpose, ends_at=until, requested_at=now)
    grant.answered_by = by.answered_by
    grant = saved(grant)
    audit.record("grant.request", grant, by=by, reason=purpose, after=as_recorded(grant))
    asks = f"{by} asks to read {artifact.name} until {until:%-d %B %Y}: {first_line(purpose)}"
    tell("grant-asked", deciders(grant), grant, asks)
    return grant


@action("grant.approve")
def approve_grant(grant: Grant, *, note: str = "", by: User) -> Grant:
    """Let somebody read it until the end that they asked for. An earlier grant of theirs ends."""
    # Nobody takes over a service account that asked, meanwhile.
    User.objects.select_for_update(no_key=True).get(pk=grant.person_id)
    grant = locked(grant)
    access.check(by, "grant.approve", grant)
    check_waits(grant)
    if grant.ends_at <= timezone.now():
        raise Conflict("The time that was asked for is over: a new request says another end.")
    for older in grant.artifact.grants.filter(person=grant.person, outcome="granted", ended_at=None):
        end(older, f"Grant {grant.pk} took its place.", by=by)
    decide(grant, "granted", note, by=by)
    audit.record("grant.approve", grant, by=by, reason=note, after=as_recorded(grant))
    until = f"until {grant.ends_at:%-d %B %Y}"
    tell("grant-decided", [grant.person], grant, f"{by} lets you read {grant.artifact.name} {until}.")
    return grant


@action("grant.reject")
def reject_grant(grant: Grant, *, note: str = "", by: User) -> Grant:
    """Say no: the request is closed."""
    grant = locked(grant)
    access.check(by, "grant.reject", grant)
    check_waits(grant)
    decide(grant, "rejected", note, by=by)
    audit.record("grant.reject", grant, by=by, reason=note, after=as_recorded(grant))
    why = f": {first_line(note)}" if note else "."
    told = f"{by} rejected your request to read {grant.artifact.name}{why}"
    tell("grant-decided", {grant.person} - {by}, grant, told)
    return grant


def decide(grant: Grant, outcome: str, note: str = "", *, by: User) -> None:
    grant.outcome, grant.note = outcome, plain_text(note, "note")
    grant.decided_at, grant.decided_by = timezone.now(), by
    grant.save(update_fields=["outcome", "note", "decided_at", "decided_by"])
    settle("grant-asked", grant)


# ------------------------------------------------------------------ ended


@action("grant.end")
def end_grant(grant: Grant, *, reason: str = "", by: User) -> Grant:
    """End a grant before its time, or take back one's own request."""
    grant = locked(grant)
    access.check(by, "grant.end", grant)
    if grant.state == "waiting" and by.pk in grant.person.counts_as:
        take_back(grant, reason, by=by)
        return grant
    if grant.state != "live":
        raise Conflict(f"There is nothing to end: this grant is {grant.state}.")
    given(reason, "To end a grant")
    end(grant, reason, by=by)
    ended = f"{by} ended the grant of {grant.person} to read {grant.artifact.name}: {first_line(reason)}"
    tell("grant-decided", {grant.person, grant.artifact.owner} - {by}, grant, ended)
    return grant


def take_back(grant: Grant, reason: str = "", *, by: User) -> None:
    """Close a request that nobody stands behind any more."""
    decide(grant, "void", by=by)
    audit.record("grant.end", grant, by=by, reason=reason, after=as_recorded(grant))


@action("grant.end")
def expire_grant(grant: Grant, *, by: User) -> bool:
    """Put the end of a grant on the record once its time is over, once."""
    grant = locked(grant)
    access.check(by, "grant.end", grant)
    if not Grant.objects.over().filter(pk=grant.pk).exists():
        return False
    end(grant, "Its time is over.", by=by)
    ended = f"The grant of {grant.person} to read {grant.artifact.name} has ended."
    tell("grant-decided", {grant.person, grant.artifact.owner}, grant, ended)
    return True


@transaction.atomic
def announce_end_of_grant(grant: Grant, days: int) -> bool:
    """Tell that a grant ends within so many days, once."""
    grant = locked(grant)
    if Grant.objects.ending(days).filter(pk=grant.pk).update(told_days=days) != 1:
        return False
    name, day = grant.artifact.name, f"{grant.ends_at:%-d %B %Y}"
    ends = f"The grant of {grant.person} to read {name} ends on {day}: whoever needs it longer asks again."
    tell("grant-decided", {grant.person, grant.artifact.owner}, grant, ends)
    return True


def end(grant: Grant, reason: str, *, by: User) -> None:
    grant.ended_at, grant.ended_by, grant.end_reason = timezone.now(), by, plain_text(reason, "reason")
    grant.save(update_fields=["ended_at", "ended_by", "end_reason"])
    audit.record("grant.end", grant, by=by, reason=reason, after=as_recorded(grant))


# ------------------------------------------------------------------ parts


def locked(grant: Grant) -> Grant:
    lock(grant.artifact_id)
    return Grant.objects.select_related("artifact__team", "artifact__owner", "person").get(pk=grant.pk)


def check_needed(artifact: Artifact, by: User) -> None:
    if not artifact.restricted:
        raise Conflict(f"{artifact.name} is not restricted: you read it without a grant.")
    if artifact.owner_id == by.pk:
        raise Conflict(f"You own {artifact.name}: you read it without a grant.")
    waits = artifact.grants.waiting().filter(person=by).first()
    if waits is not None:
        raise Conflict(f"You have asked already: request {waits.pk} waits for a decision.")


def check_end(until: datetime) -> None:
    now = timezone.now()
    latest = now + timedelta(days=MOST_DAYS)
    if until <= now:
        raise Invalid("A grant ends in the future.", errors={"until": ["Choose a later day."]})
    if until > latest + timedelta(days=1):
        sentence = f"A grant lasts at most {MOST_DAYS} days: up to {latest:%-d %B %Y}."
        raise Invalid(sentence, errors={"until": [sentence]})


def check_waits(grant: Grant) -> None:
    if grant.outcome:
        raise Conflict(f"This request is closed already: {grant.outcome}.")


def given(text: str, what: str, field: str = "reason") -> str:
    """A text that has to be there."""
    if not text.strip():
        raise Invalid(f"{what} needs a {field}.", errors={field: ["Say why."]})
    return plain_text(text, field)


def as_recorded(grant: Grant) -> dict[str, object]:
    return {"grant": grant.pk, "person": grant.person.username, "until": grant.ends_at.isoformat()}


def deciders(grant: Grant) -> Iterable[User]:
    """Who could decide: the owner and the stewards, but neither who asks nor whom they made."""
    out = kept_out(grant)
    return {person for person in concerned(grant.artifact) if person.pk not in out}


def concerned(artifact: Artifact) -> set[User]:
    return {artifact.owner, *holding(artifact.team, "steward")}
