"""The twenty questions say how things stand, for what one sees, by as many queries whatever there is."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance.models import User
from kb.playbooks import PLAYBOOKS
from kb.questions import QUESTIONS, standing
from registry import actions as registering
from registry import checking
from registry.records import KINDS
from tests import factories
from tests.kb.running import artifact, author, clean, operator, reader, steward, team, waiting

__all__ = ["artifact", "author", "clean", "operator", "reader", "steward", "team", "waiting"]

pytestmark = pytest.mark.django_db


def test_there_are_twenty_and_each_has_a_playbook_that_answers_it():
    assert [each.number for each in QUESTIONS] == list(range(1, 21))
    assert [each.number for each in QUESTIONS if each.number not in PLAYBOOKS[each.code].questions] == []


def test_they_count_what_one_sees(team, clean, author):
    registering.add_record(clean, "training", KINDS["training"].example, by=author)
    factories.artifact(team, author)
    stranger = factories.member(factories.team(), "data-scientist")

    mine, theirs = standing(author), standing(stranger)

    assert mine["folds"] == "1 of 2 models have k-fold evidence"
    assert mine["roles"] == "0 of 1 team has all three roles"
    assert theirs["folds"] == "no model that you see"


def test_they_say_what_the_checks_of_a_playbook_have_found(team, clean, author, operator):
    before = standing(author)["checks:PB-13"]
    data = {**KINDS["service-level"].example, "slo": 0.99999}
    registering.add_record(clean, "service-level", data, by=operator)
    checking.judge_again(clean.pk)
    stranger = factories.member(factories.team(), "data-scientist")

    found = standing(author)

    assert (before, found["checks:PB-13"]) == ("", "slo_burn: 1 artifact blocked")
    assert found["levels"] == "1 of 1 model has a burn rate that is judged"
    assert standing(stranger)["checks:PB-13"] == ""


def test_more_to_count_takes_no_more_queries(team, author, clean):
    with CaptureQueriesContext(
        connection,
    ) as few:
        standing(User.objects.get(pk=author.pk))
    for _ in range(3):
        registering.add_record(
            factories.submitted(factories.artifact(team, author), author),
            "cost",
            KINDS["cost"].example,
            by=author,
        )

    with CaptureQueriesContext(connection) as many:
        standing(User.objects.get(pk=author.pk))

    assert len(many) == len(few)
