"""Teams: the list, one team, and who gets in and out."""

from __future__ import annotations

import pytest

from governance.models import Event, Membership, Team
from tests import factories
from tests.pages import queries, said, told

pytestmark = pytest.mark.django_db


def roles_of(team, user):
    return sorted(team.memberships.filter(user=user).values_list("role", flat=True))


# ------------------------------------------------------------------ list


def test_members_see_their_own_teams(team, author, stranger, signed_in):
    words = said(signed_in(author).get("/teams/"))

    assert "fraud Fraud data-scientist 1 just now" in words
    assert "elsewhere" not in words


def test_the_administrator_sees_every_team(team, stranger, admin, signed_in):
    words = said(signed_in(admin).get("/teams/"))

    assert "fraud Fraud not in it 0" in words
    assert "elsewhere Elsewhere not in it 1" in words


def test_whoever_is_in_no_team_is_told_who_lets_in(signed_in):
    words = said(signed_in(factories.person()).get("/teams/"))

    assert "A steward of the team, or the site administrator, lets you in." in words


def test_three_teams_cost_as_much_as_one(admin, signed_in):
    factories.team()
    client = signed_in(admin)
    with_one = queries(client, "/teams/")
    factories.team()
    factories.team()

    assert queries(client, "/teams/") == with_one


# ------------------------------------------------------------------ making one


def test_the_administrator_makes_a_team(admin, signed_in):
    answer = signed_in(admin).post("/new/team/", {"slug": "fraud", "name": "Fraud"})

    assert answer["Location"] == "/teams/fraud/"
    assert Team.objects.get().name == "Fraud"
    assert told(answer) == ["The team fraud is there. Next, put people into it."]


def test_a_member_makes_no_team(author, signed_in):
    client = signed_in(author)

    looked = client.get("/new/team/")
    sent = client.post("/new/team/", {"slug": "mine"})

    assert (looked.status_code, sent.status_code) == (403, 403)
    assert "Only the site administrator may do this." in said(sent)
    assert Event.objects.filter(action="team.add", outcome="refused").count() == 1


def test_a_member_reads_why_the_button_is_closed(author, signed_in):
    assert "Make a team, closed: Only the site administrator may do this." in said(
        signed_in(author).get("/teams/")
    )


@pytest.mark.parametrize(
    ("slug", "status", "sentence"),
    [
        ("", 400, "This field is required."),
        ("Fraud", 400, "Use small letters a to z, digits and hyphens; begin and end with a letter or digit."),
        ("a/b", 400, "Use small letters a to z, digits and hyphens; begin and end with a letter or digit."),
        ("..", 400, "Use small letters a to z, digits and hyphens; begin and end with a letter or digit."),
        ("x" * 61, 400, "Ensure this value has at most 60 characters (it has 61)."),
        ("a\x00b", 400, "Null characters are not allowed."),
        ("fraud", 409, "There is already a team called fraud."),
    ],
)
def test_a_bad_name_of_a_team_says_what_is_wrong(team, admin, signed_in, slug, status, sentence):
    answer = signed_in(admin).post("/new/team/", {"slug": slug, "name": ""})

    assert answer.status_code == status
    assert sentence in said(answer)
    assert Team.objects.count() == 1


# ------------------------------------------------------------------ one team


def test_the_page_says_who_gave_which_role(team, admin, author, signed_in):
    factories.member(team, "steward", username="jonas")

    words = said(signed_in(author).get("/teams/fraud/"))

    assert "jonas steward just now by Steward" in words
    assert "mara data-scientist just now by Steward" in words


def test_a_member_who_is_no_steward_changes_nobody(team, author, signed_in):
    words = said(signed_in(author).get("/teams/fraud/"))

    assert "Add somebody, closed: Your roles in fraud do not allow this: it takes steward." in words
    assert "Change roles" not in words


@pytest.mark.parametrize("address", ["", "members/", "members/mara/", "members/mara/remove"])
def test_a_stranger_does_not_learn_that_there_is_a_team(author, stranger, signed_in, address):
    client = signed_in(stranger)

    answers = client.get(f"/teams/fraud/{address}"), client.post(f"/teams/fraud/{address}")

    assert [answer.status_code for answer in answers] == ([404, 405] if address == "" else [404, 404])


@pytest.mark.parametrize(
    "address", ["", "fraud/", "fraud/members/", "fraud/members/mara/", "fraud/members/mara/remove"]
)
def test_nobody_is_sent_to_sign_in(author, client, address):
    answer = client.get(f"/teams/{address}")

    assert answer["Location"] == f"/account/login/?next=/teams/{address}"


def test_three_members_cost_as_much_as_one(team, author, signed_in):
    client = signed_in(author)
    with_one = queries(client, "/teams/fraud/")
    factories.member(team, "reader", "auditor")
    factories.member(team, "steward")

    assert queries(client, "/teams/fraud/") == with_one


# ------------------------------------------------------------------ letting in


