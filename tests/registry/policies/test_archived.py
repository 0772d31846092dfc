"""What is archived is used as it is."""

from __future__ import annotations

import pytest

from registry import actions
from registry.policies.archived import archived

pytestmark = pytest.mark.django_db


def test_what_is_not_archived_is_open(clean, author):
    assert [archived(author, subject) for subject in (clean, clean.artifact)] == [None, None]


def test_what_is_archived_is_closed(clean, author, steward):
    clean.artifact = actions.archive(clean.artifact, by=author)

    objection = archived(author, clean)

    assert objection.sentence == "scorer is archived: it is used as it is, and nothing new comes."
    assert objection.cure == "its owner or a steward takes it out of the archive."
    assert (objection.who, objection.link) == ("jonas", "/models/fraud/scorer/")
    assert archived(author, clean.artifact) == objection
