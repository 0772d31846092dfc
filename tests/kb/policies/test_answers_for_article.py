"""Who answers for an article says that it holds."""

from __future__ import annotations

import pytest

from kb.policies.answers_for_article import answers_for_article
from tests.kb.conftest import written

pytestmark = pytest.mark.django_db


def test_the_owner_their_backup_and_a_steward_may(fraud, mara, jonas, devi):
    article = written(fraud, mara)
    before = answers_for_article(devi, article)
    article.backup = devi

    assert [answers_for_article(person, article) for person in (mara, jonas, devi)] == [None, None, None]
    assert before is not None
    assert before.sentence == "Only mara, or a steward, may do this."
