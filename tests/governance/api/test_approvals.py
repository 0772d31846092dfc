"""Requests for approval by the API: asked, given, refused."""

from __future__ import annotations

import pytest

from governance import actions
from governance.models import Approval, Event, Team, User
from registry import gate
from registry.models import CheckResult, Severity, Version
from tests import factories
from tests.governance.api.caller import Caller, rows, said
from tests.registry.conftest import found

pytestmark = pytest.mark.django_db

NO_GATE = "An approval is for staging or production: no other alias has a gate."
NOT_THERE = "There is no such request that you may see."


@pytest.fixture
def team() -> Team:
    return factories.team("fraud")


@pytest.fixture
def mara(team: Team) -> User:
    return factories.member(team, "data-scientist", username="mara")


@pytest.fixture
def version(team: Team, mara: User) -> Version:
    made = factories.submitted(factories.artifact(team, mara, name="scorer"), mara)
    CheckResult.objects.filter(version=made).update(outcome="done", finished_at=made.submitted_at)
    return made


@pytest.fixture
def draft(team: Team, mara: User) -> Version:
    return factories.draft(factories.artifact(team, mara, name="sketch"), mara)


@pytest.fixture
def author(mara: User, version: Version) -> Caller:
    return Caller(mara)


@pytest.fixture
def steward(team: Team) -> Caller:
    return Caller(factories.member(team, "steward", username="jonas"))


@pytest.fixture
def auditor(team: Team) -> Caller:
    return Caller(factories.member(team, "auditor"))


@pytest.fixture
def reader(team: Team) -> Caller:
    return Caller(factories.member(team, "reader"))


@pytest.fixture
def stranger() -> Caller:
    return Caller(factories.member(factories.team("pricing"), "steward"))


def ask(caller: Caller, **changes: object) -> dict[str, object]:
    body = {"subject": "models/fraud/scorer/versions/1", "alias": "production", "note": "for the release"}
    return caller.post("approvals/", {**body, **changes})


def older_request(version: Version, alias: str) -> Approval:
    """As it could be asked for before the gate was asked."""
    evidence = gate.evidence(version, alias)
    return Approval.objects.create(
        team=version.team,
        subject=version.label,
        alias=alias,
        digest=actions.evidence_digest(evidence),
        evidence=evidence,
        requested_by=version.added_by,
    )


def test_author_asks(author: Caller) -> None:
    answer = ask(author)

    found = answer.json()
    assert (answer.status_code, found["state"], found["requested_by"], found["votes"]) == (
        201,
        "open",
        "mara",
        [],
    )
    assert found["digest"] == Approval.objects.get(pk=found["id"]).digest
    assert found["evidence"]["version"] == "models/fraud/scorer/versions/1"


def test_steward_approves(author: Caller, steward: Caller) -> None:
    asked = ask(author).json()

    answer = steward.post(f"approvals/{asked['id']}/approve", {"note": "fine", "digest": asked["digest"]})

    assert (answer.status_code, answer.json()["state"]) == (200, "approved")
    votes = [(vote["by"], vote["yes"], vote["note"]) for vote in answer.json()["votes"]]
    assert votes == [("jonas", True, "fine")]


def test_steward_rejects(author: Caller, steward: Caller) -> None:
    asked = ask(author).json()

    answer = steward.post(f"approvals/{asked['id']}/reject")

    assert (answer.status_code, answer.json()["state"]) == (200, "rejected")
    assert answer.json()["closed_at"] is not None


def test_yes_to_something_else_is_refused(author: Caller, steward: Caller) -> None:
    asked = ask(author).json()

    answer = steward.post(f"approvals/{asked['id']}/approve", {"digest": "0" * 64})

    assert said(answer) == (
        409,
        "What you were shown is not what this request is about. Load the page again.",
    )


def test_one_decides_once(author: Caller, steward: Caller) -> None:
    asked = ask(author).json()
    steward.post(f"approvals/{asked['id']}/approve")

    answer = steward.post(f"approvals/{asked['id']}/approve")

    assert said(answer) == (409, "You have decided on this already.")


def test_who_asked_does_not_answer(author: Caller, auditor: Caller) -> None:
    asked = ask(author).json()

    answer = author.post(f"approvals/{asked['id']}/approve")

    assert answer.status_code == 403
    assert {found["policy"] for found in answer.json()["objections"]} == {
        "approver_role",
        "four_eyes",
        "other_person",
    }
    assert auditor.post(f"approvals/{asked['id']}/approve").status_code == 403
    assert Event.objects.filter(action="approval.approve", outcome="refused").count() == 2


def test_same_is_asked_once(author: Caller) -> None:
    ask(author)

    assert said(ask(author)) == (409, "An approval of exactly this has been asked for already.")


