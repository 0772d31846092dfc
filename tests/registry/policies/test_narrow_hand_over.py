"""Whose something is takes a token that manages."""

from __future__ import annotations

import pytest

from governance import actions as governing
from registry.models import Artifact
from registry.policies.narrow_hand_over import narrow_hand_over
from tests import factories
from tests.governance.api.caller import Caller, said

pytestmark = pytest.mark.django_db

REFUSED = "This token may not hand over what you own. To do this, make one with “Manage” ticked."


@pytest.fixture
def otto(team):
    return factories.member(team, "data-scientist", username="otto")


def edited(author, *, manage: bool, **changes: object) -> tuple[int, str]:
    _, text = governing.add_token(author, name="pipeline", manage=manage, by=author)
    answer = Caller(token=text).patch("models/fraud/scorer/", changes)
    return said(answer) if answer.status_code >= 400 else (answer.status_code, "")


def test_a_token_that_only_pushes_does_not_hand_over(artifact, author, otto):
    assert edited(author, manage=False, owner="otto") == (403, REFUSED)
    assert Artifact.objects.get(pk=artifact.pk).owner == author


def test_one_that_manages_does(artifact, author, otto):
    assert edited(author, manage=True, owner="otto") == (200, "")
    assert Artifact.objects.get(pk=artifact.pk).owner == otto


def test_whatever_else_is_edited_takes_no_tick(artifact, author):
    assert edited(author, manage=False, owner="mara", licence="MIT") == (200, "")


def test_a_page_needs_none(artifact, author, otto):
    assert narrow_hand_over(author, artifact, owner=otto) is None
