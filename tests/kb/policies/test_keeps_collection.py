"""A collection is changed by who made it, and by stewards."""

from __future__ import annotations

import pytest

from kb import actions
from kb.policies.keeps_collection import keeps_collection

pytestmark = pytest.mark.django_db


def test_who_made_it_and_stewards_change_it(fraud, mara, devi, jonas):
    guide = actions.add_collection(fraud, slug="guide", title="Guide", by=mara)

    assert [keeps_collection(person, guide) for person in (mara, jonas)] == [None, None]
    assert keeps_collection(devi, guide).sentence == "Only mara, or a steward, may do this."
