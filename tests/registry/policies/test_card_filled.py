"""A gate may ask for what only people know."""

from __future__ import annotations

import pytest

from registry import actions
from registry.headings import filled
from registry.models import Gate, Version
from registry.policies.card_filled import card_filled as policy
from tests.registry.test_gates import settings

pytestmark = pytest.mark.django_db

ASKED = ("Intended use", "Limits")


def described(version, text: str):
    version.artifact.description = text
    return version


def test_a_gate_that_asks_for_nothing_takes_any_card(author, clean):
    assert policy(author, clean) is None


def test_what_is_asked_for_has_to_be_there_with_words(team, steward, author, clean):
    settings(team, steward, production=Gate(approvals=1, card=ASKED))
    text = "## Intended use\nScreening.\n\n### limits ###\n\n---\n"

    objection = policy(author, described(clean, text))

    assert objection.sentence == (
        "production asks for a card that says more, and that of scorer has nothing under Limits."
    )
    assert (objection.who, objection.link) == ("jonas or mara", "/models/fraud/scorer/edit/")
    assert policy(author, described(clean, text + "Adults only.")) is None
    assert policy(author, clean, alias="staging") is None


def test_fields_of_the_card_count(team, steward, author, clean):
    settings(team, steward, production=Gate(approvals=1, card=ASKED))
    before = policy(author, clean)

    actions.edit_artifact(
        clean.artifact, card={"intended_use": "Screening.", "limits": "Adults only."}, by=author
    )

    assert before.sentence.endswith("has nothing under Intended use and Limits.")
    assert policy(author, Version.objects.get(pk=clean.pk)) is None


def test_headings_count_with_what_is_below_them():
    assert filled("words\n# One\n\n# Two #\ntext\n#no heading\n") == {"two"}
