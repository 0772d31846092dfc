"""A team sets the thresholds of checks of quality with its gates: with a reason, and a second person."""

from __future__ import annotations

import pytest
from django.test import Client

from governance.errors import Invalid
from governance.models import Event, Team, User
from registry import actions, checking
from registry.gate import evidence
from registry.models import Artifact, Gate, Kind, Version
from registry.models.gates import thresholds_of
from registry.thresholds import THRESHOLDS, checked, loosens
from tests import factories
from tests.governance.api.caller import Caller
from tests.pages import said
from tests.registry.test_judging import found

pytestmark = pytest.mark.django_db

USUAL = {"staging": Gate(), "production": Gate(approvals=1)}
TABLE = b"a,b\n" + b"".join(b"%d,%d\n" % (row % 97, row % 89) for row in range(97)) + b"1,1\n1,1\n1,1\n"


@pytest.fixture
def dataset(team: Team, author: User) -> Artifact:
    return factories.artifact(team, author, Kind.DATASET, name="wine")


def refound(version: Version) -> Version:
    return Version.objects.get(pk=version.pk)


def test_a_second_person_confirms_and_datasets_are_judged_by_it(
    dataset: Artifact, team: Team, author: User, steward: User
) -> None:
    leila = factories.member(team, "steward", username="leila")
    version = factories.checked(dataset, author, {"wine.csv": TABLE})
    before = found(version)

    asked = actions.request_gates(
        team, USUAL, thresholds={"duplicates.most": 0.05}, note="A sensor repeats itself.", by=steward
    )
    unchanged = thresholds_of(Team.objects.get(pk=team.pk))
    actions.confirm_gates(asked, by=leila)
    checking.judge_again(version.pk)

    assert ("duplicates", "medium", "repeated") in before
    assert evidence(refound(version), "production")["policy"]["thresholds"] == ["duplicates.most 0.05"]
    assert unchanged == {}
    assert thresholds_of(Team.objects.get(pk=team.pk)) == {"duplicates.most": 0.05}
    assert ("duplicates", "medium", "repeated") not in found(version)
    event = Event.objects.get(action="gate.set")
    assert (event.before["thresholds"], event.after["thresholds"]) == ({}, {"duplicates.most": 0.05})


def test_page_and_api_ask_for_it_and_say_what_holds(team: Team, steward: User) -> None:
    leila = factories.member(team, "steward", username="leila")
    page, sam = Client(), Caller(steward)
    page.force_login(leila)
    gates = {"staging": {"approvals": 0}, "production": {"approvals": 1}}
    body = {"gates": gates, "thresholds": {"drift.act": 0.3}, "note": "Seasons."}

    silent = sam.post(f"teams/{team.slug}/gate/requests/", {**body, "note": ""})
    asked = sam.post(f"teams/{team.slug}/gate/requests/", body).json()
    shown = said(page.get(f"/teams/{team.slug}/gate/requests/{asked['id']}/"))
    Caller(leila).post(f"teams/{team.slug}/gate/requests/{asked['id']}/confirm", {})

    assert (silent.status_code, silent.json()["detail"]) == (
        400,
        "Say why the thresholds shall be others: it stays on the record.",
    )
    assert "drift.act" in shown
    assert sam.get(f"teams/{team.slug}/gate").json()["thresholds"] == {"drift.act": 0.3}
    assert f"{team.slug} 0.3" in said(page.get("/checks/drift/"))
    assert "drift.act 0.3 instead of 0.25" in said(page.get(f"/teams/{team.slug}/gate/"))


@pytest.mark.parametrize(
    "given", [{"drift.never": 1}, {"drift.act": 11}, {"drift.act": True}, {"drift.act": float("nan")}]
)
def test_what_is_no_threshold_or_beyond_its_bounds_is_refused(given: dict[str, float]) -> None:
    with pytest.raises(Invalid):
        checked(given)


def test_the_usual_is_not_kept_and_each_says_what_loosens() -> None:
    assert checked({"drift.act": 0.25, "drift.watch": 0.2}) == {"drift.watch": 0.2}
    assert loosens("drift.act", 0.25, 0.3)
    assert not loosens("phone_consistency.watch", 0.95, 0.99)
    assert [key for key, each in THRESHOLDS.items() if not each.least <= each.usual <= each.most] == []
