"""What the scheduler does: from rows alone, whatever clocks, processes and messages do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection
from django.utils import timezone

from config.celery import app
from governance import actions, health, planning, running
from governance.health import Health
from governance.models import Event, JobPause, JobRun, Notification, User
from governance.schedule import JOBS, Every
from tests import factories
from tests.governance.jobs_at_work import EVENING, MORNING, NIGHTLY, OFTEN, TURN, jobs, outcomes, planned

__all__ = ["jobs"]

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parent.parent.parent
DAY = timedelta(days=1)


def dues(job) -> list:
    return list(JobRun.objects.of(job).order_by("pk").values_list("due_at", flat=True))


def seen_before(job) -> None:
    """A nightly job is known from its last turn on."""
    planned(job, due_at=TURN - DAY, outcome="done", finished_at=TURN - DAY)


# ------------------------------------------------------------------ what is due


def test_a_turn_that_has_come_becomes_one_run(jobs):
    job = jobs()
    seen_before(job)

    planning.plan(EVENING)
    planning.plan(MORNING)
    planning.plan(MORNING)

    assert dues(job) == [TURN - DAY, TURN]


def test_a_nightly_job_does_not_begin_when_it_is_installed_but_with_its_next_turn(jobs):
    job = jobs()

    planning.plan(EVENING)
    planning.plan(MORNING)

    assert outcomes(job) == ["skipped", "waiting"]
    assert JobRun.objects.of(job).last().said == "It is new: its first turn is the next one."


def test_a_job_that_runs_often_begins_at_once(jobs):
    job = jobs(plan=OFTEN)

    planning.plan(MORNING)

    assert (dues(job), outcomes(job)) == ([MORNING], ["waiting"])


def test_what_was_missed_while_all_was_off_runs_once(jobs):
    job = jobs()
    seen_before(job)

    planning.plan(MORNING + 10 * DAY)

    assert dues(job) == [TURN - DAY, TURN + 10 * DAY]


def test_a_clock_that_is_put_back_repeats_no_turn(jobs):
    job = jobs()
    seen_before(job)
    planning.plan(MORNING)
    running.run(JobRun.objects.open().get().pk)

    for hours in (1, 6, 7, 12, 0):
        planning.plan(MORNING - timedelta(hours=hours))

    assert dues(job) == [TURN - DAY, TURN]


def test_a_clock_that_jumps_a_year_ahead_and_back_runs_once_there_and_goes_on_here(jobs):
    nightly, often = jobs("nightly"), jobs("often", plan=OFTEN)
    seen_before(nightly)
    for now in (MORNING, MORNING + 365 * DAY, MORNING + timedelta(seconds=20)):
        planning.plan(now)
        for run in JobRun.objects.open():
            running.run(run.pk)

    assert dues(nightly) == [TURN - DAY, TURN, TURN + 365 * DAY]
    assert JobRun.objects.of(often).first().due_at == MORNING + timedelta(seconds=20)


def test_a_job_that_runs_often_goes_on_after_the_clock_is_put_back_an_hour(jobs):
    jobs(plan=OFTEN)
    for second in range(0, 100, 20):
        planning.plan(MORNING + timedelta(seconds=second))
        running.run(JobRun.objects.open().get().pk)

    planning.plan(MORNING - timedelta(hours=1))

    assert JobRun.objects.open().get().due_at == MORNING - timedelta(hours=1)


def test_a_job_that_still_runs_misses_its_turn(jobs):
    nightly, often = jobs("nightly"), jobs("often", plan=OFTEN)
    planned(nightly, due_at=TURN - DAY, started_at=TURN - DAY)
    planned(often, due_at=TURN, started_at=TURN)

    planning.plan(MORNING)

    assert (outcomes(nightly), outcomes(often)) == (["running", "skipped"], ["running"])
    assert JobRun.objects.of(nightly).first().said == "The run before it had not ended."


def test_a_job_that_pauses_misses_its_turns_and_makes_up_for_none(jobs):
    nightly, often = jobs("nightly"), jobs("often", plan=OFTEN)
    seen_before(nightly)
    for job in (nightly, often):
        JobPause.objects.create(job=job.name, by=factories.admin(), reason="The disk is changed.")

    planning.plan(MORNING)
    JobPause.objects.all().delete()
    planning.plan(MORNING + timedelta(minutes=1))

    assert outcomes(nightly) == ["done", "skipped"]
    assert dues(often) == [MORNING + timedelta(minutes=1)]


@pytest.mark.django_db(transaction=True)
def test_eight_schedulers_plan_one_run(jobs):
    job = jobs(plan=OFTEN)
    together = threading.Barrier(8)

    def scheduler() -> None:
        together.wait(5)
        planning.plan(MORNING)
        connection.close()

    threads = [threading.Thread(target=scheduler) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)

    assert dues(job) == [MORNING]


# ------------------------------------------------------------------ messages


def sent(run: JobRun):
    return JobRun.objects.get(pk=run.pk).sent_at


def test_a_run_is_sent_once_and_again_when_its_message_was_lost(jobs):
    run = planned(jobs())

    planning.send(timezone.now())
    sent_at = [sent(run)]
    for seconds in (0, 59, 61):
        planning.send(timezone.now() + timedelta(seconds=seconds))
        sent_at.append(sent(run))

    assert sent_at[0] == sent_at[1] == sent_at[2] < sent_at[3]


def test_a_message_of_a_clock_that_was_put_back_is_sent_again(jobs):
    run = planned(jobs(), sent_at=timezone.now() + 365 * DAY)

    planning.send(timezone.now())

    assert sent(run) < timezone.now()


def test_what_runs_is_not_sent(jobs):
    run = planned(jobs(), started_at=TURN)

    planning.send(MORNING)

    assert sent(run) is None


def test_a_broker_that_is_away_loses_no_run(jobs, monkeypatch):
    run = planned(jobs())
    with monkeypatch.context() as away:
        away.setitem(app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
        away.setattr(app.amqp, "_producer_pool", None)
        planning.send(MORNING)
    without = sent(run)

    planning.send(MORNING)

    assert (without, sent(run) is None) == (None, False)


# ------------------------------------------------------------------ what was cut off


def test_a_run_that_was_begun_and_that_nobody_holds_was_cut_off_and_runs_again(jobs):
    job = jobs(work=lambda: "Worked.")
    planned(job, started_at=TURN)

    planning.bury(MORNING)
    running.run(JobRun.objects.open().get().pk)

    assert outcomes(job) == ["cut off", "done"]
    (cut, again) = JobRun.objects.order_by("pk")
    assert cut.error == "It was cut off: its process was killed or its server stopped."
    assert (again.attempt, again.due_at) == (2, MORNING)
    assert [event.after["outcome"] for event in Event.objects.order_by("pk")] == ["cut off", "done"]


def test_a_run_that_is_cut_off_three_times_waits_for_its_next_turn(jobs):
    job = jobs()
    planned(job, started_at=TURN)
    for minute in range(5):
        planning.bury(MORNING + timedelta(minutes=minute))
        JobRun.objects.open().update(started_at=MORNING)

    assert outcomes(job) == ["cut off"] * 3


def test_a_run_of_a_job_that_is_gone_is_closed(jobs):
    job = jobs("gone")
    planned(job)
    JOBS.pop("gone")

    planning.bury(MORNING)

    assert (outcomes(job), JobRun.objects.get().said) == (["skipped"], "There is no such job any more.")


WORKER = """
import time, django
django.setup()
from governance import running, schedule
def work():
    print("working", flush=True)
    time.sleep(60)
