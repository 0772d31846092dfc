"""Users, and what each role may do."""

from __future__ import annotations

import pytest

from governance import roles
from governance.models import Event, User
from tests import factories
from tests.pages import queries, said, told

pytestmark = pytest.mark.django_db

NEW = {"username": "noor", "email": "noor@example.org", "password": "a long enough one 7"}


def test_the_administrator_sees_everybody_with_their_teams(team, author, admin, signed_in):
    words = said(signed_in(admin).get("/users/"))

    assert "mara fraud data-scientist active" in words


def test_nobody_sees_the_system_among_the_users(admin, signed_in):
    User.system()

    assert "1 user" in said(signed_in(admin).get("/users/"))


def test_users_are_found_by_name_or_address(author, admin, signed_in):
    factories.person("noor", email="n@mara.example")
    factories.person("other")

    words = said(signed_in(admin).get("/users/?search=MARA"))

    assert ("2 users" in words, "other" in words) == (True, False)


@pytest.mark.parametrize("search", ["%00", "x" * 101])
def test_a_malformed_search_says_so(admin, signed_in, search):
    assert signed_in(admin).get(f"/users/?search={search}").status_code == 400


def test_a_member_sees_no_list_of_users(author, signed_in):
    answer = signed_in(author).get("/users/")

    assert answer.status_code == 403
    assert "Only the site administrator may do this." in said(answer)


def test_three_users_cost_as_much_as_one(team, admin, signed_in):
    factories.member(team, "reader")
    client = signed_in(admin)
    with_one = queries(client, "/users/")
    factories.member(team, "reader", "auditor")
    factories.member(factories.team(), "steward")

    assert queries(client, "/users/") == with_one


@pytest.mark.parametrize("address", ["/users/", "/new/user/", "/roles/", "/new/team/"])
def test_nobody_is_sent_to_sign_in(client, address):
    assert client.get(address)["Location"] == f"/account/login/?next={address}"


# ------------------------------------------------------------------ making an account


def test_the_administrator_makes_an_account(admin, signed_in, client):
    answer = signed_in(admin).post("/new/user/", NEW)

    assert answer["Location"] == "/users/"
    assert told(answer) == ["noor can sign in now. Next, give them a role in a team."]
    assert client.login(username="noor", password=NEW["password"])


def test_a_member_makes_no_account(author, signed_in):
    client = signed_in(author)

    looked = client.get("/new/user/")
    sent = client.post("/new/user/", NEW)

    assert (looked.status_code, sent.status_code) == (403, 403)
    assert "Only the site administrator may do this." in said(sent)
    assert Event.objects.filter(action="user.add", outcome="refused").count() == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sent", "status", "sentence"),
    [
        ({"username": ""}, 400, "This field is required."),
        ({"username": "a/b"}, 400, "Use letters A to Z, digits, dots, hyphens and underscores"),
        ({"username": "a..b"}, 400, "Use letters A to Z, digits, dots, hyphens and underscores"),
        ({"username": "\u202emara"}, 400, "Use letters A to Z, digits, dots, hyphens and underscores"),
        ({"username": "x" * 300}, 400, "Ensure this value has at most 100 characters (it has 300)."),
        ({"username": "mara\x00"}, 400, "Null characters are not allowed."),
        ({"username": "MARA"}, 409, "There is already somebody called MARA."),
        ({"email": "nowhere"}, 400, "Enter a valid email address."),
        ({"password": "short"}, 400, "Use at least 12 characters: these are 5."),
        (
            {"password": "password"},
            400,
            "This stands on lists of leaked passwords, as it is or with little added.",
        ),
        ({"password": ""}, 400, "This field is required."),
    ],
)
def test_a_bad_account_says_what_is_wrong(author, admin, signed_in, sent, status, sentence):
    answer = signed_in(admin).post("/new/user/", {**NEW, **sent})

    assert answer.status_code == status
    assert sentence in said(answer)
    assert User.objects.filter(username__in=["mara", admin.username]).count() == 2
    assert User.objects.exclude(username=User.SYSTEM).count() == 2


def test_a_password_is_not_shown_again(admin, signed_in):
    answer = signed_in(admin).post("/new/user/", {**NEW, "username": ""})

    assert NEW["password"] not in answer.content.decode()


# ------------------------------------------------------------------ roles


def test_the_roles_page_says_every_duty(author, signed_in):
    words = said(signed_in(author).get("/roles/"))

    assert [duty for duty in roles.DUTIES.values() if duty not in words] == []


def test_the_table_ticks_what_the_code_allows(author, signed_in):
    page = signed_in(author).get("/roles/").content.decode()

    assert page.count('aria-label="yes"') == sum(len(actions) for actions in roles.ROLES.values())
