"""What waits for one person in governance: requests to decide on, and decisions on requests of theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import BooleanField, Exists, F, Func, OuterRef, QuerySet, prefetch_related_objects
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from governance import access
from governance.models import Approval, Membership, User
from governance.prepared import prepared
from governance.sentences import page_of, spoken

LATELY = timedelta(days=7)
MOST = 20
MOST_ASKED = 5


@dataclass(frozen=True)
class Waiting:
    """One thing that waits: the sentence, why it does, and the one action that moves it on."""

    what: str
    href: str
    word: str
    since: datetime
    why: str = ""
    team: str = ""
    state: str = "info"
    icon: str = "info"
    primary: bool = False


def to_decide(person: User) -> QuerySet[Approval]:
    """Open requests of teams where this person approves and has not yet, but who asked and whom they made do
    not; first what waits longest.

    Whether somebody wrote what it is about only the app of that thing knows.
    """
    held = Membership.objects.filter(counted_role(), team=OuterRef("team"), user=person)
    made = held.filter(granted_by=OuterRef("requested_by"))
    return (
        Approval.objects.undecided()
        .filter(
            Exists(held),
            ~Exists(made),
            team__in=access.teams(person, "approval.approve"),
            team__archived_at=None,
        )
        .exclude(requested_by__in=[person.pk, person.created_by_id or 0])
        .exclude(answered_by=person)
        .exclude(votes__by=person)
        .exclude(access.hidden(person, "subject"))
        .select_related("team", "requested_by")
        .order_by("pk")
    )


def counted_role() -> OneOf:
    """Of a membership below a request: its role is one whose yes counts."""
    return OneOf(F("role"), OuterRef("by_roles"))


class OneOf(Func):
    """Whether a value is among those of an array."""

    template, arg_joiner, output_field = "(%(expressions)s))", " = ANY (", BooleanField()


def decision_asked(approval: Approval) -> Waiting:
    """A request as something to decide on."""
    return Waiting(
        what=f"Approve {spoken(approval.subject)} for {approval.alias}",
        href=reverse("governance:approval", args=[approval.pk]),
        word="Review",
        since=approval.requested_at,
        why=f"{approval.requested_by} asks. {first_line(approval.note)}".strip(),
        team=approval.team.slug,
        icon="approve",
        primary=True,
    )


def decided(person: User) -> list[Waiting]:
    """What became lately of this person's requests, but those that were used or withdrawn: they are over."""
    asked = asked_lately(person)
    if asked:
        prefetch_related_objects(asked, "votes__by")
    answers = [answer(approval) for approval in asked]
    return [found for found in answers if found is not None and found.since > timezone.now() - LATELY]


@prepared
def asked_lately(person: User) -> QuerySet[Approval]:
    mine = Approval.objects.visible_to(person).filter(requested_by=person)
    lately = mine.filter(requested_at__gt=Now() - 4 * LATELY).exclude(outcome__in=["used", "withdrawn"])
    return lately.select_related("team")[:MOST]


def answer(approval: Approval) -> Waiting | None:
    """What is told to whoever asked; nothing while nobody has answered."""
    votes = list(approval.votes.all())
    about = f"{spoken(approval.subject)} for {approval.alias}"
    href = reverse("governance:approval", args=[approval.pk])
    team = approval.team.slug
    if approval.state == "open":
        return None
    if approval.state == "void":
        why = "What was asked about has changed since: ask for a new approval of what is there now."
        since = approval.closed_at or approval.requested_at
        return Waiting(
            f"Your request for {about} became void",
            href,
            "See what changed",
            since,
            why,
            team,
            "warn",
            "undo",
        )
    vote = votes[-1]
    why = first_line(vote.note)
    if approval.state == "rejected":
        what = f"{vote.by} rejected {about}"
        return Waiting(what, href, "Read why", vote.at, why, team, "blocked", "blocked")
    what = f"{vote.by} approved {about}"
    address = page_of(approval.subject) or href
    return Waiting(what, address, "Promote it", vote.at, why, team, "good", "good")


def first_line(text: str) -> str:
    """The first line of a note, at most 160 characters of it."""
    line = text.strip().partition("\n")[0].strip()
    return line if len(line) <= 160 else f"{line[:159]}…"


# ------------------------------------------------------------------ what others have to do


def asked(person: User) -> list[Approval]:
    """The newest open requests of one's own: they wait for somebody else."""
    return list(newest_asked(person))


@prepared
def newest_asked(person: User) -> QuerySet[Approval]:
    found = Approval.objects.visible_to(person).open().filter(requested_by=person)
    return found.order_by("-pk")[:MOST_ASKED]
