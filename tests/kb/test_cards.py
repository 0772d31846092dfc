"""Live references to runs and findings, for who may see them and who may not."""

from __future__ import annotations

import pytest

from kb.cards import cards
from kb.markdown import read
from registry.models import Severity
from tests import factories
from tests.kb.running import artifact, author, clean, operator, reader, run, steward, team, waiting
from tests.registry.conftest import found

__all__ = ["artifact", "author", "clean", "operator", "reader", "run", "steward", "team", "waiting"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def names(run, clean):
    finding = found(clean, Severity.HIGH, "odd.Thing")
    return read(f"run:{run.pk} finding:{finding.pk} run:{run.pk + 9} finding:{finding.pk + 9}").references


def test_runs_and_findings_say_how_they_stand(author, names, run, clean):
    shown = [(card.title, card.said, card.state) for card in cards(author, names).values()]

    assert shown == [
        (f"Run {run.pk}: Ship it", "open", "info"),
        (f"pickle_imports in {clean.artifact.team.slug}/{clean.artifact.name} 1", "high, open", "blocked"),
    ]


def test_their_addresses_lead_to_them(client, author, names):
    client.force_login(author)

    answers = [client.get(f"/{card.href}").status_code for card in cards(author, names).values()]

    assert answers == [200, 200]


def test_others_see_nothing_of_them(names):
    zoe = factories.member(factories.team("pricing"), "steward", username="zoe")

    assert cards(zoe, names) == {}


def test_a_confidential_run_is_there_for_who_is_named_in_it_alone(names, run, reader):
    type(run).objects.filter(pk=run.pk).update(confidential=True)

    assert [card.title for card in cards(reader, names).values()] == [
        card.title for card in cards(reader, names[1:]).values()
    ]
