"""Aliases by the API: moved through their gate or freely, and moved back."""

from __future__ import annotations

import pytest

from governance.models import Event, User
from registry import actions
from registry.models import Alias, Artifact, Severity, Version
from tests import factories
from tests.governance.api.caller import Caller, rows, said
from tests.registry.api.conftest import passed
from tests.registry.conftest import found

pytestmark = pytest.mark.django_db

ALIASES = "models/fraud/scorer/aliases"


@pytest.fixture
def second(artifact: Artifact, author: User, clean: Version) -> Version:
    return passed(factories.submitted(artifact, author))


def test_operator_promotes(priya: Caller, clean: Version) -> None:
    answer = priya.put(f"{ALIASES}/staging", {"version": 1})

    seen = answer.json()
    file = clean.files.get()
    assert (answer.status_code, seen["version"], seen["digest"]) == (200, 1, clean.digest)
    assert seen["files"] == [{"path": "notes.txt", "size": file.size, "sha256": file.sha256}]
    assert (seen["protected"], seen["label"]) == (True, "models/fraud/scorer/versions/1")
    assert priya.get(f"{ALIASES}/staging/").json() == seen


def test_promoting_again_changes_nothing(priya: Caller, clean: Version) -> None:
    first = priya.put(f"{ALIASES}/staging", {"version": 1})

    again = priya.put(f"{ALIASES}/staging", {"version": 1})

    assert (again.status_code, again.json()) == (200, first.json())
    assert Event.objects.filter(action="version.promote").count() == 1


def test_production_takes_an_approval(priya: Caller, mara: Caller, jonas: Caller, clean: Version) -> None:
    refused = priya.put(f"{ALIASES}/production", {"version": 1})
    asked = mara.post("approvals/", {"subject": clean.label, "alias": "production"}).json()
    jonas.post(f"approvals/{asked['id']}/approve")

    answer = priya.put(f"{ALIASES}/production", {"version": 1})

    assert said(refused) == (403, "Production needs 1 approval, 0 given.")
    assert [objection["policy"] for objection in refused.json()["objections"]] == ["enough_approvals"]
    assert (answer.status_code, priya.get(f"approvals/{asked['id']}/").json()["state"]) == (200, "used")


def test_author_does_not_promote_own_work(mara: Caller, clean: Version) -> None:
    answer = mara.put(f"{ALIASES}/production", {"version": 1})

    sentences = [objection["sentence"] for objection in answer.json()["objections"]]
    assert answer.status_code == 403
    assert "Someone other than the author must do this." in sentences
    assert Event.objects.filter(action="version.promote", outcome="refused").count() == 1


def test_what_is_blocked_is_not_promoted(priya: Caller, clean: Version) -> None:
    found(clean, Severity.HIGH)

    assert said(priya.put(f"{ALIASES}/staging", {"version": 1})) == (403, "notes.txt: It names strange.Name.")


def test_what_is_being_checked_is_not_promoted(priya: Caller, waiting: Version) -> None:
    answer = priya.put(f"{ALIASES}/staging", {"version": 1})

    assert [objection["policy"] for objection in answer.json()["objections"]] == ["checks_finished"]


def test_draft_is_not_promoted(priya: Caller, artifact: Artifact, author: User) -> None:
    factories.draft(artifact, author)

    assert said(priya.put(f"{ALIASES}/staging", {"version": 1})) == (
        409,
        "Version 1 is a draft: submit it first.",
    )


def test_who_may_not_promote_is_refused_on_the_record_though_it_is_a_draft(
    mara: Caller, artifact: Artifact, author: User
) -> None:
    factories.draft(artifact, author)

    answer = mara.put(f"{ALIASES}/production", {"version": 1})

    assert said(answer) == (
        403,
        "Your roles in fraud do not allow this: it takes devops-engineer.",
    )
    event = Event.objects.get(action="version.promote")
    assert (event.subject, event.outcome) == ("models/fraud/scorer/versions/1", "refused")


@pytest.mark.parametrize(("caller", "status"), [("mara", 409), ("priya", 403)])
def test_free_alias_does_not_point_at_a_draft(
    request: pytest.FixtureRequest, artifact: Artifact, author: User, caller: str, status: int
) -> None:
    factories.draft(artifact, author)

    answer = request.getfixturevalue(caller).put(f"{ALIASES}/latest", {"version": 1})

    assert answer.status_code == status
    assert Event.objects.filter(action="alias.move", outcome="refused").count() == (status == 403)


def test_free_alias_is_moved_by_those_who_push(
    mara: Caller, priya: Caller, clean: Version, second: Version
) -> None:
    moved = [mara.put(f"{ALIASES}/latest", {"version": number}).json()["version"] for number in (1, 2)]

    assert moved == [1, 2]
    assert priya.put(f"{ALIASES}/latest", {"version": 1}).status_code == 403
    assert Alias.objects.get().version == second


def test_rollback_goes_back_with_a_reason(priya: Caller, clean: Version, second: Version) -> None:
    for number in (1, 2):
        priya.put(f"{ALIASES}/staging", {"version": number})

    answer = priya.post(f"{ALIASES}/staging/rollback", {"version": 1, "reason": "It drifts."})

    assert (answer.status_code, answer.json()["version"]) == (200, 1)
    assert Event.objects.get(action="version.rollback").reason == "It drifts."


