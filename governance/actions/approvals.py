"""Approvals are asked for, given, refused, voided and used up."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet, Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone

from governance import access, audit, evidence, subjects
from governance.actions.saving import saved
from governance.audit import action
from governance.errors import Conflict, Invalid
from governance.leaving import withdrawal
from governance.models import Approval, Notification, Team, User, Vote
from governance.policies.other_person import kept_out
from governance.sentences import spoken
from governance.telling import settle, tell
from governance.waiting import first_line

WhenApproved = Callable[[Approval, Any], None]

_when_approved: list[WhenApproved] = []


def when_approved(function: WhenApproved) -> WhenApproved:
    """Call `function(approval, thing)` in the transaction that gave a request the last yes it needs."""
    _when_approved.append(function)
    return function


def evidence_digest(evidence: dict[str, Any]) -> str:
    """SHA-256 over the evidence as JSON with sorted keys: what an approval binds."""
    return hashlib.sha256(json.dumps(evidence, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


@action("approval.request")
def request_approval(label: str, *, alias: str, note: str = "", by: User) -> Approval:
    """Ask for a yes to this subject taking this alias, bound to the evidence as it is now."""
    kind, thing = subjects.find(by, label)
    if kind.evidence is None or kind.lock is None or kind.can_be_approved is None:
        raise Invalid(f"{label} is nothing that is approved: name a version.")
    kind.lock(thing)
    kind, thing = subjects.find(by, label)  # it may have been renamed meanwhile
    assert kind.evidence is not None
    assert kind.can_be_approved is not None
    access.check(by, "approval.request", thing, alias=alias)
    kind.can_be_approved(thing, alias)
    signed = kind.evidence(thing, alias)
    digest = evidence_digest(signed)
    if Approval.objects.open().filter(subject=thing.label, alias=alias, digest=digest).exists():
        raise Conflict("An approval of exactly this has been asked for already.")
    for older in Approval.objects.open().select_for_update().filter(subject=thing.label, alias=alias):
        close(older, "void", thing, by=by)
    approval = saved(
        Approval(
            team=thing.team,
            subject=thing.label,
            alias=alias,
            digest=digest,
            evidence=signed,
            needed=max(1, kind.needed(thing, alias)) if kind.needed else 1,
            by_roles=list(kind.by_roles(thing, alias)) if kind.by_roles else ["steward"],
            note=note,
            requested_by=by,
            answered_by=by.answered_by,
        )
    )
    audit.record(
        "approval.request",
        thing,
        by=by,
        reason=note,
        after={"approval": approval.pk, "alias": alias, "signs": digest},
    )
    sentence = f"{by} asks you to approve {about(approval)}."
    tell("approval-asked", deciders(approval, thing), approval, sentence)
    return approval


@action("approval.approve")
def approve(approval: Approval, *, note: str = "", digest: str = "", by: User) -> Approval:
    """Say yes. `digest`, when given, is what the person was shown: a yes to something else is refused."""
    return vote(approval, "approval.approve", True, note=note, shown=digest, by=by)


@action("approval.reject")
def reject(approval: Approval, *, note: str = "", by: User) -> Approval:
    """Say no: the request is closed."""
    approval = vote(approval, "approval.reject", False, note=note, by=by)
    close(approval, "rejected", approval, by=by)
    return approval


def vote(approval: Approval, name: str, yes: bool, *, note: str, shown: str = "", by: User) -> Approval:
    kind, thing = subjects.find(by, approval.subject)
    assert kind.lock is not None
    assert kind.evidence is not None
    assert kind.can_be_approved is not None
    kind.lock(thing)
    approval = Approval.objects.select_for_update().get(pk=approval.pk)
    access.check(by, name, thing, approval=approval, alias=approval.alias)
    if approval.closed_at is not None:
        raise Conflict(f"This request is closed already: {approval.outcome}.")
    if yes:
        kind.can_be_approved(thing, approval.alias)
    if shown and shown != approval.digest:
        raise Conflict("What you were shown is not what this request is about. Load the page again.")
    if yes and evidence_digest(kind.evidence(thing, approval.alias)) != approval.digest:
        raise Conflict("What was asked about has changed since: ask for a new approval.")
    if approval.votes.filter(by=by).exists():
        raise Conflict("You have decided on this already.")
    saved(Vote(approval=approval, by=by, yes=yes, note=note))
    after = {"approval": approval.pk, "alias": approval.alias, "signs": approval.digest}
    audit.record(name, thing, by=by, reason=note, after=after)
    decided = not Approval.objects.undecided().filter(pk=approval.pk).exists()
    if decided:
        settle("approval-asked", approval)
    why = "." if yes or not note else f": {first_line(note)}"
    sentence = f"{by} {'approved' if yes else 'rejected'} {about(approval)}{why}"
    tell("approval-decided", [approval.requested_by], approval, sentence)
    if yes and decided:
        for follow in _when_approved:
            follow(approval, thing)
    return approval


def void_changed(thing: Any, *, by: User) -> None:
    """Close every open request about a thing whose evidence is no longer what was asked about."""
    kind, _ = subjects.match(thing.label) or (None, None)
    if kind is None or kind.evidence is None:
        return
    for approval in Approval.objects.open().select_for_update().filter(subject=thing.label):
        if evidence_digest(kind.evidence(thing, approval.alias)) != approval.digest:
            close(approval, "void", thing, by=by)


def void_below(label: str, *, by: User) -> None:
    """The same for everything below a label, such as all versions of an artifact."""
    for subject in (
        Approval.objects.open().filter(subject__startswith=f"{label}/").values_list("subject", flat=True)
    ):
        _, thing = subjects.find(by, subject)
        void_changed(thing, by=by)


def rename_below(before: str, after: str) -> None:
    """Find the requests about what lies below a label under another one, and what people were told of it.
    What was signed stays."""
    for kept in (Approval, Notification):
        below = kept.objects.filter(subject__startswith=f"{before}/")
        below.update(subject=Concat(Value(after), Substr("subject", len(before) + 1)))


def use_approvals(thing: Any, alias: str, *, by: User) -> None:
    """Close the requests that a promotion has used up: a yes is good for once."""
    for approval in Approval.objects.open().select_for_update().filter(subject=thing.label, alias=alias):
        close(approval, "used", thing, by=by)


@withdrawal
def withdraw_requests(team: Team, user: User, *, by: User) -> None:
    """Close what somebody asked for in a team and now is gone: nobody else may want it."""
    for approval in Approval.objects.open().select_for_update().filter(team=team, requested_by=user):
        withdraw_request(approval, by=by)


def withdraw_about(thing: Any, *, by: User) -> None:
    """Close what is asked about a thing that is not to be had any more; who asked is told."""
    for approval in Approval.objects.open().select_for_update().filter(subject=thing.label):
        withdraw_request(approval, by=by)
        sentence = f"Your request for {about(approval)} was closed: {by} withdrew what it is about."
        tell("approval-decided", {approval.requested_by} - {by}, approval, sentence)


def withdraw_request(approval: Approval, *, by: User) -> None:
    close(approval, "withdrawn", approval, by=by)
    part = audit.Part(approval.team, approval.subject)
    after = {"approval": approval.pk, "alias": approval.alias, "asked": approval.requested_by.username}
    audit.record("approval.withdraw", part, by=by, after=after)


def close(approval: Approval, outcome: str, thing: Any, *, by: User) -> None:
    approval.closed_at, approval.outcome = timezone.now(), outcome
    approval.save(update_fields=["closed_at", "outcome"])
    settle("approval-asked", approval)
    if outcome == "void":
        audit.record("approval.void", thing, by=by, after={"approval": approval.pk, "alias": approval.alias})
        tell_void(approval, thing, by=by)


# ------------------------------------------------------------------ telling


def about(approval: Approval) -> str:
    return f"{spoken(approval.subject)} for {approval.alias}"


def deciders(approval: Approval, thing: Any) -> QuerySet[User]:
    """Who could answer: neither who asked, nor whom they made, nor who put something into it."""
    able = access.holders(approval.team, "approval.approve", approval.by_roles).keys()
    people: QuerySet[User] = User.objects.filter(
        pk__in=able - kept_out(approval) - getattr(thing, "authors", set())
    )
    return people


def tell_void(approval: Approval, thing: Any, *, by: User) -> None:
    """With what is different now; who changed it knows."""
    kind, _ = subjects.match(thing.label) or (None, None)
    now = kind.evidence(thing, approval.alias) if kind and kind.evidence else approval.evidence
    changes = [change.sentence for change in evidence.changes(approval.evidence, now)]
    sentence = " ".join([f"Your request for {about(approval)} became void.", *changes])
    tell("approval-decided", {approval.requested_by} - {by}, approval, sentence)
