"""The jobs: who looks, what stands there, and the buttons, by page and by API."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from governance import actions
from governance.errors import Conflict
from governance.models import Event, JobPause, JobRun
from tests import factories
from tests.governance.api.caller import Caller
from tests.governance.api.caller import said as answered
from tests.governance.jobs_at_work import NIGHTLY, TURN, jobs, planned
from tests.pages import queries, said, told

__all__ = ["jobs"]

pytestmark = pytest.mark.django_db

ONLY = "Only the site administrator may do this."
BUSY = "It runs already, or is about to: look again in a moment."


@pytest.fixture
def job(jobs):
    """The only one there is."""
    return jobs(plan=NIGHTLY)


@pytest.fixture
def auditor(team):
    return factories.member(team, "auditor", username="aud")


# ------------------------------------------------------------------ looking


def test_a_job_is_shown_with_its_last_run_and_its_next_one(job, steward, signed_in):
    planned(
        job, outcome="done", said="Ended 3 waivers.", seconds=71, started_at=TURN, finished_at=timezone.now()
    )

    words = said(signed_in(steward).get("/jobs/"))

    assert "tidy Jobs made for a test, in a register of their own. Done just now, 1 min 11 s" in words
    assert "Ended 3 waivers." in words
    assert "daily at 02:30 UTC" in words


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        (None, "Not yet run"),
        ({}, "Waiting"),
        ({"started_at": TURN}, "Running"),
        ({"outcome": "done"}, "Done"),
        ({"outcome": "skipped"}, "Not yet run"),
        ({"outcome": "failed"}, "Failed"),
        ({"outcome": "cut off"}, "Cut off"),
    ],
)
def test_how_a_job_stands_is_a_word(job, steward, signed_in, fields, word):
    if fields is not None:
        planned(job, **fields)

    assert f"in a register of their own. {word} " in said(signed_in(steward).get("/jobs/"))


@pytest.mark.parametrize(("hours", "word"), [(25, "Running"), (27, "Overdue")])
def test_a_job_that_goes_on_for_too_long_is_overdue(job, steward, signed_in, hours, word):
    planned(job, started_at=TURN)
    JobRun.objects.update(planned_at=timezone.now() - timedelta(hours=hours))

    assert f"in a register of their own. {word} " in said(signed_in(steward).get("/jobs/"))


def test_why_a_job_failed_only_the_administrator_reads(job, admin, steward, signed_in):
    planned(job, outcome="failed", error="models/fraud/scorer is damaged.", finished_at=TURN)

    pages = [said(signed_in(person).get("/jobs/tidy/")) for person in (admin, steward)]
    answers = [Caller(person).get("jobs/tidy/runs/").json()["results"][0] for person in (admin, steward)]

    assert ["models/fraud/scorer" in page for page in pages] == [True, False]
    assert [answer["error"] for answer in answers] == ["models/fraud/scorer is damaged.", ""]
    assert "It failed. The site administrator reads why." in pages[1]


def test_a_job_that_is_overdue_says_since_when(job, steward, signed_in):
    planned(job, outcome="failed", finished_at=TURN)

    assert "It was due on 27 November 2026, 02:30 UTC and has had no good end since." in said(
        signed_in(steward).get("/jobs/tidy/")
    )


def test_a_job_that_never_ran_says_so(job, steward, signed_in):
    assert "It has not run yet" in said(signed_in(steward).get("/jobs/tidy/"))


def test_a_site_without_jobs_says_so(jobs, steward, signed_in):
    assert "There is no job" in said(signed_in(steward).get("/jobs/"))


@pytest.mark.parametrize("address", ["/jobs/", "/jobs/tidy/"])
def test_who_answers_for_no_record_finds_no_jobs(job, author, signed_in, address):
    client = signed_in(author)

    assert client.get(address).status_code == 404
    assert "/jobs/" not in client.get("/").content.decode()


@pytest.mark.slow
@pytest.mark.parametrize("who", ["admin", "steward", "auditor"])
def test_who_may_look_is_led_there(job, signed_in, request, who):
    client = signed_in(request.getfixturevalue(who))

    assert ('href="/jobs/"' in client.get("/").content.decode(), client.get("/jobs/").status_code) == (
        True,
        200,
    )


def test_a_job_that_is_not_there_is_not_found(job, steward, signed_in):
    assert signed_in(steward).get("/jobs/nothing/").status_code == 404
    assert answered(Caller(steward).get("jobs/nothing/")) == (
        404,
        "There is no job nothing that you may see.",
    )


def test_a_run_by_hand_names_who_asked(job, admin, steward, signed_in):
    planned(job, asked_by=admin, attempt=2)

    assert f"asked for by {admin}, attempt 2" in said(signed_in(steward).get("/jobs/tidy/"))


def test_three_jobs_cost_as_much_as_one(jobs, admin, signed_in):
    client = signed_in(admin)
    for name in ("one", "two", "three"):
        jobs(name)
        planned(jobs(name), outcome="failed", asked_by=admin)
        JobPause.objects.create(job=name, by=admin, reason="x")
        if name == "one":
            with_one = queries(client, "/jobs/"), Caller(admin).queries("jobs/")

    assert (queries(client, "/jobs/"), Caller(admin).queries("jobs/")) == with_one


def test_three_runs_cost_as_much_as_one_and_older_ones_are_on_the_next_page(job, admin, signed_in):
    client, costs = signed_in(admin), []
    for number in range(51):
        planned(job, due_at=TURN + timedelta(days=number), outcome="done", asked_by=admin)
        if number in (0, 2):
            costs.append((queries(client, "/jobs/tidy/"), Caller(admin).queries("jobs/tidy/runs/")))
    first = client.get("/jobs/tidy/").content.decode()
    older = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")

    second = client.get(f"/jobs/tidy/{older}").content.decode()

    assert costs[0] == costs[1]
    assert (first.count("asked for by"), second.count("asked for by")) == (50, 1)


def test_the_api_tells_the_same(job, steward):
    planned(job, outcome="done", said="Ended 3 waivers.", finished_at=TURN)

    listed = Caller(steward).get("jobs/").json()
    one = Caller(steward).get("jobs/tidy/").json()

    assert listed == {"results": [one], "next": None, "previous": None}
    assert (one["name"], one["plan"], one["overdue"], one["paused"]) == (
        "tidy",
        "daily at 02:30 UTC",
        False,
        None,
    )
    assert (one["last_run"]["state"], one["last_run"]["said"], one["last_run"]["asked_by"]) == (
        "done",
        "Ended 3 waivers.",
        None,
    )


# ------------------------------------------------------------------ buttons

PAGES = {"run": {}, "pause": {"reason": "The disk is changed."}, "resume": {}}


def ask(door, client, person, word, reason=None):
    """One write through one of the doors: its status, and what it says against it."""
    body = {"reason": reason} if reason is not None else PAGES[word]
    if door == "page":
        client.force_login(person)
        answer = client.post(f"/jobs/tidy/{word}", body)
        return answer.status_code, said(answer) if answer.status_code >= 400 else told(answer)[0]
    answer = Caller(person).post(f"jobs/tidy/{word}", body)
    return answer.status_code, answer.json().get("detail", "")


doors = pytest.mark.parametrize("door", ["page", "api"])
words = pytest.mark.parametrize("word", PAGES)


@doors
def test_the_administrator_has_a_job_run(door, job, admin, client):
    status, _ = ask(door, client, admin, "run")

    run = JobRun.objects.get()
    assert (status, run.job, run.asked_by, run.state) == (
        302 if door == "page" else 202,
        "tidy",
        admin,
        "waiting",
    )
    (event,) = Event.objects.filter(action__startswith="job.")
    assert (event.action, event.subject, event.actor, event.after) == (
        "job.run",
        "jobs/tidy",
        admin.username,
        {"run": run.pk},
    )


@doors
def test_a_job_that_runs_is_not_asked_for_twice(door, job, admin, client):
    planned(job)

    status, sentence = ask(door, client, admin, "run")

    assert (status, BUSY in sentence, JobRun.objects.count()) == (409, True, 1)


@doors
def test_a_job_pauses_with_a_reason_and_goes_on(door, job, admin, client):
    waiting = planned(job)
    statuses = [ask(door, client, admin, "pause")[0]]
    pause = JobPause.objects.get()
    statuses.append(ask(door, client, admin, "resume")[0])

    waiting.refresh_from_db()
    assert statuses == ([302, 302] if door == "page" else [200, 200])
    assert (pause.job, pause.by, pause.reason) == ("tidy", admin, "The disk is changed.")
    assert (waiting.outcome, waiting.said, JobPause.objects.count()) == ("skipped", "It was paused.", 0)
    events = Event.objects.filter(action__startswith="job.").order_by("pk")
    assert [(event.action, event.reason) for event in events] == [
        ("job.pause", "The disk is changed."),
        ("job.resume", ""),
    ]
    assert events[1].before["reason"] == "The disk is changed."


@doors
def test_a_pause_needs_a_reason(door, job, admin, client):
    status, sentence = ask(door, client, admin, "pause", reason="  ")

    wanted = "This field is required." if door == "page" else "A pause needs a reason."
    assert (status, wanted in sentence, JobPause.objects.count()) == (400, True, 0)


@doors
def test_nobody_pauses_twice_nor_resumes_what_runs(door, job, admin, client):
    resumed = ask(door, client, admin, "resume")
    ask(door, client, admin, "pause")
    paused = ask(door, client, admin, "pause")

    assert (resumed[0], "tidy does not pause." in resumed[1]) == (409, True)
    assert (paused[0], "tidy pauses already." in paused[1]) == (409, True)


@doors
@words
def test_a_steward_who_looks_presses_no_button(door, word, job, steward, client):
    status, sentence = ask(door, client, steward, word)

    assert (status, ONLY in sentence) == (403, True)
    (refused,) = Event.objects.filter(action=f"job.{word}")
    assert (refused.outcome, refused.actor, refused.reason) == ("refused", "jonas", ONLY)
    assert (JobRun.objects.count(), JobPause.objects.count()) == (0, 0)


@doors
@words
def test_for_who_may_not_look_there_is_no_button(door, word, job, author, client):
    status, _ = ask(door, client, author, word)

    assert (status, Event.objects.filter(action__startswith="job.").count()) == (404, 0)


def test_the_buttons_of_a_steward_say_why_they_are_closed(job, steward, signed_in):
    words = said(signed_in(steward).get("/jobs/tidy/"))

    assert (words.count(f"Run it now, closed: {ONLY}"), words.count(f"Pause it, closed: {ONLY}")) == (1, 1)


def test_a_job_that_pauses_says_who_why_and_how_it_goes_on(job, admin, steward, signed_in):
    actions.pause_job(job, reason="The disk is changed.", by=admin)

    words = said(signed_in(steward).get("/jobs/tidy/"))

    assert f"Paused by {admin} just now: “The disk is changed.”" in words
    assert "Next when it is resumed" in words


def test_a_job_that_pauses_can_be_run_by_hand(job, admin):
    actions.pause_job(job, reason="The disk is changed.", by=admin)

    assert actions.run_job(job, by=admin).state == "waiting"


def test_a_reason_is_not_markup(job, admin, signed_in):
    actions.pause_job(job, reason="<script>alert(1)</script>", by=admin)

    assert "<script>alert" not in signed_in(admin).get("/jobs/tidy/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_six_who_ask_at_once_one_has_a_run(jobs):
    job, admin = jobs(), factories.admin()
    together, refused = threading.Barrier(6), []

    def ask_too() -> None:
        together.wait(5)
        try:
            actions.run_job(job, by=admin)
        except Conflict as conflict:
            refused.append(conflict)
        connection.close()

    threads = [threading.Thread(target=ask_too) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)

    assert (JobRun.objects.count(), len(refused), Event.objects.filter(action="job.run").count()) == (1, 5, 1)


def test_the_trail_tells_of_jobs_in_sentences(job, admin, signed_in):
    actions.run_job(job, by=admin)
    actions.pause_job(job, reason="The disk is changed.", by=admin)

    words = said(signed_in(admin).get("/trail/?subject=jobs/tidy"))

    assert f"{admin} asked for a run of the job tidy." in words
    assert f"{admin} paused the job tidy." in words
