"""Who sets up what starts playbooks, and what is refused."""

from __future__ import annotations

import pytest

from governance.errors import Conflict, Denied, Invalid
from governance.models import Event
from kb import actions
from kb.models import Trigger
from tests import factories
from tests.kb.triggers import artifact, author, clean, made, operator, reader, steward, team, trigger, waiting

__all__ = ["artifact", "author", "clean", "operator", "reader", "steward", "team", "trigger", "waiting"]

pytestmark = pytest.mark.django_db


def test_switching_is_on_the_record(trigger, steward):
    actions.switch_off(trigger, by=steward)

    told = Event.objects.filter(subject=trigger.label).order_by("pk")
    assert [(each.action, each.actor, each.team) for each in told] == [
        ("trigger.add", "jonas", "fraud"),
        ("trigger.switch_on", "jonas", "fraud"),
        ("trigger.switch_off", "jonas", "fraud"),
    ]


@pytest.mark.parametrize("name", ["switch_on", "switch_off"])
def test_only_a_steward_switches_it(trigger, author, name):
    with pytest.raises(Denied) as refused:
        getattr(actions, name)(trigger, by=author)

    assert refused.value.sentence == "Your roles in fraud do not allow this: it takes steward."


def test_what_is_on_is_not_switched_on(trigger, steward):
    with pytest.raises(Conflict) as refused:
        actions.switch_on(trigger, by=steward)

    assert refused.value.sentence == "It is on already."


REFUSED = [
    ("PB-17", {}, "What is in confidence begins with people, never by itself."),
    ("PB-13", {"check_name": "ab_c"}, "Choose the check whose failure starts a run."),
    ("PB-13", {"kind": "event", "check_name": "", "action": "run.start"},
     "Choose the event that starts a run."),
    ("PB-13", {"about": "datasets/fraud/*"}, "is about models/…: this would never match."),
    ("PB-13", {"about": "models/%"}, "Write a label"),
    ("PB-13", {"about": "models/" + "*a" * 6}, "At most 5 stars"),
    ("PB-13", {"kind": "schedule", "check_name": ""}, "Say every how many days."),
    ("PB-13", {"kind": "schedule", "check_name": "", "every_days": 7, "about": "models/fraud/*"},
     "Name the one thing that it is about"),
    ("PB-13", {"kind": "schedule", "check_name": "", "every_days": 7, "about": "models/pricing/scorer"},
     "Name the one thing that it is about"),
    ("PB-13", {"window_hours": 0}, "greater than or equal to 1"),
]  # fmt: skip


NAMED = [
    pytest.param(*each, id=each[2][:30], marks=[pytest.mark.slow] if number else [])
    for number, each in enumerate(REFUSED)
]


@pytest.mark.parametrize(("code", "cause", "sentence"), NAMED)
def test_what_can_never_work_is_refused_with_its_sentence(team, steward, code, cause, sentence):
    given = {"kind": "check", "check_name": "pickle_imports", **cause}
    with pytest.raises(Invalid) as refused:
        actions.add_trigger(team, code, by=steward, **given)

    said = str(refused.value.details.get("errors", {})) + refused.value.sentence
    assert (sentence in said, Trigger.objects.count()) == (True, 0)


def test_others_see_none(trigger):
    zoe = factories.member(factories.team("pricing"), "steward")

    assert list(Trigger.objects.visible_to(zoe)) == []


def test_only_so_many_are_on(team, steward, trigger, monkeypatch):
    monkeypatch.setattr("kb.actions.triggers.MOST_ON", 1)
    other = made(team, steward)

    with pytest.raises(Conflict) as refused:
        actions.switch_on(other, by=steward)

    assert refused.value.sentence == "At most 1 triggers of a team are on: switch another one off first."
