"""One run of a job: alone, at most once, on the record when it says something."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import OperationalError, connection

from governance import running
from governance.errors import Unavailable
from governance.models import Event, JobRun
from tests import factories
from tests.governance.jobs_at_work import OFTEN, jobs, outcomes, planned

__all__ = ["jobs"]

pytestmark = pytest.mark.django_db


def fail(error: Exception) -> Callable[[], str]:
    def work() -> str:
        raise error

    return work


def ended(job) -> tuple[str, str, str]:
    run = JobRun.objects.of(job).first()
    return run.outcome, run.said, run.error


def events() -> list[tuple[str, object, str]]:
    return [
        (event.subject, event.after["outcome"], event.reason)
        for event in Event.objects.filter(action="job.end").order_by("pk")
    ]


def test_what_a_job_changed_is_kept_and_on_the_record(jobs):
    job = jobs(work=lambda: "Ended 3 waivers.")
    run = planned(job)

    running.run(run.pk)

    run.refresh_from_db()
    assert (run.outcome, run.said, run.error) == ("done", "Ended 3 waivers.", "")
    assert run.started_at <= run.finished_at
    (event,) = Event.objects.all()
    assert (event.action, event.subject, event.actor, event.after) == (
        "job.end",
        "jobs/tidy",
        "system",
        {"run": run.pk, "outcome": "done", "said": "Ended 3 waivers."},
    )


def test_a_run_that_changed_nothing_leaves_a_row_and_no_event(jobs):
    job = jobs()

    running.run(planned(job).pk)

    assert (ended(job), Event.objects.count()) == (("done", "", ""), 0)


def test_a_run_that_somebody_asked_for_is_always_on_the_record(jobs):
    job = jobs()

    running.run(planned(job, asked_by=factories.admin()).pk)

    assert events() == [("jobs/tidy", "done", "")]


def test_a_job_that_raises_has_failed_and_says_why_in_a_sentence(jobs):
    job = jobs(work=fail(Unavailable("The store is away.")))

    running.run(planned(job).pk)

    assert ended(job) == ("failed", "", "The store is away.")
    assert events() == [("jobs/tidy", "failed", "The store is away.")]


def test_what_nobody_foresaw_is_told_without_its_words(jobs, caplog):
    job = jobs(work=fail(OSError(2, "No such file", "/var/steward/keys/secret")))

    running.run(planned(job).pk)

    sentence = "Something was not foreseen (FileNotFoundError). The log has the details."
    assert ended(job) == ("failed", "", sentence)
    assert "/var/steward" not in str(Event.objects.values().get())
    assert "the job tidy failed in run" in caplog.text


def test_a_sentence_without_end_is_cut(jobs):
    job = jobs(work=lambda: "x" * 10_000)

    running.run(planned(job).pk)

    assert ended(job) == ("done", "x" * 500, "")


def test_a_run_that_has_ended_does_not_run_again(jobs):
    calls = []
    job = jobs(work=lambda: calls.append(1))
    run = planned(job)

    running.run(run.pk)
    running.run(run.pk)

    assert (calls, outcomes(job)) == ([1], ["done"])


def test_a_run_of_a_job_that_is_gone_does_nothing(jobs):
    job = jobs()
    run = planned(job)
    jobs("another")
    running.JOBS.pop(job.name)

    running.run(run.pk)
    running.run(10**9)

    assert outcomes(job) == ["waiting"]


# ------------------------------------------------------------------ runs alike


def test_of_many_quiet_runs_in_a_row_the_first_and_the_last_are_kept(jobs):
    job = jobs(plan=OFTEN)
    runs = []
    for second in range(5):
        runs.append(planned(job, due_at=f"2026-11-27T10:00:{second:02}Z"))
        running.run(runs[-1].pk)

    assert list(JobRun.objects.order_by("pk")) == [runs[0], runs[-1]]


def test_of_many_failures_alike_the_first_and_the_last_are_kept_and_one_event(jobs):
    job = jobs(plan=OFTEN, work=fail(OperationalError("connection to 10.0.0.7 lost")))
    runs = []
    for second in range(5):
        runs.append(planned(job, due_at=f"2026-11-27T10:00:{second:02}Z"))
        running.run(runs[-1].pk)

    assert list(JobRun.objects.order_by("pk")) == [runs[0], runs[-1]]
    assert len(events()) == 1


def test_runs_that_changed_something_are_all_kept(jobs):
    job = jobs(plan=OFTEN, work=lambda: "Ended 1 waiver.")
    for second in range(4):
        running.run(planned(job, due_at=f"2026-11-27T10:00:{second:02}Z").pk)

    assert (outcomes(job), len(events())) == (["done"] * 4, 4)


def test_every_run_of_a_nightly_job_is_kept(jobs):
    job = jobs()
    for day in range(20, 25):
        running.run(planned(job, due_at=f"2026-11-{day}T02:30:00Z").pk)

    assert outcomes(job) == ["done"] * 5


# ------------------------------------------------------------------ beside itself


@pytest.mark.django_db(transaction=True)
def test_one_run_that_four_workers_are_given_is_done_once(jobs):
    begun, calls = threading.Event(), []

    def work() -> str:
        calls.append(1)
        begun.wait(5)
        return "Worked."

    job = jobs(work=work)
    run = planned(job)

    def worker() -> None:
        running.run(run.pk)
        connection.close()

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads[1:]:
        thread.join(0.3)
    begun.set()
    for thread in threads:
        thread.join(10)

    assert (calls, ended(job)) == ([1], ("done", "Worked.", ""))


@pytest.mark.django_db(transaction=True)
def test_a_job_does_not_begin_while_its_lock_is_held_elsewhere(jobs):
    job = jobs(work=lambda: "Worked.")
    run = planned(job)
    held, let_go = threading.Event(), threading.Event()

    def holder() -> None:
        with running.alone_with(job.name) as mine:
            assert mine
            held.set()
            let_go.wait(5)
        connection.close()

    thread = threading.Thread(target=holder)
    thread.start()
    held.wait(5)
    running.run(run.pk)
    while_held = outcomes(job)
    let_go.set()
    thread.join(5)
    running.run(run.pk)

    assert (while_held, outcomes(job)) == (["waiting"], ["done"])
