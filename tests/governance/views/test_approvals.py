"""Approvals: the list, the page of one, and the yes or no."""

from __future__ import annotations

import pytest

from governance import actions
from governance.models import Approval, Event
from registry.models import CheckResult
from tests import factories
from tests.pages import queries, said, told

pytestmark = pytest.mark.django_db


def page(approval):
    return f"/approvals/{approval.pk}/"


def decision(approval, word="approve", **more):
    return {"decision": word, "digest": approval.digest, "note": "", **more}


def another(team, author, operator):
    version = factories.submitted(factories.artifact(team, author), author)
    return actions.request_approval(version.label, alias="production", by=operator)


# ------------------------------------------------------------------ list


def test_the_list_shows_what_waits(approval, steward, signed_in):
    answer = signed_in(steward).get("/approvals/")

    assert "scorer 1 for production models/fraud/scorer/versions/1 Waiting priya fraud just now" in said(
        answer
    )


def test_what_is_decided_has_left_the_list_of_what_waits(approval, steward, signed_in):
    actions.approve(approval, by=steward)

    assert "Nothing waits for a decision" in said(signed_in(steward).get("/approvals/"))


@pytest.mark.parametrize(("word", "state"), [("approve", "Approved"), ("reject", "Rejected")])
def test_what_is_decided_is_under_decided(approval, steward, signed_in, word, state):
    signed_in(steward).post(page(approval), decision(approval, word))

    assert f"scorer 1 for production models/fraud/scorer/versions/1 {state}" in said(
        signed_in(steward).get("/approvals/?show=decided")
    )


def test_mine_are_those_that_i_asked_for(approval, steward, operator, signed_in):
    of_operator = said(signed_in(operator).get("/approvals/?show=mine"))
    of_steward = said(signed_in(steward).get("/approvals/?show=mine"))

    assert ("scorer 1 for production" in of_operator, "scorer 1 for production" in of_steward) == (
        True,
        False,
    )


def test_an_unknown_tab_is_not_understood(steward, signed_in):
    answer = signed_in(steward).get("/approvals/?show=all")

    assert answer.status_code == 400
    assert "Approvals are shown by one of open, decided, mine." in said(answer)


def test_an_unknown_place_in_the_list_is_not_understood(steward, signed_in):
    assert signed_in(steward).get("/approvals/?cursor=%00x").status_code == 400


def test_a_stranger_sees_none(approval, stranger, signed_in):
    assert "Nothing waits for a decision" in said(signed_in(stranger).get("/approvals/"))


@pytest.mark.slow
@pytest.mark.parametrize("show", ["open", "decided", "mine"])
def test_three_cost_as_much_as_one(team, author, operator, steward, approval, signed_in, show):
    for _ in range(2):
        another(team, author, operator)
    client = signed_in(operator)
    if show == "decided":
        for open_one in Approval.objects.all():
            actions.reject(open_one, by=steward)
    with_three = queries(client, f"/approvals/?show={show}")
    Vote = Approval.votes.rel.related_model
    Vote.objects.exclude(approval=approval).delete()
    Approval.objects.exclude(pk=approval.pk).delete()

    assert queries(client, f"/approvals/?show={show}") == with_three


# ------------------------------------------------------------------ one request


def test_the_page_lists_exactly_what_is_signed(approval, steward, signed_in):
    words = said(signed_in(steward).get(page(approval)))

    assert "AUC is up." in words
    assert "Open findings none Waivers none What the gate asks approvals: 1 checks:" in words


def test_a_steward_approves(approval, steward, signed_in):
    answer = signed_in(steward).post(page(approval), decision(approval, note="Fine."))

    assert answer.status_code == 302
    assert approval.votes.values_list("by__username", "yes", "note").get() == ("jonas", True, "Fine.")
    assert told(answer) == [
        "You approved scorer 1 for production. Next, a devops-engineer of fraud promotes it."
    ]


def test_a_steward_rejects(approval, steward, signed_in):
    answer = signed_in(steward).post(page(approval), decision(approval, "reject", note="Too early."))

    approval.refresh_from_db()
    assert approval.outcome == "rejected"
    assert told(answer) == ["You rejected scorer 1 for production. priya finds your note on the home page."]


def test_who_asked_sees_a_closed_button_with_the_reason(team, version, signed_in):
    steward = factories.member(team, "steward", username="leila")
    approval = actions.request_approval(version.label, alias="production", by=steward)

    answer = signed_in(steward).get(page(approval))

    assert "Someone other than the person who asked must do this." in said(answer)
    assert b'value="approve"' not in answer.content


def test_who_asked_is_refused_on_the_form_and_on_the_record(team, version, signed_in):
    steward = factories.member(team, "steward", username="leila")
    approval = actions.request_approval(version.label, alias="production", by=steward)

    answer = signed_in(steward).post(page(approval), decision(approval))

    assert answer.status_code == 403
    assert "Someone other than the person who asked must do this." in said(answer)
    assert Event.objects.filter(action="approval.approve", outcome="refused", actor="leila").count() == 1


def test_the_author_reads_why_someone_else_must_decide(approval, author, signed_in):
    words = said(signed_in(author).get(page(approval)))

    assert "An approval for production is given by a steward." in words


def test_checks_that_have_not_finished_close_approving_but_not_rejecting(
    version, approval, steward, signed_in
):
    CheckResult.objects.filter(version=version).update(outcome="")

    answer = signed_in(steward).get(page(approval))

    assert b'value="approve"' not in answer.content
    assert b'value="reject"' in answer.content


def test_a_yes_to_something_else_is_refused(approval, steward, signed_in):
    answer = signed_in(steward).post(page(approval), decision(approval, digest="0" * 64))

    assert answer.status_code == 409
    assert "What you were shown is not what this request is about. Load the page again." in said(answer)


def test_the_page_says_what_has_changed_since(version, approval, steward, signed_in):
    approval.evidence = {**approval.evidence, "findings": [["file_type", "notes.txt", "odd", "low"]]}
    approval.save()

    words = said(signed_in(steward).get(page(approval)))

    assert "What was asked about has changed" in words
    assert "The open findings are not the ones that were signed." in words
    assert "Gone: file_type · notes.txt · odd · low." in words


def test_nobody_decides_twice(approval, steward, signed_in):
    client = signed_in(steward)
    client.post(page(approval), decision(approval))

    answer = client.post(page(approval), decision(approval))

    assert answer.status_code == 409
    assert "You have decided on this already." in said(answer)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"decision": ""}, "Press Approve or Reject."),
        ({"decision": "perhaps"}, "Select a valid choice. perhaps is not one of the available choices."),
        ({"digest": ""}, "This field is required."),
        ({"note": "x" * 2001}, "Ensure this value has at most 2000 characters (it has 2001)."),
        ({"note": "a\u202eb"}, "This text holds a character that cannot be seen, such as a direction mark."),
    ],
)
def test_a_malformed_decision_says_what_is_wrong(approval, steward, signed_in, sent, sentence):
    answer = signed_in(steward).post(page(approval), {**decision(approval), **sent})

    assert answer.status_code == 400
    assert sentence in said(answer)
    assert approval.votes.count() == 0


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_does_not_learn_that_there_is_one(approval, stranger, signed_in, method):
    assert getattr(signed_in(stranger), method)(page(approval)).status_code == 404


def test_nobody_is_sent_to_sign_in(approval, client):
    assert client.get(page(approval))["Location"] == f"/account/login/?next=/approvals/{approval.pk}/"
