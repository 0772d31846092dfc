"""What somebody who leaves a team has there: apps above say what that can be, and how it is handed over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from governance import access
from governance.access import MOST_NAMED
from governance.models import Team, User
from governance.templatetags.words import counted

Owned = Callable[[Team, User], list[str]]


class HandOver(Protocol):
    def __call__(self, team: Team, user: User, *, to: User, by: User) -> None: ...


class Withdraw(Protocol):
    def __call__(self, team: Team, user: User, *, by: User) -> None: ...


@dataclass(frozen=True)
class Belonging:
    """A kind of thing that is somebody's: `owned` are the labels of a person's in a team; `hand_over` gives
    all of them to somebody else of the team, or raises why that one cannot have them."""

    owned: Owned
    hand_over: HandOver


_belongings: list[Belonging] = []
_withdrawals: list[Withdraw] = []


def belonging(owned: Owned, hand_over: HandOver) -> None:
    """Register a kind of thing that is somebody's."""
    _belongings.append(Belonging(owned, hand_over))


def withdrawal(function: Withdraw) -> Withdraw:
    """Register what closes the open requests of somebody who leaves."""
    _withdrawals.append(function)
    return function


def owned(team: Team, user: User) -> list[str]:
    """The labels of everything that is this person's in a team."""
    return [label for kind in _belongings for label in kind.owned(team, user)]


def left_behind(user: User) -> dict[str, int]:
    """How many things are this person's in each team, by its slug: what they are only the team may know."""
    teams = Team.objects.filter(memberships__user=user).distinct()
    found = {team.slug: len(owned(team, user)) for team in teams}
    return {slug: number for slug, number in found.items() if number}


def hand_over(team: Team, user: User, *, to: User, by: User) -> None:
    for kind in _belongings:
        if kind.owned(team, user):
            kind.hand_over(team, user, to=to, by=by)


def withdraw(team: Team, user: User, *, by: User) -> None:
    """Close what they asked for in a team and what nobody has answered."""
    for close in _withdrawals:
        close(team, user, by=by)


def said(person: User, team: Team, labels: list[str]) -> str:
    """What it is, for who may know; else how much: the site administrator does not read a team's names."""
    if access.can(person, "version.view", team):
        return named(labels)
    return counted(len(labels), "thing")


def named(labels: list[str]) -> str:
    """“models/fraud/scorer, datasets/fraud/wine and 4 more”."""
    shown, rest = labels[:MOST_NAMED], len(labels) - MOST_NAMED
    return f"{', '.join(shown)} and {rest} more" if rest > 0 else ", ".join(shown)
