"""Jobs: what runs by the clock, and how it went."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from governance import actions, standing
from governance.api.base import WRITES, Paged, Strict, Text, View, endpoint, in_path
from governance.models import JobRun, User
from governance.standing import Standing

Values = dict[str, Any]
STATES = ("waiting", "running", "done", "failed", "cut off", "skipped")

in_path("job", "The job's name.", pattern="[a-z0-9_]{1,60}")


class PauseForm(Strict):
    reason = Text(max_length=2000)


class RunAnswer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    job = serializers.CharField()
    state = serializers.ChoiceField(STATES)
    due_at = serializers.DateTimeField(help_text="The turn of the clock, or when it was asked for.")
    asked_by = serializers.CharField(allow_null=True, help_text="Null when it ran by the clock.")
    attempt = serializers.IntegerField(help_text="What was cut off is tried again.")
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    seconds = serializers.FloatField()
    said = serializers.CharField(allow_blank=True, help_text="What it changed, or why it was skipped.")
    error = serializers.CharField(allow_blank=True, help_text="Shown to the site administrator.")


class PauseAnswer(serializers.Serializer[Any]):
    by = serializers.CharField()
    since = serializers.DateTimeField()
    reason = serializers.CharField()


class JobAnswer(serializers.Serializer[Any]):
    name = serializers.CharField()
    about = serializers.CharField(help_text="What it does.")
    plan = serializers.CharField(help_text="Such as: daily at 02:30 UTC.")
    next_at = serializers.DateTimeField(allow_null=True, help_text="Null while it pauses.")
    overdue = serializers.BooleanField(help_text="Whether it should have had a good end and has not.")
    paused = PauseAnswer(allow_null=True)
    last_run = RunAnswer(allow_null=True)


class JobView(View):
    search_fields = ("said", "asked_by__username")

    @endpoint(JobAnswer(many=True), problems=(404,))
    def list(self) -> Values:
        """All jobs on one page. The site administrator, stewards and auditors may look."""
        found = standing.standings(standing.seen_by(self.person))
        return {"results": [answer(one, self.person) for one in found], "next": None, "previous": None}

    @endpoint(JobAnswer)
    def retrieve(self, job: str) -> Values:
        """One job."""
        return self.answered(job)

    @endpoint(RunAnswer(many=True), query=Paged, operation_id="jobs_runs_list")
    def runs(self, job: str) -> Values:
        """Its runs, newest first. Of many in a row that ended alike the first and the last are kept."""
        found = JobRun.objects.visible_to(self.person).of(standing.find(self.person, job))
        return self.listed(found.select_related("asked_by"), "-pk", lambda run: shown(run, self.person))

    @endpoint(RunAnswer, status=202, problems=WRITES)
    def run(self, job: str) -> Values:
        """Run it now. Only the site administrator may."""
        return shown(actions.run_job(standing.find(self.person, job), by=self.person), self.person)

    @endpoint(JobAnswer, body=PauseForm, problems=WRITES)
    def pause(self, job: str) -> Values:
        """Let it miss its turns until somebody resumes it. Only the site administrator may."""
        actions.pause_job(standing.find(self.person, job), reason=self.body["reason"], by=self.person)
        return self.answered(job)

    @endpoint(JobAnswer, problems=WRITES)
    def resume(self, job: str) -> Values:
        """Let it run by the clock again. Only the site administrator may."""
        actions.resume_job(standing.find(self.person, job), by=self.person)
        return self.answered(job)

    def answered(self, job: str) -> Values:
        return answer(standing.standing(standing.find(self.person, job)), self.person)


def answer(found: Standing, person: User) -> Values:
    pause = found.pause
    return {
        "name": found.job.name,
        "about": found.job.about,
        "plan": found.job.plan.words,
        "next_at": found.next_at,
        "overdue": found.trouble is not None,
        "paused": pause and {"by": pause.by.username, "since": pause.at, "reason": pause.reason},
        "last_run": found.last and shown(found.last, person),
    }


def shown(run: JobRun, person: User) -> Values:
    return {
        "id": run.pk,
        "job": run.job,
        "state": run.state,
        "due_at": run.due_at,
        "asked_by": run.asked_by and run.asked_by.username,
        "attempt": run.attempt,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "seconds": run.seconds,
        "said": run.said,
        "error": standing.error_for(person, run),
    }