schedule.JOBS["tidy"] = schedule.Job("tidy", work, schedule.At(2, 30))
running.run({run})
"""


def worker(run: JobRun) -> subprocess.Popen[str]:
    """A process of its own that works on a run, with the database of this test."""
    has = connection.settings_dict
    where = (
        f"{quote(has['USER'])}:{quote(has['PASSWORD'])}@{'' if has['HOST'].startswith('/') else has['HOST']}"
    )
    url = f"postgresql://{where}/{has['NAME']}?host={quote(has['HOST'], safe='')}&port={has['PORT']}"
    return subprocess.Popen(
        [sys.executable, "-c", WORKER.format(run=run.pk)],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"},
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_at_work_is_told_from_one_that_works(jobs):
    job = jobs(work=lambda: "Worked.")
    process = worker(planned(job))
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "working\n"
        planning.bury(timezone.now())
        at_work = outcomes(job)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
    until = time.monotonic() + 10
    while len(outcomes(job)) < 2 and time.monotonic() < until:
        planning.bury(timezone.now())
    running.run(JobRun.objects.open().get().pk)

    assert (at_work, outcomes(job)) == (["running"], ["cut off", "done"])


# ------------------------------------------------------------------ trouble


@pytest.fixture
def admin() -> User:
    return factories.admin()


def told() -> list[str]:
    return [found.sentence for found in Notification.objects.filter(kind="job-failed").order_by("pk")]


def test_a_nightly_job_that_failed_is_told_at_once_and_once(jobs, admin):
    job = jobs()
    planned(job, outcome="failed", error="The disk is full.", started_at=TURN, finished_at=TURN)

    planning.alarm(MORNING)
    planning.alarm(MORNING + timedelta(minutes=1))

    assert told() == [
        "The job tidy was due on 27 Nov 2026 at 02:30 UTC and has had no good end since. The disk is full."
    ]
    assert Notification.objects.get().user == admin


def test_trouble_that_is_over_is_told_again_when_it_is_back(jobs, admin):
    job = jobs()
    for outcome in ("failed", "done", "failed"):
        planned(job, due_at=timezone.now(), outcome=outcome, error="x", finished_at=TURN)
        planning.alarm(MORNING)

    assert len(told()) == 2


def test_a_night_that_is_tried_again_is_no_trouble_yet(jobs, admin):
    job = jobs()
    planned(job, outcome="cut off", finished_at=TURN)
    planned(job, due_at=MORNING, attempt=2)

    planning.alarm(timezone.now())

    assert told() == []


@pytest.mark.parametrize(
    ("plan", "after", "state"),
    [
        (OFTEN, timedelta(minutes=9), []),
        (OFTEN, timedelta(minutes=11), ["It waits for a worker."]),
        (Every(3600), timedelta(minutes=119), []),
        (Every(3600), timedelta(minutes=121), ["It waits for a worker."]),
        (NIGHTLY, timedelta(hours=25), []),
        (NIGHTLY, timedelta(hours=27), ["It waits for a worker."]),
    ],
)
def test_a_job_without_a_good_end_for_too_long_is_overdue(jobs, admin, plan, after, state):
    job = jobs(plan=plan)
    planned(job)

    planning.alarm(timezone.now() + after)

    assert [sentence.partition("since. ")[2] for sentence in told()] == state


def test_a_job_that_hangs_is_overdue(jobs, admin):
    planned(jobs(plan=OFTEN), started_at=TURN)

    planning.alarm(timezone.now() + timedelta(hours=1))

    assert [sentence.partition("since. ")[2] for sentence in told()] == ["It still runs."]


def test_a_job_that_pauses_is_no_trouble(jobs, admin):
    job = jobs()
    planned(job, outcome="failed", finished_at=TURN)
    JobPause.objects.create(job=job.name, by=admin, reason="The disk is changed.")

    planning.alarm(MORNING)

    assert told() == []


def test_only_administrators_hear_of_it(jobs, admin):
    steward = factories.member(factories.team(), "steward")
    planned(jobs(), outcome="failed", error="x", finished_at=TURN)

    planning.alarm(MORNING)

    assert list(Notification.objects.values_list("user", flat=True)) == [admin.pk]
    assert steward.pk != admin.pk


def test_readyz_names_the_jobs_without_a_good_end(jobs):
    before = health.jobs()
    for name in ("nightly_backup", "fsck"):
        planned(jobs(name), outcome="failed", finished_at=TURN)

    assert (before, health.jobs()) == (
        Health(),
        Health(ok=False, says="Without a good end: fsck, nightly_backup."),
    )
    assert health.PARTS["jobs"].needed is False


# ------------------------------------------------------------------ one turn


def test_a_broken_job_stops_no_other(jobs):
    def broken() -> None:
        raise RuntimeError

    first, second = jobs("a_broken", OFTEN, broken), jobs("b_sound", OFTEN, lambda: "Worked.")

    planning.turn()
    for run in JobRun.objects.open().order_by("job"):
        running.run(run.pk)

    assert (outcomes(first), outcomes(second)) == (["failed"], ["done"])


def test_a_turn_with_nothing_to_do_asks_little(jobs, django_assert_num_queries):
    job = jobs()
    planned(job, due_at=job.plan.latest(timezone.now()), outcome="done", finished_at=TURN)

    with django_assert_num_queries(5):
        planning.turn()


def test_a_run_by_hand_is_cut_off_and_tried_again_for_the_same_person(jobs, admin):
    job = jobs()
    run = actions.run_job(job, by=admin)
    JobRun.objects.filter(pk=run.pk).update(started_at=TURN)

    planning.bury(MORNING)

    assert JobRun.objects.open().get().asked_by == admin
