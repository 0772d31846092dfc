"""What a review proposes about people: a team that hangs on one person, roles and tokens that nobody uses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery

from governance.models import Event, Team, Token, User
from governance.reviewing import UNUSED, Proposal, proposes
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
