"""Remind those whose step of a run is overdue, and see what is proved: waivers end by the clock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from governance.models import Notification, User
from governance.schedule import at
from governance.templatetags.words import counted
from kb import actions
from kb.models import Entry, PlaybookVersion, Run, RunPerson
from kb.playbooks import Step, read
from kb.proving import steps_of

MOST = 2_000
MOST_OPEN = 100_000
AGAIN = timedelta(days=7)
KINDS = ("run-late", "run-confidential")


@at(hour=5, minute=10)
def overdue_steps() -> str | None:
    """A run is reminded of once a week; what is in confidence is not counted."""
    now = timezone.now()
    runs = Run.objects.in_bulk(due(now)[:MOST])
    told = sum(
        remind(actions.notice(run, by=User.system()), now) and not run.confidential for run in runs.values()
    )
    return f"Reminded of {counted(told, 'run')}." if told else None


def due(now: datetime) -> list[int]:
    """The runs to look at: first those in which a step may be late and nobody was reminded this week, or a
    waiver has ended; then each other one once a week."""
    rows = list(open_runs().values_list("pk", "playbook", "started_at", "told")[:MOST_OPEN])
    texts = PlaybookVersion.objects.filter(pk__in={playbook for _, playbook, _, _ in rows})
    steps = {key: read(text).steps for key, text in texts.values_list("pk", "text")}
    roles, ended, lately = held_roles(), ended_waivers(now), reminded(now)
    first, rest = [], []
    for key, playbook, began, told in rows:
        is_late = key not in lately and late(steps[playbook], told, roles[key], now - began)
        if is_late or ended[key] & set(told):
            first.append(key)
        elif key % AGAIN.days == now.toordinal() % AGAIN.days:
            rest.append(key)
    return first + rest


def open_runs() -> Any:
    return Run.objects.open().filter(paused_at=None, team__archived_at=None).order_by("pk")


def late(steps: Iterable[Step], told: list[str], roles: set[str], age: timedelta) -> bool:
    """Whether a step of somebody may be: people were not told that it is finished, and its day is over."""
    return any(
        step.days is not None and timedelta(days=step.days) < age and roles & set(step.roles)
        for step in steps
        if step.key not in told
    )


def held_roles() -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for run, role in RunPerson.objects.filter(run__closed_at=None).order_by().values_list("run", "role"):
        found[run].add(role)
    return found


def ended_waivers(now: datetime) -> dict[int, set[str]]:
    """The steps whose waiver is over, by run."""
    found: dict[int, set[str]] = defaultdict(set)
    over = Entry.objects.filter(kind=Entry.WAIVER, ends_at__lte=now, run__closed_at=None).order_by()
    for run, step in over.values_list("run", "step"):
        found[run].add(step)
    return found


def reminded(now: datetime) -> set[int]:
    rows = Notification.objects.filter(kind__in=KINDS, at__gt=now - AGAIN, subject__startswith="runs/")
    return {int(label.removeprefix("runs/")) for label in rows.values_list("subject", flat=True)}


def remind(run: Run, now: datetime) -> bool:
    """Whether somebody was reminded."""
    late = [step for step in steps_of(run) if step.overdue(now)] if not run.closed_at else []
    people = {person for step in late for person in step.people}
    lately = Notification.objects.filter(kind__in=KINDS, subject=run.label, at__gt=now - AGAIN)
    if not people or lately.exists():
        return False
    actions.remind(run, people, [step.step.title for step in late])
    return True
