"""People, teams, roles and tokens."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from governance import actions, tokens
from governance.errors import Conflict, Denied, Invalid
from governance.models import Event, Membership, Token, User
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_administrator_adds_people_who_are_known_as_made_by_them():
    admin = factories.admin()

    user = actions.add_user("mara", password=factories.PASSWORD, by=admin)

    assert (user.created_by_id, User.objects.get(pk=user.pk).check_password(factories.PASSWORD)) == (
        admin.pk,
        True,
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["", "a/b", "..", "a..b", "a\x00b", "x" * 101, "\u202emara", "mära", "-mara", "m a"]
)
def test_a_bad_name_is_refused_and_leaves_nobody(name):
    admin = factories.admin()

    with pytest.raises(Invalid):
        actions.add_user(name, password=factories.PASSWORD, by=admin)

    assert list(User.objects.all()) == [admin]


def test_a_name_that_differs_only_in_case_is_taken():
    admin = factories.admin()
    actions.add_user("mara", password=factories.PASSWORD, by=admin)

    with pytest.raises(Conflict) as conflict:
        actions.add_user("Mara", password=factories.PASSWORD, by=admin)

    assert conflict.value.sentence == "There is already somebody called Mara."


def test_a_weak_password_is_refused():
    with pytest.raises(Invalid) as invalid:
        actions.add_user("mara", password="12345678", by=factories.admin())

    assert list(invalid.value.details["errors"]) == ["password"]


def test_roles_are_set_as_a_whole_and_recorded():
    team = factories.team("fraud")
    steward = factories.member(team, "steward")
    person = factories.member(team, "reader", username="mara")

    actions.set_roles(team, person, ["data-engineer", "auditor"], by=steward)

    event = Event.objects.get(action="member.set")
    assert (event.subject, event.before, event.after) == (
        "teams/fraud/members/mara",
        ["reader"],
        ["auditor", "data-engineer"],
    )


def test_a_role_kept_keeps_who_granted_it():
    team = factories.team()
    person = factories.member(team, "reader")
    steward = factories.member(team, "steward")

    actions.set_roles(team, person, ["reader", "auditor"], by=steward)

    granted = dict(Membership.objects.filter(user=person).values_list("role", "granted_by"))
    assert granted == {"reader": User.system().pk, "auditor": steward.pk}


def test_the_last_steward_stays():
    team = factories.team("fraud")
    steward = factories.member(team, "steward", username="jonas")

    with pytest.raises(Conflict) as conflict:
        actions.set_roles(team, steward, [], by=steward)

    assert conflict.value.sentence == "jonas is the last steward of fraud: name another one first."


def test_an_unknown_role_is_refused():
    team = factories.team()

    with pytest.raises(Invalid):
        actions.set_roles(team, factories.person(), ["king"], by=factories.admin())


def test_a_member_without_the_right_sets_no_roles():
    team = factories.team()

    with pytest.raises(Denied):
        actions.set_roles(team, factories.person(), ["reader"], by=factories.member(team, "data-scientist"))


def test_a_token_is_recognised_and_only_its_hash_is_kept():
    person = factories.person()

    token, text = actions.add_token(person, name="laptop", by=person)

    assert (tokens.recognise(text), text in str(Token.objects.values().get())) == (token, False)


@pytest.mark.parametrize(
    "change",
    [
        {"revoked_at": timezone.now()},
        {"expires_at": timezone.now() - timedelta(seconds=1)},
    ],
    ids=["revoked", "expired"],
)
def test_a_token_that_has_ended_is_not_recognised(change):
    person = factories.person()
    token, text = actions.add_token(person, name="laptop", by=person)

    Token.objects.filter(pk=token.pk).update(**change)

    assert tokens.recognise(text) is None


def test_a_token_of_somebody_inactive_is_not_recognised():
    person = factories.person()
    _, text = actions.add_token(person, name="laptop", by=person)

    User.objects.filter(pk=person.pk).update(is_active=False)

    assert tokens.recognise(text) is None


def test_nobody_revokes_the_token_of_somebody_else():
    person, other = factories.person(), factories.person()
    token, text = actions.add_token(person, name="laptop", by=person)

    with pytest.raises(Denied):
        actions.revoke_token(token, by=other)

    assert tokens.recognise(text) == token


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_token_lasts_at_most_a_year(days):
    person = factories.person()

    with pytest.raises(Invalid):
        actions.add_token(person, name="laptop", days=days, by=person)


def test_no_event_holds_a_token():
    person = factories.person()

    _, text = actions.add_token(person, name="laptop", by=person)

    assert [event for event in Event.objects.values() if text in str(event)] == []
