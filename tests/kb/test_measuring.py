"""How runs of a playbook go, in numbers with units, for what a person sees."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from governance.models import Event
from kb import actions
from kb.measuring import measure
from kb.models import Run, Trigger
from kb.presenting.metrics import drawn, figures, lasting
from tests import factories
from tests.governance.api.caller import Caller
from tests.kb.running import playbook
from tests.kb.triggers import (
    artifact,
    author,
    clean,
    fails,
    operator,
    passes,
    reader,
    steward,
    team,
    trigger,
    waiting,
)
from tests.pages import said
from tests.registry.views.conftest import signed_in

__all__ = [
    "artifact",
    "author",
    "clean",
    "operator",
    "reader",
    "signed_in",
    "steward",
    "team",
    "trigger",
    "waiting",
]

pytestmark = pytest.mark.django_db


def closed(team, version, by, days: float, outcome: str = "done") -> Run:
    run = actions.start_run(team, "PB-90", subject=version.label, by=by)
    now = timezone.now()
    about = {"started_at": now - timedelta(days=days), "closed_at": now, "outcome": outcome}
    Run.objects.filter(pk=run.pk).update(**about)
    return Run.objects.get(pk=run.pk)


def proves(run: Run, step: str, days: float) -> None:
    """As a follower tells it, so many days after the run began."""
    about = {"subject": run.label, "action": "run.prove", "outcome": "done", "canonical": b"", "salts": {}}
    after = {"step": step, "state": "proved"}
    Event.objects.create(**about, at=run.started_at + timedelta(days=days), after=after)


def test_cycle_time_slowest_step_and_waivers(team, clean, author, steward):
    playbook(team)
    for days in range(1, 11):
        run = closed(team, clean, author, days)
    for step, days in {"Checks": 1, "Load": 8, "Word": 9}.items():
        proves(run, step, days)
    run.entries.create(
        kind="waiver", step="load", by=steward, text="Later.", ends_at=timezone.now() + timedelta(days=3)
    )

    found = measure(author, "PB-90")

    assert (found.finished, found.waived, found.steps) == (10, 1, 30)
    assert [(each.name, each.value) for each in figures(found, author)] == [
        ("Cycle time, median", "5.5 days"),
        ("Cycle time, p90", "9 days"),
        ("Slowest step", "7 days"),
        ("Waiver rate", "3.3 %"),
    ]
    assert found.slowest.step.title == "Load"
    assert "took 1 day to 10 days, the median of them 5.5 days." in drawn(found.times)


def test_nothing_finished_is_not_evaluated(team, clean, author):
    playbook(team)
    closed(team, clean, author, 2, "cancelled")

    assert figures(measure(author, "PB-90"), author)[0].value == "Not evaluated"


def test_what_became_of_the_failures_is_told_to_who_reads_the_trail(trigger, clean, steward, author):
    fails(clean)
    passes(clean)
    now = timezone.now()
    Trigger.objects.update(on_at=now)
    found = measure(steward, "PB-90", now=now + timedelta(days=7))

    assert [(each.before, each.after, each.days) for each in found.effects] == [(1.0, 0.0, 7)]
    assert [each.value for each in figures(found, steward)][-1] == "1.0 → 0.0 in a week"
    assert len(figures(found, author)) == 1
    assert Event.objects.filter(action="finding.open").count() == 1


def test_others_runs_are_not_counted(team, clean, author, steward):
    playbook(team)
    closed(team, clean, author, 2)
    zoe = factories.member(factories.team("pricing"), "steward")

    assert (measure(author, "PB-90").finished, measure(zoe, "PB-90").finished) == (1, 0)


def test_page_and_api_say_the_same(team, clean, author, signed_in):
    run = actions.start_run(team, "PB-02", subject=clean.label, by=author)
    now = timezone.now()
    Run.objects.filter(pk=run.pk).update(started_at=now - timedelta(days=3), closed_at=now, outcome="done")
    words = said(signed_in(author).get("/playbooks/PB-02/figures/"))
    answer = Caller(author).get("playbooks/PB-02/figures").json()

    assert "Cycle time, median 3 days of 1 finished run" in words
    assert (answer["finished"], answer["cycle_seconds_median"]) == (1, 259200.0)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(30, "0.5 minutes"), (3600, "1 hour"), (9000, "2.5 hours"), (864000, "10 days")],
)
def test_times_have_units(seconds, words):
    assert lasting(timedelta(seconds=seconds)) == words
