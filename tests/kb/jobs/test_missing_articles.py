"""Every night teams are asked for what their people miss."""

from __future__ import annotations

import pytest

from kb import actions
from kb.jobs.missing_articles import missing_articles

pytestmark = pytest.mark.django_db


def test_each_text_is_asked_for_once(fraud, mara, jonas):
    for person in (mara, jonas):
        actions.note_miss(person, "zebra")

    assert [missing_articles() for _ in range(2)] == ["Asked for 1 article.", None]
