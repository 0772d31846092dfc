"""Versions by the API: begun, submitted, checked, and how they stand before a gate."""

from __future__ import annotations

import threading
import time

import pytest
from django.utils import timezone

from governance.models import Event, User
from registry import actions
from registry.api import patience
from registry.models import Artifact, CheckResult, Finding, Kind, Severity, Version
from tests import factories
from tests.governance.api.caller import Caller, rows, said
from tests.registry.api.conftest import passed
from tests.registry.conftest import found

pytestmark = pytest.mark.django_db

ONE = "models/fraud/scorer/versions/1"
NOT_THERE = "There is no version 1 of scorer that you may see."
HIDDEN_NAME = "The name of a metric or parameter holds a character that cannot be seen."
HIDDEN_TEXT = "This text holds a character that cannot be seen, such as a direction mark."
DRAFT = {
    "policy": "draft",
    "sentence": "Version 1 is a draft: submit it first.",
    "cure": "who began it submits it.",
    "who": "mara",
    "link": "/models/fraud/scorer/versions/1/",
}


@pytest.fixture
def draft(artifact: Artifact, author: User) -> Version:
    return factories.draft(artifact, author)


@pytest.fixture
def wine(team, author: User) -> Version:
    return factories.submitted(factories.artifact(team, author, Kind.DATASET, name="wine"), author)


def parent(**changes: object) -> dict[str, object]:
    return {
        "kind": "dataset",
        "team": "fraud",
        "name": "wine",
        "version": 1,
        "relation": "trained-on",
        **changes,
    }


# ------------------------------------------------------------------ begun


def test_draft_is_begun_with_all_that_is_known(mara: Caller, artifact: Artifact, wine: Version) -> None:
    body = {
        "notes": "first",
        "metrics": {"auc": 0.91, "rows": 1000},
        "parameters": {"depth": 3, "columns": ["a", {"b": None}]},
        "parents": [parent()],
    }

    answer = mara.post("models/fraud/scorer/versions/", body)

    made = answer.json()
    assert (answer.status_code, made["number"], made["state"], made["released"]) == (201, 1, "draft", False)
    assert (made["metrics"], made["parameters"], made["notes"]) == (
        body["metrics"],
        body["parameters"],
        "first",
    )
    assert made["parents"] == [
        {**parent(), "label": "datasets/fraud/wine/versions/1", "withdrawn": False},
    ]
    assert (made["files"], made["digest"], made["objections"]) == ([], "", [DRAFT])


@pytest.mark.parametrize("body", [None, {}, {"notes": ""}])
def test_nothing_needs_to_be_known(mara: Caller, artifact: Artifact, body: object) -> None:
    assert [mara.post("models/fraud/scorer/versions", body).json()["number"] for _ in range(2)] == [1, 2]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"metrics": {"auc": "0.9"}}, "metrics.auc"),
        ({"metrics": {"auc": True}}, "metrics.auc"),
        ({"metrics": {"auc": None}}, "metrics.auc"),
        ({"metrics": [1]}, "metrics"),
        ({"parameters": "x"}, "parameters"),
        ({"notes": "a\u202eb"}, "notes"),
        ({"notes": "x" * 20_001}, "notes"),
        ({"number": 7}, "number"),
        ({"parents": [parent(relation="stolen-from")]}, "parents.0.relation"),
        ({"parents": [parent(), parent(kind="models")]}, "parents.1.kind"),
        ({"parents": [parent(version=0)]}, "parents.0.version"),
        ({"parents": [parent(version="1")]}, "parents.0.version"),
        ({"parents": [parent(sha256="x")]}, "parents.0.sha256"),
        ({"parents": ["wine"]}, "parents.0"),
        ({"parents": parent()}, "parents"),
    ],
)
def test_malformed_drafts_are_refused(mara: Caller, artifact: Artifact, body: object, place: str) -> None:
    answer = mara.post("models/fraud/scorer/versions/", body)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [place])
    assert Version.objects.count() == 0


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"metrics": {"a\u202eb": 1}}, HIDDEN_NAME),
        ({"metrics": {"a\nb": 1}}, HIDDEN_NAME),
        ({"parameters": {"a\x1bb": 1}}, HIDDEN_NAME),
        ({"parameters": {"a": "x\u202ey"}}, HIDDEN_TEXT),
        ({"parameters": {"a": "x\0y"}}, HIDDEN_TEXT),
        ({"parameters": {"a": [{"b": ["x\u2066y"]}]}}, HIDDEN_TEXT),
        ({"parameters": {"a": {"x\u2066y": 1}}}, HIDDEN_TEXT),
    ],
)
def test_what_cannot_be_seen_is_refused_in_names_and_values(
    mara: Caller, artifact: Artifact, body: object, sentence: str
) -> None:
    answer = mara.post("models/fraud/scorer/versions/", body)

    assert said(answer) == (400, sentence)
    assert Version.objects.count() == 0


