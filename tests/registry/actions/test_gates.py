"""Gates get other settings: asked for, confirmed by a second person, on the record, at both doors."""

from __future__ import annotations

import pytest
from django.db import transaction

from governance import actions as governing
from governance.errors import Conflict, Denied, Invalid
from governance.models import Approval, Event, Notification, Team
from registry import actions
from registry.gate_changes import changes
from registry.models import Gate, GateRequest, GateSettings
from registry.models.gates import gates_of
from tests import factories
from tests.governance.api.caller import Caller, said
from tests.pages import queries, told
from tests.pages import said as words
from tests.registry.actions.meeting import beside, until_somebody_waits
from tests.registry.views.conftest import signed_in, stranger  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db

STRICT = {"staging": Gate(), "production": Gate(approvals=2)}
USUAL = {"staging": Gate(), "production": Gate(approvals=1)}
REST = {
    "by_itself": False,
    "card": [],
    "approvers": ["steward"],
    "not_required": [],
    "licences": [],
    "falls_back": False,
    "run": "",
    "signed": False,
}
SENT = {"staging": {"approvals": 0, **REST}, "production": {"approvals": 2, **REST}}
GATE, REQUESTS = "/teams/fraud/gate/", "teams/fraud/gate/requests/"
ASKED = "Someone other than the person who asked must do this."
ROLE = "Your roles in fraud do not allow this: it takes steward."


@pytest.fixture
def leila(team):
    return factories.member(team, "steward", username="leila")


def now(team) -> dict[str, Gate]:
    return gates_of(Team.objects.get(pk=team.pk))


def events(action: str) -> list[tuple[str, str]]:
    return list(Event.objects.filter(action=action).values_list("actor", "outcome"))


# ------------------------------------------------------------------ asking and confirming


def test_a_second_steward_confirms_what_one_asked_for(team, steward, leila):
    asked = actions.request_gates(team, STRICT, note="Two pairs of eyes.", by=steward)
    before = now(team)

    made = actions.confirm_gates(asked, by=leila)

    assert (before, now(team), made.number) == (USUAL, STRICT, 1)
    assert [events(name) for name in ("gate.request", "gate.confirm", "gate.set", "gate.alone")] == [
        [("jonas", "done")],
        [("leila", "done")],
        [("leila", "done")],
        [],
    ]
    event = Event.objects.get(action="gate.set")
    assert event.before["gates"]["production"]["approvals"] == 1
    assert event.after["gates"]["production"]["approvals"] == 2


def test_stewards_are_asked_and_the_asker_is_told(team, steward, leila, author):
    asked = actions.request_gates(team, STRICT, by=steward)
    actions.confirm_gates(asked, by=leila)

    assert list(Notification.objects.order_by("pk").values_list("user__username", "kind", "sentence")) == [
        (
            "leila",
            "settings-asked",
            "jonas asks you to confirm the change of the gates of fraud: production: approvals from 1 to 2.",
        ),
        ("jonas", "settings-decided", "leila confirmed the change of the gates of fraud."),
    ]
    assert Notification.objects.get(kind="settings-asked").read_at is not None


def test_who_asked_does_not_confirm(team, steward, leila):
    asked = actions.request_gates(team, STRICT, by=steward)

    with pytest.raises(Denied, match=ASKED):
        actions.confirm_gates(asked, by=steward)

    assert (now(team), events("gate.confirm")) == (USUAL, [("jonas", "refused")])


def test_a_team_of_one_confirms_alone_with_an_event_of_its_own(team, steward):
    asked = actions.request_gates(team, STRICT, by=steward)

    actions.confirm_gates(asked, by=steward)

    assert (now(team), events("gate.alone")) == (STRICT, [("jonas", "done")])


def test_a_rejected_request_changes_nothing(team, steward, leila):
    asked = actions.request_gates(team, STRICT, by=steward)

    actions.reject_gates(asked, note="One is enough.", by=leila)

    assert (now(team), GateRequest.objects.get().outcome) == (USUAL, "rejected")
    with pytest.raises(Conflict, match="This request is closed already: rejected"):
        actions.confirm_gates(asked, by=leila)


