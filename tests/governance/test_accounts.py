"""Accounts are closed and opened again."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import Client

from governance import actions, tokens
from governance.models import Approval, Event, Team, Token, User
from registry import gate
from tests import factories
from tests.governance.api.caller import Caller
from tests.pages import said
from tests.registry.actions.meeting import beside, until_somebody_waits
from tests.registry.api.conftest import passed

DOORS = pytest.mark.parametrize("door", ["page", "program"])
ADMIN_ONLY = "Only the site administrator may do this."
LAST = "jonas is the last steward of fraud: name another one first."


@pytest.fixture
def team() -> Team:
    return factories.team("fraud")


@pytest.fixture
def admin() -> User:
    return factories.admin()


@pytest.fixture
def jonas(team: Team) -> User:
    return factories.member(team, "steward", username="jonas")


@pytest.fixture
def mara(team: Team) -> User:
    return factories.member(team, "data-scientist", username="mara")


def turn(door: str, by: User, username: str, what: str = "deactivate") -> tuple[int, str]:
    """Close or open an account: the status, and what is said against it."""
    if door == "page":
        client = Client()
        client.force_login(by)
        answer = client.post(f"/users/{username}/{what}", {"reason": ""})
        return answer.status_code, said(answer) if answer.status_code >= 400 else ""
    answer = Caller(by).post(f"users/{username}/{what}")
    return answer.status_code, answer.json().get("detail", "")


def is_open(user: User) -> bool:
    return User.objects.get(pk=user.pk).is_active


# ------------------------------------------------------------------ closing


@pytest.mark.django_db
@DOORS
@pytest.mark.parametrize(
    ("who", "status", "sentence"),
    [("admin", 2, ""), ("steward", 403, ADMIN_ONLY), ("stranger", 404, "")],
)
def test_the_administrator_closes_an_account(team, admin, jonas, mara, door, who, status, sentence):
    stranger = factories.member(factories.team("pricing"), "steward")
    people = {"admin": admin, "steward": jonas, "stranger": stranger}

    code, answer = turn(door, people[who], "mara")

    assert code in {200, 302} if status == 2 else code == status
    assert sentence in answer
    assert is_open(mara) == (status != 2)


@pytest.mark.django_db
def test_a_session_ends_at_once_and_for_good(admin, mara, client):
    client.force_login(mara)
    before = client.get("/teams/").status_code

    turn("program", admin, "mara")
    closed = client.get("/teams/").status_code
    turn("program", admin, "mara", "reactivate")
    again = client.get("/teams/").status_code
    client.force_login(User.objects.get(pk=mara.pk))

    assert (before, closed, again, client.get("/teams/").status_code) == (200, 302, 302, 200)


@pytest.mark.django_db
def test_tokens_end_for_good(admin, mara):
    _, text = actions.add_token(mara, name="ci", by=mara)

    turn("program", admin, "mara")
    turn("program", admin, "mara", "reactivate")

    assert tokens.recognise(text) is None
    assert Token.objects.get(user=mara).state == "revoked"


@pytest.mark.django_db
def test_closing_is_an_event_with_its_reason(admin, mara):
    actions.add_token(mara, name="ci", by=mara)

    Caller(admin).post("users/mara/deactivate", {"reason": "Left the company."})

    event = Event.objects.get(action="user.deactivate")
    assert (event.subject, event.reason, event.after) == ("users/mara", "Left the company.", {"tokens": 1})


@pytest.mark.django_db
def test_what_they_asked_for_is_withdrawn_and_what_they_said_does_not_count(team, admin, jonas, mara):
    leila = factories.member(team, "steward", username="leila")
    version = passed(factories.submitted(factories.artifact(team, mara), mara))
    by_mara = actions.request_approval(version.label, alias="production", by=mara)
    by_jonas = actions.request_approval(version.label, alias="staging", by=jonas)
    actions.approve(by_jonas, by=leila)

    turn("program", admin, "mara")
    turn("program", admin, "leila")

    assert Approval.objects.get(pk=by_mara.pk).state == "withdrawn"
    assert gate.counting(by_jonas, version) == []


@pytest.mark.django_db
def test_a_yes_counts_again_once_its_giver_is_back(team, admin, jonas, mara):
    leila = factories.member(team, "steward", username="leila")
    version = passed(factories.submitted(factories.artifact(team, mara), mara))
    approval = actions.request_approval(version.label, alias="production", by=mara)
    actions.approve(approval, by=leila)

    turn("program", admin, "leila")
    turn("program", admin, "leila", "reactivate")

    assert [vote.by for vote in gate.counting(approval, version)] == [leila]


@pytest.mark.django_db
def test_what_is_theirs_is_counted_and_stays(team, admin, mara, client):
    artifact = factories.artifact(team, mara, name="scorer")
    client.force_login(admin)

    page = said(client.get("/users/mara/deactivate"))
    answer = Caller(admin).post("users/mara/deactivate")

    artifact.refresh_from_db()
    assert "They own 1 thing in fraud: stewards hand that over" in page
    assert answer.json()["owns"] == [{"team": "fraud", "things": 1}]
    assert ("scorer" in page, artifact.owner) == (False, mara)


# ------------------------------------------------------------------ refused


@pytest.mark.django_db
def test_the_last_steward_of_an_archived_team_may_go(team, admin, jonas):
    actions.archive_team(team, by=admin)

    turn("program", admin, "jonas")

    assert not is_open(jonas)


@pytest.mark.django_db
@DOORS
def test_the_last_steward_stays_with_a_list_of_the_teams(admin, jonas, door):
    factories.team("pricing").memberships.create(user=jonas, role="steward", granted_by=admin)

    code, answer = turn(door, admin, "jonas")

    assert code == 409
    assert "jonas is the last steward of fraud, pricing: name another one first." in answer
    assert is_open(jonas)


@pytest.mark.django_db
@DOORS
def test_nobody_closes_their_own(admin, door):
    code, answer = turn(door, admin, admin.username)

    assert code == 409
    assert "Nobody closes their own account: another administrator does." in answer


@pytest.mark.django_db
def test_nothing_happens_twice(admin, mara):
    turn("program", admin, "mara")
    twice = turn("program", admin, "mara")
    turn("program", admin, "mara", "reactivate")

    assert twice == (409, "The account of mara is closed already.")
    assert turn("program", admin, "mara", "reactivate") == (409, "The account of mara is open already.")


@pytest.mark.django_db
def test_the_system_is_not_there_to_be_closed(admin):
    User.system()

    assert turn("program", admin, "system")[0] == 404


@pytest.mark.django_db(transaction=True)
def test_closing_one_of_two_stewards_waits_for_the_removal_of_the_other(team, admin, jonas):
    leila = factories.member(team, "steward", username="leila")

    with transaction.atomic():
        actions.set_roles(team, leila, [], by=admin)
        thread, came = beside(lambda: actions.deactivate(jonas, by=admin))
        until_somebody_waits()
    thread.join()

    assert [str(outcome) for outcome in came] == [LAST]
    assert is_open(jonas)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_do_not_close_each_other(admin):
    other = factories.admin()

    with transaction.atomic():
        actions.deactivate(other, by=admin)
        thread, came = beside(lambda: actions.deactivate(admin, by=other))
        until_somebody_waits()
    thread.join()

    assert [str(outcome) for outcome in came] == [f"{admin.username} is the last site administrator."]
    assert (is_open(admin), is_open(other)) == (True, False)


# ------------------------------------------------------------------ opening again


@pytest.mark.django_db
@DOORS
def test_a_closed_account_is_opened_again_with_its_roles(admin, mara, door):
    turn("program", admin, "mara")

    code, _ = turn(door, admin, "mara", "reactivate")

    assert code in {200, 302}
    assert (is_open(mara), [role for _, role in mara.roles_held()]) == (True, ["data-scientist"])
    assert Event.objects.filter(action="user.reactivate", outcome="done").count() == 1


@pytest.mark.django_db
def test_the_list_offers_what_can_be_done(admin, mara, jonas, client):
    turn("program", admin, "mara")
    client.force_login(admin)

    words = said(client.get("/users/"))

    assert "Open again mara" in words
    assert "Close the account of jonas" in words
    assert f"Close the account of {admin.username}" not in words
