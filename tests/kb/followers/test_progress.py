"""An event of the registry reaches the runs that it concerns."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from governance.models import Event, Notification
from kb import actions
from kb.followers.progress import finished, looked_back, progress, renamed
from kb.models import Entry, Run
from registry import actions as registering
from registry.models import CheckResult, Severity
from registry.records import KINDS
from tests.kb.running import (
    SMALL,
    artifact,
    author,
    clean,
    operator,
    playbook,
    reader,
    run,
    states,
    steward,
    team,
    waiting,
)
from tests.registry.conftest import found

__all__ = ["artifact", "author", "clean", "operator", "reader", "run", "steward", "team", "waiting"]

pytestmark = pytest.mark.django_db


def last(action: str) -> Event:
    return Event.objects.filter(action=action).first()


def test_what_is_proved_is_told_after_an_event_about_its_subject(run, clean, author):
    registering.add_record(clean, "training", KINDS["training"].example, by=author)
    progress(last("record.add"))

    assert Run.objects.get().told == ["checks"]


def test_a_run_closes_after_its_last_step(run, operator, steward):
    actions.put(run, "load", 0, number=1, by=operator)
    actions.put(run, "word", 0, text="All of it.", by=steward)
    progress(last("run.put"))
    progress(last("run.put"))

    assert Run.objects.get().outcome == "done"


def test_who_finished_a_run_hears_once_when_it_does_not_hold_any_more(run, clean, operator, steward, author):
    actions.put(run, "load", 0, number=1, by=operator)
    actions.put(run, "word", 0, text="All of it.", by=steward)
    progress(last("run.put"))
    found(clean, Severity.HIGH)
    registering.add_record(clean, "training", KINDS["training"].example, by=author)
    looked_back(last("record.add"))
    looked_back(last("record.add"))

    told = Notification.objects.filter(kind="run-fell").values_list("user__username", "sentence")
    assert list(told) == [("mara", f"Run {run.pk} was finished, and “Checks” of it does not hold any more.")]
    assert states(Run.objects.get())["checks"] == "fallen"


def test_a_run_after_which_another_of_its_playbook_was_is_not_looked_at(run, author):
    Entry.objects.create(
        run=run, kind=Entry.BIND, step="word", need=0, by=author, label="articles/fraud/plan"
    )
    Run.objects.update(outcome="done", closed_at=timezone.now())
    edited = Event(action="article.edit", subject="articles/fraud/plan", team="fraud")
    before = [*finished(edited)]
    Run.objects.create(
        **{name: getattr(before[0], name) for name in ("playbook", "team", "subject", "started_by")},
        outcome="done",
        closed_at=timezone.now(),
    )

    assert (before, [*finished(edited)]) == ([run], [])


def test_a_run_stays_about_what_was_renamed(run, artifact, author):
    registering.rename(artifact, "rater", by=author)
    renamed(last("artifact.rename"))

    assert Run.objects.get().subject == "models/fraud/rater/versions/1"


def test_what_was_accepted_and_bound_stays_so_when_it_is_called_otherwise(
    team, artifact, clean, author, steward
):
    asked = '{ kind = "check", check = "*", text = "Checks" }, { kind = "upload", text = "It" }'
    playbook(team, SMALL.replace('{ kind = "check", check = "*", text = "Every check passes" }', asked))
    made = actions.start_run(team, "PB-90", subject=clean.label, by=author)
    CheckResult.objects.filter(version=clean).update(done_at=made.started_at - timedelta(days=1))
    actions.accept(made, "checks", 0, digest=clean.digest, by=author)
    actions.put(made, "checks", 1, label=clean.label, by=author)
    before = states(made)["checks"]
    registering.rename(artifact, "rater", by=author)
    renamed(last("artifact.rename"))

    assert (before, states(made)["checks"]) == ("proved", "proved")
    assert set(Entry.objects.values_list("label", flat=True)) == {"models/fraud/rater/versions/1"}


@pytest.mark.parametrize("label", ["models/fraud/scorer/versions/2", "articles/fraud/scorer/versions/1"])
def test_no_entry_names_another_thing_than_it_did(run, clean, author, label):
    CheckResult.objects.filter(version=clean).update(done_at=run.started_at - timedelta(days=1))
    actions.accept(run, "checks", 0, digest=clean.digest, by=author)

    with pytest.raises(DatabaseError, match="What was written stays"), transaction.atomic():
        Entry.objects.update(label=label)