def test_who_asked_may_take_it_back(team, steward, leila):
    actions.reject_gates(actions.request_gates(team, STRICT, by=steward), by=steward)

    assert GateRequest.objects.get().state == "rejected"


def test_of_two_requests_the_other_becomes_void(team, steward, leila):
    mine = actions.request_gates(team, STRICT, by=steward)
    other = actions.request_gates(team, {**USUAL, "canary": Gate(approvals=1)}, by=leila)

    actions.confirm_gates(mine, by=leila)

    other.refresh_from_db()
    assert (other.outcome, events("gate.void")) == ("void", [("leila", "done")])
    with pytest.raises(Conflict, match="This request is closed already: void"):
        actions.confirm_gates(other, by=steward)


def test_a_request_about_settings_that_are_old_is_refused(team, steward, leila):
    actions.confirm_gates(actions.request_gates(team, STRICT, by=steward), by=leila)

    with pytest.raises(Conflict, match="The settings have changed since you were shown them"):
        actions.request_gates(team, USUAL, based_on=0, by=steward)


@pytest.mark.parametrize(
    ("gates", "sentence"),
    [
        ({**USUAL, "production": Gate(approvals=0)}, "Production never needs fewer than one approval."),
        ({**USUAL, "staging": Gate(approvals=6)}, "A gate asks for 0 to 5 approvals."),
        ({"staging": Gate()}, "production always has a gate: say what it asks for."),
    ],
)
def test_what_nobody_may_ask_for_is_refused(team, steward, gates, sentence):
    with pytest.raises(Invalid, match=sentence):
        actions.request_gates(team, gates, by=steward)

    assert GateRequest.objects.count() == 0


def test_nothing_new_is_no_change(team, steward):
    with pytest.raises(Conflict, match="nothing would change"):
        actions.request_gates(team, USUAL, by=steward)


def test_approvals_at_a_gate_that_changed_become_void(team, steward, leila, clean, author):
    factories.approved(clean, steward, asker=author)
    kept = governing.request_approval(clean.label, alias="staging", by=author)

    actions.confirm_gates(actions.request_gates(team, STRICT, by=steward), by=leila)

    assert Approval.objects.get(alias="production").outcome == "void"
    assert Approval.objects.get(pk=kept.pk).state == "open"


# ------------------------------------------------------------------ promoting by itself


def by_itself(team, steward, leila) -> None:
    gates = {"staging": Gate(), "production": Gate(approvals=1, by_itself=True)}
    actions.confirm_gates(actions.request_gates(team, gates, by=steward), by=leila)


def test_what_is_approved_is_promoted_in_the_name_of_who_asked(team, steward, leila, clean, operator):
    by_itself(team, steward, leila)

    factories.approved(clean, steward, asker=operator)

    move = clean.moves.get()
    assert (move.alias, move.by.username, move.protected) == ("production", "system", True)
    assert move.reason == "Approved, in the name of priya, who asked."
    assert Approval.objects.get().outcome == "used"
    assert Notification.objects.filter(user=operator).order_by("pk").last().sentence == (
        "scorer 1 is production: it was promoted by itself."
    )


def test_what_something_objects_to_is_not_promoted_and_told(team, steward, leila, clean, author):
    by_itself(team, steward, leila)

    factories.approved(clean, steward, asker=author)

    assert (clean.moves.count(), Approval.objects.get().state) == (0, "approved")
    assert Notification.objects.filter(user=author).order_by("pk").last().sentence == (
        "scorer 1 is approved for production and was not promoted by itself: Your roles in fraud do not "
        "allow this: it takes devops-engineer. Someone other than the author must do this."
    )


def test_without_that_setting_somebody_promotes(team, steward, clean, operator):
    factories.approved(clean, steward, asker=operator)

    assert clean.moves.count() == 0


# ------------------------------------------------------------------ at once


