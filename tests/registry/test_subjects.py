"""From labels to things: which of many somebody may see."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance import actions as governing
from governance import subjects
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def labels(clean, operator):
    """One of each kind, and what is part of them."""
    approval = governing.request_approval(clean.label, alias="production", by=operator)
    return {
        "teams/fraud",
        "teams/fraud/members/mara",
        clean.artifact.label,
        clean.label,
        f"{clean.label}/findings/3",
        approval.label,
    }


def test_a_member_sees_what_the_team_has_and_its_parts(labels, author):
    assert subjects.visible(author, labels) == labels


def test_a_reader_sees_the_team_and_nothing_that_was_not_released(labels, reader):
    assert subjects.visible(reader, labels) == {"teams/fraud", "teams/fraud/members/mara"}


def test_a_stranger_sees_nothing(labels):
    assert subjects.visible(factories.member(factories.team(), "steward"), labels) == set()


@pytest.mark.parametrize(
    "label",
    ["models/fraud/scorer/versions/99", "models/fraud/other", "teams/other", "approvals/99", "moons/3", ""],
)
def test_what_is_not_there_is_seen_by_nobody(labels, author, label):
    assert subjects.visible(author, [label]) == set()


def test_many_cost_as_much_as_one_of_each(clean, author, labels):
    few = queries(author, labels)
    versions = [factories.submitted(clean.artifact, author).label for _ in range(3)]
    artifacts = [factories.artifact(clean.team, author).label for _ in range(3)]

    assert queries(author, {*labels, *versions, *artifacts}) == few == 5


def queries(person, labels):
    subjects.visible(person, [])
    with CaptureQueriesContext(connection) as captured:
        assert subjects.visible(person, labels) == set(labels)
    return len(captured)
