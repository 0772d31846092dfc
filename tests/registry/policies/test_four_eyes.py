"""Nobody decides on their own work."""

from __future__ import annotations

import pytest

from registry.models import File
from registry.policies.four_eyes import SENTENCE, four_eyes
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_author_is_refused(clean, author):
    assert four_eyes(author, clean, alias="production").sentence == SENTENCE


def test_somebody_else_is_not(clean, steward):
    assert four_eyes(steward, clean, alias="production") is None


def test_who_added_one_file_is_an_author_too(artifact, author, steward):
    version = factories.draft(artifact, author)
    File.objects.filter(version=version).update(added_by=steward)

    assert four_eyes(steward, version, alias="production").sentence == SENTENCE


def test_an_alias_without_approvals_may_be_moved_by_the_author(clean, author):
    assert four_eyes(author, clean, alias="staging") is None


def test_an_author_does_not_waive_own_findings(clean, author):
    assert four_eyes(author, clean).sentence == SENTENCE
