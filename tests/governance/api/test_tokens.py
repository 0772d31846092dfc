"""One's own tokens by the API."""

from __future__ import annotations

import pytest

from governance.models import Token, User
from tests import factories
from tests.governance.api.caller import Caller, rows, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return factories.person("mara")


@pytest.fixture
def caller(person: User) -> Caller:
    return Caller(person)


def test_token_is_told_once_and_works(caller: Caller) -> None:
    answer = caller.post("tokens/", {"name": "ci", "days": 7})

    text = answer.json()["token"]
    assert (answer.status_code, text[:4]) == (201, "stw_")
    assert Caller(token=text).get("me/").json()["token"]["name"] == "ci"
    assert text not in caller.get("tokens/").content.decode()
    assert "token" not in caller.get(f"tokens/{answer.json()['id']}").json()


def test_a_token_uses_and_pushes_unless_more_is_said(caller: Caller) -> None:
    made = caller.post("tokens/", {"name": "ci"}).json()
    wide = caller.post("tokens/", {"name": "ci", "approve": True, "waive": True, "manage": True}).json()

    reach = {name: made[name] for name in ("team", "approve", "waive", "manage")}
    assert reach == {"team": None, "approve": False, "waive": False, "manage": False}
    assert [wide[name] for name in ("approve", "waive", "manage")] == [True, True, True]


def test_a_token_is_for_one_team(caller: Caller, person: User) -> None:
    factories.team("fraud").memberships.create(user=person, role="reader", granted_by=person)

    made = caller.post("tokens/", {"name": "ci", "team": "fraud"}).json()

    mine = Caller(token=made["token"]).get("me/").json()["token"]
    assert (made["team"], mine["team"], mine["manage"]) == ("fraud", "fraud", False)


def test_tokens_are_listed_newest_first(caller: Caller) -> None:
    caller.post("tokens/", {"name": "ci"})

    assert rows(caller.get("tokens/"), "name") == ["ci", "tests"]


def test_revoked_token_ends(caller: Caller) -> None:
    made = caller.post("tokens/", {"name": "ci"}).json()

    assert caller.delete(f"tokens/{made['id']}").status_code == 204
    assert Caller(token=made["token"]).get("me/").status_code == 401
    assert said(caller.delete(f"tokens/{made['id']}/")) == (409, "This token is revoked already.")
    assert caller.get(f"tokens/{made['id']}").json()["state"] == "revoked"


def test_tokens_of_others_are_not_there(caller: Caller) -> None:
    other = Caller(factories.admin())
    foreign = Token.objects.exclude(user__username="mara").get()

    assert said(caller.get(f"tokens/{foreign.pk}")) == (404, "You have no such token.")
    assert said(caller.delete(f"tokens/{foreign.pk}")) == (404, "You have no such token.")
    assert other.get("me/").status_code == 200


def test_nobody_has_no_tokens() -> None:
    assert [Caller().get("tokens/").status_code, Caller().post("tokens/", {"name": "x"}).status_code] == [
        401,
        401,
    ]


@pytest.mark.parametrize(
    "body",
    [
        {"name": "x", "days": 0},
        {"name": "x", "days": 367},
        {"name": "x" * 81},
        {"name": ""},
        {"name": "a\u202eb"},
        {"name": "x", "user": "admin"},
        {"name": "x", "approve": "yes"},
        {"name": "x", "manage": 1},
        {"name": "x", "team": 5},
    ],
)
def test_malformed_tokens_are_not_made(caller: Caller, body: object) -> None:
    assert caller.post("tokens/", body).status_code == 400
    assert Token.objects.count() == 1


def test_list_takes_the_same_few_queries_however_long(caller: Caller) -> None:
    one = caller.queries("tokens/")
    for _ in range(3):
        caller.post("tokens/", {"name": "ci"})

    assert caller.queries("tokens/") == one <= 3
