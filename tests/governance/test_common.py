"""Which words are common."""

from __future__ import annotations

import pytest
from django.db import connection

from governance import common
from governance.common import Words

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("beginning", "is_common"),
    [("mod", True), ("zebra", False), ("m", True), ("zz", True), ("dr", True), ("dri", False)],
)
def test_a_beginning_is_common_when_very_many_rows_have_such_words(beginning: str, is_common: bool) -> None:
    words = Words(100_000.0, {"model": 0.15, "mode": 0.1, "drift": 0.1})

    assert words.are_common(beginning) is is_common


def test_nothing_is_common_in_a_small_table() -> None:
    assert Words(1000.0, {"model": 1.0}).are_common("model") is False


def test_what_is_not_known_has_no_common_words() -> None:
    assert common.read("no_such_table", "search") == Words()


def test_statistics_are_read_of_columns_and_of_indexes() -> None:
    found = [common.read("kb_article", where).shares for where in ("search", "article_by_title_word")]

    assert all(isinstance(shares, dict) for shares in found)


def test_a_plan_is_made_by_indexes_and_only_meanwhile() -> None:
    def scans() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SHOW enable_seqscan")
            return str(cursor.fetchone()[0])

    with common.by_index():
        within = scans()

    assert within == "off"
