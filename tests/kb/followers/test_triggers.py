"""What happens starts runs, once about one thing in a window, and a check that passes twice closes them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from governance.models import Event, Notification, User
from kb import actions
from kb.actions.triggers import ENOUGH
from kb.followers.progress import renamed
from kb.followers.triggers import settle, start
from kb.models import Firing, Run, Trigger
from kb.triggering import MOST_AN_HOUR, simulate
from registry import actions as registering
from registry.checking import finish
from tests import factories
from tests.kb.running import playbook
from tests.kb.triggers import (
    artifact,
    author,
    clean,
    ends,
    fails,
    made,
    operator,
    passes,
    reader,
    said,
    steward,
    team,
    trigger,
    waiting,
)

__all__ = ["artifact", "author", "clean", "operator", "reader", "steward", "team", "trigger", "waiting"]

pytestmark = pytest.mark.django_db


def test_a_failed_check_starts_one_run_however_often_it_is_told(trigger, clean):
    event = fails(clean)
    for _ in range(2):
        start(event)

    run = Run.objects.get()
    assert (run.subject, run.playbook.code, run.started_by) == (clean.label, "PB-90", User.system())
    assert [(each.run, each.said) for each in Firing.objects.all()] == [(run, "")]
    assert Event.objects.filter(action="run.start").get().after["trigger"] == trigger.label


def test_one_firing_in_a_window_holds_in_the_database(trigger, clean):
    start(fails(clean))
    first = Firing.objects.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        Firing.objects.create(trigger=trigger, subject=clean.label, window=first.window, said="Twice.")


@pytest.mark.parametrize(
    "cause",
    [
        {"check_name": "file_type"},
        {"about": "models/fraud/other*"},
        {"kind": "event", "check_name": "", "action": "version.promote"},
    ],
    ids=["another check", "another thing", "another event"],
)
def test_what_it_does_not_look_for_starts_nothing(trigger, clean, team, steward, cause):
    actions.switch_off(trigger, by=steward)
    actions.switch_on(made(team, steward, **cause), by=steward)

    start(fails(clean))

    assert Firing.objects.count() == 0


def test_neither_off_nor_before_it_was_on_nor_for_little_it_starts_anything(trigger, clean, steward):
    start(fails(clean, "medium"))
    before = fails(clean)
    Trigger.objects.update(on_at=before.at + timedelta(seconds=1))
    start(before)
    actions.switch_off(trigger, by=steward)
    start(before)

    assert Firing.objects.count() == 0


def test_two_passes_in_a_row_close_what_a_failed_check_started(trigger, clean, author):
    start(fails(clean))
    run = Run.objects.get()
    counted = []
    for event in (passes(clean), fails(clean), passes(clean), passes(clean)):
        for _ in range(2):
            settle(event)
        counted.append(Firing.objects.get().passes)

    assert (counted, ENOUGH) == ([1, 0, 1, 2], 2)
    run.refresh_from_db()
    assert (run.outcome, run.reason) == ("passed", "pickle_imports passed twice in a row.")
    assert Event.objects.filter(action="run.pass", subject=run.label).count() == 1


def test_a_round_of_other_checks_is_no_pass(trigger, clean):
    start(fails(clean))
    said(clean)
    Firing.objects.update(at=Firing.objects.get().at + timedelta(seconds=1))
    finish(clean)
    settle(Event.objects.filter(action="version.check").first())

    assert Firing.objects.get().passes == 0


def test_what_still_fails_is_no_pass(trigger, clean):
    start(fails(clean))
    settle(ends(clean))

    assert Firing.objects.get().passes == 0


def test_what_has_become_known_passes_though_it_is_found(trigger, clean, steward):
    start(fails(clean))
    registering.add_name(clean.findings.get(check_name="pickle_imports"), reason="Our own.", by=steward)
    settle(ends(clean))

    assert Firing.objects.get().passes == 1


def test_what_is_accepted_already_starts_nothing(trigger, clean, steward):
    event = fails(clean)
    registering.add_name(clean.findings.get(check_name="pickle_imports"), reason="Our own.", by=steward)
    start(event)

    assert (Firing.objects.count(), simulate(trigger, steward).runs) == (0, 0)


def test_a_pass_is_judged_as_it_was_not_as_it_is_by_now(trigger, clean):
    start(fails(clean))
    failed = ends(clean)
    passes(clean)
    settle(failed)

    assert Firing.objects.get().passes == 0


def test_another_run_of_it_about_the_same_is_enough(trigger, clean, author):
    twin = actions.start_run(clean.team, "PB-90", subject=clean.label, by=author)
    start(fails(clean))

    assert Run.objects.count() == 1
    assert Firing.objects.get().said == f"Run {twin.pk} is open about it already."


def test_no_more_are_open_at_once_than_may_be_and_a_steward_hears_of_it_once(
    trigger, artifact, author, steward
):
    Trigger.objects.update(most_open=1)
    for _ in range(3):
        start(fails(factories.submitted(artifact, author)))

    assert [bool(each.run) for each in Firing.objects.order_by("pk")] == [True, False, False]
    assert Firing.objects.first().said == "1 of its runs are open, and that is as many as may be."
    assert [each.user for each in Notification.objects.filter(kind="trigger-held")] == [steward]


def test_a_trigger_that_would_start_a_run_per_minute_is_held_until_a_steward_lets_it_go_on(
    trigger, clean, team, steward
):
    rows = [Firing(trigger=trigger, subject=f"{n}", window=n, said="Full.") for n in range(MOST_AN_HOUR)]
    Firing.objects.bulk_create(rows)
    start(fails(clean))
    trigger.refresh_from_db()
    held = trigger.state, trigger.held_why, Run.objects.count()
    actions.switch_on(trigger, by=steward)
    passes(clean)
    start(fails(clean))

    assert held == ("held", "It met 20 things within an hour, and would have started a run about each.", 0)
    assert [each.sentence for each in Notification.objects.filter(kind="trigger-held")][:1] == [
        "A trigger is held. It met 20 things within an hour, and would have started a run about each."
    ]
    assert Run.objects.count() == 1


def test_who_has_left_takes_no_part(team, clean, steward, operator):
    playbook(team)
    people = {"devops-engineer": [operator], "steward": [steward]}
    found = actions.add_trigger(
        team, "PB-90", kind="check", check_name="pickle_imports", people=people, by=steward
    )
    actions.switch_on(found, by=steward)
    team.memberships.filter(user=operator).delete()
    start(fails(clean))

    assert [part.user for part in Run.objects.get().people.all()] == [steward]


def test_a_trigger_looks_at_what_was_renamed(team, artifact, clean, author, steward, trigger):
    Trigger.objects.update(about=f"{artifact.label}/*")
    registering.rename(artifact, "rater", by=author)
    renamed(Event.objects.filter(action="artifact.rename").first())

    assert Trigger.objects.get().about == "models/fraud/rater/*"


def test_a_playbook_that_is_gone_stops_no_follower(trigger, clean):
    Trigger.objects.update(playbook="PB-99")
    start(fails(clean))

    assert Firing.objects.count() == 0
