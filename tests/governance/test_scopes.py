"""What a token may do of what its owner may."""

from __future__ import annotations

import pytest

from governance import access, actions, roles, scopes, tokens
from governance.models import Approval, Event, Team, Token, User
from registry.models import Artifact, Version
from tests import factories
from tests.governance.api.caller import Caller, rows, said

pytestmark = pytest.mark.django_db

NARROW = {"approve": False, "waive": False, "manage": False}
NO_MANAGE = (
    "This token may not manage artifacts, people, teams, gates, webhooks, jobs or tokens. "
    "To do this, make one with “Manage” ticked."
)
ONE_TEAM = "This token is for one team alone. To do this, make one for every team of yours."


def holding(person: User, **reach: object) -> Caller:
    """A program of this person, with a token that reaches so far."""
    _, text = actions.add_token(person, name="narrow", by=person, **reach)
    return Caller(token=text)


def recognised(person: User, **reach: object) -> User:
    """The person as the API knows them by such a token."""
    _, text = actions.add_token(person, name="narrow", by=person, **reach)
    token = tokens.recognise(text)
    assert token is not None
    return token.user


# ------------------------------------------------------------------ the table


def test_every_action_stands_once_in_the_table():
    known = {action for held in roles.ROLES.values() for action in held} | roles.SITE | roles.OWN
    placed = [*scopes.ALWAYS, *(action for group in scopes.GROUPS.values() for action in group.actions)]

    assert sorted(placed) == sorted(known)


def test_every_group_is_a_field_of_a_token():
    fields = {field.name for field in Token._meta.get_fields()}

    assert scopes.GROUPS.keys() <= fields


@pytest.mark.parametrize("group", scopes.GROUPS)
def test_a_tick_gives_the_actions_of_its_group_and_no_others(group):
    team = factories.team()
    steward = factories.member(team, "steward")

    person = recognised(steward, **{**NARROW, group: True})

    held = roles.ROLES["steward"]
    assert access.grants(person)[team.pk] == held & (scopes.ALWAYS | scopes.GROUPS[group].actions)


def test_a_token_with_everything_acts_as_its_owner():
    team = factories.team()
    steward = factories.member(team, "steward")

    assert access.grants(recognised(steward)) == access.grants(steward)


def test_tokens_of_before_keep_everything():
    field = {name: Token._meta.get_field(name).db_default for name in scopes.GROUPS}

    assert (field, Token._meta.get_field("team").null) == (dict.fromkeys(scopes.GROUPS, True), True)


# ------------------------------------------------------------------ for one team


@pytest.fixture
def fraud() -> Team:
    return factories.team("fraud")


@pytest.fixture
def pricing() -> Team:
    return factories.team("pricing")


@pytest.fixture
def mara(fraud: Team, pricing: Team) -> User:
    """A steward and scientist of two teams, each with a model."""
    person = factories.member(fraud, "steward", "data-scientist", username="mara")
    for role in ("steward", "data-scientist"):
        pricing.memberships.create(user=person, role=role, granted_by=User.system())
    for team in (fraud, pricing):
        factories.artifact(team, person, name=f"{team.slug}-scorer")
    return person


def test_a_token_for_one_team_sees_nothing_of_the_others(mara, fraud):
    caller = holding(mara, team=fraud)

    assert rows(caller.get("models/"), "name") == ["fraud-scorer"]
    assert rows(caller.get("teams/"), "slug") == ["fraud"]
    assert [team["slug"] for team in caller.get("me/").json()["teams"]] == ["fraud"]
    assert caller.get("models/pricing/pricing-scorer/").status_code == 404


def test_a_token_for_one_team_reads_what_its_owner_did_there(mara, fraud):
    caller = holding(mara, team=fraud)

    assert set(rows(caller.get("events/"), "team")) == {"fraud"}
    assert {event.team for event in Event.objects.visible_to(mara)} == {"fraud", "pricing", ""}


def test_a_token_for_one_team_does_not_list_the_others(mara, fraud, pricing):
    holding(mara, team=pricing)
    caller = holding(mara, team=fraud)

    assert rows(caller.get("tokens/"), "team") == ["fraud"]


def test_kept_sql_of_one_token_holds_for_no_other(mara, fraud, pricing):
    wide, narrow, other = holding(mara), holding(mara, team=fraud), holding(mara, team=pricing)

    found = [rows(caller.get("models/?sort=name"), "name") for caller in (wide, narrow, other, wide)]

    both = ["fraud-scorer", "pricing-scorer"]
    assert found == [both, ["fraud-scorer"], ["pricing-scorer"], both]


