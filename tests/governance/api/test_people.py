"""Users, teams and members by the API."""

from __future__ import annotations

import pytest

from governance.models import Event, Membership, Team, User
from tests import factories
from tests.governance.api.caller import Caller, rows, said

pytestmark = pytest.mark.django_db

ADMIN_ONLY = "Only the site administrator may do this."
NOT_STEWARD = "Your roles in fraud do not allow this: it takes steward."


@pytest.fixture
def team() -> Team:
    return factories.team("fraud")


@pytest.fixture
def admin() -> Caller:
    return Caller(factories.person("root", is_superuser=True))


@pytest.fixture
def steward(team: Team) -> Caller:
    return Caller(factories.member(team, "steward", username="jonas"))


@pytest.fixture
def scientist(team: Team) -> Caller:
    return Caller(factories.member(team, "data-scientist", username="mara"))


@pytest.fixture
def stranger() -> Caller:
    return Caller(factories.member(factories.team("pricing"), "steward", username="sven"))


# ------------------------------------------------------------------ users


def test_administrator_adds_a_person(admin: Caller) -> None:
    answer = admin.post(
        "users/", {"username": "Mara", "password": factories.PASSWORD, "email": "m@example.com"}
    )

    made = User.objects.get(username="Mara")
    assert (answer.status_code, answer.json()["id"], answer.json()["email"]) == (
        201,
        made.pk,
        "m@example.com",
    )
    assert made.check_password(factories.PASSWORD)
    assert made.created_by is not None


def test_person_without_an_address_is_added(admin: Caller) -> None:
    answer = admin.post("users/", {"username": "Mara", "password": factories.PASSWORD, "email": ""})

    assert (answer.status_code, answer.json()["email"]) == (201, "")


def test_others_do_not_add_people(steward: Caller) -> None:
    assert said(steward.post("users/", {"username": "x", "password": factories.PASSWORD})) == (
        403,
        ADMIN_ONLY,
    )
    assert Event.objects.filter(action="user.add", outcome="refused").count() == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["a/b", "..", "a..b", "a\u202eb", "x" * 101, "a b", "", ".hidden", "ünal", "a\nb", " mara"]
)
def test_names_that_cannot_stand_in_an_address_are_refused(admin: Caller, name: str) -> None:
    answer = admin.post("users/", {"username": name, "password": factories.PASSWORD})

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["username"])
    assert User.objects.filter(username=name).count() == 0


def test_same_name_in_another_case_is_refused(admin: Caller, scientist: Caller) -> None:
    answer = admin.post("users/", {"username": "MARA", "password": factories.PASSWORD})

    assert said(answer) == (409, "There is already somebody called MARA.")


def test_password_that_is_easy_to_guess_is_refused(admin: Caller) -> None:
    answer = admin.post("users/", {"username": "x", "password": "12345678"})

    assert answer.status_code == 400
    assert any(said.startswith("This stands on lists") for said in answer.json()["errors"]["password"])


def test_people_see_those_of_their_teams(
    scientist: Caller, steward: Caller, stranger: Caller, admin: Caller
) -> None:
    assert rows(scientist.get("users/"), "username") == ["jonas", "mara"]
    assert rows(stranger.get("users/"), "username") == ["sven"]
    assert rows(admin.get("users/"), "username") == ["jonas", "mara", "root", "sven"]
    assert rows(admin.get("users/?search=JO"), "username") == ["jonas"]


def test_addresses_of_mail_are_shown_to_oneself_and_the_administrator(
    scientist: Caller, steward: Caller, admin: Caller
) -> None:
    assert ["email" in who.get("users/mara/").json() for who in (scientist, steward, admin)] == [
        True,
        False,
        True,
    ]


def test_people_of_other_teams_are_not_there(stranger: Caller, scientist: Caller) -> None:
    assert said(stranger.get("users/mara")) == (404, "There is nobody called mara whom you may see.")


def test_names_are_found_in_any_case(scientist: Caller) -> None:
    assert scientist.get("users/MARA/").json()["username"] == "mara"


def test_me_says_who_i_am(team: Team, scientist: Caller) -> None:
    answer = scientist.get("me/").json()

    assert answer["username"] == "mara"
    assert answer["teams"] == [{"slug": "fraud", "name": "Fraud", "roles": ["data-scientist"]}]
    assert answer["token"]["name"] == "tests"


# ------------------------------------------------------------------ teams


def test_administrator_adds_a_team(admin: Caller) -> None:
    answer = admin.post("teams", {"slug": "risk", "name": "Risk and more"})

    made = Team.objects.get(slug="risk")
    assert (answer.status_code, answer.json()["id"], answer.json()["name"]) == (201, made.pk, "Risk and more")


def test_others_do_not_add_teams(steward: Caller) -> None:
    assert said(steward.post("teams/", {"slug": "risk"})) == (403, ADMIN_ONLY)