@pytest.mark.parametrize("who", ["steward", "admin"])
def test_stewards_and_the_administrator_let_in(team, steward, admin, signed_in, who):
    new = factories.person("noor")

    answer = signed_in({"steward": steward, "admin": admin}[who]).post(
        "/teams/fraud/members/", {"username": "Noor", "roles": ["reader", "auditor"]}
    )

    assert answer["Location"] == "/teams/fraud/"
    assert roles_of(team, new) == ["auditor", "reader"]


def test_every_role_stands_with_its_duty(team, steward, signed_in):
    words = said(signed_in(steward).get("/teams/fraud/members/"))

    assert "auditor Sees everything of the team including the trail, and changes nothing." in words


@pytest.mark.parametrize("username", ["noor", "no-such-person"])
def test_whoever_may_not_let_in_learns_nothing_of_the_name(team, author, signed_in, username):
    factories.person("noor")
    client = signed_in(author)

    looked = client.get("/teams/fraud/members/")
    sent = client.post("/teams/fraud/members/", {"username": username, "roles": ["reader"]})

    assert (looked.status_code, sent.status_code) == (403, 403)
    assert "Your roles in fraud do not allow this: it takes steward." in said(sent)
    assert Event.objects.filter(action="member.set", outcome="refused").count() == 1


@pytest.mark.parametrize(
    ("sent", "status", "sentence"),
    [
        ({"username": "nobody", "roles": ["reader"]}, 400, "Nobody here is called nobody"),
        ({"username": "system", "roles": ["reader"]}, 400, "Nobody here is called system"),
        ({"username": "noor", "roles": []}, 400, "Choose a role, or remove the person from the team."),
        ({"username": "noor", "roles": ["king"]}, 400, "There is no role king: choose from reader,"),
        ({"username": "", "roles": ["reader"]}, 400, "This field is required."),
        ({"username": "jonas", "roles": ["reader"]}, 409, "jonas is in fraud already: change the roles"),
        ({"username": "gone", "roles": ["reader"]}, 409, "The account of gone is not active."),
    ],
)
def test_bad_input_to_letting_in_says_what_is_wrong(team, steward, signed_in, sent, status, sentence):
    factories.person("noor")
    factories.person("gone", is_active=False)

    answer = signed_in(steward).post("/teams/fraud/members/", sent)

    assert answer.status_code == status
    assert sentence in said(answer)
    assert Membership.objects.count() == 1


# ------------------------------------------------------------------ changing and removing


def test_a_steward_sets_exactly_the_ticked_roles(team, steward, author, signed_in):
    answer = signed_in(steward).post("/teams/fraud/members/mara/", {"roles": ["reader", "auditor"]})

    assert roles_of(team, author) == ["auditor", "reader"]
    assert told(answer) == ["mara is auditor, reader in fraud now."]


def test_the_roles_one_has_are_ticked(team, steward, author, signed_in):
    page = signed_in(steward).get("/teams/fraud/members/mara/").content.decode()

    assert page.count("checked") == 1
    assert 'value="data-scientist"' in page.partition("checked")[0].rpartition("<input")[2]


def test_a_member_changes_nobody(team, steward, author, signed_in):
    client = signed_in(author)

    answers = [
        client.get("/teams/fraud/members/jonas/"),
        client.post("/teams/fraud/members/jonas/", {"roles": ["reader"]}),
        client.get("/teams/fraud/members/jonas/remove"),
        client.post("/teams/fraud/members/jonas/remove"),
    ]

    assert [answer.status_code for answer in answers] == [403] * 4
    assert roles_of(team, steward) == ["steward"]


def test_the_last_steward_stays_one(team, steward, signed_in):
    client = signed_in(steward)

    changed = client.post("/teams/fraud/members/jonas/", {"roles": ["reader"]})
    removed = client.post("/teams/fraud/members/jonas/remove")

    sentence = "jonas is the last steward of fraud: name another one first."
    assert (changed.status_code, removed.status_code) == (409, 409)
    assert (sentence in said(changed), sentence in said(removed)) == (True, True)


def test_removing_asks_first(team, steward, author, signed_in):
    words = said(signed_in(steward).get("/teams/fraud/members/mara/remove"))

    assert "Remove mara from fraud? mara no longer sees what belongs to fraud." in words
    assert roles_of(team, author) == ["data-scientist"]


def test_a_steward_removes_somebody(team, steward, author, signed_in):
    answer = signed_in(steward).post("/teams/fraud/members/mara/remove")

    assert answer["Location"] == "/teams/fraud/"
    assert roles_of(team, author) == []


def test_whoever_removes_themselves_is_led_out(team, steward, signed_in):
    factories.member(team, "steward")

    answer = signed_in(steward).post("/teams/fraud/members/jonas/remove")

    assert answer["Location"] == "/teams/"


def test_who_is_not_in_the_team_cannot_be_changed(team, steward, signed_in):
    factories.person("noor")

    assert signed_in(steward).get("/teams/fraud/members/noor/").status_code == 404
