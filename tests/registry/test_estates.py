"""Checks about teams: who answers for what, who still has rights, what is kept to oneself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from governance.models import Membership, Team, User
from registry.checks import Issue
from registry.estates import estate
from registry.models import Kind
from registry.quality import QUALITY, Estate, Member, Owned, Shared
from registry.quality.ownership_coverage import truck_factor
from tests import factories
from tests.governance.api.caller import Caller
from tests.pages import said

IN_ORDER = Estate(
    "fraud",
    (Owned("models/fraud/scorer", owner_may_push=True, others=1, added=(3, 3)),),
    (Member("mara", ("steward",), active=True, factor=True, days=3, at_work=True),),
    {"data-engineer": 1, "data-scientist": 1, "devops-engineer": 1},
    (Shared("datasets/fraud/wine", 200, fetched_elsewhere=True, asked_elsewhere=True),),
)
TWO = {"data-engineer": 1, "data-scientist": 1}
LEFT = Member("noor", ("data-engineer",), active=False, factor=False, days=3, at_work=False)
IDLE = Member("sam", ("data-engineer",), active=True, factor=False, days=100, at_work=False)
OLD = Member("ada", ("steward",), active=True, factor=False, days=91, at_work=True)


def judged(check: str, found: Estate) -> list[str]:
    return [
        f"{item.severity} {item.name}" if isinstance(item, Issue) else item.what
        for item in QUALITY[check].run(found)
    ]


def estate_of(*artifacts: Owned) -> Estate:
    return Estate("fraud", artifacts, roles=IN_ORDER.roles)


@pytest.mark.parametrize(
    ("check", "found", "expected"),
    [
        ("ownership_coverage", IN_ORDER, []),
        ("ownership_coverage", estate_of(Owned("a", False, 2)), ["medium owner"]),
        ("ownership_coverage", estate_of(Owned("a", True, 0)), ["medium backup"]),
        ("ownership_coverage", estate_of(Owned("a", True, 1, (4, 1))), ["low truck_factor"]),
        ("ownership_coverage", estate_of(), ["a model, dataset or asset of the team"]),
        ("ownership_coverage", Estate("fraud", IN_ORDER.artifacts, roles=TWO),
         ["medium role:devops-engineer"]),
        ("access_review", IN_ORDER, []),
        ("access_review", Estate("fraud", members=(LEFT,)), ["high leavers"]),
        ("access_review", Estate("fraud", members=(IDLE,)), ["low unused"]),
        ("access_review", Estate("fraud", members=(OLD,)), ["medium factor", "low old"]),
        ("access_review", Estate("fraud"), ["somebody who holds a role"]),
        ("silo", IN_ORDER, []),
        ("silo", Estate("fraud", datasets=(Shared("a", 200, False, True),)), ["low kept"]),
        ("silo", Estate("fraud", datasets=(Shared("a", 20, False, True),)),
         ["a dataset that has been here for 180 days, or that somebody of another team fetched"]),
        ("silo", Estate("fraud", datasets=(Shared("a", 20, True, True),)), []),
    ],
    ids=range(15),
)  # fmt: skip
def test_what_a_check_about_a_team_finds(check: str, found: Estate, expected: list[str]) -> None:
    assert judged(check, found) == expected


def test_the_truck_factor_is_the_smallest_set_with_more_than_half() -> None:
    assert [truck_factor(added) for added in ((), (5,), (3, 2), (2, 2), (1, 1, 1))] == [0, 1, 1, 2, 2]


@pytest.mark.django_db
def test_it_is_worked_out_for_who_reads_the_trail(team: Team, author: User, steward: User) -> None:
    factories.draft(factories.artifact(team, author, Kind.DATASET, name="wine"), author)
    Membership.objects.filter(user=author).update(granted_at=timezone.now() - timedelta(days=400))
    noor = factories.member(team, "data-engineer", username="noor")
    User.objects.filter(pk=noor.pk).update(is_active=False)
    page = Client()
    page.force_login(steward)

    found = estate(team)
    rows = {row["check"]: row for row in Caller(steward).get(f"teams/{team.slug}/checks/").json()["results"]}
    shown = said(page.get("/checks/access_review/"))

    assert [(each.label, each.owner_may_push, each.added) for each in found.artifacts] == [
        ("datasets/fraud/wine", True, (1,))
    ]
    assert [
        (each.name, each.active, each.at_work) for each in found.members if each.name != steward.username
    ] == [
        ("mara", True, True),
        ("noor", False, False),
    ]
    assert rows["access_review"]["verdict"] == "High"
    assert "noor: the account is closed and holds a role. Take it away." in shown
    assert "You read the trail of no team." in said(client_of(author).get("/checks/access_review/"))
    assert Caller(author).get(f"teams/{team.slug}/checks/").status_code == 404


def client_of(person: User) -> Client:
    page = Client()
    page.force_login(person)
    return page