@pytest.mark.django_db(transaction=True)
def test_of_two_confirmations_at_once_one_counts(team, steward, leila):
    noor = factories.member(team, "steward", username="noor")
    first = actions.request_gates(team, STRICT, by=noor)
    second = actions.request_gates(team, {**USUAL, "canary": Gate()}, by=noor)

    with transaction.atomic():
        actions.confirm_gates(first, by=steward)
        thread, came = beside(lambda: actions.confirm_gates(second, by=leila))
        until_somebody_waits()
    thread.join()

    assert str(came[0]) == "This request is closed already: void."
    assert list(GateSettings.objects.values_list("number", "gates__production__approvals")) == [(1, 2)]


# ------------------------------------------------------------------ both doors


def post_page(client, address: str, **sent: str):
    approvers = {f"{alias}.approvers": ["steward"] for alias in USUAL}
    return client.post(address, {"based_on": "0", "note": "Two pairs of eyes.", **approvers, **sent})


def test_asked_for_and_confirmed_at_pages(team, steward, leila, signed_in):  # noqa: F811
    sent = {"staging.approvals": "0", "production.approvals": "2", "more": "canary"}

    asked = post_page(signed_in(steward), GATE, **sent)
    shown = words(signed_in(leila).get(asked["Location"]))
    answer = signed_in(leila).post(asked["Location"], {"decision": "confirm"})

    assert "production approvals 1 2 Tightens" in shown
    assert told(answer) == ["The gates of fraud are like this from now on."]
    assert now(team) == {"canary": Gate(approvals=1), **STRICT}
    assert "Settings 1" in words(signed_in(leila).get(GATE))


def test_asked_for_and_confirmed_by_programs(team, steward, leila):
    asked = Caller(steward).post(REQUESTS, {"gates": SENT, "note": "Two pairs of eyes."})
    answer = Caller(leila).post(f"{REQUESTS}{asked.json()['id']}/confirm")

    assert (asked.status_code, answer.status_code, answer.json()["state"]) == (201, 200, "confirmed")
    assert Caller(leila).get("teams/fraud/gate/").json()["gates"] == SENT


def test_other_approvers_and_a_check_less_are_asked_for_at_pages(team, steward, leila, signed_in):  # noqa: F811
    sent = {
        **{"staging.approvals": "0", "staging.not_required": ["tabular_facts"]},
        **{"production.approvals": "1", "production.approvers": ["steward", "data-scientist"]},
    }

    asked = post_page(signed_in(steward), GATE, **sent)
    shown = words(signed_in(leila).get(asked["Location"]))
    signed_in(leila).post(asked["Location"], {"decision": "confirm"})

    assert "production approvers steward steward or data-scientist Loosens" in shown
    assert "staging required checks all all but tabular_facts Loosens" in shown
    assert now(team) == {
        "staging": Gate(not_required=("tabular_facts",)),
        "production": Gate(approvals=1, approvers=("steward", "data-scientist")),
    }
    assert "1, by steward or data-scientist all" in words(signed_in(leila).get(GATE))


@pytest.mark.parametrize("door", ["page", "program"])
def test_licences_are_asked_for_at_both_doors(team, steward, leila, signed_in, door):  # noqa: F811
    if door == "page":
        sent = {
            "staging.approvals": "0",
            "production.approvals": "1",
            "production.licences": "MIT, Apache-2.0",
        }
        post_page(signed_in(steward), GATE, **sent)
    else:
        gate = {"approvals": 1, "licences": ["MIT", "Apache-2.0"]}
        Caller(steward).post(REQUESTS, {"gates": {**SENT, "production": gate}})
    asked = GateRequest.objects.get()
    shown = words(signed_in(leila).get(f"{GATE}requests/{asked.pk}/"))
    actions.confirm_gates(asked, by=leila)

    assert "production licences any MIT, Apache-2.0 Tightens" in shown
    assert now(team) == {**USUAL, "production": Gate(approvals=1, licences=("MIT", "Apache-2.0"))}
    assert "1, by steward all MIT, Apache-2.0" in words(signed_in(leila).get(GATE))


@pytest.mark.parametrize(
    ("before", "after", "loosens"),
    [
        (("MIT",), (), True),
        (("MIT",), ("MIT", "CC0-1.0"), True),
        (("MIT", "CC0-1.0"), ("MIT",), False),
        ((), ("MIT",), False),
    ],
)
def test_a_gate_that_takes_more_licences_is_looser(before, after, loosens):
    was, then = ({"production": Gate(1, licences=each)} for each in (before, after))

    assert [change.loosens for change in changes(was, then)] == [loosens]


