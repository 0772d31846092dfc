"""What a review proposes about people: a team that hangs on one person, roles and tokens that nobody uses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery

from governance.models import Event, Membership, Team, Token, User
from governance.reviewing import UNUSED, Proposal, proposes
from governance.roles import LOOK, ROLES
from governance.telling import holding
from governance.templatetags.words import counted

# Who only looks leaves no event: for them signing in is using the role.
LOOKING = {"reader", "auditor"}


@proposes("Only one steward")
def stewards(team: Team, now: datetime) -> Iterator[Proposal]:
    held = holding(team, "steward")
    if not held:
        yield Proposal(f"Nobody is steward of {team.slug}: nobody can approve or let people in.", team.label)
    if len(held) == 1:
        only = held[0].username
        sentence = f"{only} is the only steward of {team.slug}: without {only} nobody approves or waives."
        yield Proposal(sentence, team.label)


@proposes("Roles that nobody uses")
def roles(team: Team, now: datetime) -> Iterator[Proposal]:
    """Members who have done nothing in the team for 90 days; who only looks, nothing anywhere."""
    for username, signed_in, held, given, acted, programs in members(team).iterator():
        looks = set(held) <= LOOKING
        moments = [given, acted, *([signed_in, programs] if looks else [])]
        last = max(moment for moment in moments if moment)
        if last < now - UNUSED:
            done = "has not looked in" if looks else "has done nothing here"
            sentence = f"{username} is {', '.join(held)} and {done} since {last:%d %B %Y}."
            yield Proposal(sentence, f"{team.label}/members/{username}")


@proposes("Single roles that nobody uses")
def single_roles(team: Team, now: datetime) -> Iterator[Proposal]:
    """Of members who are at work: roles given more than 90 days ago, without one act for 90 days that only
    this role of theirs allows."""
    since = now - UNUSED
    done, held = acts(team, since), roles_of(team)
    for username, role, given in held:
        others = [ROLES[other] for name, other, _ in held if name == username and other != role]
        only = ROLES[role].difference(LOOK, *others)
        if others and only and given < since and done[username] and not done[username] & only:
            sentence = f"{username} is {role} and has done nothing since {since:%d %B %Y} that needs it."
            yield Proposal(sentence, f"{team.label}/members/{username}")


def roles_of(team: Team) -> list[tuple[str, str, datetime]]:
    """Who has which role since when, of those with an active account."""
    held = team.memberships.filter(user__is_active=True).order_by("user__username", "role")
    return list(held.values_list("user__username", "role", "granted_at"))


def acts(team: Team, since: datetime) -> dict[str, set[str]]:
    """What each person has done in a team since then."""
    found: dict[str, set[str]] = defaultdict(set)
    events = Event.objects.filter(team=team.slug, outcome="done", at__gte=since).order_by()
    for actor, action in events.values_list("actor", "action").distinct():
        found[actor].add(action)
    return found


@proposes("Service accounts that stand still")
def services(team: Team, now: datetime) -> Iterator[Proposal]:
    """Nobody who could answers for them, so their tokens open nothing."""
    member = Membership.objects.filter(team=team, user=OuterRef("answered_by"), user__is_active=True)
    still = team.services.filter(~Exists(member), is_active=True).select_related("answered_by")
    for account in still.order_by("username"):
        owner, name = account.answered_by, account.username
        sentence = f"{name} stands still: {owner}, who answers for it, is not in {team.slug} any more."
        yield Proposal(sentence, f"{team.label}/members/{account.username}")


def members(team: Team) -> QuerySet[Any]:
    """The active members: name, last sign-in, roles, when the last was given, when they last acted here, and
    when a program of theirs last came."""
    acted = Event.objects.filter(team=team.slug, actor=OuterRef("username")).order_by("-pk").values("at")[:1]
    found: QuerySet[Any] = User.objects.filter(memberships__team=team, is_active=True)
    found = found.values_list("username", "last_login").annotate(
        held=ArrayAgg("memberships__role", distinct=True),
        given=Max("memberships__granted_at"),
        acted=Subquery(acted),
        programs=Max("tokens__last_used_at"),
    )
    return found.order_by("username")


@proposes("Tokens that no program uses")
def tokens(team: Team, now: datetime) -> Iterator[Proposal]:
    """How many of each member. Their names are their owners' alone."""
    unused = Q(last_used_at__lt=now - UNUSED) | Q(last_used_at=None, created_at__lt=now - UNUSED)
    own = Token.objects.usable().filter(unused, user__memberships__team=team)
    held = own.order_by("user__username").values_list("user__username")
    for username, number in held.annotate(number=Count("pk", distinct=True)):
        sentence = f"{username} has {counted(number, 'token')} that no program used for 90 days."
        yield Proposal(sentence, f"{team.label}/members/{username}")
