"""What the scheduler does every few seconds, from rows alone: a clock that jumps, a restart and a lost
message change nothing. Turns of the clock become runs, runs become messages, what was cut off is buried, and
trouble is told.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from governance import running
from governance.models import JobPause, JobRun, User
from governance.schedule import JOBS, Job
from governance.tasks import HOLDS, send_job
from governance.telling import tell

MOST_ATTEMPTS = 3
NEW = "It is new: its first turn is the next one."
PAUSED = "It was paused."
BUSY = "The run before it had not ended."
GONE = "There is no such job any more."
STANDS = {"waiting": "It waits for a worker.", "running": "It still runs."}
CUT_OFF = "It was cut off: its process was killed or its server stopped."


def turn() -> None:
    now = timezone.now()
    bury(now)
    plan(now)
    send(now)
    alarm(now)


# ------------------------------------------------------------------ what is due


def plan(now: datetime) -> None:
    """A row for each turn that has come and has none. However many were missed, the last one counts."""
    turns = {job.name: job.plan.latest(now) for job in JOBS.values()}
    rows = JobRun.objects.filter(job__in=turns, due_at__in=set(turns.values()))
    taken = set(rows.values_list("job", "due_at"))
    due = [job for job in JOBS.values() if (job.name, turns[job.name]) not in taken]
    if due:
        runs = planned(due, turns, now)
        JobRun.objects.bulk_create(runs, ignore_conflicts=True)  # two schedulers plan the same


def planned(due: Iterable[Job], turns: dict[str, datetime], now: datetime) -> list[JobRun]:
    """A turn that is not taken leaves a row when the job runs once a day or less."""
    reasons, runs = why_not(), []
    for job in due:
        reason = reasons.get(job.name) or (NEW if is_new(job) else "")
        if not reason:
            runs.append(JobRun(job=job.name, due_at=turns[job.name]))
        elif job.plan.rare:
            runs.append(skipped(job, turns[job.name], reason, now))
    return runs


def why_not() -> dict[str, str]:
    """Jobs that cannot take a turn now, and why."""
    busy = dict.fromkeys(JobRun.objects.open().values_list("job", flat=True), BUSY)
    return busy | dict.fromkeys(JobPause.objects.values_list("job", flat=True), PAUSED)


def is_new(job: Job) -> bool:
    """Whether a job that runs once a day or less was never seen: it does not begin when it is installed."""
    return job.plan.rare and not JobRun.objects.of(job).exists()


def skipped(job: Job, due_at: datetime, reason: str, now: datetime) -> JobRun:
    return JobRun(job=job.name, due_at=due_at, outcome="skipped", said=reason, finished_at=now)


# ------------------------------------------------------------------ what waits, and what was cut off


def send(now: datetime) -> None:
    """Runs that wait and whose message was not sent, or was dropped. A time in the future is one of a
    clock that has been put back."""
    lost = Q(sent_at=None) | Q(sent_at__lt=now - HOLDS) | Q(sent_at__gt=now)
    for run_id in JobRun.objects.open().filter(lost, started_at=None).values_list("pk", flat=True):
        if not send_job(run_id):
            return


def bury(now: datetime) -> None:
    """Runs that were begun and not ended, while nobody holds their lock, were cut off: they run again."""
    for run in JobRun.objects.open().exclude(job__in=JOBS):
        running.end(run, "skipped", said=GONE)
    for run in JobRun.objects.open().exclude(started_at=None).select_related("asked_by"):
        with running.alone_with(run.job) as mine:
            if mine:
                cut_off(run, now)


@transaction.atomic
def cut_off(run: JobRun, now: datetime) -> None:
    if not JobRun.objects.open().select_for_update().filter(pk=run.pk).exists():
        return
    running.end(run, "cut off", error=CUT_OFF)
    paused = JobPause.objects.filter(job=run.job).exists()
    if run.attempt < MOST_ATTEMPTS and (run.asked_by or not paused):
        JobRun.objects.create(job=run.job, due_at=now, asked_by=run.asked_by, attempt=run.attempt + 1)


# ------------------------------------------------------------------ trouble


def troubles(now: datetime) -> list[JobRun]:
    """The first run of each trouble: since then the job has had no good end, for longer than it may."""
    same = JobRun.objects.filter(job=OuterRef("job"))
    good = Coalesce(Subquery(same.filter(outcome="done").values("pk")[:1]), Value(0))
    bad = JobRun.objects.filter(job__in=JOBS, pk__gt=good).exclude(outcome__in=["done", "skipped"])
    first = list(bad.order_by("job", "pk").distinct("job"))
    known = why_not() if first else {}
    return [run for run in first if known.get(run.job) != PAUSED and is_trouble(run, run.job in known, now)]


def is_trouble(first: JobRun, goes_on: bool, now: datetime) -> bool:
    """Too late, or failed and not tried again before tomorrow."""
    plan = JOBS[first.job].plan
    given_up = plan.rare and not goes_on
    return given_up or now - first.planned_at > plan.patience


def alarm(now: datetime) -> None:
    """Administrators hear of each trouble once."""
    for first in troubles(now):
        if first.told_at is None:
            tell_once(first, now)


@transaction.atomic
def tell_once(first: JobRun, now: datetime) -> None:
    if JobRun.objects.filter(pk=first.pk, told_at=None).update(told_at=now) == 1:
        tell("job-failed", administrators(), first, told(first))


def administrators() -> QuerySet[User]:
    found: QuerySet[User] = User.objects.filter(is_superuser=True, is_active=True)
    return found


def told(first: JobRun) -> str:
    """What is wrong with a job, in a sentence."""
    last = JobRun.objects.filter(job=first.job).exclude(outcome="skipped").first() or first
    due = f"The job {first.job} was due on {first.due_at:%d %b %Y at %H:%M} UTC"
    return f"{due} and has had no good end since. {last.error or STANDS[last.state]}"
