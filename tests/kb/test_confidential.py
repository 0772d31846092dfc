"""What is said in confidence is found nowhere else: a canary word is put in, and every door is tried."""

from __future__ import annotations

import json

import pytest
from django.core import serializers

from governance import access, searches
from governance.actions import set_webhook
from governance.errors import Conflict, Invalid
from governance.models import Delivery, Event, Notification
from kb import actions
from kb.models import Run
from kb.questions import standing
from kb.waiting import waiting as waits
from tests import factories
from tests.kb.running import author, operator, reader, steward, team

__all__ = ["author", "operator", "reader", "steward", "team"]

pytestmark = pytest.mark.django_db

CANARY = "quetzalcoatlus"


@pytest.fixture
def party(team):
    return factories.member(team, "data-engineer", username="tomas")


@pytest.fixture
def conflict(team, author, operator, party) -> Run:
    """Between mara and tomas; priya facilitates. The canary word is in all that was put in."""
    people = {"facilitator": [operator], "party": [author, party]}
    run = actions.start_run(
        team, "PB-17", subject=team.label, people=people, note=f"About {CANARY}.", by=operator
    )
    actions.put(run, "identify", 0, text="data or metric", by=operator)
    actions.put(run, "identify", 1, text=f"It began with {CANARY}.", by=operator)
    actions.comment(run, f"I say {CANARY}.", by=author)
    return run


def test_only_who_is_named_sees_it_whatever_the_role(conflict, author, operator, party, steward):
    others = [steward, factories.admin(), factories.member(conflict.team, "auditor")]

    assert [list(Run.objects.visible_to(who)) for who in (author, operator, party)] == [[conflict]] * 3
    assert [list(Run.objects.visible_to(who)) for who in others] == [[]] * 3


def test_the_trail_and_its_export_say_neither_what_nor_who(conflict, author, operator, party, steward):
    events = Event.objects.filter(action="run.confidential")
    told = serializers.serialize("json", Event.objects.all())

    assert CANARY not in told
    assert {(each.actor, each.token, each.address, each.subject, each.after) for each in events} == {
        ("", "", "", "runs/confidential", None)
    }
    assert not Event.objects.filter(subject=conflict.label).exists()
    assert list(Event.objects.visible_to(steward).filter(action="run.confidential")) == []


def test_a_refusal_leaves_no_trace_of_who_tried(conflict, author):
    before = Event.objects.count()

    with pytest.raises(Conflict) as refused:
        actions.put(conflict, "identify", 1, text="Mine.", by=author)

    assert (refused.value.sentence, Event.objects.count()) == ("This step is priya's.", before)


def test_messages_go_to_the_named_alone_without_a_word_and_no_webhook_hears(team, author, operator, party):
    set_webhook(team, "https://example.org/hook", by=factories.member(team, "steward"))
    Delivery.objects.all().delete()
    people = {"facilitator": [operator], "party": [author, party]}
    actions.start_run(team, "PB-17", subject=team.label, people=people, note=CANARY, by=operator)

    told = Notification.objects.filter(kind="run-confidential")
    assert {each.user for each in told} == {author, party}
    assert {each.sentence for each in told} == {"There is news in a run that you are named in."}
    assert Delivery.objects.count() == 0


def test_it_is_neither_found_nor_counted(conflict, author, steward):
    found = [
        hit for who in (author, steward) for group in searches.search(who, CANARY, 20) for hit in group.hits
    ]

    assert found == []
    assert standing(author)["runs:PB-17"] == "0 runs finished, 0 open"
    assert CANARY not in json.dumps([each.what + each.why for each in waits(author)])


def test_nothing_is_decided_before_every_party_has_confirmed(conflict, author, operator, party):
    actions.put(conflict, "communicate", 0, text="My view.", by=author)
    with pytest.raises(Conflict) as refused:
        actions.put(conflict, "decide", 0, text="So be it.", by=operator)
    actions.put(conflict, "communicate", 0, text="Mine.", by=party)
    for who in (author, party):
        actions.put(conflict, "confirm", 0, text="That is what I mean.", by=who)
    for need in (0, 1):
        actions.put(conflict, "acknowledge", need, text="Words.", by=operator)
    actions.put(conflict, "test", 0, text="The frozen test.", by=operator)
    actions.put(conflict, "test", 1, text="evidence tie", by=operator)
    actions.put(conflict, "procedures", 0, text="None applies.", by=operator)
    decided = actions.put(conflict, "decide", 0, text="Either.", by=operator)

    assert refused.value.sentence == ("The steps before this one are not finished: first everybody is heard.")
    assert decided.step == "decide"


def test_nobody_is_passed_over(conflict, author, operator, party):
    with pytest.raises(Conflict) as taken_out:
        actions.hand_over(conflict, "party", [author], by=operator)

    assert taken_out.value.sentence == "A party stays a party: nobody is taken out before they were heard."


@pytest.mark.parametrize(
    ("sides", "sentence"),
    [
        ((0, [1, 2]), "priya cannot be facilitator and party: name somebody who is not involved."),
        ((None, [1, 2]), "Name one facilitator who is not involved, and at least two parties."),
        ((0, [1]), "Name one facilitator who is not involved, and at least two parties."),
    ],
    ids=["facilitator is a party", "no facilitator", "one party"],
)
def test_who_is_in_it_is_checked(team, author, operator, party, sides, sentence):
    people = [operator, author, party]
    facilitator, parties = sides
    named = {"party": [people[each] for each in parties]}
    if facilitator is not None:
        named["facilitator"] = [operator]
    if "cannot be" in sentence:
        named["party"] = [operator, author]

    with pytest.raises(Invalid) as refused:
        actions.start_run(team, "PB-17", subject=team.label, people=named, by=operator)

    assert refused.value.sentence == sentence


def test_a_token_of_another_team_does_not_see_it(conflict, author):
    other = factories.team()
    author.token = type("Token", (), {"team_id": other.pk, "team": other, "ticks": (True, True, True)})()
    access.forget(author)

    assert list(Run.objects.visible_to(author)) == []
