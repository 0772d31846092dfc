"""Nobody decides on their own work."""

from __future__ import annotations

import pytest

from registry.models import File
from registry.policies.four_eyes import SENTENCE, four_eyes
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_author_is_refused(clean, author):
    assert four_eyes(author, clean, action="version.promote", alias="production").sentence == SENTENCE


def test_somebody_else_is_not(clean, steward):
    assert four_eyes(steward, clean, action="approval.approve", alias="production") is None


@pytest.mark.parametrize(
    ("action", "who"),
    [("version.promote", "priya"), ("approval.approve", "jonas"), ("finding.waive", "jonas")],
)
def test_who_can_do_it_instead_is_named(clean, author, steward, operator, action, who):
    objection = four_eyes(author, clean, action=action)

    assert (objection.cure, objection.who, objection.link) == (
        "somebody who put nothing into this version acts.",
        who,
        "/models/fraud/scorer/versions/1/",
    )


def test_another_author_is_not_named(artifact, author, steward):
    version = factories.draft(artifact, author)
    File.objects.filter(version=version).update(added_by=steward)

    assert four_eyes(author, version, action="approval.approve").who == "nobody in fraud yet"


def test_who_added_one_file_is_an_author_too(artifact, author, steward):
    version = factories.draft(artifact, author)
    File.objects.filter(version=version).update(added_by=steward)

    assert four_eyes(steward, version, action="version.promote", alias="production").sentence == SENTENCE


def test_an_alias_without_approvals_may_be_moved_by_the_author(clean, author):
    assert four_eyes(author, clean, action="version.promote", alias="staging") is None


def test_an_author_does_not_waive_own_findings(clean, author):
    assert four_eyes(author, clean, action="finding.waive").sentence == SENTENCE
