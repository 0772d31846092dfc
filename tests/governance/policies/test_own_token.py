"""Tokens are made and revoked by whose they are, and by who answers for a service account."""

from __future__ import annotations

import pytest

from governance import actions
from governance.policies.own_token import own_token
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def mara():
    return factories.member(factories.team("fraud"), "data-scientist", username="mara")


def test_ones_own_is_ones_own(mara):
    token, _ = actions.add_token(mara, name="ci", by=mara)

    assert (own_token(mara, mara), own_token(mara, token)) == (None, None)


def test_that_of_somebody_else_is_not(mara):
    objection = own_token(factories.person(), mara)

    assert objection.sentence == "Only mara makes and revokes tokens of mara."


def test_an_account_has_the_tokens_that_who_answers_for_it_makes(mara):
    team = mara.memberships.get().team
    account = actions.add_service(team, "ci", roles=["data-engineer"], answered_by=mara, by=factories.admin())

    assert own_token(mara, account) is None
    assert own_token(factories.person(), account).sentence == (
        "Only mara, who answers for it, makes and revokes tokens of ci."
    )
