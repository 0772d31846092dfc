"""How each job stands: its last run, its next one, whether it pauses and whether something is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from governance import access
from governance.errors import Absent
from governance.models import JobPause, JobRun, User
from governance.models.jobs import may_look
from governance.planning import troubles
from governance.schedule import JOBS, Job

# What is said of a run that says nothing itself.
SILENT = {
    "waiting": "It waits for a worker.",
    "running": "It runs.",
    "done": "Nothing to tell.",
    "failed": "It failed. The site administrator reads why.",
    "cut off": "It was cut off.",
    "skipped": "It was skipped.",
}


@dataclass(frozen=True)
class Standing:
    """`last` is the newest run that was not skipped; `trouble` the first one since the last good end, when
    that is too long ago."""

    job: Job
    last: JobRun | None
    pause: JobPause | None
    trouble: JobRun | None
    next_at: datetime | None

    @property
    def state(self) -> str:
        """paused, new, overdue (it goes on for too long), or the state of the last run."""
        if self.pause:
            return "paused"
        if self.last is None:
            return "new"
        return "overdue" if self.trouble and not self.last.outcome else self.last.state


def seen_by(person: User) -> list[Job]:
    """All jobs by name, for who may look."""
    if not may_look(person):
        raise Absent("There are no jobs that you may see.")
    return [JOBS[name] for name in sorted(JOBS)]


def find(person: User, name: str) -> Job:
    job = JOBS.get(name) if may_look(person) else None
    if job is None:
        raise Absent(f"There is no job {name[:60]} that you may see.")
    return job


def standings(jobs: Sequence[Job]) -> list[Standing]:
    """The number of queries does not depend on how many there are."""
    now, names = timezone.now(), [job.name for job in jobs]
    runs = JobRun.objects.filter(job__in=names).exclude(outcome="skipped").select_related("asked_by")
    last = {run.job: run for run in runs.order_by("job", "-pk").distinct("job")}
    pauses = {pause.job: pause for pause in JobPause.objects.filter(job__in=names).select_related("by")}
    wrong = {run.job: run for run in troubles(now)}
    return [
        Standing(
            job,
            last.get(job.name),
            pauses.get(job.name),
            wrong.get(job.name),
            None if job.name in pauses else job.plan.next(now),
        )
        for job in jobs
    ]


def standing(job: Job) -> Standing:
    return standings([job])[0]


def error_for(person: User, run: JobRun) -> str:
    """Why a run ended badly, for the site administrator: it may name what belongs to any team."""
    return run.error if access.administers(person) else ""


def told(person: User, run: JobRun) -> str:
    """What a run changed or why it changed nothing, in a sentence."""
    return run.said or error_for(person, run) or SILENT[run.state]
