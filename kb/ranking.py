"""How articles and decisions are found by words, and in which order.

A query becomes parts (see `thesaurus`), and each part one search of the index: its own words, what means the
same, and, when nothing that one may see has either, how a word begins or a word that it may have been meant
to be. A text counts for each part by where the part stands (title, headings, text) and by how rare the part
is; one that has too little of the query is not found. Rights are inside of every question, before anything is
cut off.
"""

# ruff: noqa: S608  the names and conditions in these statements are ours, values go by placeholders

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.db import connection

from governance.late import late
from kb.thesaurus import Part, parts

CANDIDATES = 2000
ENOUGH = 0.46  # of the weight of a query has to stand in what is found: of two words both, or the rare one
SHORTEST = 4  # letters of a word that may be meant otherwise
LIKENESS = 78  # of 100
LOOKED_AT = 300  # texts whose words a misspelt one is compared with
EXPIRED = 0.8  # of the score, once the time of a verification is over
# What a part counts in the title, in headings and in the text: by its own words, and by others.
COUNTS = (("A", 1.0, 0.8), ("B", 0.75, 0.6), ("", 0.45, 0.35))
LEXEME = re.compile(r"'(?:[^']|'')*'")


@dataclass(frozen=True)
class Table:
    """What is searched: a table, and the condition (of %s for keys of teams) of what may be found in it."""

    name: str
    seen: str
    expired: str = "false"
    spelling: bool = True
    """Whether a word that it does not have is looked for as another one."""


@dataclass(frozen=True)
class Asked:
    """A part of a query as the index is asked for it: `own` and `wide` are tsqueries as text; `weight` is how
    much it counts; `meant` is the word that stands there instead of a misspelt one."""

    text: str
    own: str
    wide: str
    weight: float = 0.0
    common: bool = False
    meant: str = ""


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
    asked = understood(table, teams, parts(text))
    known = [part for part in asked if part.own]
    total = sum(part.weight for part in known)
    if not known or not any(part.weight for part in known):
        return Ranking(())
    query = " | ".join(f"( {part.wide} )" for part in known if part.wide)
    rows = scored(table, teams, known, total, most)
    meant = " ".join(part.meant or part.text for part in asked) if any(part.meant for part in asked) else ""
    return Ranking([Found(*row) for row in rows], query, meant if rows else "")


# ------------------------------------------------------------------ what is asked


def understood(table: Table, teams: Sequence[int], wanted: list[Part]) -> list[Asked]:
    """Each part as tsqueries with its weight; what is only stop words asks for nothing."""
    if not wanted:
        return []
    asked = [Asked(part.text, *texts) for part, texts in zip(wanted, as_queries(tuple(wanted)), strict=True)]
    begun = [beginning(part) for part in asked]
    counts = counted(table, teams, [*(part.wide for part in asked), *begun])
    ways = zip(asked, counts, begun, counts[len(asked) :], strict=False)
    return [settled(table, teams, part, count, begins, more) for part, count, begins, more in ways]


def settled(table: Table, teams: Sequence[int], part: Asked, count: int, begins: str, more: int) -> Asked:
    """A part as it is asked for: as it was typed, or else as the beginning of words, or as another word."""
    if count or not begins:
        return weighed(part, count)
    if more:
        return weighed(replace(part, own=begins, wide=begins), more)
    return misspelt(table, teams, part) if table.spelling else weighed(part, 0)


def beginning(part: Asked) -> str:
    """The query for what begins like a single word."""
    lexemes = LEXEME.findall(part.own)
    return f"{lexemes[0]}:*" if len(lexemes) == 1 and len(part.text) >= SHORTEST else ""


@lru_cache(1024)
def as_queries(wanted: tuple[Part, ...]) -> list[tuple[str, str]]:
    """The tsquery of each part alone and with what means the same: stems, which no table is asked for."""
    own = ", ".join(["phraseto_tsquery('english', %s)::text"] * len(wanted))
    phrases = [[part.text, *part.others] for part in wanted]
    wide = ", ".join(f"({' || '.join(['phraseto_tsquery(%s, %s)'] * len(group))})::text" for group in phrases)
    params = [part.text for part in wanted]
    params += [each for group in phrases for phrase in group for each in ("english", phrase)]
    (row,) = ask(f"SELECT {own}, {wide}", params)
    return list(zip(row[: len(wanted)], row[len(wanted) :], strict=True))


def counted(table: Table, teams: Sequence[int], queries: list[str]) -> list[int]:
    """How many texts have each, counted no further than there are candidates."""
    one = (
        f"(SELECT count(*) FROM (SELECT 1 FROM {table.name} WHERE {table.seen} AND search @@ %s::tsquery "
        f"LIMIT {CANDIDATES}) AS few)"
    )
    asked = queries
    (row,) = ask(
        f"SELECT {', '.join([one] * len(asked))}", [each for query in asked for each in (list(teams), query)]
    )
    return list(row)