def test_parameters_keep_their_lines_and_their_letters(mara: Caller, artifact: Artifact) -> None:
    given = {"prompt": "Erste Zeile\n\tzweite", "naïve": "\u06cc\u200c\u06a9", "deep": [{"ok": None}, 1.5]}

    made = mara.post("models/fraud/scorer/versions/", {"parameters": given})

    assert (made.status_code, made.json()["parameters"]) == (201, given)


@pytest.mark.parametrize(
    "parameters", [{"a": "b\0"}, {"x" * 121: 1}, {"": 1}, {str(n): 1 for n in range(1001)}]
)
def test_parameters_that_cannot_be_kept_are_refused(
    mara: Caller, artifact: Artifact, parameters: object
) -> None:
    assert mara.post("models/fraud/scorer/versions/", {"parameters": parameters}).status_code == 400


@pytest.mark.parametrize(
    "change", [{"version": 2}, {"name": "beer"}, {"team": "pricing"}, {"name": "a\u202eb"}]
)
def test_parent_that_one_does_not_see_is_not_there(
    mara: Caller, artifact: Artifact, wine: Version, change: dict[str, object]
) -> None:
    answer = mara.post("models/fraud/scorer/versions/", {"parents": [parent(**change)]})

    assert (answer.status_code, list(answer.json()["errors"])) == (404, ["parents.0"])
    assert Version.objects.filter(artifact=artifact).count() == 0


def test_parent_is_submitted_first(mara: Caller, artifact: Artifact, team, author: User) -> None:
    factories.draft(factories.artifact(team, author, Kind.DATASET, name="wine"), author)

    answer = mara.post("models/fraud/scorer/versions/", {"parents": [parent()]})

    assert said(answer) == (
        409,
        "datasets/fraud/wine/versions/1 is a draft: submit it before anything comes from it.",
    )


def test_others_begin_no_draft(
    priya: Caller, rita: Caller, sven: Caller, nobody: Caller, artifact: Artifact
) -> None:
    statuses = [
        caller.post("models/fraud/scorer/versions/").status_code for caller in (priya, rita, sven, nobody)
    ]

    assert statuses == [403, 404, 404, 401]


# ------------------------------------------------------------------ seen


def test_version_as_it_is_answered(mara: Caller, clean: Version) -> None:
    answer = mara.get(f"{ONE}/")

    seen = answer.json()
    file = clean.files.get()
    assert (seen["state"], seen["digest"], seen["file_count"]) == ("ready", clean.digest, 1)
    assert seen["files"] == [{"path": "notes.txt", "size": file.size, "sha256": file.sha256}]
    assert [found["policy"] for found in seen["objections"]] == ["role", "enough_approvals", "four_eyes"]
    assert [found["policy"] for found in seen["gates"]["staging"]] == ["role"]
    assert seen["gates"]["production"] == seen["objections"]


def test_objections_are_those_of_who_asks(priya: Caller, clean: Version) -> None:
    seen = priya.get(ONE).json()

    assert seen["gates"]["staging"] == []
    assert [found["sentence"] for found in seen["objections"]] == ["Production needs 1 approval, 0 given."]


