"""Jobs run when somebody asks, pause and go on. What they do they do as Steward itself."""

from __future__ import annotations

from django.utils import timezone

from governance import access, audit
from governance.actions.saving import saved
from governance.audit import action
from governance.errors import Conflict, Invalid
from governance.models import JobPause, JobRun, User
from governance.schedule import Job
from governance.tasks import enqueue_job

BUSY = "It runs already, or is about to: look again in a moment."


@action("job.run")
def run_job(job: Job, *, by: User) -> JobRun:
    """Run a job now, also one that pauses."""
    access.check(by, "job.run", job)
    if JobRun.objects.open().of(job).exists():
        raise Conflict(BUSY)
    run = saved(JobRun(job=job.name, due_at=timezone.now(), asked_by=by))
    audit.record("job.run", job, by=by, after={"run": run.pk})
    enqueue_job(run.pk)
    return run


@action("job.pause")
def pause_job(job: Job, *, reason: str, by: User) -> JobPause:
    """Let a job miss its turns until somebody resumes it. A run that has begun ends by itself."""
    access.check(by, "job.pause", job)
    if not reason.strip():
        raise Invalid("A pause needs a reason.", errors={"reason": ["Say why it has to pause."]})
    if JobPause.objects.filter(job=job.name).exists():
        raise Conflict(f"{job.name} pauses already.")
    pause = saved(JobPause(job=job.name, by=by, reason=reason))
    waiting = JobRun.objects.open().of(job).filter(started_at=None, asked_by=None)
    waiting.update(outcome="skipped", said="It was paused.", finished_at=timezone.now())
    audit.record("job.pause", job, by=by, reason=reason)
    return pause


@action("job.resume")
def resume_job(job: Job, *, by: User) -> None:
    """Let a job run by the clock again, from its next turn on."""
    access.check(by, "job.resume", job)
    pause = JobPause.objects.select_for_update().filter(job=job.name).first()
    if pause is None:
        raise Conflict(f"{job.name} does not pause.")
    before = {"since": pause.at.isoformat(), "reason": pause.reason}
    pause.delete()
    audit.record("job.resume", job, by=by, before=before)
