"""How the runs of a playbook go, for what a person sees: how long they take, which step is slowest, what is
waived, and what became of the failures that start them. What is confidential is counted nowhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from statistics import median

from django.db.models import QuerySet
from django.utils import timezone

from governance.models import Event, User
from kb.models import Entry, Run, Trigger
from kb.playbooks import Step, read
from kb.triggering import GRAVE, newest

PAST, MOST_RUNS = timedelta(days=365), 500
AROUND = timedelta(days=90)  # on either side of the moment at which a trigger was switched on
WEEK = timedelta(days=7)
MOST_EVENTS, MOST_TRIGGERS = 20_000, 10


@dataclass(frozen=True)
class Effect:
    """Failures in a week before a trigger was on and since, each over so many days."""

    trigger: Trigger
    before: float
    after: float
    days: int


@dataclass(frozen=True)
class Slow:
    """The step that waits longest once it can be done: the median over so many runs."""

    step: Step
    takes: timedelta
    runs: int


@dataclass
class Metrics:
    finished: int = 0
    others: int = 0
    """Closed in another way."""
    cut: bool = False
    times: list[timedelta] = field(default_factory=list)
    """Of those that were finished, the oldest first."""
    slowest: Slow | None = None
    waived: int = 0
    steps: int = 0
    effects: list[Effect] = field(default_factory=list)

    @property
    def median(self) -> timedelta | None:
        return timedelta(seconds=median(each.total_seconds() for each in self.times)) if self.times else None

    @property
    def p90(self) -> timedelta | None:
        """The time in which nine of ten were finished, by nearest rank."""
        return sorted(self.times)[ceil(0.9 * len(self.times)) - 1] if self.times else None


def measure(person: User, code: str, now: datetime | None = None) -> Metrics:
    """Of the newest runs of a year."""
    now = now or timezone.now()
    seen = Run.objects.visible_to(person).filter(playbook__code=code, confidential=False)
    closed = seen.filter(closed_at__gte=now - PAST).select_related("playbook").order_by("-closed_at", "-pk")
    found = list(closed[: MOST_RUNS + 1])
    runs = found[:MOST_RUNS][::-1]
    done = [run for run in runs if run.outcome == "done"]
    times = [run.closed_at - run.started_at for run in done if run.closed_at]
    metrics = Metrics(len(done), len(runs) - len(done), len(found) > MOST_RUNS, times)
    metrics.steps = sum(len(read(run.playbook.text).steps) for run in runs)
    metrics.waived = waived(runs)
    metrics.slowest = slowest(done)
    metrics.effects = [effect(each, person, now) for each in triggers(person, code)]
    return metrics


def waived(runs: Collection[Run]) -> int:
    """How many steps were let pass, however often each."""
    rows = Entry.objects.filter(run__in=[run.pk for run in runs], kind=Entry.WAIVER).order_by()
    return rows.values("run", "step").distinct().count() if runs else 0


def slowest(runs: Sequence[Run]) -> Slow | None:
    """By when a step was told to be proved, counted from when all before it were, or from the beginning."""
    told = proved(runs)
    waits: dict[str, list[float]] = defaultdict(list)
    steps: dict[str, Step] = {}
    for run in runs:
        at = told.get(run.label, {})
        playbook = read(run.playbook.text)
        titles = {step.key: step.title for step in playbook.steps}
        for step in playbook.steps:
            if step.title not in at:
                continue
            begins = [at[titles[key]] for key in step.after if titles[key] in at]
            waits[step.key].append((at[step.title] - max([run.started_at, *begins])).total_seconds())
            steps[step.key] = step
    if not waits:
        return None
    key = max(waits, key=lambda each: median(waits[each]))
    return Slow(steps[key], timedelta(seconds=max(0.0, median(waits[key]))), len(waits[key]))


def proved(runs: Collection[Run]) -> dict[str, dict[str, datetime]]:
    """By run and title of a step, when it was last told to be proved."""
    rows = Event.objects.filter(subject__in=[run.label for run in runs], action="run.prove", outcome="done")
    found: dict[str, dict[str, datetime]] = defaultdict(dict)
    for subject, at, after in rows.order_by("pk").values_list("subject", "at", "after")[:MOST_EVENTS]:
        found[subject][str((after or {}).get("step", ""))] = at
    return found


# ------------------------------------------------------------------ what became of the failures


def triggers(person: User, code: str) -> list[Trigger]:
    """Those that a failed check sets off and that are on, the newest first."""
    seen = Trigger.objects.visible_to(person).at_work().filter(playbook=code, kind=Trigger.CHECK)
    return list(seen.select_related("team")[:MOST_TRIGGERS])


def effect(trigger: Trigger, person: User, now: datetime) -> Effect:
    """As many days before as there are after. Of events that this person may read."""
    since = trigger.on_at or now
    span = max(min(now - since, AROUND), timedelta(hours=1))
    weeks = span / WEEK
    before, after = (
        failures(trigger, person, since - span, since),
        failures(trigger, person, since, since + span),
    )
    days = ceil(span.total_seconds() / 86400)
    return Effect(trigger, number(before) / weeks, number(after) / weeks, days)


def number(rows: QuerySet[Event]) -> int:
    return rows.order_by()[:MOST_EVENTS].count()


def failures(trigger: Trigger, person: User, since: datetime, until: datetime) -> QuerySet[Event]:
    rows = newest(trigger.team, person).filter(action="finding.open")
    grave = rows.filter(after__check=trigger.check_name, after__severity__in=GRAVE, outcome="done")
    return grave.filter(at__gte=since, at__lt=until)
