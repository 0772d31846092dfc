"""A record is withdrawn by who declared it, or by a steward."""

from __future__ import annotations

import pytest

from registry import actions
from registry.policies.own_record import own_record
from registry.records import KINDS
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(clean, author):
    made, _ = actions.add_record(clean, "decision", KINDS["decision"].example, by=author)
    return made


@pytest.mark.parametrize("who", ["author", "steward"])
def test_who_declared_it_and_stewards_may(record, clean, request, who):
    assert own_record(request.getfixturevalue(who), clean, record=record) is None


def test_nobody_else_may_and_is_told_who_does(record, clean, steward, team):
    objection = own_record(factories.member(team, "data-scientist"), clean, record=record)

    assert objection.sentence == "Only mara, who declared it, or a steward may withdraw this record."
    assert (objection.cure, objection.who, objection.link) == (
        "who declared it, or a steward, withdraws it.",
        "mara or jonas",
        "/models/fraud/scorer/versions/1/records/",
    )