def test_blocking_finding_is_an_objection(priya: Caller, clean: Version) -> None:
    found(clean, Severity.CRITICAL)

    seen = priya.get(ONE).json()

    assert seen["state"] == "blocked"
    assert "notes.txt: It names strange.Name." in [objection["sentence"] for objection in seen["objections"]]


def test_versions_are_listed_newest_first(
    mara: Caller, artifact: Artifact, clean: Version, author: User
) -> None:
    factories.draft(artifact, author)

    answer = mara.get("models/fraud/scorer/versions/")

    assert (rows(answer, "number"), rows(answer, "state")) == ([2, 1], ["draft", "ready"])


def test_readers_see_what_was_released(
    rita: Caller, artifact: Artifact, clean: Version, operator: User, author: User
) -> None:
    before = rita.get(ONE).status_code
    actions.promote(clean, "staging", by=operator)
    factories.draft(artifact, author)

    assert (before, rita.get(ONE).json()["released"]) == (404, True)
    assert rows(rita.get("models/fraud/scorer/versions/"), "number") == [1]


@pytest.mark.slow
@pytest.mark.parametrize("below", ["", "checks/", "findings/", "lineage/", "files/notes.txt", "archive.tar"])
def test_others_see_nothing(rita: Caller, sven: Caller, nobody: Caller, clean: Version, below: str) -> None:
    path = f"{ONE}/{below}"

    assert (said(rita.get(path)), said(sven.get(path))) == ((404, NOT_THERE), (404, NOT_THERE))
    assert nobody.get(path).status_code == 401


@pytest.mark.slow
@pytest.mark.parametrize("number", ["0", "2", "999999999", "9999999999", "-1", "1.0", "x", "%00"])
def test_numbers_that_no_version_has_are_not_there(mara: Caller, clean: Version, number: str) -> None:
    assert mara.get(f"models/fraud/scorer/versions/{number}/").status_code in {400, 404}


def test_names_are_found_in_any_case(mara: Caller, clean: Version) -> None:
    assert mara.get("models/fraud/SCORER/versions/1/").json()["label"] == ONE


def test_list_takes_the_same_few_queries_however_long(
    mara: Caller, artifact: Artifact, clean: Version, author: User
) -> None:
    one = mara.queries("models/fraud/scorer/versions/")
    for _ in range(2):
        factories.draft(artifact, author)

    assert mara.queries("models/fraud/scorer/versions/") == one <= 4


# ------------------------------------------------------------------ submitted and checked again


def test_author_submits(mara: Caller, draft: Version) -> None:
    answer = mara.post(f"{ONE}/submit")

    seen = answer.json()
    assert (answer.status_code, seen["state"], seen["file_count"], len(seen["digest"])) == (
        202,
        "checking",
        1,
        64,
    )


def test_frozen_version_is_not_submitted_again(mara: Caller, waiting: Version) -> None:
    assert said(mara.post(f"{ONE}/submit")) == (
        409,
        "Version 1 is frozen: begin a new one to change anything.",
    )


def test_empty_draft_is_not_submitted(mara: Caller, artifact: Artifact) -> None:
    mara.post("models/fraud/scorer/versions/")

    assert said(mara.post(f"{ONE}/submit")) == (409, "Version 1 has no file yet: upload one first.")


def test_draft_of_somebody_else_is_not_submitted(
    jonas: Caller, priya: Caller, rita: Caller, sven: Caller, nobody: Caller, draft: Version
) -> None:
    sentence = "Only mara, who began this draft, may change or submit it."

    assert said(jonas.post(f"{ONE}/submit")) == (403, sentence)
    assert [caller.post(f"{ONE}/submit").status_code for caller in (priya, rita, sven, nobody)] == [
        403,
        404,
        404,
        401,
    ]
    assert Event.objects.filter(action="version.submit", outcome="refused").count() == 2


