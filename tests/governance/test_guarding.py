"""A team may ask roles for a second factor: who has none does what a reader may."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from governance import access, actions, roles
from governance.models import Event, Notification, Team, User
from tests import factories
from tests.governance.api.caller import Caller
from tests.pages import queries, said

pytestmark = pytest.mark.django_db

DOORS = pytest.mark.parametrize("door", ["page", "program"])
SENTENCE = (
    "fraud asks your role for a second factor. "
    "To do this, set up an authenticator app or a passkey on your page."
)
NOTICE = "A team of yours asks your role for a second factor."


@pytest.fixture
def team() -> Team:
    return factories.team("fraud")


@pytest.fixture
def jonas(team: Team) -> User:
    return with_factor(factories.member(team, "steward", username="jonas"))


@pytest.fixture
def mara(team: Team) -> User:
    return factories.member(team, "data-scientist", username="mara")


def with_factor(person: User) -> User:
    Authenticator.objects.create(user=person, type="totp", data={})
    return person


def page(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def ask(door: str, by: User, *wanted: str) -> int:
    if door == "page":
        return page(by).post("/teams/fraud/second-factor", {"roles": wanted}).status_code
    return Caller(by).put("teams/fraud/second-factor", {"roles": wanted}).status_code


def guard(team: Team, *wanted: str) -> None:
    Team.objects.filter(pk=team.pk).update(second_factor=",".join(wanted))


# ------------------------------------------------------------------ asking


@DOORS
def test_a_steward_asks_on_the_record_and_whom_it_concerns_is_told(team, jonas, mara, door):
    factories.member(team, "reader", username="rita")

    status = ask(door, jonas, "data-scientist", "steward")

    team.refresh_from_db()
    event = Event.objects.get(action="team.require_factor")
    assert (status in {200, 302}, team.guarded) == (True, ["data-scientist", "steward"])
    assert (event.team, event.before, event.after) == (
        "fraud",
        {"roles": []},
        {"roles": "data-scientist, steward"},
    )
    assert [message.user.username for message in Notification.objects.filter(kind="account")] == ["mara"]


@DOORS
def test_it_is_taken_back(team, jonas, mara, door):
    guard(team, "data-scientist")

    ask(door, jonas)

    team.refresh_from_db()
    assert (team.guarded, Notification.objects.count()) == ([], 0)


@DOORS
def test_who_has_none_does_not_ask_others(team, door):
    steward = factories.member(team, "steward")

    status = ask(door, steward, "steward")

    team.refresh_from_db()
    assert (status, team.guarded) == (409, [])


@DOORS
@pytest.mark.parametrize(("who", "status"), [("mara", 403), ("admin", 403), ("stranger", 404)])
def test_nobody_else_asks(team, mara, door, who, status):
    stranger = factories.member(factories.team("pricing"), "steward")
    by = with_factor({"mara": mara, "admin": factories.admin(), "stranger": stranger}[who])

    assert (
        ask(door, by, "steward"),
        Event.objects.filter(action="team.require_factor", outcome="done").count(),
    ) == (status, 0)


@DOORS
def test_an_unknown_role_says_so(team, jonas, door):
    assert ask(door, jonas, "king") == 400


def test_stewards_see_who_has_none(team, jonas, mara):
    guard(team, "data-scientist")

    answer = Caller(jonas).get("teams/fraud/second-factor").json()

    assert answer == {"roles": ["data-scientist"], "without": ["mara"]}
    assert "Without one are mara." in said(page(jonas).get("/teams/fraud/second-factor"))


# ------------------------------------------------------------------ what it does


def test_without_one_a_role_is_a_readers(team, mara):
    guard(team, "data-scientist")

    assert access.grants(mara)[team.pk] == roles.ROLES["reader"]
    [objection] = access.objections(mara, "artifact.add", team)
    assert (objection.sentence, objection.who, objection.link) == (SENTENCE, "you", "/account/security/")


def test_with_one_nothing_changes(team, mara):
    guard(team, "data-scientist")
    with_factor(mara)

    assert access.grants(mara)[team.pk] == roles.ROLES["data-scientist"]


def test_recovery_codes_alone_are_no_factor(team, mara):
    guard(team, "data-scientist")
    Authenticator.objects.create(user=mara, type="recovery_codes", data={})

    assert mara.has_factor is False


def test_another_role_goes_on(team, mara):
    guard(team, "data-scientist")
    team.memberships.create(user=mara, role="auditor", granted_by=mara)

    assert access.grants(mara)[team.pk] == roles.ROLES["auditor"] | roles.ROLES["reader"]


def test_another_team_goes_on(team, mara):
    guard(team, "data-scientist")
    pricing = factories.team("pricing")
    pricing.memberships.create(user=mara, role="data-scientist", granted_by=mara)

    assert access.can(mara, "artifact.add", pricing)


def test_what_no_role_of_theirs_allows_is_refused_as_ever(team, mara):
    guard(team, "data-scientist")

    [objection] = access.objections(mara, "member.set", team)

    assert objection.sentence == "Your roles in fraud do not allow this: it takes steward."


@DOORS
def test_at_the_door_it_counts_for_people_and_not_for_programs(team, mara, door):
    guard(team, "data-scientist")
    made = {"team": "fraud", "name": "scorer"}

    if door == "page":
        answer = page(mara).post("/models/new/", made)
        assert answer.status_code in {400, 403}
    else:
        text = actions.add_token(with_factor(mara), name="ci", by=mara)[1]
        mara.authenticator_set.all().delete()
        assert Caller(token=text).post("models/", made).status_code == 201


def test_a_draft_is_not_seen_without_one(team, mara):
    artifact = factories.artifact(team, mara, name="scorer")
    factories.submitted(artifact, mara)
    client = page(mara)
    before = client.get("/models/fraud/scorer/").status_code
    guard(team, "data-scientist")

    after = client.get("/models/fraud/scorer/")
    with_factor(mara)

    assert (before, after.status_code, client.get("/models/fraud/scorer/").status_code) == (200, 404, 200)


def test_every_page_says_what_to_set_up_and_where(team, mara, jonas):
    guard(team, "data-scientist")

    page_ = page(mara).get("/teams/fraud/").content.decode()

    assert (NOTICE in page_, '<a href="/account/security/">Set one up</a>' in page_) == (True, True)
    assert NOTICE not in page(jonas).get("/teams/fraud/").content.decode()


def test_it_is_asked_only_where_a_team_asks(team, mara, jonas):
    without = queries(page(jonas), "/teams/fraud/")
    guard(team, "steward")

    assert queries(page(jonas), "/teams/fraud/") == without + 1