def test_newer_request_makes_the_older_one_void_on_the_record(author: Caller, version: Version) -> None:
    older = ask(author).json()["id"]
    found(version, Severity.LOW)

    newer = ask(author).json()["id"]

    outcomes = dict(Approval.objects.values_list("pk", "outcome"))
    event = Event.objects.get(action="approval.void")
    assert outcomes == {older: "void", newer: ""}
    assert (event.subject, event.actor, event.after) == (
        version.label,
        "mara",
        {"approval": older, "alias": "production"},
    )


def test_those_without_the_role_do_not_ask(version: Version, auditor: Caller) -> None:
    assert ask(auditor).status_code == 403


@pytest.mark.parametrize(
    "subject",
    [
        "models/fraud/scorer/versions/9",
        "models/fraud/scorer/versions/0",
        "nothing",
        "models/fraud/a\u202eb/versions/1",
    ],
)
def test_what_is_not_there_is_not_asked_about(author: Caller, subject: str) -> None:
    assert said(ask(author, subject=subject)) == (404, f"There is nothing called {subject} that you may see.")


@pytest.mark.parametrize(
    "change", [{"subject": "a\0b"}, {"subject": "x" * 401}, {"alias": ""}, {"digest": "x"}, {"note": 5}]
)
def test_malformed_requests_are_refused(author: Caller, change: dict[str, object]) -> None:
    assert ask(author, **change).status_code == 400


def test_what_takes_no_approval_is_not_asked_about(author: Caller) -> None:
    answer = ask(author, subject="models/fraud/scorer")

    assert said(answer) == (400, "models/fraud/scorer is nothing that is approved: name a version.")


def test_draft_is_not_asked_about(author: Caller, draft: Version) -> None:
    answer = ask(author, subject=draft.label)

    assert said(answer) == (409, "Version 1 is a draft: submit it first.")
    assert Approval.objects.count() == 0


@pytest.mark.parametrize("alias", ["foo", "x/y", "Production", "production ", "pro\u202eduction"])
def test_alias_without_a_gate_is_not_asked_about(author: Caller, alias: str) -> None:
    answer = ask(author, alias=alias)

    assert said(answer) == (400, NO_GATE)
    assert answer.json()["errors"] == {"alias": [NO_GATE]}
    assert Approval.objects.count() == 0


def test_those_without_the_role_learn_nothing_of_the_state(draft: Version, auditor: Caller) -> None:
    answer = ask(auditor, subject=draft.label, alias="foo")

    assert (answer.status_code, Event.objects.get(action="approval.request").outcome) == (403, "refused")


def test_draft_that_was_asked_about_is_rejected_and_never_approved(draft: Version, steward: Caller) -> None:
    asked = older_request(draft, "production")

    assert said(steward.post(f"approvals/{asked.pk}/approve")) == (
        403,
        "Version 1 is a draft: submit it first.",
    )
    assert steward.post(f"approvals/{asked.pk}/reject").status_code == 200


def test_alias_without_a_gate_that_was_asked_for_is_rejected_and_never_approved(
    version: Version, steward: Caller
) -> None:
    asked = older_request(version, "foo")

    assert said(steward.post(f"approvals/{asked.pk}/approve")) == (400, NO_GATE)
    assert steward.post(f"approvals/{asked.pk}/reject").status_code == 200


def test_others_do_not_see_requests(
    author: Caller, reader: Caller, stranger: Caller, auditor: Caller
) -> None:
    asked = ask(author).json()

    assert said(stranger.get(f"approvals/{asked['id']}/")) == (404, NOT_THERE)
    assert said(stranger.post(f"approvals/{asked['id']}/approve")) == (404, NOT_THERE)
    assert said(stranger.post(f"approvals/{asked['id']}/reject")) == (404, NOT_THERE)
    assert ask(stranger).status_code == 404
    assert [rows(caller.get("approvals/"), "id") for caller in (reader, stranger, auditor)] == [
        [],
        [],
        [asked["id"]],
    ]
    assert Caller().get("approvals/").status_code == 401


def test_requests_are_found_by_what_they_are(author: Caller, steward: Caller) -> None:
    asked = ask(author).json()["id"]
    steward.post(f"approvals/{asked}/reject")
    again = ask(author).json()["id"]

    def found(query: str) -> object:
        return rows(author.get(f"approvals/?{query}"), "id")

    assert found("") == [again, asked]
    assert found("open=true") == [again]
    assert found("open=false") == [asked]
    assert found("subject=models/fraud") == found("team=fraud") == found("alias=production") == [again, asked]
    assert found("subject=models/fra") == found("team=pricing") == found("alias=staging") == []


def test_list_takes_the_same_few_queries_however_long(author: Caller, steward: Caller) -> None:
    for _ in range(2):
        steward.post(f"approvals/{ask(author).json()['id']}/reject")
    one = author.queries("approvals/?size=1")

    ask(author)

    assert author.queries("approvals/?size=3") == one <= 6
