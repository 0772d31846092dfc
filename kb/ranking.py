"""How articles and decisions are found by words, and in which order.

A query becomes parts (see `thesaurus`), and each part several ways of asking for it (see `asking`). A text
counts for each part by the best way in which it has it, by where that stands (title, headings, labels, text)
and by how rare it is; more parts are more. What has too little of the query is not found. Rights are inside
of every question, before anything is cut off.
"""

# ruff: noqa: S608  the names and conditions in these statements are ours, values go by placeholders

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from kb.asking import LEXEME, Asked, Question, Table, any_of, ask, looked_for, loose, understood
from kb.thesaurus import parts

TITLED, ANYWHERE = 100, 200  # candidates that have the words in the title or headings, and anywhere
PAIRED = 3  # parts of which two are looked for together
NEWEST = 1000  # texts that are looked through for words that are all common
ENOUGH = 0.19  # of the weight of a query has to stand in what is found: of two rare words one in its text
RANKED = 0.3  # what PostgreSQL's own rank adds: how often, and near the beginning or not
EXPIRED = 0.8  # of the score, once the time of a verification is over
TITLES = "ts_filter(search, '{a,b,c}')"
# What a way counts in the title, in headings, in labels and in the text.
PLACES = (("A", 1.0), ("B", 0.75), ("C", 0.75), ("", 0.6))
# Long texts have many words: of two that have what is asked for, the short one is about it.
LENGTH = "(1 + ln(1 + length(search) / 300.0) / 2)"


@dataclass(frozen=True)
class Found:
    """The key of one text, its score of 1, the query that highlights it, and where the first part stands."""

    pk: int
    score: float
    where: str


@dataclass(frozen=True)
class Ranking:
    found: Sequence[Found]
    query: str = ""
    """All parts, for highlights."""
    meant: str = ""
    """Another spelling of the query, when that was searched for."""


def rank(table: Table, teams: Sequence[int], text: str, most: int) -> Ranking:
    """The best of what these teams have, at most so many."""
    if not teams:
        return Ranking(())
    question = understood(table, teams, parts(text))
    known = [part for part in question.parts if part.known]
    if not known:
        return Ranking(())
    rows = scored(table, teams, question, known, most)
    meant = " ".join(part.meant or part.text for part in question.parts)
    corrected = any(part.meant for part in question.parts) and rows
    return Ranking([Found(*row) for row in rows], anywhere(known), meant if corrected else "")


def anywhere(parts: Sequence[Asked]) -> str:
    return any_of(part.query for part in parts)


def scored(
    table: Table, teams: Sequence[int], question: Question, known: Sequence[Asked], most: int
) -> list[tuple[int, float, str]]:
    """Only candidates are scored, and only those are shown that have enough."""
    chosen, params = candidates(table, teams, question, known)
    cases: list[str] = []
    values: list[Any] = []
    for part in known:
        case, given = counts(question, part)
        cases.append(case)
        values += given
    # What lies compressed outside of its row is unpacked once here, and not for each of the questions below.
    sql = f"""
        WITH few AS MATERIALIZED (
            SELECT id, search || ''::tsvector AS search,
                CASE WHEN {table.expired} THEN {EXPIRED} ELSE 1 END AS trust
            FROM {table.name} WHERE id IN ({chosen})
        )
        SELECT id, (share + {RANKED} * ts_rank(search, %s::tsquery, 1)) * trust,
            CASE WHEN search @@ %s::tsquery THEN 'title' WHEN search @@ %s::tsquery THEN 'heading'
                WHEN search @@ %s::tsquery THEN 'label' ELSE 'text' END
        FROM (SELECT id, search, trust, ({" + ".join(cases)}) / {question.total} AS share FROM few) AS looked
        WHERE share >= {ENOUGH} ORDER BY 2 DESC, id LIMIT %s
    """
    all_of = anywhere(known)
    places = [labelled(all_of, weight) for weight in "ABC"]
    return ask(sql, [*params, all_of, *places, *values, most])


def candidates(
    table: Table, teams: Sequence[int], question: Question, known: Sequence[Asked]
) -> tuple[str, list[Any]]:
    """Which texts are scored, as SQL and its values: of each way few. They have all parts, or two of those
    that say most, or one that is not common; in titles first, because there what is meant stands. Of words
    that are all common, the newest."""
    by_weight = sorted(known, key=question.most, reverse=True)
    every = both(part.query for part in known)
    rare = [query for part in by_weight for query in selecting(part)]
    pairs = [both(part.query for part in pair) for pair in combinations(by_weight[:PAIRED], 2) if rare]
    seen = f"FROM {table.name} WHERE {table.seen}"
    queries = dict.fromkeys((every, *pairs, *rare))
    ways = [looked_for(table, "id", query, ANYWHERE) for query in queries]
    if table.words:
        ways += [looked_for(table, "id", query, TITLED, TITLES) for query in queries]
    if not rare:
        newest = f"(SELECT id, search {seen} ORDER BY {table.newest} LIMIT {NEWEST}) AS newest"
        ways.append((f"SELECT id FROM {newest} WHERE search @@ %s::tsquery LIMIT {ANYWHERE}", [every]))
    chosen = " UNION ALL ".join(f"({way})" for way, _ in ways)
    return chosen, [each for _, values in ways for each in (*table.values(teams), *values)]


def selecting(part: Asked) -> list[str]:
    """What of a part is rare: its words together, and each phrase by itself."""
    words = any_of(way.query for way in part.rare if way.loose == way.query)
    return [query for query in (words, *(way.query for way in part.rare if way.loose != way.query)) if query]


def both(queries: Iterable[str]) -> str:
    """Texts that have all of these, whether or not the words of a phrase follow each other."""
    return " & ".join(f"( {loose(query)} )" for query in queries)


def counts(question: Question, part: Asked) -> tuple[str, list[str]]:
    """What a text gets for a part, as SQL and its values: the best that it has."""
    steps = [
        (question.weight(part, way) * worth, place, labelled(way.query, place))
        for way in part.ways
        for place, worth in PLACES
    ]
    steps.sort(key=lambda step: -step[0])
    cases = " ".join(
        f"WHEN search @@ %s::tsquery THEN {value}{'' if place else f' / {LENGTH}'}"
        for value, place, _ in steps
    )
    return f"(CASE {cases} ELSE 0 END)", [query for _, _, query in steps]


def labelled(query: str, weight: str) -> str:
    """The same words, where they have a weight; the beginning of a word keeps that it is one."""
    if not weight:
        return query
    return re.sub(
        rf"({LEXEME.pattern})(:\*)?", lambda found: f"{found[1]}:{'*' if found[2] else ''}{weight}", query
    )