def weighed(part: Asked, count: int) -> Asked:
    """What is rare says more. A word that nobody used weighs like a rare one: what lacks it lacks much."""
    if not part.own:
        return part
    weight = math.log(1 + CANDIDATES / (count + 1)) / math.log(1 + CANDIDATES)
    return replace(part, weight=weight, common=count >= CANDIDATES)


def misspelt(table: Table, teams: Sequence[int], part: Asked) -> Asked:
    """As a word that it may have been meant to be, if there is one."""
    lexeme = LEXEME.findall(part.own)[0].strip("'")
    near = nearest(part.text, lexeme, words_like(table, teams, part.text))
    if not near:
        return weighed(part, 0)
    query = f"'{near}'"
    return weighed(replace(part, own=query, wide=query, meant=near), counted(table, teams, [query])[0])


def words_like(table: Table, teams: Sequence[int], word: str) -> set[str]:
    """Words of titles and headings with the same first letter, and of whole texts with the same first two: of
    as many texts as may be looked at."""
    title, text = (
        f"SELECT DISTINCT unnest(tsvector_to_array({words})) FROM (SELECT search FROM {table.name} "
        f"WHERE {table.seen} AND search @@ %s::tsquery LIMIT {most}) AS few"
        for words, most in (("ts_filter(search, '{a,b}')", CANDIDATES), ("search", LOOKED_AT))
    )
    params = [list(teams), f"'{word[0]}':*AB", list(teams), f"'{word[:2]}':*"]
    return {lexeme for (lexeme,) in ask(f"{title} UNION {text}", params) if lexeme.isalpha()}


def nearest(word: str, lexeme: str, words: set[str]) -> str:
    """By edit distance. Words are stems: one is compared as a stem, and as far as the other goes."""
    like = late("rapidfuzz.fuzz").ratio
    near = (each for each in words if len(each) >= SHORTEST and each[0] == word[0])
    ranked = sorted((-max(like(lexeme, each), like(word[: len(each)], each)), each) for each in near)
    return ranked[0][1] if ranked and -ranked[0][0] >= LIKENESS else ""


# ------------------------------------------------------------------ what is found


def scored(
    table: Table, teams: Sequence[int], asked: list[Asked], total: float, most: int
) -> list[tuple[int, float, str]]:
    """Candidates are what has all parts, and what has a part that is not common; they are scored alone."""
    every = " & ".join(f"( {part.wide} )" for part in asked)
    rare = " | ".join(f"( {part.wide} )" for part in asked if not part.common) or every
    cases: list[str] = []
    held: list[str] = []
    values: list[Any] = []
    for part in asked:
        case, given = counts(part)
        cases.append(f"{case} * {part.weight / total}")
        held.append(f"(search @@ %s::tsquery)::int * {part.weight / total}")
        values += given
    one = f"(SELECT id FROM {table.name} WHERE {table.seen} AND search @@ %s::tsquery LIMIT {CANDIDATES})"
    # What lies compressed outside of its row is unpacked once here, and not for each of the questions below.
    sql = f"""
        WITH few AS MATERIALIZED (
            SELECT id, search || ''::tsvector AS search, {table.expired} AS expired
            FROM {table.name} WHERE id IN ({one} UNION {one})
        )
        SELECT id, score * (CASE WHEN expired THEN {EXPIRED} ELSE 1 END), place FROM (
            SELECT id, {" + ".join(cases)} + 0.3 * ts_rank(search, %s::tsquery, 1) AS score,
                {" + ".join(held)} AS share, expired,
                CASE WHEN search @@ %s::tsquery THEN 'title' WHEN search @@ %s::tsquery THEN 'heading'
                    ELSE 'text' END AS place
            FROM few
        ) AS looked WHERE share >= {ENOUGH} ORDER BY 2 DESC, id LIMIT %s
    """
    anywhere = " | ".join(f"( {part.wide} )" for part in asked)
    values = [list(teams), every, list(teams), rare, *values, anywhere, *(part.wide for part in asked)]
    values += [labelled(anywhere, "A"), labelled(anywhere, "B"), most]
    return ask(sql, values)


def counts(part: Asked) -> tuple[str, list[str]]:
    """What a text gets for a part, as SQL and its values."""
    steps, values = [], []
    for weight, own, wide in COUNTS:
        for query, worth in ((part.own, own), (part.wide, wide)):
            steps.append(f"WHEN search @@ %s::tsquery THEN {worth}")
            values.append(labelled(query, weight))
    return f"(CASE {' '.join(steps)} ELSE 0 END)", values


def labelled(query: str, weight: str) -> str:
    """The same words, where they have a weight; the beginning of a word keeps that it is one."""
    if not weight:
        return query
    return re.sub(
        rf"({LEXEME.pattern})(:\*)?", lambda found: f"{found[1]}:{'*' if found[2] else ''}{weight}", query
    )


def ask(sql: str, params: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
