"""Who would need a second factor makes no token without one."""

from __future__ import annotations

import pytest

from governance import access, actions
from governance.models import Team, Token
from tests import factories
from tests.governance.api.caller import Caller
from tests.governance.test_guarding import with_factor

pytestmark = pytest.mark.django_db

SENTENCE = (
    "A team of yours asks your role for a second factor, also to make a token that reaches into it. "
    "First, set up an authenticator app or a passkey on your page."
)


@pytest.fixture
def fraud() -> Team:
    team = factories.team("fraud")
    Team.objects.filter(pk=team.pk).update(second_factor="data-scientist")
    return team


def objections(person, subject=None, team=None) -> list[str]:
    return [found.sentence for found in access.objections(person, "token.add", subject or person, team=team)]


@pytest.mark.parametrize("everywhere", [True, False])
def test_without_one_it_objects(fraud, everywhere):
    mara = factories.member(fraud, "data-scientist")

    assert objections(mara, team=None if everywhere else fraud) == [SENTENCE]


def test_with_one_it_is_silent(fraud):
    mara = with_factor(factories.member(fraud, "data-scientist"))

    assert objections(mara) == []


def test_a_token_for_another_team_is_none_of_its_business(fraud):
    mara, pricing = factories.member(fraud, "data-scientist"), factories.team("pricing")
    pricing.memberships.create(user=mara, role="reader", granted_by=mara)

    assert objections(mara, team=pricing) == []


def test_a_service_account_is_no_way_around_it(fraud):
    mara = factories.member(fraud, "data-scientist")
    account = actions.add_service(
        fraud, "ci", roles=["data-scientist"], answered_by=mara, by=factories.admin()
    )

    assert objections(mara, account) == [SENTENCE]


def test_the_api_says_so_and_a_program_renews_its_token(fraud):
    mara = with_factor(factories.member(fraud, "data-scientist"))
    caller = Caller(mara)
    mara.authenticator_set.all().delete()

    assert caller.post("tokens/", {"name": "next"}).status_code == 201
    assert Token.objects.filter(name="next").exists()
