"""The first steps on an empty site, each with one action."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db.models import QuerySet
from django.urls import reverse

from governance import access
from governance.models import Approval, Membership, Team, User
from governance.prepared import prepared
from registry.models import Alias, Artifact, Version

# Who takes part in a first promotion.
PARTS = ("version.add", "approval.request", "approval.approve")
# Without these nobody approves it, or nobody promotes it.
NEEDED = {"steward", "devops-engineer"}
# A team with more models than these has found its way.
FEW = 3


@dataclass(frozen=True)
class Step:
    """What to do, what it gives, and where: nowhere when others do it. Only the first not done is `next`."""

    what: str
    why: str
    word: str
    href: str
    done: bool = False
    next: bool = False


def first_steps(person: User) -> list[Step]:
    """What an administrator or a member does first; nothing once it is done."""
    steps = [*administrator(), *(member(person) or others())] if person.is_superuser else member(person)
    open_steps = [step for step in steps if not step.done]
    return [replace(step, next=step is open_steps[0]) for step in steps] if open_steps else []


def administrator() -> list[Step]:
    others = User.objects.filter(is_superuser=False, is_active=True)
    needed = Membership.objects.filter(role__in=NEEDED, team__archived_at=None).values_list("role", flat=True)
    return [
        Step(
            "Make a team",
            "A team owns models, datasets and assets, and says who sees them.",
            "Make a team",
            reverse("governance:team_add"),
            Team.objects.at_work().exists(),
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
            "A steward lets the others in, approves and waives; it takes a devops-engineer to promote.",
            "Open the teams",
            reverse("governance:teams"),
            set(needed) >= NEEDED,
        ),
    ]


def member(person: User) -> list[Step]:
    """From the first model to its first promotion, for whoever takes part; over with the first that is in
    production, and for who has more models than these steps are for."""
    if not any(access.teams(person, action) for action in PARTS):
        return []
    if len(some(person)) > FEW or released(person):
        return []
    submitted = Version.objects.visible_to(person).exclude(submitted_at=None).exists()
    asked = Approval.objects.visible_to(person).exists()
    return promoting(person, submitted=submitted, asked=asked)


def others() -> list[Step]:
    """The same for an administrator who is in no team: members take these steps, and home says how far they
    are. Nothing but that is told, and what archived teams did, such as the demo's, does not count."""
    there = Artifact.objects.filter(team__archived_at=None)
    if there.count() > FEW or Alias.objects.filter(name="production", artifact__in=there).exists():
        return []
    submitted = Version.objects.filter(artifact__in=there).exclude(submitted_at=None).exists()
    asked = Approval.objects.filter(team__archived_at=None).exists()
    return promoting(None, submitted=submitted, asked=asked)


def promoting(person: User | None, *, submitted: bool, asked: bool) -> list[Step]:
    models = reverse("registry:models")
    return [
        Step(
            "Push the first model",
            "Name it, add its files and submit them: they are sealed, then checked.",
            "Push a model",
            at(person, "version.add", reverse("registry:new_artifact", kwargs={"kind": "models"})),
            submitted,
        ),
        Step(
            "Ask for production",
            "Once its checks have ended and nothing blocks, ask on its page. A gate says what else it takes.",
            "Open the models",
            at(person, "approval.request", models),
            asked,
        ),
        Step(
            "Approve it and promote it",
            "A steward who is neither author nor asker approves; a DevOps engineer promotes it.",
            "See what waits",
            at(person, "approval.approve", reverse("governance:approvals")),
            False,
        ),
    ]


@prepared
def some(person: User) -> QuerySet[Artifact, int]:
    return Artifact.objects.visible_to(person).order_by().values_list("pk", flat=True)[: FEW + 1]


@prepared
def released(person: User) -> QuerySet[Alias, int]:
    seen = Artifact.objects.visible_to(person)
    held = Alias.objects.filter(artifact__in=seen, name="production").order_by()
    return held.values_list("pk", flat=True)[:1]


def at(person: User | None, action: str, href: str) -> str:
    """Where a step is taken; nowhere for who has no role for it."""
    return href if person is not None and access.teams(person, action) else ""