@pytest.mark.parametrize(
    ("gate", "sentence"),
    [
        (
            {"not_required": ["pickle_imports"]},
            "pickle_imports looks for danger: every gate requires it.",
        ),
        ({"not_required": ["nothing"]}, "There is no check nothing."),
        (
            {"licences": ["MIT", "free for all"]},
            "free for all: Give the licence by its SPDX name, such as Apache-2.0, or LicenseRef-Internal for "
            "your own.",
        ),
        ({"licences": ["MIT OR Apache-2.0"]}, "MIT OR Apache-2.0: Give the licence by its SPDX name"),
        ({"approvers": ["auditor"]}, '"auditor" is not a valid choice.'),
        ({"approvers": []}, "This list may not be empty."),
    ],
)
def test_what_no_gate_may_ask_for_is_refused(team, steward, gate, sentence):
    sent = {**SENT, "production": {**SENT["production"], **gate}}

    answer = Caller(steward).post(REQUESTS, {"gates": sent})

    assert (answer.status_code, sentence in answer.json()["detail"]) == (400, True)
    assert GateRequest.objects.count() == 0


def test_refused_with_its_sentence_at_pages(team, steward, author, leila, signed_in):  # noqa: F811
    asked = actions.request_gates(team, STRICT, by=steward)
    address = f"{GATE}requests/{asked.pk}/"

    own = signed_in(steward).post(address, {"decision": "confirm"})
    role = signed_in(author).post(address, {"decision": "confirm"})
    low = post_page(signed_in(steward), GATE, **{"staging.approvals": "0", "production.approvals": "0"})

    assert [own.status_code, role.status_code, low.status_code] == [403, 403, 400]
    assert [ASKED in words(own), ROLE in words(role)] == [True, True]
    assert now(team) == USUAL


def test_refused_with_its_sentence_by_programs(team, steward, author, leila):
    asked = actions.request_gates(team, STRICT, by=steward)
    address = f"{REQUESTS}{asked.pk}/confirm"
    none = {"staging": {"approvals": 0}, "production": {"approvals": 0}}

    assert said(Caller(steward).post(address)) == (403, ASKED)
    assert said(Caller(author).post(address)) == (403, ROLE)
    assert said(Caller(steward).post(REQUESTS, {"gates": none})) == (
        400,
        "Production never needs fewer than one approval.",
    )


def test_strangers_and_readers_see_no_gates(team, steward, reader, stranger, signed_in):  # noqa: F811
    asked = actions.request_gates(team, STRICT, by=steward)

    for person in (reader, stranger):
        pages = [signed_in(person).get(path).status_code for path in (GATE, f"{GATE}requests/{asked.pk}/")]
        programs = [Caller(person).get(path).status_code for path in (REQUESTS, "teams/fraud/gate/")]
        assert [*pages, *programs] == [404, 404, 404, 404]


def test_the_page_takes_the_same_few_queries_however_much_was_asked(team, steward, signed_in):  # noqa: F811
    client = signed_in(steward)
    actions.request_gates(team, STRICT, by=steward)
    one = queries(client, GATE)
    for number in (3, 4):
        actions.request_gates(team, {**USUAL, "production": Gate(approvals=number)}, by=steward)

    assert queries(client, GATE) == one


def test_the_list_takes_the_same_few_queries_however_long(team, steward):
    caller = Caller(steward)
    actions.request_gates(team, STRICT, by=steward)
    one = caller.queries(REQUESTS)
    for number in (3, 4):
        actions.request_gates(team, {**USUAL, "production": Gate(approvals=number)}, by=steward)

    assert caller.queries(REQUESTS) == one <= 5


def test_a_team_that_never_changed_its_gates_is_told_so(team, steward, signed_in):  # noqa: F811
    page = words(signed_in(steward).get(GATE))

    assert "The usual settings: nobody has changed them" in page
    assert "Nobody has asked for a change yet" in page
