"""The first steps on an empty site, each with one action."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.urls import reverse

from governance import access
from governance.models import Membership, Team, User
from registry.waiting import anything


@dataclass(frozen=True)
class Step:
    """What to do, what it gives, and where. Only the first that is not done is `next`."""

    what: str
    why: str
    word: str
    href: str
    done: bool = False
    next: bool = False


def first_steps(person: User) -> list[Step]:
    """What an administrator or a member does first; nothing once it is done."""
    steps = [*(administrator() if person.is_superuser else []), *member(person)]
    open_steps = [step for step in steps if not step.done]
    return [replace(step, next=step is open_steps[0]) for step in steps] if open_steps else []


def administrator() -> list[Step]:
    others = User.objects.filter(is_superuser=False, is_active=True)
    return [
        Step(
            "Make a team",
            "A team owns models, datasets and assets, and says who sees them.",
            "Make a team",
            reverse("governance:team_add"),
            Team.objects.exists(),
        ),
        Step(
            "Make accounts",
            "Nobody can sign up: each person gets a name and a first password from you.",
            "Make an account",
            reverse("governance:user_add"),
            others.exists(),
        ),
        Step(
            "Put people into the team",
            "Give one of them the role steward: a steward lets the others in, approves and waives.",
            "Open the teams",
            reverse("governance:teams"),
            Membership.objects.exists(),
        ),
    ]


def member(person: User) -> list[Step]:
    """Pushing, for who may and sees nothing yet."""
    if not access.teams(person, "version.add"):
        return []
    return [
        Step(
            "Push the first model",
            "Name it, add its files and submit them: they are sealed, then checked.",
            "Push a model",
            reverse("registry:new_artifact", kwargs={"kind": "models"}),
            anything(person),
        )
    ]
