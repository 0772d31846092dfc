"""A draft belongs to who began it."""

from __future__ import annotations

import pytest

from registry.policies.own_draft import own_draft
from tests import factories

pytestmark = pytest.mark.django_db


def test_who_began_it_may_change_it(artifact, author):
    assert own_draft(author, factories.draft(artifact, author)) is None


def test_nobody_else_may(artifact, author, steward):
    version = factories.draft(artifact, author)

    objection = own_draft(steward, version)

    assert objection.sentence == "Only mara, who began this draft, may change or submit it."
    assert objection.cure == "who began it goes on with it; or begin a version of your own."
    assert (objection.who, objection.link) == ("mara", "/models/fraud/scorer/versions/1/")
