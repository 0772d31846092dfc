"""Where versions came from, by the API: what one may not see shows only that something is there."""

from __future__ import annotations

import pytest

from governance.models import Team, User
from registry import actions
from registry.models import Kind, Version
from tests import factories
from tests.governance.api.caller import Caller

pytestmark = pytest.mark.django_db

ONE = "models/fraud/scorer/versions/1/lineage/"


@pytest.fixture
def wine(author: User) -> Version:
    """A dataset of another team, in which the author is, too."""
    team = factories.team("data")
    factories.Membership.objects.create(
        team=team, user=author, role="data-engineer", granted_by=User.system()
    )
    return factories.submitted(factories.artifact(team, author, Kind.DATASET, name="wine"), author)


@pytest.fixture
def model(team: Team, author: User, wine: Version) -> Version:
    of = factories.artifact(team, author, name="scorer")
    return factories.submitted(of, author, parents=[(wine, "trained-on"), (wine, "evaluated-on")])


HIDDEN = {"label": None, "kind": None, "team": None, "name": None, "version": None, "withdrawn": None}


def test_parents_and_children_are_shown(mara: Caller, model: Version) -> None:
    shown = {
        "label": "datasets/data/wine/versions/1",
        "kind": "dataset",
        "team": "data",
        "name": "wine",
        "version": 1,
        "withdrawn": False,
    }

    assert mara.get(ONE).json() == {
        "parents": [{"relation": "trained-on", **shown}, {"relation": "evaluated-on", **shown}],
        "children": [],
        "more_children": False,
    }
    children = mara.get("datasets/data/wine/versions/1/lineage").json()["children"]
    assert [(child["relation"], child["label"]) for child in children] == [
        ("evaluated-on", "models/fraud/scorer/versions/1"),
        ("trained-on", "models/fraud/scorer/versions/1"),
    ]


def test_what_one_may_not_see_shows_only_that_it_is_there(priya: Caller, model: Version) -> None:
    parents = [{"relation": "trained-on", **HIDDEN}, {"relation": "evaluated-on", **HIDDEN}]

    assert priya.get(ONE).json()["parents"] == parents
    assert priya.get("models/fraud/scorer/versions/1/").json()["parents"] == parents


def test_children_of_other_teams_show_only_that_they_are_there(model: Version) -> None:
    other = Caller(factories.member(Team.objects.get(slug="data"), "auditor"))

    assert other.get("datasets/data/wine/versions/1/lineage/").json()["children"] == [
        {"relation": "evaluated-on", **HIDDEN},
        {"relation": "trained-on", **HIDDEN},
    ]


def test_readers_see_released_relatives(rita: Caller, model: Version, operator: User, author: User) -> None:
    model.results.update(outcome="done")
    actions.promote(model, "staging", by=operator)

    assert [parent["label"] for parent in rita.get(ONE).json()["parents"]] == [None, None]


def test_lineage_takes_the_same_few_queries_however_long(
    mara: Caller, model: Version, wine: Version, author: User
) -> None:
    one = mara.queries("datasets/data/wine/versions/1/lineage/")
    for _ in range(3):
        factories.draft(model.artifact, author, parents=[(wine, "derived-from")])

    assert mara.queries("datasets/data/wine/versions/1/lineage/") == one <= 7
