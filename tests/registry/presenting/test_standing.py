"""How one's teams stand: counts, and where to see what they count."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from governance import access
from registry import actions
from registry.models import Finding, Severity
from registry.presenting.standing import standing
from tests import factories
from tests.registry.conftest import found

pytestmark = pytest.mark.django_db


def counts(person, team="fraud"):
    return {count.word: count.number for count in standing(person, [team])[team]}


NOTHING = {"blocked": 0, "ready": 0, "in production": 0, "incidents": 0, "overdue": 0}


def test_a_team_without_models_has_nothing(steward):
    assert counts(steward) == NOTHING


def test_a_clean_newest_version_is_ready(clean, steward):
    assert counts(steward) == {**NOTHING, "ready": 1}


def test_what_blocks_for_long_is_blocked_and_overdue(clean, steward):
    found(clean, Severity.CRITICAL)
    Finding.objects.update(opened_at=timezone.now() - timedelta(days=2))

    assert counts(steward) == {**NOTHING, "blocked": 1, "overdue": 1}


def test_what_is_in_production_is_counted(clean, steward, operator):
    factories.approved(clean, steward, operator)
    actions.promote(clean, "production", by=operator)

    assert counts(steward) == {**NOTHING, "ready": 1, "in production": 1}


def test_each_count_leads_to_what_it_counts(steward):
    assert [count.href for count in standing(steward, ["fraud"])["fraud"]] == [
        "/models/?team=fraud&state=blocked",
        "/models/?team=fraud&state=ready",
        "/models/?team=fraud&alias=production",
        "/findings/?team=fraud&state=incident",
        "/findings/?team=fraud&state=overdue",
    ]


def test_a_stranger_counts_nothing(clean):
    assert counts(factories.member(factories.team(), "steward")) == NOTHING


def test_three_teams_cost_as_much_as_one(clean, steward):
    access.grants(steward)  # asked once for a page

    def queries(*teams):
        with CaptureQueriesContext(connection) as captured:
            standing(steward, teams)
        return len(captured)

    with_one, with_three = queries("fraud"), queries("fraud", "pricing", "claims")

    assert (with_one, with_three) == (5, 5)
