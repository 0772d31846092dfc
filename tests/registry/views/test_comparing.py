"""Two versions side by side, at the page and by the API."""

from __future__ import annotations

import pytest

from registry.models import Finding, Kind, Link, Severity
from registry.presenting.comparing import compare
from tests import factories
from tests.governance.api.caller import Caller
from tests.pages import queries, said
from tests.registry.conftest import found
from tests.registry.views.conftest import page

pytestmark = pytest.mark.django_db


@pytest.fixture
def data(team, author):
    return factories.submitted(factories.artifact(team, author, Kind.DATASET, name="rows"), author)


@pytest.fixture
def pair(artifact, author, data):
    first = factories.submitted(
        artifact,
        author,
        {"a": b"1", "b": b"2", "c": b"3"},
        metrics={"f1": 0.5, "old": 1},
        parameters={"seed": 7, "depth": 3},
        notes="one\ntwo\nthree",
        parents=[(data, "trained-on")],
    )
    second = factories.submitted(
        artifact,
        author,
        {"a": b"1", "b": b"22", "<b>d</b>": b"4"},
        metrics={"f1": 0.75, "new": 2},
        parameters={"seed": 8, "depth": 3},
        notes="one\n2 <script>\nthree",
    )
    return first, second


def test_the_page_says_what_became_different(pair, author, signed_in):
    first, second = pair
    found(first, Severity.HIGH, "old.Name")
    found(second, Severity.MEDIUM, "new.Name")

    answer = signed_in(author).get(page(second, f"compare/{first.number}/"))

    words = said(answer)
    assert answer.status_code == 200
    assert "Files 1 added, 1 removed, 1 changed, 1 the same" in words
    assert "f1 0.5 0.75 +0.25" in words
    assert "Findings 1 new, 1 gone" in words
    assert "seed ± changed 7 8" in words
    assert "datasets/fraud/rows/versions/1 trained on" in words
    assert "+ 2 <script>" in words
    assert b"2 <script>" not in answer.content


def test_the_api_answers_the_same(pair, author):
    first, second = pair
    finding = found(second, Severity.MEDIUM, "new.Name")

    answer = Caller(author).get(f"{second.label}/compare/{first.number}").json()

    files = answer["files"]
    assert [(row["name"], row["what"]) for row in files["rows"]] == [
        ("<b>d</b>", "added"), ("b", "changed"), ("c", "removed"),
    ]  # fmt: skip
    assert (files["added"], files["removed"], files["changed"], files["same"]) == (1, 1, 1, 1)
    assert answer["metrics"] == [
        {"name": "f1", "before": 0.5, "after": 0.75},
        {"name": "new", "before": None, "after": 2.0},
        {"name": "old", "before": 1.0, "after": None},
    ]
    assert answer["findings"]["rows"][0]["after"]["id"] == finding.pk
    assert answer["lineage"]["rows"] == [
        {"name": "datasets/fraud/rows/versions/1", "what": "removed", "before": "trained on", "after": None}
    ]
    assert answer["notes_changed"] is True


def test_of_parents_that_one_may_not_see_only_the_number_is_told(pair, author):
    first, second = pair
    zoe = factories.member(factories.team("elsewhere"), "data-scientist", username="zoe")
    secret = factories.submitted(factories.artifact(factories.Team.objects.get(slug="elsewhere"), zoe), zoe)
    Link.objects.create(version=second, parent=secret, relation="derived-from")

    compared = compare(author, first, second)

    assert compared.hidden == (0, 1)
    assert [row.name for row in compared.lineage.rows] == ["datasets/fraud/rows/versions/1"]


def test_the_same_twice_is_said_to_be_the_same(artifact, author, signed_in):
    first, second = (factories.submitted(artifact, author) for _ in range(2))

    answer = signed_in(author).get(page(second, f"compare/{first.number}/"))

    assert "Nothing is different" in said(answer)


def test_two_chosen_versions_are_compared(pair, author, signed_in):
    first, second = pair
    client = signed_in(author)

    asked = client.get(f"/{first.artifact.label}/compare/?version=2&version=1")
    odd = client.get(f"/{first.artifact.label}/compare/?version=2&version=2")

    assert asked["Location"] == page(second, "compare/1/")
    assert (odd.status_code, "Choose two versions to compare." in said(odd)) == (400, True)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "status"),
    [("", 400), ("version=x&version=1", 400), ("version=9&version=1", 404), ("version=%00&version=1", 400)],
)
def test_other_choices_are_sentences(pair, author, signed_in, query, status):
    assert signed_in(author).get(f"/{pair[0].artifact.label}/compare/?{query}").status_code == status


def test_what_one_may_not_see_is_not_compared(pair, author, reader, stranger, signed_in):
    first, second = pair
    where = page(second, f"compare/{first.number}/")

    assert [signed_in(person).get(where).status_code for person in (reader, stranger)] == [404, 404]
    assert signed_in(author).get(page(second, "compare/77/")).status_code == 404


def test_much_takes_the_same_queries(pair, author, signed_in):
    first, second = pair
    client, where = signed_in(author), page(second, f"compare/{first.number}/")
    client.get(where)
    few = queries(client, where)

    Finding.objects.bulk_create(
        Finding(version=second, check_name="x", path="a", name=str(number), severity=2, message="m")
        for number in range(300)
    )

    assert queries(client, where) == few
    assert "and 100 more" in said(client.get(where))