@pytest.mark.slow
@pytest.mark.parametrize(
    "body", [{"version": 1}, {"version": 1, "reason": ""}, {"version": 1, "reason": " "}, {"reason": "x"}]
)
def test_rollback_takes_a_reason_and_a_version(
    priya: Caller, clean: Version, second: Version, body: object
) -> None:
    for number in (1, 2):
        priya.put(f"{ALIASES}/staging", {"version": number})

    assert priya.post(f"{ALIASES}/staging/rollback", body).status_code == 400


def test_rollback_refuses_a_reason_that_cannot_be_seen(
    priya: Caller, clean: Version, second: Version
) -> None:
    for number in (1, 2):
        priya.put(f"{ALIASES}/staging", {"version": number})

    answer = priya.post(f"{ALIASES}/staging/rollback", {"version": 1, "reason": "It \u202esfird."})

    sentence = "This text holds a character that cannot be seen, such as a direction mark."
    assert said(answer) == (400, sentence)
    assert answer.json()["errors"] == {"reason": [sentence]}
    assert Alias.objects.get().version == second


def test_rollback_goes_only_where_the_alias_was(priya: Caller, clean: Version, second: Version) -> None:
    priya.put(f"{ALIASES}/staging", {"version": 2})

    answer = priya.post(f"{ALIASES}/staging/rollback", {"version": 1, "reason": "Why not."})

    assert said(answer) == (403, "Version 1 never was staging: promote it instead.")


def test_others_do_not_roll_back(
    mara: Caller, rita: Caller, sven: Caller, nobody: Caller, clean: Version
) -> None:
    body = {"version": 1, "reason": "x"}

    statuses = [
        who.post(f"{ALIASES}/staging/rollback", body).status_code for who in (mara, rita, sven, nobody)
    ]
    assert statuses == [403, 404, 404, 401]


def test_others_do_not_promote(
    rita: Caller, sven: Caller, nobody: Caller, clean: Version, operator: User
) -> None:
    actions.promote(clean, "staging", by=operator)

    statuses = [who.put(f"{ALIASES}/production", {"version": 1}).status_code for who in (rita, sven, nobody)]
    assert statuses == [403, 404, 401]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"version": 0},
        {"version": "1"},
        {"version": 1.0},
        {"version": True},
        {"version": 10**9},
        {"version": 1, "force": True},
    ],
)
def test_malformed_moves_are_refused(priya: Caller, clean: Version, body: object) -> None:
    assert priya.put(f"{ALIASES}/staging", body).status_code == 400


def test_version_that_is_not_there_is_told(priya: Caller, clean: Version) -> None:
    answer = priya.put(f"{ALIASES}/staging", {"version": 9})

    assert said(answer) == (404, "There is no version 9 of scorer that you may see.")


@pytest.mark.parametrize("alias", ["Production", "a%20b", "a..b", "%E2%80%AEa", "x" * 61, "-a", "a%0A"])
def test_names_that_no_alias_has_are_refused(mara: Caller, clean: Version, alias: str) -> None:
    answer = mara.put(f"{ALIASES}/{alias}", {"version": 1})

    assert answer.status_code == 400
    assert Alias.objects.count() == 0


def test_alias_that_points_nowhere_is_not_there(mara: Caller, clean: Version) -> None:
    assert said(mara.get(f"{ALIASES}/production")) == (404, "scorer has no production that you may see.")


def test_readers_see_where_released_versions_are(
    rita: Caller, sven: Caller, nobody: Caller, clean: Version, second: Version, operator: User, author: User
) -> None:
    actions.promote(clean, "staging", by=operator)
    actions.move_alias(second, "next", by=author)

    assert rows(rita.get(f"{ALIASES}/"), "alias") == ["staging"]
    assert rita.get(f"{ALIASES}/staging").json()["version"] == 1
    assert said(rita.get(f"{ALIASES}/next")) == (404, "scorer has no next that you may see.")
    assert [sven.get(f"{ALIASES}/").status_code, sven.get(f"{ALIASES}/staging").status_code] == [404, 404]
    assert [nobody.get(f"{ALIASES}/").status_code, nobody.get(f"{ALIASES}/staging").status_code] == [401, 401]


def test_alias_takes_few_queries_however_many_files(mara: Caller, artifact: Artifact, author: User) -> None:
    for number, names in enumerate([["a"], ["a", "b", "c"]], start=1):
        factories.submitted(artifact, author, dict.fromkeys(names, b"x"))
        mara.put(f"{ALIASES}/v{number}", {"version": number})

    assert mara.queries(f"{ALIASES}/v1") == mara.queries(f"{ALIASES}/v2") <= 4


def test_list_takes_the_same_few_queries_however_long(mara: Caller, clean: Version) -> None:
    mara.put(f"{ALIASES}/a", {"version": 1})
    one = mara.queries(f"{ALIASES}/")
    for alias in ("b", "c"):
        mara.put(f"{ALIASES}/{alias}", {"version": 1})

    assert mara.queries(f"{ALIASES}/") == one <= 5
