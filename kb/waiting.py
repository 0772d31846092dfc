"""Steps of runs that wait for one person, as people were last told: home asks the registry nothing."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from governance import access
from governance.models import User
from governance.prepared import prepared
from governance.sentences import spoken
from governance.waiting import MOST, Waiting
from kb.models import Run, RunPerson, Wanted
from kb.playbooks import Playbook, Step, read

MOST_WANTED = 5


def waiting(person: User) -> list[Waiting]:
    """The first step of each run that is this person's and whose turn has come; the oldest runs first."""
    parts: dict[int, set[str]] = {}
    runs: dict[int, Run] = {}
    for part in parts_of(person):
        parts.setdefault(part.run_id, set()).add(part.role)
        runs[part.run_id] = part.run
    found = ((run, first_open(run, parts[key])) for key, run in runs.items())
    steps = [said(run, *step) for run, step in found if step is not None][:MOST]
    return [*steps, *(to_write(wanted) for wanted in wanted_of(person))]


def wanted_of(person: User) -> list[Wanted]:
    """What stewards are asked to have written: the oldest."""
    teams = access.teams(person, "wanted.dismiss")
    if not teams:
        return []
    seen = Wanted.objects.visible_to(person).open().filter(team__in=teams).select_related("team")
    return list(seen.order_by("pk")[:MOST_WANTED])


def to_write(wanted: Wanted) -> Waiting:
    return Waiting(
        what=f"“{wanted.text}” was searched for in vain",
        href=reverse("kb:wanted", args=[wanted.pk]),
        word="Write it",
        since=wanted.at,
        why=f"By {wanted.people} people: write an article, or put it away.",
        team=wanted.team.slug,
        icon="article",
    )


@prepared
def parts_of(person: User) -> QuerySet[RunPerson]:
    seen = Run.objects.visible_to(person).open().filter(paused_at=None, team__archived_at=None)
    mine = RunPerson.objects.filter(user=person, run__in=seen)
    return mine.select_related("run__playbook", "run__team").order_by("run", "pk")[: 5 * MOST]


def first_open(run: Run, roles: set[str]) -> tuple[Playbook, Step] | None:
    playbook, told = read(run.playbook.text), set(run.told)
    for step in playbook.steps:
        if step.key not in told and told.issuperset(step.after) and roles & set(step.roles):
            return playbook, step
    return None


def said(run: Run, playbook: Playbook, step: Step) -> Waiting:
    due = run.started_at + timedelta(days=step.days) if step.days is not None else None
    late = due is not None and due < timezone.now()
    about = "In confidence" if run.confidential else f"{playbook.title}, {spoken(run.subject)}"
    words = f"was due {due:%-d %B}" if late and due else f"due {due:%-d %B}" if due else "no day is set"
    return Waiting(
        what="A step of a confidential run" if run.confidential else step.title,
        href=reverse("kb:run", args=[run.pk]),
        word="Do it",
        since=run.started_at,
        why=f"{about}: {words}.",
        team=run.team.slug,
        state="warn" if late else "info",
        icon="run",
    )
