"""What is said in confidence is found nowhere else: a canary word is put in, and every door is tried."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core import serializers
from django.test import Client
from django.utils import timezone

from governance import access, searches
from governance.actions import set_webhook
from governance.errors import Absent, Conflict, Denied, Invalid
from governance.models import Delivery, Event, Notification, User
from kb import actions
from kb.followers.progress import concerned, progress
from kb.measuring import measure
from kb.models import FollowUp, Glass, Run
from kb.questions import standing
from kb.waiting import waiting as waits
from tests import factories
from tests.governance.api.caller import Caller
from tests.kb.running import author, operator, reader, steward, team
from tests.pages import said

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
    for who in (author, party):
        actions.put(conflict, "agree", 0, text="The words are right.", by=who)
    actions.put(conflict, "test", 0, text="Nothing to test.", by=operator)
    actions.put(conflict, "test", 1, text="there is nothing to test", by=operator)
    actions.put(conflict, "procedures", 0, text="None applies.", by=operator)
    actions.put(conflict, "procedures", 1, text="no rule asks that anybody is told", by=operator)
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


# ------------------------------------------------------------------ breaking the glass


def asked(conflict, by):
    return actions.ask_glass("runs/confidential", conflict.pk, reason="A lawyer asks.", by=by)


def test_two_people_let_an_administrator_read_for_a_day_and_the_parties_hear_at_once(
    conflict, author, operator, party, steward
):
    ada = factories.admin()
    glass = asked(conflict, ada)
    before = list(Run.objects.visible_to(ada))
    Notification.objects.filter(kind="run-confidential").delete()
    actions.open_glass(glass, by=steward)
    during = list(Run.objects.visible_to(ada))
    told = Notification.objects.filter(kind="run-confidential")
    heard = {(each.user, each.sentence) for each in told}
    day = timezone.now() - timedelta(days=1)
    Glass.objects.update(opened_at=day - timedelta(hours=1), ends_at=day)

    assert (before, during, list(Run.objects.visible_to(ada))) == ([], [conflict], [])
    sentence = f"A confidential run that you are named in was opened to {ada} for 24 hours."
    assert heard == {(each, sentence) for each in (author, operator, party)}
    assert conflict.entries.filter(kind="change", by=steward).get().text.endswith("UTC: A lawyer asks.")
    assert not Run.objects.visible_to(steward).exists()


def test_who_was_let_in_reads_and_does_nothing(conflict, steward):
    ada = factories.member(conflict.team, "steward", "data-scientist", username="ada")
    type(ada).objects.filter(pk=ada.pk).update(is_superuser=True)
    ada = type(ada).objects.get(pk=ada.pk)
    actions.open_glass(asked(conflict, ada), by=steward)

    with pytest.raises(Conflict) as refused:
        actions.comment(conflict, "I was here.", by=ada)

    assert refused.value.sentence == "Only who is named in this run may do this."


def test_who_is_no_administrator_any_more_is_not_let_in(conflict, steward):
    ada = factories.admin()
    glass = asked(conflict, ada)

    def administers(yes: bool) -> User:
        User.objects.filter(pk=ada.pk).update(is_superuser=yes)
        return User.objects.get(pk=ada.pk)

    administers(False)
    with pytest.raises(Conflict) as refused:
        actions.open_glass(glass, by=steward)
    administers(True)
    actions.open_glass(glass, by=steward)
    found = [Run.objects.visible_to(administers(yes)).exists() for yes in (True, False)]

    assert refused.value.sentence == f"{ada} is no administrator any more: nobody is let in."
    assert found == [True, False]


def test_the_trail_says_who_looked_and_not_into_what(conflict, steward):
    ada = factories.admin()
    actions.open_glass(asked(conflict, ada), by=steward)

    told = Event.objects.filter(action__startswith="glass.").order_by("pk")
    assert [(each.action, each.actor, each.team) for each in told] == [
        ("glass.ask", ada.username, ""),
        ("glass.confirm", steward.username, ""),
    ]
    assert conflict.label not in serializers.serialize("json", told)


def test_it_is_asked_once_by_an_administrator_with_a_reason(conflict, steward):
    ada = factories.admin()
    asked(conflict, ada)

    with pytest.raises(Conflict) as twice:
        asked(conflict, ada)
    with pytest.raises(Denied) as refused:
        asked(conflict, steward)
    with pytest.raises(Absent):
        actions.ask_glass("runs/confidential", conflict.pk + 1, reason="Why not.", by=ada)

    assert twice.value.sentence == "Somebody has asked for it already."
    assert refused.value.sentence == "Only the site administrator may do this."


def test_by_page_and_by_api(conflict, steward):
    ada = factories.admin()
    sent = {"number": conflict.pk, "reason": "A lawyer asks."}
    page = Client()
    page.force_login(ada)
    page.post("/runs/confidential/", sent)
    glass = Glass.objects.get()
    answer = Caller(steward).post(f"glass/{glass.pk}/confirm").json()
    words = said(page.get("/runs/confidential/"))

    assert (answer["asked_by"], answer["opened_by"]) == (ada.username, steward.username)
    assert f"{ada.username} asked to look into run {conflict.pk} of {conflict.team.slug}" in words
    assert page.get(f"/runs/{conflict.pk}/").status_code == 200


# ------------------------------------------------------------------ who takes part


def test_a_party_may_be_of_another_team(team, author, operator):
    zoe = factories.member(factories.team("pricing"), "reader", username="zoe")
    people = {"facilitator": [operator], "party": [author, zoe]}
    run = actions.start_run(team, "PB-17", subject=team.label, people=people, by=operator)
    for need, text in ((0, "data or metric"), (1, "It began so.")):
        actions.put(run, "identify", need, text=text, by=operator)
    Caller(zoe).post(f"runs/{run.pk}/steps/communicate/put", {"need": 0, "text": "My view."})
    Caller(zoe).post(f"runs/{run.pk}/entries/", {"text": "And more."})

    assert list(run.entries.filter(by=zoe).values_list("kind", flat=True)) == ["statement", "comment"]
    assert list(Run.objects.visible_to(zoe)) == [run]
    assert [each.what for each in waits(zoe)] == []


@pytest.mark.parametrize("probed", ["zoe", "nobody-here"], ids=["there", "not there"])
@pytest.mark.parametrize("beside", ["party", "left"])
def test_nobody_learns_of_user_names_by_beginning_one(team, author, operator, probed, beside):
    factories.member(factories.team("pricing"), "reader", username="zoe")
    left = factories.person("left")
    User.objects.filter(pk=left.pk).update(is_active=False)
    others = {"left": {"party": ["mara", probed, "left"]}, "party": {"party": [probed]}}
    sent = {"team": team.slug, "playbook": "PB-17", "subject": team.label}
    people = {"facilitator": ["priya"], **others[beside]}

    answer = Caller(operator).post("runs/", {**sent, "people": people}).json()

    assert (
        answer["detail"]
        == {
            "party": "Name one facilitator who is not involved, and at least two parties.",
            "left": "One of those you named is nobody who may take part: look at their user names.",
        }[beside]
    )
    assert Run.objects.count() == 0


@pytest.mark.parametrize("name", ["zoe", "nobody-here"])
def test_nor_by_asking_for_a_follow_up_or_handing_it_over(conflict, team, operator, name):
    factories.member(factories.team("pricing"), "reader", username="zoe")
    sent = {"text": "Talk.", "owner": name, "due_on": timezone.now().date().isoformat()}
    people = {"people": ["mara", "tomas", name, "nobody-else"]}

    asked = Caller(operator).post(f"runs/{conflict.pk}/follow-ups/", sent).json()["detail"]
    handed = Caller(operator).put(f"runs/{conflict.pk}/people/party", people).json()["detail"]

    assert asked == f"{name} is nobody who may take part in this run."
    assert handed == "One of those you named is nobody who may take part: look at their user names."
    assert conflict.people.count() == 3


def test_a_party_alone_ends_nothing(conflict, author, operator):
    with pytest.raises(Conflict) as refused:
        actions.cancel_run(conflict, reason="Enough.", by=author)
    actions.cancel_run(conflict, reason="It is settled.", by=operator)

    assert refused.value.sentence == "In a confidential run only priya may do this."
    assert Run.objects.get(pk=conflict.pk).outcome == "cancelled"


def test_what_follows_it_is_said_nowhere_else(conflict, author, operator, steward):
    actions.add_follow_up(
        conflict, f"Talk of {CANARY}.", owner=author, due_on=timezone.now().date(), by=operator
    )
    with pytest.raises(Conflict) as refused:
        actions.write_retrospective(conflict_over(conflict, operator), by=operator)

    told = serializers.serialize("json", [*Event.objects.all(), *Notification.objects.all()])
    assert refused.value.sentence == "What is in confidence is written down nowhere else."
    assert (
        CANARY in told,
        measure(author, "PB-17").others,
        FollowUp.objects.visible_to(steward).count(),
    ) == (
        False,
        0,
        0,
    )
    assert measured_page(author) == "In confidence: nothing about its runs is counted."


def conflict_over(conflict, by):
    actions.cancel_run(conflict, reason="It is settled.", by=by)
    return Run.objects.get(pk=conflict.pk)


def measured_page(person) -> str:
    client = Client()
    client.force_login(person)
    words = said(client.get("/playbooks/PB-17/figures/"))
    return words[words.index("In confidence") :].partition(" Search")[0]


def test_what_happens_in_one_stirs_no_other(conflict, team, author, operator, party):
    people = {"facilitator": [operator], "party": [author, party]}
    other = actions.start_run(team, "PB-17", subject=team.label, people=people, by=operator)
    Run.objects.update(stirred=False)
    actions.comment(conflict, "Only here.", by=author)
    event = Event.objects.filter(action="run.confidential").first()

    assert list(concerned(event)) == [conflict]
    progress(event)
    assert list(concerned(event)) == []
    assert not Run.objects.filter(pk=other.pk, stirred=True).exists()
