"""Runs begin, are written into, pause, are handed over and end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from governance.errors import Absent, Conflict, Denied, Invalid
from governance.models import Event, Notification, User
from kb import actions
from kb.models import Entry, PlaybookVersion, Run
from kb.playbooks import PLAYBOOKS
from registry.models import Severity
from tests import factories
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
    steps,
    steward,
    team,
    waiting,
)
from tests.registry.conftest import found

__all__ = ["artifact", "author", "clean", "operator", "reader", "run", "steward", "team", "waiting"]

pytestmark = pytest.mark.django_db


def start(team, version, by, **more) -> Run:
    return actions.start_run(team, "PB-90", subject=version.label, by=by, **more)


def test_a_run_of_a_shipped_playbook_pins_its_text(team, clean, author):
    made = actions.start_run(team, "PB-03", subject=clean.label, by=author)

    assert (made.playbook.team, made.playbook.text) == (None, PLAYBOOKS["PB-03"].text)
    assert (made.subject, made.digest, Event.objects.first().action) == (
        clean.label,
        clean.digest,
        "run.start",
    )


def test_a_run_goes_on_by_its_own_text_when_the_playbook_changes(run, team):
    text = SMALL.replace("Ship it", "Other").partition('[[step]]\nkey = "word"')[0]
    PlaybookVersion.objects.create(team=team, code="PB-90", number=2, text=text, digest="b" * 64)

    assert set(states(run)) == {"checks", "load", "word"}


def test_one_playbook_runs_once_about_one_thing(run, team, clean, author):
    with pytest.raises(Conflict) as refused:
        start(team, clean, author)

    assert refused.value.sentence == f"Run {run.pk} of “Ship it” is open about it already."


def test_it_is_about_something_that_fits(team, artifact, author, operator):
    playbook(team)
    draft = factories.draft(artifact, author)
    elsewhere = factories.team()
    other = factories.member(elsewhere, "data-scientist")
    theirs = factories.submitted(factories.artifact(elsewhere, other), other)

    for label, kind, sentence in [
        (team.label, Invalid, "“Ship it” is about a version of a model."),
        (draft.label, Conflict, "Version 1 is a draft: submit it first."),
        (theirs.label, Absent, f"There is nothing called {theirs.label} that you may see."),
    ]:
        with pytest.raises(kind) as refused:
            actions.start_run(team, "PB-90", subject=label, by=author)
        assert refused.value.sentence == sentence


@pytest.mark.parametrize(
    ("role", "sentence"),
    [
        ("king", "“Ship it” has no role king."),
        ("steward", "rita is nobody who may take part in runs of fraud."),
    ],
)
def test_who_does_what_is_checked(team, clean, author, reader, role, sentence):
    playbook(team)

    with pytest.raises(Invalid) as refused:
        start(team, clean, author, people={role: [reader]})

    assert refused.value.sentence == sentence


def test_a_step_is_done_by_who_was_named_for_it(run, author, operator):
    with pytest.raises(Denied) as refused:
        actions.put(run, "load", 0, number=1, by=author)
    actions.put(run, "load", 0, number=1, by=operator)

    assert (refused.value.sentence, states(run)["load"]) == ("This step is priya's.", "proved")


@pytest.mark.parametrize(
    ("step", "given", "sentence"),
    [
        ("load", {"number": float("nan")}, "Give a number."),
        ("load", {}, "Give a number."),
        ("word", {"text": " "}, "Say it in words."),
        ("checks", {"text": "yes"}, "The registry proves this by itself: nobody puts it in."),
    ],
)
def test_what_is_put_in_has_to_fit(run, author, operator, steward, step, given, sentence):
    by = {"load": operator, "word": steward, "checks": author}[step]

    with pytest.raises((Invalid, Conflict)) as refused:
        actions.put(run, step, 0, **given, by=by)

    assert (refused.value.sentence, run.entries.count()) == (sentence, 0)


def test_evidence_of_another_team_proves_nothing(team, clean, author):
    playbook(
        team, SMALL.replace('kind = "number"', 'kind = "upload"').replace(', unit = "ms", most = 100', "")
    )
    made = start(team, clean, author)
    elsewhere = factories.team()
    factories.Membership.objects.create(
        team=elsewhere, user=author, role="data-scientist", granted_by=User.system()
    )
    theirs = factories.submitted(factories.artifact(elsewhere, author), author)

    with pytest.raises(Invalid) as refused:
        actions.put(made, "load", 0, label=theirs.label, by=author)

    assert refused.value.sentence == "It is not fraud's: evidence of another team proves nothing here."


def test_two_people_may_finish_one_step_and_both_are_kept(run, team, operator):
    other = factories.member(team, "devops-engineer")
    actions.hand_over(run, "devops-engineer", [operator, other], by=operator)
    for by in (operator, other):
        actions.put(run, "load", 0, number=5, by=by)

    assert [entry.by for entry in Entry.objects.filter(kind="number")] == [operator, other]


@pytest.mark.parametrize(
    ("reason", "days", "sentence"),
    [
        ("", 3, "Say why this step may pass without its evidence."),
        ("Later.", 91, "A waiver ends in the future, at most 90 days from now."),
        ("Later.", -1, "A waiver ends in the future, at most 90 days from now."),
    ],
)
def test_a_waiver_has_a_reason_and_an_end(run, steward, reason, days, sentence):
    until = timezone.now() + timedelta(days=days)

    with pytest.raises(Invalid) as refused:
        actions.waive_step(run, "load", reason=reason, ends_at=until, by=steward)

    assert refused.value.sentence == sentence


def test_nothing_is_put_into_a_run_that_pauses_or_is_over(run, author, operator):
    actions.pause_run(run, reason="Holidays.", by=author)
    with pytest.raises(Conflict) as pausing:
        actions.put(run, "load", 0, number=1, by=operator)
    actions.resume_run(run, by=author)
    actions.cancel_run(run, reason="Not needed.", by=author)
    with pytest.raises(Conflict) as over:
        actions.put(run, "load", 0, number=1, by=operator)

    assert pausing.value.sentence == "This run pauses: resume it first."
    assert over.value.sentence == "This run is closed: cancelled."


def test_people_hear_what_came_and_what_fell_once(run, clean, author, operator):
    for _ in range(2):
        actions.notice(run, by=User.system())
    asked = Notification.objects.filter(user=operator, kind="run-step")
    found(clean, Severity.HIGH)
    for _ in range(2):
        actions.notice(run, by=User.system())

    assert [each.sentence for each in asked] == ["“Load” waits for you."]
    fell = Notification.objects.filter(user=author, kind="run-fell")
    assert [each.sentence for each in fell] == ["The evidence of “Checks” does not hold any more."]


def test_a_run_whose_steps_are_all_proved_closes_itself(run, operator, steward):
    actions.put(run, "load", 0, number=1, by=operator)
    actions.put(run, "word", 0, text="All of it.", by=steward)

    closed = actions.notice(run, by=User.system())

    assert (closed.outcome, Event.objects.first().action) == ("done", "run.end")


@pytest.mark.parametrize("rows", [Entry, PlaybookVersion])
def test_what_was_written_stays(run, operator, rows):
    actions.put(run, "load", 0, number=1, by=operator)

    with pytest.raises(DatabaseError, match="What was written stays"), transaction.atomic():
        rows.objects.update(text="Other.")


def test_a_step_of_somebody_who_left_is_theirs_until_it_is_handed_over(run, author, operator, steward, team):
    operator.is_active = False
    operator.save()
    leila = factories.member(team, "devops-engineer", username="leila")
    with pytest.raises(Denied) as refused:
        actions.put(run, "load", 0, number=9, by=leila)
    with pytest.raises(Invalid):
        actions.hand_over(run, "devops-engineer", [operator], by=author)
    actions.hand_over(run, "devops-engineer", [leila], by=author)
    actions.put(run, "load", 0, number=9, by=leila)

    assert refused.value.sentence == "This step is priya's."
    assert states(run)["load"] == "proved"


def test_a_step_is_late_at_the_same_moment_in_every_time_zone(run):
    due = run.started_at + timedelta(days=2)
    moments = [due + timedelta(seconds=1), due - timedelta(seconds=1)]
    zones = [timezone.get_fixed_timezone(minutes) for minutes in (-720, 0, 840)]

    said = [[steps(run)[1].overdue(moment.astimezone(zone)) for zone in zones] for moment in moments]

    assert said == [[True] * 3, [False] * 3]