def test_checks_are_run_again(priya: Caller, rita: Caller, clean: Version) -> None:
    answer = priya.post(f"{ONE}/recheck")

    assert (answer.status_code, answer.json()["state"]) == (202, "ready")
    assert CheckResult.objects.filter(version=clean, attempts=0, asked_at__gt=clean.submitted_at).exists()
    assert rita.post(f"{ONE}/recheck").status_code == 404


def test_draft_is_not_checked_again(mara: Caller, draft: Version) -> None:
    assert said(mara.post(f"{ONE}/recheck"))[0] == 409


def test_results_of_checks_are_listed(mara: Caller, clean: Version) -> None:
    judged = {"engine_version": "cd34", "list_version": "ab12"}
    CheckResult.objects.filter(version=clean).update(fact={"rows": 3}, seconds=0.5, **judged)

    answer = mara.get(f"{ONE}/checks/")

    assert "file_type" in rows(answer, "check")
    row = answer.json()["results"][0]
    assert (row["path"], row["outcome"], row["fact"], row["seconds"]) == (
        "notes.txt",
        "done",
        {"rows": 3},
        0.5,
    )
    assert (row["engine_version"], row["list_version"]) == ("cd34", "ab12")


def test_list_of_results_takes_the_same_few_queries_however_long(
    mara: Caller, artifact: Artifact, author: User
) -> None:
    factories.submitted(artifact, author)
    factories.submitted(artifact, author, {f"{number}.txt": b"x" for number in range(3)})

    one = mara.queries(f"{ONE}/checks/")
    assert mara.queries("models/fraud/scorer/versions/2/checks/") == one <= 4


# ------------------------------------------------------------------ waiting


def test_wait_ends_with_the_checks(mara: Caller, clean: Version) -> None:
    begun = time.monotonic()

    assert mara.get(f"{ONE}/?wait=60").json()["state"] == "ready"
    assert time.monotonic() - begun < 5


def test_wait_for_a_draft_ends_at_once(mara: Caller, draft: Version) -> None:
    assert mara.get(f"{ONE}/?wait=60").json()["state"] == "draft"


def test_wait_ends_when_time_is_up(mara: Caller, waiting: Version) -> None:
    begun = time.monotonic()

    assert mara.get(f"{ONE}/?wait=1").json()["state"] == "checking"
    assert 1 <= time.monotonic() - begun < 3


def test_wait_covers_checks_that_run_again(clean: Version) -> None:
    CheckResult.objects.filter(version=clean).update(asked_at=timezone.now())

    assert patience.unfinished(clean)


@pytest.mark.parametrize("wait", ["61", "-1", "x", "1.5"])
def test_wait_is_up_to_a_minute(mara: Caller, clean: Version, wait: str) -> None:
    assert mara.get(f"{ONE}/?wait={wait}").status_code == 400


def test_who_finds_every_place_taken_is_answered_at_once(mara: Caller, waiting: Version) -> None:
    places = [patience._places.acquire(blocking=False) for _ in range(patience.WAITERS)]
    begun = time.monotonic()

    try:
        answer = mara.get(f"{ONE}/?wait=30")
    finally:
        patience._places.release(len(places))

    assert (answer.json()["state"], time.monotonic() - begun < 5) == ("checking", True)


@pytest.mark.django_db(transaction=True)
def test_wait_sees_what_a_worker_commits(mara: Caller, waiting: Version) -> None:
    worker = threading.Timer(0.5, lambda: passed(waiting))
    worker.start()
    begun = time.monotonic()

    answer = mara.get(f"{ONE}/?wait=30")
    worker.join()

    assert (answer.json()["state"], time.monotonic() - begun < 10) == ("ready", True)


def test_nothing_is_left_of_findings_that_are_closed(mara: Caller, clean: Version) -> None:
    found(clean, Severity.HIGH)
    Finding.objects.update(closed_at=timezone.now())

    assert mara.get(ONE).json()["state"] == "ready"
