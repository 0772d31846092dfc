"""In a guarded or closed collection those write who are named."""

from __future__ import annotations

import pytest

from kb import actions
from kb.policies.collection_writers import collection_writers
from tests.kb.conftest import written

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("flags", "writes"),
    [({"guarded": True}, [False, False]), ({"closed": True}, [False, True]), ({}, [True, True])],
)
def test_who_writes_in_a_collection(fraud, mara, devi, jonas, flags, writes):
    guide = actions.add_collection(fraud, slug="guide", title="Guide", by=mara, **flags)
    article = written(fraud, mara, collection=guide)

    before = collection_writers(devi, article)
    actions.edit_collection(guide, readers=[devi], by=mara)
    after = collection_writers(devi, article)

    assert [before is None, after is None] == writes
    assert [collection_writers(person, article) for person in (mara, jonas)] == [None, None]


def test_the_objection_says_who_cures_it(fraud, mara, devi, jonas):
    guide = actions.add_collection(fraud, slug="guide", title="Guide", guarded=True, by=mara)

    objection = collection_writers(devi, written(fraud, mara, collection=guide))

    assert (objection.sentence, objection.who) == ("You do not write in the collection Guide.", "jonas")
