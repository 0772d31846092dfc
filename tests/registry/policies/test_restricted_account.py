"""An account that looks into what is restricted is taken over by nobody who may not."""

from __future__ import annotations

import pytest
from django.db import transaction

from governance import actions as governing
from governance.errors import Denied
from registry import actions
from registry.policies.restricted_account import restricted_account
from tests import factories
from tests.registry.actions.meeting import beside, until_somebody_waits
from tests.registry.granting import asked, dataset, granted, restricted

pytestmark = pytest.mark.django_db

REFUSED = "ci looks into what is restricted (wine): nobody hands it over to themself."


@pytest.fixture
def nora(team):
    return factories.member(team, "data-engineer", username="nora")


@pytest.fixture
def account(team, nora):
    return governing.add_service(team, "ci", roles=["reader"], answered_by=nora, by=factories.admin())


def test_an_account_that_looks_into_what_is_open_is_anybodys(team, author, steward, account):
    dataset(team, author)

    assert restricted_account(steward, account, to=steward) is None


def test_a_steward_does_not_take_over_one_that_holds_a_grant(team, author, steward, account):
    granted(restricted(team, author), account)

    with pytest.raises(Denied) as refused:
        governing.hand_over_service(account, to=steward, by=steward)

    account.refresh_from_db()
    assert (refused.value.sentence, account.answered_by.username) == (REFUSED, "nora")


def test_nor_by_removing_who_answers_for_it(team, author, steward, account, nora):
    granted(restricted(team, author), account)

    with pytest.raises(Denied, match="nobody hands it over to themself"):
        governing.set_roles(team, nora, [], hand_over_to=steward, by=steward)


def test_the_site_administrator_is_told_no_names(team, author, account):
    granted(restricted(team, author), account)
    admin = factories.admin()

    objection = restricted_account(admin, account, to=admin)

    assert (
        objection.sentence == "ci looks into what is restricted (1 thing): nobody hands it over to themself."
    )


def test_nor_one_that_owns_it(team, author, steward, account):
    wine = restricted(team, author)
    wine.owner = account
    wine.save()

    assert restricted_account(steward, account, to=steward).sentence == REFUSED


def test_another_gets_it_and_so_does_who_reads_it_anyway(team, author, steward, account):
    wine = restricted(team, author)
    granted(wine, account)

    assert restricted_account(steward, account, to=author) is None
    granted(wine, steward)
    assert restricted_account(steward, account, to=steward) is None


@pytest.mark.django_db(transaction=True)
def test_nor_while_it_is_granted_what_it_asked_for(team, author, steward, account):
    grant = asked(restricted(team, author), account)

    with transaction.atomic():
        actions.approve_grant(grant, by=steward)
        thread, came = beside(lambda: governing.hand_over_service(account, to=steward, by=steward))
        until_somebody_waits()
    thread.join()

    assert [type(each) for each in came] == [Denied]


@pytest.mark.django_db(transaction=True)
def test_nor_while_it_becomes_the_owner(team, author, steward, nora):
    builder = governing.add_service(
        team, "ci", roles=["data-engineer"], answered_by=nora, by=factories.admin()
    )
    wine = restricted(team, author)

    with transaction.atomic():
        actions.edit_artifact(wine, owner=builder, by=steward)
        thread, came = beside(lambda: governing.hand_over_service(builder, to=steward, by=steward))
        until_somebody_waits()
    thread.join()

    assert [type(each) for each in came] == [Denied]
