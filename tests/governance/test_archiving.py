"""Teams are archived and brought back."""

from __future__ import annotations

import pytest
from django.test import Client

from governance import actions
from governance.models import Event, Team, User
from tests import factories
from tests.governance.api.caller import Caller, rows
from tests.pages import said

pytestmark = pytest.mark.django_db

DOORS = pytest.mark.parametrize("door", ["page", "program"])
ADMIN_ONLY = "Only the site administrator may do this."


@pytest.fixture
def team() -> Team:
    return factories.team("fraud")


@pytest.fixture
def jonas(team: Team) -> User:
    return factories.member(team, "steward", username="jonas")


@pytest.fixture
def mara(team: Team) -> User:
    return factories.member(team, "data-scientist", username="mara")


def turn(door: str, by: User, what: str = "archive") -> tuple[int, str]:
    if door == "page":
        client = Client()
        client.force_login(by)
        answer = client.post(f"/teams/fraud/{what}", {"reason": ""})
        return answer.status_code, said(answer) if answer.status_code >= 400 else ""
    answer = Caller(by).post(f"teams/fraud/{what}")
    return answer.status_code, answer.json().get("detail", "")


def is_archived() -> bool:
    return Team.objects.get(slug="fraud").archived_at is not None


@DOORS
@pytest.mark.parametrize(
    ("who", "status", "sentence"),
    [
        ("admin", 2, ""),
        ("steward", 2, ""),
        ("scientist", 403, "Your roles in fraud do not allow this: it takes steward."),
        ("stranger", 404, ""),
    ],
)
def test_the_administrator_and_the_only_steward_archive(team, jonas, mara, door, who, status, sentence):
    stranger = factories.member(factories.team("pricing"), "steward")
    people = {"admin": factories.admin(), "steward": jonas, "scientist": mara, "stranger": stranger}

    code, answer = turn(door, people[who])

    assert code in {200, 302} if status == 2 else code == status
    assert sentence in answer
    assert is_archived() == (status == 2)


@DOORS
@pytest.mark.parametrize(("who", "status", "sentence"), [("admin", 2, ""), ("steward", 403, ADMIN_ONLY)])
def test_the_administrator_brings_it_back(team, jonas, door, who, status, sentence):
    admin = factories.admin()
    turn("program", admin)

    code, answer = turn(door, {"admin": admin, "steward": jonas}[who], "unarchive")

    assert code in {200, 302} if status == 2 else code == status
    assert sentence in answer
    assert is_archived() == (status != 2)


def test_nothing_happens_twice(team):
    admin = factories.admin()
    turn("program", admin)
    twice = turn("program", admin)
    turn("program", admin, "unarchive")

    assert twice == (409, "fraud is archived already.")
    assert turn("program", admin, "unarchive") == (409, "fraud is not archived.")


def test_both_are_events_and_a_reason_is_kept(team):
    admin = Caller(factories.admin())
    admin.post("teams/fraud/archive", {"reason": "The project ended."})
    admin.post("teams/fraud/unarchive")

    events = Event.objects.filter(team="fraud", action__startswith="team.").order_by("pk")
    assert list(events.values_list("action", "reason")) == [
        ("team.archive", "The project ended."),
        ("team.unarchive", ""),
    ]


def test_lists_leave_it_out_unless_asked(team, jonas, mara, client):
    factories.artifact(team, mara, name="scorer")
    actions.archive_team(team, by=factories.admin())
    caller = Caller(mara)
    client.force_login(mara)

    teams = [rows(caller.get(f"teams/{query}"), "slug") for query in ("", "?archived=true")]
    models = [rows(caller.get(f"models/{query}"), "name") for query in ("", "?team=fraud")]
    pages = [said(client.get(f"/teams/{query}")) for query in ("", "?archived")]

    assert teams == [[], ["fraud"]]
    assert models == [[], ["scorer"]]
    assert ("archived just now" in pages[0], "Show archived teams" in pages[0]) == (False, True)
    assert ("archived just now" in pages[1], "Hide archived teams" in pages[1]) == (True, True)


def test_its_pages_say_that_they_are_read_only(team, mara, client):
    version = factories.submitted(factories.artifact(team, mara, name="scorer"), mara)
    actions.archive_team(team, by=factories.admin())
    client.force_login(mara)

    for address in ("/teams/fraud/", "/models/fraud/scorer/", f"/{version.label}/"):
        words = said(client.get(address))
        assert "everything of it is read-only." in words
        assert "New version" not in words


@DOORS
def test_a_write_is_refused_with_a_sentence(team, mara, client, door):
    factories.artifact(team, mara, name="scorer")
    actions.archive_team(team, by=factories.admin())
    client.force_login(mara)

    if door == "page":
        answer = client.post("/models/fraud/scorer/edit/", {"description": "new", "owner": "mara"})
        sentence = said(answer)
    else:
        answer = Caller(mara).patch("models/fraud/scorer/", {"description": "new"})
        sentence = answer.json()["detail"]

    assert answer.status_code == 403
    assert "fraud is archived since" in sentence


def test_requests_wait_for_nobody_while_it_is_archived(team, jonas, mara, client):
    version = factories.submitted(factories.artifact(team, mara, name="scorer"), mara)
    actions.request_approval(version.label, alias="production", by=mara)
    client.force_login(jonas)
    before = "Approve scorer 1" in said(client.get("/"))

    actions.archive_team(team, by=factories.admin())

    assert (before, "Approve scorer 1" in said(client.get("/"))) == (True, False)
