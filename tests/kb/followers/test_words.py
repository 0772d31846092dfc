"""What was written is noted after it is committed."""

from __future__ import annotations

import pytest

from governance.models import Event
from kb import actions
from kb.followers.words import words
from kb.models import Word
from tests.kb.conftest import written

pytestmark = pytest.mark.django_db


def test_words_of_what_was_written_or_changed_are_noted(fraud, mara):
    article = written(fraud, mara, text="alarms")
    actions.edit_article(article, based_on=article.digest, title="Drift", text="thresholds", by=mara)

    for event in Event.objects.filter(action__startswith="article.").order_by("pk"):
        words(event)

    assert set(Word.objects.values_list("word", flat=True)) == {"drift", "threshold"}
