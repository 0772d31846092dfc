"""One run of a job: alone, at most once, and on the record when it says something.

Everything here may be asked for twice, from two places, or be killed half-way.
"""

from __future__ import annotations

import logging
import time
from contextlib import AbstractContextManager

from django.db import transaction
from django.utils import timezone

from governance import audit
from governance.alone import alone, key_of
from governance.errors import Problem
from governance.models import JobRun, User
from governance.schedule import JOBS, Job

SPACE = 0x57E3A2E
LONGEST_SENTENCE = 500
logger = logging.getLogger("steward.jobs")


def run(run_id: int) -> None:
    """Do what was planned, unless somebody else does or did."""
    planned = JobRun.objects.filter(pk=run_id).select_related("asked_by").first()
    job = JOBS.get(planned.job) if planned else None
    if planned is None or job is None:
        return
    with alone_with(job.name) as mine:
        if mine and begin(planned):
            work(planned, job)


def alone_with(name: str) -> AbstractContextManager[bool]:
    """Held for as long as a job works: who gets it and finds a run begun knows that it was cut off."""
    return alone(SPACE, key_of(name))


def begin(planned: JobRun) -> bool:
    waiting = JobRun.objects.open().filter(pk=planned.pk, started_at=None)
    return waiting.update(started_at=timezone.now()) == 1


def work(planned: JobRun, job: Job) -> None:
    """Whatever a job raises ends this run and nothing else."""
    began = time.monotonic()
    try:
        said = job.work() or ""
    except Exception as error:
        logger.exception("the job %s failed in run %s", job.name, planned.pk)
        end(planned, "failed", error=why(error), seconds=time.monotonic() - began)
    else:
        end(planned, "done", said=said, seconds=time.monotonic() - began)


def why(error: Exception) -> str:
    """A sentence for the page. What nobody foresaw may quote a secret or a path: the log has it."""
    if isinstance(error, Problem):
        return error.sentence
    return f"Something was not foreseen ({type(error).__name__}). The log has the details."


def end(planned: JobRun, outcome: str, *, said: str = "", error: str = "", seconds: float = 0) -> None:
    """Close a run that is open, with its event when there is something to tell."""
    ended = {"outcome": outcome, "said": said[:LONGEST_SENTENCE], "error": error[:LONGEST_SENTENCE]}
    with transaction.atomic():
        changed = JobRun.objects.open().filter(pk=planned.pk)
        if changed.update(**ended, seconds=seconds, finished_at=timezone.now()) != 1:
            return
        if not repeats(JobRun.objects.get(pk=planned.pk)):
            note(planned, **ended)


def note(planned: JobRun, *, outcome: str, said: str, error: str) -> None:
    quiet = outcome == "skipped" or (outcome == "done" and not said)
    if planned.asked_by or not quiet:
        after = {"run": planned.pk, "outcome": outcome, "said": said}
        audit.record("job.end", planned, by=User.system(), after=after, reason=error)


def repeats(last: JobRun) -> bool:
    """Whether a job that runs often ended like the time before. Of many such runs in a row the first and
    the last are kept."""
    job = JOBS.get(last.job)
    if job is None or not job.plan.often:
        return False
    before, first = [*JobRun.objects.filter(job=last.job, pk__lt=last.pk)[:2], None, None][:2]
    if before is None or not alike(before, last):
        return False
    if first is not None and alike(first, before):
        before.delete()
    return True


def alike(one: JobRun, other: JobRun) -> bool:
    """By the clock, with nothing to tell but what the other told."""
    plain = one.said == other.said == "" and one.asked_by_id is other.asked_by_id is None
    return plain and (one.outcome, one.error) == (other.outcome, other.error)