@pytest.mark.parametrize(
    "slug", ["a/b", "..", "Risk", "a\u202eb", "x" * 61, "a b", "", "-a", "a\0b", 5, None]
)
def test_slugs_that_cannot_stand_in_an_address_are_refused(admin: Caller, slug: object) -> None:
    answer = admin.post("teams/", {"slug": slug})

    assert (answer.status_code, "slug" in answer.json()["errors"]) == (400, True)


def test_slug_is_given_once(admin: Caller, team: Team) -> None:
    assert said(admin.post("teams/", {"slug": "fraud"})) == (409, "There is already a team called fraud.")


def test_people_see_their_teams(scientist: Caller, stranger: Caller, admin: Caller) -> None:
    assert rows(scientist.get("teams/"), "slug") == ["fraud"]
    assert rows(stranger.get("teams/"), "slug") == ["pricing"]
    assert rows(admin.get("teams/"), "slug") == ["fraud", "pricing"]
    assert rows(admin.get("teams/?search=pri"), "slug") == ["pricing"]
    assert said(stranger.get("teams/fraud/")) == (404, "There is no team fraud that you may see.")
    assert scientist.get("teams/fraud/").json()["name"] == "Fraud"


# ------------------------------------------------------------------ members


def test_steward_gives_one_role_or_several(steward: Caller, scientist: Caller) -> None:
    one = steward.put("teams/fraud/members/mara", {"role": "reader"})
    several = steward.put("teams/fraud/members/MARA/", {"roles": ["auditor", "data-engineer", "auditor"]})

    assert (one.status_code, one.json()["roles"]) == (200, ["reader"])
    assert several.json()["roles"] == ["data-engineer", "auditor"]
    assert rows(steward.get("teams/fraud/members/"), "roles") == [["steward"], ["data-engineer", "auditor"]]


def test_steward_takes_in_somebody_from_elsewhere(steward: Caller, stranger: Caller) -> None:
    assert steward.put("teams/fraud/members/sven", {"role": "reader"}).status_code == 200
    assert rows(stranger.get("teams/"), "slug") == ["fraud", "pricing"]


def test_administrator_manages_members(admin: Caller, team: Team) -> None:
    factories.person("nora")

    assert admin.put("teams/fraud/members/nora", {"role": "steward"}).status_code == 200
    assert admin.get("teams/fraud/members/nora").json()["roles"] == ["steward"]


@pytest.mark.parametrize("username", ["mara", "jonas", "sven", "no-such-person"])
def test_others_do_not_whether_there_is_such_a_person_or_not(
    scientist: Caller, steward: Caller, stranger: Caller, username: str
) -> None:
    assert said(scientist.put(f"teams/fraud/members/{username}", {"role": "steward"})) == (403, NOT_STEWARD)
    assert said(scientist.delete(f"teams/fraud/members/{username}")) == (403, NOT_STEWARD)
    assert said(stranger.put(f"teams/fraud/members/{username}", {"role": "steward"}))[0] == 404


def test_nobody_does_not(team: Team) -> None:
    assert Caller().put("teams/fraud/members/mara", {"role": "steward"}).status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"role": "reader", "roles": ["reader"]},
        {"role": "king"},
        {"roles": "reader"},
        {"roles": [5]},
        {"rolle": "x"},
    ],
)
def test_roles_are_one_of_two_fields_and_known(steward: Caller, scientist: Caller, body: object) -> None:
    assert steward.put("teams/fraud/members/mara", body).status_code == 400
    assert list(Membership.objects.filter(user__username="mara").values_list("role", flat=True)) == [
        "data-scientist"
    ]


def test_last_steward_stays(steward: Caller) -> None:
    sentence = "jonas is the last steward of fraud: name another one first."

    assert said(steward.put("teams/fraud/members/jonas", {"role": "reader"})) == (409, sentence)
    assert said(steward.delete("teams/fraud/members/jonas")) == (409, sentence)


def test_membership_ends(steward: Caller, scientist: Caller) -> None:
    answer = steward.delete("teams/fraud/members/mara")

    assert (answer.status_code, answer.content) == (204, b"")
    assert said(steward.get("teams/fraud/members/mara")) == (404, "mara is not in fraud.")
    assert said(steward.delete("teams/fraud/members/mara")) == (404, "mara is not in fraud.")
    assert said(scientist.get("teams/fraud/"))[0] == 404


def test_system_is_nobody_to_give_a_role(steward: Caller) -> None:
    User.system()

    answer = steward.put("teams/fraud/members/system", {"role": "reader"})

    assert said(answer) == (404, "There is nobody called system.")


@pytest.mark.parametrize("path", ["users/", "teams/", "teams/fraud/members/"])
def test_lists_take_the_same_few_queries_however_long(admin: Caller, team: Team, path: str) -> None:
    factories.member(team, "reader")
    one = admin.queries(path)
    for _ in range(3):
        factories.member(team, "reader", "auditor")
        factories.team()

    assert admin.queries(path) == one <= 5