def test_a_token_of_the_administrator_for_one_team_administers_nothing(fraud, pricing):
    admin = factories.member(fraud, "reader")
    User.objects.filter(pk=admin.pk).update(is_superuser=True)
    admin.refresh_from_db()
    caller = holding(admin, team=fraud)

    assert said(caller.post("teams/", {"slug": "risk"})) == (403, ONE_TEAM)
    assert said(caller.get("system/")) == (403, ONE_TEAM)
    assert rows(caller.get("teams/"), "slug") == ["fraud"]
    assert caller.get("jobs/").status_code == 404


def test_whoever_is_not_in_a_team_gets_no_token_for_it(mara):
    admin = factories.admin()
    factories.team("risk")

    answer = Caller(admin).post("tokens/", {"name": "ci", "team": "risk"})

    sentence = f"{admin.username} is not in risk, so a token for it would open nothing."
    assert said(answer) == (400, sentence)
    assert Caller(mara).post("tokens/", {"name": "ci", "team": "risk"}).status_code == 404


# ------------------------------------------------------------------ what was not ticked


@pytest.fixture
def version(fraud: Team, mara: User) -> Version:
    return factories.submitted(Artifact.objects.get(name="fraud-scorer"), mara)


@pytest.fixture
def approval(version: Version, mara: User) -> Approval:
    return actions.request_approval(version.label, alias="production", by=mara)


def test_what_programs_are_for_needs_no_tick(mara, fraud, version):
    caller = holding(mara, team=fraud, **NARROW)

    made = caller.post("models/", {"team": "fraud", "name": "new"})
    asked = caller.post("approvals/", {"subject": version.label, "alias": "production"})

    assert (made.status_code, asked.status_code) == (201, 201)


def test_a_token_without_approve_says_what_to_tick(fraud, approval):
    caller = holding(factories.member(fraud, "steward"), **{**NARROW, "waive": True, "manage": True})

    answer = caller.post(f"approvals/{approval.pk}/reject", {"note": "no"})

    sentence = "This token may not approve, reject or verify. To do this, make one with “Approve” ticked."
    assert said(answer) == (403, sentence)
    [objection] = answer.json()["objections"]
    assert objection == {
        "policy": "token",
        "sentence": sentence,
        "cure": "make one with “Approve” ticked.",
        "who": "you",
        "link": "/account/tokens/",
    }
    assert Event.objects.filter(action="approval.reject", outcome="refused").count() == 1


def test_a_token_with_approve_decides(fraud, approval):
    caller = holding(factories.member(fraud, "steward"), **{**NARROW, "approve": True})

    assert caller.post(f"approvals/{approval.pk}/reject", {"note": "no"}).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "teams/fraud/members/mara", {"role": "steward"}),
        ("PUT", "teams/fraud/webhook", {"address": "https://example.org/hook"}),
        (
            "POST",
            "teams/fraud/gate/requests/",
            {"gates": {"staging": {"approvals": 1}, "production": {"approvals": 1}}},
        ),
        ("POST", "tokens/", {"name": "another"}),
        ("PUT", "notifications/settings", {"review": "inbox"}),
    ],
)
def test_a_token_without_manage_manages_nothing(mara, method, path, body):
    caller = holding(mara, **{**NARROW, "approve": True, "waive": True})

    assert said(caller.ask(method, path, body)) == (403, NO_MANAGE)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("users/", {"username": "zoe", "password": factories.PASSWORD}),
        ("teams/", {"slug": "risk"}),
        ("jobs/trim_job_runs/run", None),
    ],
)
def test_rights_on_the_site_need_the_tick_too(path, body):
    admin = factories.admin()

    assert said(holding(admin, **NARROW).post(path, body)) == (403, NO_MANAGE)
    assert holding(admin, **NARROW).get("system/").status_code == 200


def test_a_role_that_is_missing_is_told_as_before(fraud):
    scientist = factories.member(fraud, "data-scientist")
    factories.person("nora")

    answer = holding(scientist, **NARROW).put("teams/fraud/members/nora", {"role": "reader"})

    assert said(answer) == (403, "Your roles in fraud do not allow this: it takes steward.")


def test_a_token_may_not_revoke_what_its_owner_may(mara):
    other, _ = actions.add_token(mara, name="other", by=mara)

    assert said(holding(mara, **NARROW).delete(f"tokens/{other.pk}")) == (403, NO_MANAGE)


def test_reach_costs_no_query(mara, fraud, django_assert_num_queries):
    person = recognised(mara, team=fraud, **NARROW)
    access.grants(mara)

    with django_assert_num_queries(1):
        assert access.teams(person, "version.view") == [fraud.pk]
        assert access.sight(person) != access.sight(mara)
