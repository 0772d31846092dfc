"""Judged queries over 151 short articles: how well they are answered, and how well by plain PostgreSQL."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from django.db import connection

from governance.models import Team, User
from kb import actions

HERE = Path(__file__).parent
BEST = 10
Ask = Callable[[str], list[str]]


@dataclass(frozen=True)
class Query:
    """What is typed, and which articles are wanted, by slug: 3 is the one, 1 helps. None: nothing is."""

    text: str
    wanted: dict[str, int]


def lines(name: str) -> Iterable[list[str]]:
    for line in (HERE / name).read_text().splitlines():
        if line and not line.startswith("#"):
            yield [part.strip() for part in line.split("|")]


def queries() -> list[Query]:
    """What the ranking was made with."""
    return read("queries.txt")


def held_out() -> list[Query]:
    """What nothing is tuned on: how well the search does on what it was not made with."""
    return read("holdout.txt")


def second() -> list[Query]:
    """More of that, written before its results were seen, by whoever wrote the thesaurus later."""
    return read("second.txt")


def third() -> list[Query]:
    """More again, by somebody who had not read how anything is ranked."""
    return read("third.txt")


def read(name: str) -> list[Query]:
    return [
        Query(text, {slug: int(grade) for slug, grade in (each.split(":") for each in wanted.split())})
        for text, wanted in lines(name)
    ]


def fill(team: Team, by: User) -> None:
    for slug, title, text in lines("articles.txt"):
        actions.add_article(team, slug=slug, title=title, text=text, by=by)
    actions.count_words(team)


def ndcg(found: list[str], wanted: dict[str, int]) -> float:
    """Of 1, over the first ten, with gains of 2^grade - 1. Where nothing is wanted: 1 for nothing, else 0."""
    if not wanted:
        return float(not found)
    best = sorted(wanted.values(), reverse=True)
    return gain([wanted.get(slug, 0) for slug in found]) / gain(best)


def gain(grades: list[int]) -> float:
    """DCG: Järvelin and Kekäläinen 2002, in the form of Burges et al. 2005."""
    return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades[:BEST]))


def mean(ask: Ask, asked: list[Query]) -> float:
    return sum(ndcg(ask(query.text), query.wanted) for query in asked) / len(asked)


def plain(asked: list[Query]) -> float:
    """What the better of two orders by PostgreSQL alone comes to."""
    return max(mean(partial(plain_postgresql, any_word=loose), asked) for loose in (False, True))


def plain_postgresql(text: str, any_word: bool = False) -> list[str]:
    """websearch_to_tsquery and ts_rank over title and text, with PostgreSQL's own weights; with `any_word` a
    text is found by one word alone, which is the stronger one to be compared with."""
    title = "to_tsvector('english', title || ' ' || replace(slug, '-', ' '))"
    vector = f"(setweight({title}, 'A') || to_tsvector('english', text))"
    query = "websearch_to_tsquery('english', %s)"
    query = f"replace({query}::text, '&', '|')::tsquery" if any_word else query
    sql = (
        f"SELECT slug FROM kb_article, (SELECT {query} AS asked) AS typed "
        f"WHERE {vector} @@ asked ORDER BY ts_rank({vector}, asked) DESC, id LIMIT {BEST}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [text])
        return [slug for (slug,) in cursor.fetchall()]
