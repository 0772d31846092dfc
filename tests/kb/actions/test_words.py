"""Words of articles are noted and counted; again, it is the same."""

from __future__ import annotations

import pytest

from kb import actions
from kb.models import Word
from tests.kb.conftest import written

pytestmark = pytest.mark.django_db


def known() -> list[tuple[str, bool, int]]:
    return list(Word.objects.order_by("word").values_list("word", "titled", "articles"))


def test_what_is_new_in_an_article_is_noted_once(fraud, mara):
    article = written(fraud, mara, title="Naïve drifts", text="2026 of alarms x9")

    for _ in range(2):
        actions.note_words(article)

    assert known() == [("alarm", False, 0), ("drift", True, 0), ("naiv", True, 0)]


def test_words_are_counted_and_those_that_are_gone_forgotten(fraud, mara):
    actions.note_words(written(fraud, mara, text="alarms"))
    actions.archive_article(written(fraud, mara, slug="old", title="Gone"), by=mara)
    written(fraud, mara, slug="other", title="Alarm", text="drift")

    for _ in range(2):
        actions.count_words(fraud)

    assert known() == [("alarm", True, 2), ("drift", True, 2)]


def test_only_who_reads_a_team_sees_its_words(fraud, mara, zoe):
    actions.note_words(written(fraud, mara, text=""))

    assert [Word.objects.visible_to(person).count() for person in (mara, zoe)] == [1, 0]
