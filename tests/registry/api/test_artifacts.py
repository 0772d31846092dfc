"""Models, datasets and assets by the API."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from governance.models import Event, Team, User
from registry import actions
from registry.models import Artifact, Kind, Severity, Version
from tests import factories
from tests.governance.api.caller import Caller, rows, said
from tests.registry.conftest import found

pytestmark = pytest.mark.django_db

NEW = {"team": "fraud", "name": "churn", "description": "# Churn", "tags": ["tabular"], "licence": "MIT"}
NOT_THERE = "There is no model scorer of fraud that you may see."


@pytest.mark.parametrize("kind", ["models", "datasets", "assets"])
def test_member_makes_one_of_each_kind(mara: Caller, kind: str) -> None:
    answer = mara.post(f"{kind}/", NEW)

    made = Artifact.objects.get()
    assert (answer.status_code, answer.json()["id"], answer.json()["label"]) == (
        201,
        made.pk,
        f"{kind}/fraud/churn",
    )
    assert (made.description, made.tags, made.licence, made.owner.username) == (
        "# Churn",
        ["tabular"],
        "MIT",
        "mara",
    )
    assert mara.get(f"{kind}/fraud/CHURN").json() == answer.json()


def test_artifact_as_it_is_answered(mara: Caller, artifact: Artifact, clean: Version, author: User) -> None:
    actions.move_alias(clean, "latest", by=author)

    found = mara.get("models/fraud/scorer/").json()

    assert found["latest"] == {"number": 1, "state": "ready", "released": False}
    assert (found["aliases"], found["owner"], found["kind"]) == ({"latest": 1}, "mara", "model")


def test_those_who_may_not_push_do_not_make_one(rita: Caller, priya: Caller) -> None:
    sentence = "Your roles in fraud do not allow this: it takes data-engineer or data-scientist or steward."

    assert said(priya.post("models/", NEW)) == (403, sentence)
    assert rita.post("models/", NEW).status_code == 403
    assert Event.objects.filter(action="artifact.add", outcome="refused").count() == 2


def test_strangers_and_nobody_do_not_make_one(sven: Caller, nobody: Caller, team: Team) -> None:
    assert said(sven.post("models/", NEW)) == (404, "There is no team fraud that you may see.")
    assert nobody.post("models/", NEW).status_code == 401


@pytest.mark.parametrize(
    "name",
    ["a/b", "..", "a..b", "a\0b", "x" * 101, "x" * 300, "a\u202eb", "a b", "", ".a", "a.", "-a", "ä", "a\n"],
)
def test_names_that_cannot_stand_in_an_address_are_refused(mara: Caller, name: str) -> None:
    answer = mara.post("models/", {"team": "fraud", "name": name})

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["name"])
    assert Artifact.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("description", "a\u202eb"),
        ("description", "x" * 100_001),
        ("tags", ["A"]),
        ("tags", ["a"] * 21),
        ("tags", "a"),
        ("tags", [1]),
        ("licence", "Beerware of mine"),
        ("owner", "mara"),
        ("kind", "model"),
    ],
)
def test_malformed_fields_are_refused(mara: Caller, field: str, value: object) -> None:
    answer = mara.post("models/", {**NEW, field: value})

    assert answer.status_code == 400
    assert next(iter(answer.json()["errors"])).startswith(field)


def test_same_name_in_another_case_is_refused(mara: Caller, artifact: Artifact) -> None:
    answer = mara.post("models/", {"team": "fraud", "name": "SCORER"})

    assert said(answer) == (409, "fraud already has a model called SCORER.")
    assert mara.post("datasets/", {"team": "fraud", "name": "SCORER"}).status_code == 201


def test_description_is_changed(mara: Caller, artifact: Artifact) -> None:
    answer = mara.patch(
        "models/fraud/scorer/", {"description": "new", "tags": ["a", "b"], "licence": "Apache-2.0"}
    )

    found = answer.json()
    assert answer.status_code == 200
    assert (found["description"], found["tags"], found["licence"]) == ("new", ["a", "b"], "Apache-2.0")


def test_tag_that_is_there_twice_is_kept_once_in_its_order(mara: Caller, artifact: Artifact) -> None:
    made = mara.post("models/", {**NEW, "tags": ["b", "a", "b"]}).json()
    changed = mara.patch("models/fraud/scorer/", {"tags": ["a", "a", "c", "a"]}).json()

    assert (made["tags"], changed["tags"]) == (["b", "a"], ["a", "c"])


def test_owner_is_a_member_who_may_push(
    mara: Caller, jonas: Caller, rita: Caller, artifact: Artifact
) -> None:
    assert mara.patch("models/fraud/scorer", {"owner": "jonas"}).json()["owner"] == "jonas"
    assert said(mara.patch("models/fraud/scorer", {"owner": "rita"})) == (
        400,
        "rita may not push in fraud, so cannot own this.",
    )
    assert said(mara.patch("models/fraud/scorer", {"owner": "who"})) == (
        400,
        "There is nobody called who whom you may see.",
    )


def test_others_do_not_change_it(
    priya: Caller, rita: Caller, sven: Caller, nobody: Caller, artifact: Artifact
) -> None:
    change = {"description": "mine"}

    assert priya.patch("models/fraud/scorer/", change).status_code == 403
    assert said(rita.patch("models/fraud/scorer/", change)) == (404, NOT_THERE)
    assert said(sven.patch("models/fraud/scorer/", change)) == (404, NOT_THERE)
    assert nobody.patch("models/fraud/scorer/", change).status_code == 401


@pytest.mark.parametrize("change", [{"name": "other"}, {"team": "pricing"}, {"description": 5}])
def test_name_and_team_stay(mara: Caller, artifact: Artifact, change: object) -> None:
    assert mara.patch("models/fraud/scorer/", change).status_code == 400


def test_readers_see_what_something_of_was_released(
    rita: Caller, artifact: Artifact, clean: Version, operator: User
) -> None:
    before = (rows(rita.get("models/"), "name"), rita.get("models/fraud/scorer/").status_code)

    actions.promote(clean, "staging", by=operator)

    assert before == ([], 404)
    assert rows(rita.get("models/"), "name") == ["scorer"]
    assert rita.get("models/fraud/scorer/").json()["aliases"] == {"staging": 1}


def test_readers_see_no_alias_of_what_was_not_released(
    rita: Caller, clean: Version, operator: User, author: User, artifact: Artifact
) -> None:
    actions.promote(clean, "staging", by=operator)
    second = factories.submitted(artifact, author)
    actions.move_alias(second, "next", by=author)

    found = rita.get("models/fraud/scorer/").json()

    assert (found["aliases"], found["latest"]["number"]) == ({"staging": 1}, 1)


def test_strangers_administrators_and_nobody_see_nothing(
    sven: Caller, nobody: Caller, artifact: Artifact
) -> None:
    admin = Caller(factories.admin())

    assert said(sven.get("models/fraud/scorer/")) == (404, NOT_THERE)
    assert said(admin.get("models/fraud/scorer/")) == (404, NOT_THERE)
    assert (rows(sven.get("models/"), "name"), rows(admin.get("models/"), "name")) == ([], [])
    assert [nobody.get("models/").status_code, nobody.get("models/fraud/scorer/").status_code] == [401, 401]


# ------------------------------------------------------------------ lists


@pytest.fixture
def many(team: Team, author: User, steward: User) -> None:
    """Four models, the last one changed last, and a dataset."""
    factories.artifact(team, author, name="alpha-scorer", tags=["tabular"], licence="MIT")
    factories.artifact(
        team, author, name="beta", description="Scores letters. " * 100, tags=["text", "tabular"]
    )
    factories.artifact(team, steward, name="Gamma")
    factories.submitted(factories.artifact(team, author, name="delta"), author)
    factories.artifact(team, author, Kind.DATASET, name="letters")
    for number, name in enumerate(["alpha-scorer", "beta", "Gamma", "delta"]):
        at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number)
        Artifact.objects.filter(name=name).update(updated_at=at)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["delta", "Gamma", "beta", "alpha-scorer"]),
        ("sort=updated_at", ["alpha-scorer", "beta", "Gamma", "delta"]),
        ("sort=-updated_at&size=2", ["delta", "Gamma"]),
        ("search=scor", ["beta", "alpha-scorer"]),
        ("search=SCORER", ["alpha-scorer"]),
        ("search=scores+letters", ["beta"]),
        ("search=%26%7C%21", []),
        ("tag=tabular", ["beta", "alpha-scorer"]),
        ("tag=tab", []),
        ("licence=MIT", ["alpha-scorer"]),
        ("owner=jonas", ["Gamma"]),
        ("team=fraud", ["delta", "Gamma", "beta", "alpha-scorer"]),
        ("team=pricing", []),
        ("state=checking", ["delta"]),
        ("state=ready", []),
        ("tag=tabular&search=letters&owner=mara&state=ready", []),
    ],
)
def test_lists_are_narrowed_and_sorted(mara: Caller, many: None, query: str, names: list[str]) -> None:
    assert rows(mara.get(f"models/?{query}"), "name") == names


def test_a_list_is_narrowed_by_alias_and_by_findings(mara: Caller, many: None, author: User) -> None:
    version = Version.objects.get(artifact__name="delta")
    found(version, Severity.HIGH)
    actions.move_alias(version, "nightly", by=author)

    queries = ("alias=nightly", "alias=staging", "severity=high", "severity=low")

    assert [rows(mara.get(f"models/?{query}"), "name") for query in queries] == [["delta"], [], ["delta"], []]


def test_lists_are_sorted_by_name_both_ways(mara: Caller, many: None) -> None:
    there = rows(mara.get("models/?sort=name"), "name")

    assert sorted(there, key=str.lower) == sorted(["alpha-scorer", "beta", "delta", "Gamma"], key=str.lower)
    assert rows(mara.get("models/?sort=-name"), "name") == there[::-1]


@pytest.mark.slow
@pytest.mark.parametrize("sort", ["-updated_at", "updated_at", "name", "-name"])
def test_pages_follow_each_other(mara: Caller, many: None, sort: str) -> None:
    whole = rows(mara.get(f"models/?sort={sort}"), "id")
    found, path = [], f"models/?sort={sort}&size=1"
    while path:
        page = mara.get(path)
        found += rows(page, "id")
        path = (page.json()["next"] or "").removeprefix("http://testserver")

    assert found == whole


@pytest.mark.parametrize(
    "query",
    [
        *("sort=description", "state=used", "severity=bad", "alias=%00", "size=1000", "tag=%00"),
        *("search=" + "x" * 201, "q=x"),
    ],
)
def test_malformed_queries_are_refused(mara: Caller, query: str) -> None:
    assert mara.get(f"models/?{query}").status_code == 400


def test_cursor_of_another_order_is_refused(mara: Caller, many: None) -> None:
    following = mara.get("models/?sort=name&size=1").json()["next"].removeprefix("http://testserver")

    answer = mara.get(following.replace("sort=name", "sort=-name"))

    assert said(answer) == (400, "This place in the list is not known. Begin again without the cursor.")


def test_rows_hold_the_beginning_of_long_descriptions(mara: Caller, many: None) -> None:
    row = mara.get("models/?search=letters").json()["results"][0]

    assert (len(row["summary"]), "description" in row) == (300, False)


def test_list_takes_the_same_few_queries_however_long(mara: Caller, many: None) -> None:
    assert mara.queries("models/?size=1") == mara.queries("models/?size=3") <= 7
    assert mara.queries("models/?size=3&search=e&sort=name&tag=tabular&state=ready") <= 7
