"""Which words are common, by what PostgreSQL has seen when it last looked through a table (`ANALYZE`): a word
that very many rows have must not be asked of an index, which would have to tell all of them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection, transaction

ROWS = 20_000  # that may have a word that an index is asked for
LATELY = 600.0  # seconds for which statistics are remembered
SHORT = 2  # letters of a beginning that too many words have
SQL = """
    SELECT pg_class.reltuples, pg_stats.most_common_elems::text::text[], pg_stats.most_common_elem_freqs
    FROM pg_class LEFT JOIN pg_stats ON pg_stats.schemaname = current_schema()
        AND pg_stats.tablename = %s AND (pg_stats.attname = %s OR %s = '')
    WHERE pg_class.oid = to_regclass(%s)
"""


@dataclass(frozen=True)
class Words:
    """How many rows a table has, and in what share of them the common words are."""

    rows: float = 0.0
    shares: dict[str, float] = field(default_factory=dict)

    def are_common(self, beginning: str) -> bool:
        """Whether more rows than an index is asked for have a word that begins so."""
        if self.rows <= ROWS:
            return False
        share = sum(share for word, share in self.shares.items() if word.startswith(beginning))
        return len(beginning) <= SHORT or share * self.rows > ROWS


_known: dict[tuple[str, str], tuple[float, Words]] = {}


def words_of(table: str, where: str) -> Words:
    """Of a table, in a column or in an index over what is worked out of columns."""
    now = time.monotonic()
    read_at, words = _known.get((table, where), (-LATELY, Words()))
    if now - read_at >= LATELY:
        words = read(table, where)
        _known[table, where] = now, words
    return words


def forget() -> None:
    """Read the statistics again at the next question."""
    _known.clear()


def read(table: str, where: str) -> Words:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relkind FROM pg_class WHERE oid = to_regclass(%s)", [where])
        is_index = cursor.fetchone() is not None
        cursor.execute(SQL, [where, "", "", table] if is_index else [table, where, where, table])
        row = cursor.fetchone()
    if row is None:
        return Words()
    rows, words, shares = row
    return Words(max(rows, 0.0), dict(zip(words or (), shares or (), strict=False)))


@contextmanager
def by_index() -> Iterator[None]:
    """Have what is asked meanwhile answered by indexes. PostgreSQL does not know how long it takes to unpack
    the words of a row, and takes a query of rare words with a LIMIT for one that the first rows will answer:
    it then looked through all of a table, in a second instead of a millisecond."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        yield
