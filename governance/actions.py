"""What can happen to people, teams, tokens and approvals: every write of this app."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from governance import access, audit, roles, subjects, tokens
from governance.audit import action
from governance.errors import Conflict, Invalid
from governance.models import Approval, Membership, Team, Token, User, Vote

M = TypeVar("M", bound=models.Model)


def cleaned(thing: M) -> M:
    """Validate by the model's own rules: `Invalid` names the fields."""
    try:
        thing.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), errors=error.message_dict) from error
    return thing


def saved(thing: M) -> M:
    """Validate and insert; a twin is a `Conflict`."""
    cleaned(thing)
    try:
        with transaction.atomic():
            thing.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(f"There is already a {thing._meta.verbose_name} like this one.") from error
    return thing


# ------------------------------------------------------------------ people


@action("user.add")
def add_user(username: str, *, password: str, email: str = "", by: User) -> User:
    """A person who can sign in. Only the site administrator adds people."""
    access.check(by, "user.add", "users")
    user = User(username=username, email=email, created_by=by)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), errors={"password": error.messages}) from error
    user.set_password(password)
    cleaned(user)
    if User.objects.filter(username__iexact=username).exists():
        raise Conflict(f"There is already somebody called {username}.")
    saved(user)
    audit.record("user.add", user, by=by, after={"username": username})
    return user


@action("team.add")
def add_team(slug: str, *, name: str = "", by: User) -> Team:
    access.check(by, "team.add", "teams")
    team = cleaned(Team(slug=slug, name=name or slug, created_by=by))
    if Team.objects.filter(slug=slug).exists():
        raise Conflict(f"There is already a team called {slug}.")
    saved(team)
    audit.record("team.add", team, by=by, after={"slug": slug, "name": team.name})
    return team


@action("member.set")
def set_roles(team: Team, user: User, wanted: Iterable[str], *, by: User) -> list[str]:
    """Give exactly these roles; none at all ends the membership. The last steward stays one."""
    team = Team.objects.select_for_update().get(pk=team.pk)
    access.check(by, "member.set", team)
    want = set(wanted)
    unknown = sorted(want - set(roles.ROLES))
    if unknown:
        raise Invalid(f"There is no role {unknown[0]}: choose from {', '.join(roles.ROLES)}.")
    if not user.is_active:
        raise Conflict(f"The account of {user.username} is not active.")
    have = set(team.memberships.filter(user=user).values_list("role", flat=True))
    if "steward" in have - want and not team.memberships.filter(role="steward").exclude(user=user).exists():
        raise Conflict(f"{user.username} is the last steward of {team.slug}: name another one first.")
    team.memberships.filter(user=user, role__in=have - want).delete()
    Membership.objects.bulk_create(
        Membership(team=team, user=user, role=role, granted_by=by) for role in sorted(want - have)
    )
    if want != have:
        label = Member(team, f"{team.label}/members/{user.username}")
        audit.record("member.set", label, by=by, before=sorted(have), after=sorted(want))
    return sorted(want)


class Member:
    """What an event about a membership is about."""

    def __init__(self, team: Team, label: str) -> None:
        self.team = team
        self.label = label


# ------------------------------------------------------------------ tokens


@action("token.add")
def add_token(user: User, *, name: str, days: int = settings.TOKEN_DAYS, by: User) -> tuple[Token, str]:
    """A token of one's own and its text, which is not kept and cannot be shown again."""
    access.check(by, "token.add", user)
    if not 1 <= days <= 366:
        raise Invalid("A token lasts 1 to 366 days.", errors={"days": ["Choose 1 to 366 days."]})
    text = tokens.make()
    token = saved(
        Token(
            user=user,
            name=name,
            prefix=text[:8],
            digest=tokens.digest(text),
            expires_at=timezone.now() + timedelta(days=days),
        )
    )
    audit.record("token.add", f"{token.label}", by=by, after={"name": name, "days": days})
    return token, text


@action("token.revoke")
def revoke_token(token: Token, *, by: User) -> None:
    access.check(by, "token.revoke", token)
    changed = Token.objects.filter(pk=token.pk, user=by, revoked_at=None).update(revoked_at=timezone.now())
    if changed != 1:
        raise Conflict("This token is revoked already.")
    audit.record("token.revoke", f"{token.label}", by=by, before={"name": token.name})


# ------------------------------------------------------------------ approvals


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
    access.check(by, "approval.request", thing, alias=alias)
    kind.can_be_approved(thing, alias)
    evidence = kind.evidence(thing, alias)
    digest = evidence_digest(evidence)
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
            evidence=evidence,
            note=note,
            requested_by=by,
        )
    )
    audit.record(
        "approval.request",
        thing,
        by=by,
        reason=note,
        after={"approval": approval.pk, "alias": alias, "signs": digest},
    )
    return approval


@action("approval.approve")
def approve(approval: Approval, *, note: str = "", digest: str = "", by: User) -> Approval:
    """Say yes. `digest`, when given, is what the person was shown: a yes to something else is refused."""
    return vote(approval, "approval.approve", True, note=note, shown=digest, by=by)


@action("approval.reject")
def reject(approval: Approval, *, note: str = "", by: User) -> Approval:
    """Say no: the request is closed."""
    approval = vote(approval, "approval.reject", False, note=note, by=by)
    approval.closed_at, approval.outcome = timezone.now(), "rejected"
    approval.save(update_fields=["closed_at", "outcome"])
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


def use_approvals(thing: Any, alias: str, *, by: User) -> None:
    """Close the requests that a promotion has used up: a yes is good for once."""
    for approval in Approval.objects.open().select_for_update().filter(subject=thing.label, alias=alias):
        close(approval, "used", thing, by=by)


def close(approval: Approval, outcome: str, thing: Any, *, by: User) -> None:
    approval.closed_at, approval.outcome = timezone.now(), outcome
    approval.save(update_fields=["closed_at", "outcome"])
    if outcome == "void":
        audit.record("approval.void", thing, by=by, after={"approval": approval.pk, "alias": approval.alias})
