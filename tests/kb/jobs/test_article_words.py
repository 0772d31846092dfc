"""Every night words are counted, team by team."""

from __future__ import annotations

import pytest

from kb.jobs.article_words import article_words
from kb.models import Word
from tests.kb.conftest import written

pytestmark = pytest.mark.django_db


def test_words_of_every_team_are_counted_and_a_second_time_the_same(fraud, mara, zoe):
    written(fraud, mara, text="")
    written(zoe.memberships.first().team, zoe, text="drift")

    said = [article_words() for _ in range(2)]

    assert said == ["Counted 2 words."] * 2
    assert list(Word.objects.values_list("word", "articles")) == [("drift", 1), ("drift", 1)]


def test_without_articles_nothing_is_said(fraud):
    assert article_words() is None
