"""Every night what changed is compared, a bounded part of it."""

from __future__ import annotations

import pytest

from kb.jobs.near_duplicates import near_duplicates
from tests.kb.conftest import written

pytestmark = pytest.mark.django_db


def test_what_is_left_over_is_compared_in_the_next_night(fraud, mara, monkeypatch):
    monkeypatch.setattr("kb.jobs.near_duplicates.MOST", 1)
    for slug in ("one", "two"):
        written(fraud, mara, slug=slug, text=" ".join(f"word{number}" for number in range(50)))

    assert [near_duplicates() for _ in range(3)] == [
        None, "Found 1 pair of articles that say nearly the same.", None,
    ]  # fmt: skip
