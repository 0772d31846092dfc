"""An event of the registry reaches the runs that it concerns."""

from __future__ import annotations

import pytest

from governance.models import Event
from kb import actions
from kb.followers.progress import progress, renamed
from kb.models import Run
from registry import actions as registering
from registry.records import KINDS
from tests.kb.running import (
    artifact,
    author,
    clean,
    operator,
    reader,
    run,
    steward,
    team,
    waiting,
)

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


def test_a_run_stays_about_what_was_renamed(run, artifact, author):
    registering.rename(artifact, "rater", by=author)
    renamed(last("artifact.rename"))

    assert Run.objects.get().subject == "models/fraud/rater/versions/1"
