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

COMMON = 2000  # texts of which a word selects none: it is counted no further
TITLED, ANYWHERE = 200, 400  # candidates that have the words in the title or headings, and anywhere
NEWEST = 1000  # texts that are looked through for words that are all common
ENOUGH = 0.46  # of the weight of a query has to stand in what is found: of two words both, or the rare one
SHORTEST = 4  # letters of a word that may be meant otherwise
LIKENESS = 78  # of 100
COMPARED = 3000  # words that a misspelt one is compared with
EXPIRED = 0.8  # of the score, once the time of a verification is over
# What a part counts in the title, in headings and in the text: by its own words, and by others.
TITLES = "ts_filter(search, '{a,b}')"
COUNTS = (("A", 1.0, 0.8), ("B", 0.75, 0.6), ("", 0.45, 0.35))
OR = " | "
LEXEME = re.compile(r"'(?:[^']|'')*'")


@dataclass(frozen=True)
class Table:
    """What is searched: a table, and the condition (of %s for keys of teams, or for what `reached` says) of
    what may be found in it."""

    name: str
    seen: str
    expired: str = "false"
    newest: str = "id DESC"
    words: bool = False
    """Whether its words are noted (see `kb.models.words`) and those of titles have an index of their own."""


@dataclass(frozen=True)
class Asked:
    """A part of a query as the index is asked for it: `own` and `wide` are tsqueries as text; `count` texts
    have it; `meant` is the word that stands there instead of a misspelt one."""

    text: str
    own: str
    wide: str
    count: int = 0
    meant: str = ""

    @property
    def common(self) -> bool:
        return self.count >= COMMON

    @property
    def weight(self) -> float:
        """What is rare says more. A word that nobody used weighs like a rare one."""
        return math.log(1 + COMMON / (self.count + 1)) / math.log(1 + COMMON) if self.own else 0.0


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
    """Each part as tsqueries with its weight; what is only stop words asks for nothing. It is asked for as it
    was typed, or else as the beginning of words, or as another word."""
    if not wanted:
        return []
    asked = [Asked(part.text, *texts) for part, texts in zip(wanted, as_queries(tuple(wanted)), strict=True)]
    asked = counted(table, teams, asked)
    unknown = [place for place, part in enumerate(asked) if not part.count and beginning(part)]
    begun = [
        replace(asked[place], own=begins, wide=begins)
        for place in unknown
        if (begins := beginning(asked[place]))
    ]
    for place, part in zip(unknown, counted(table, teams, begun), strict=True):
        asked[place] = part if part.count else misspelt(table, teams, asked[place])
    return asked


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


def counted(table: Table, teams: Sequence[int], asked: list[Asked]) -> list[Asked]:
    """The same with how many texts have each, no further than what is common. What is known to be common is
    not counted again: that would take the longest."""
    known = common(teams, asked) if table.words else set()
    counting = [part.wide for part in asked if part.wide and known.isdisjoint(part.wide.split(OR))]
    one = (
        f"(SELECT count(*) FROM (SELECT 1 FROM {table.name} WHERE {table.seen} AND search @@ %s::tsquery "
        f"LIMIT {COMMON}) AS few)"
    )
    params = [each for query in counting for each in (list(teams), query)]
    found = ask(f"SELECT {', '.join([one] * len(counting))}", params)[0] if counting else ()
    counts = dict(zip(counting, found, strict=True))
    return [replace(part, count=counts.get(part.wide, COMMON) if part.wide else 0) for part in asked]


def common(teams: Sequence[int], asked: list[Asked]) -> set[str]:
    """Of the words of these parts, as queries, those that are known to be common."""
    words = {way.strip("'") for part in asked for way in part.wide.split(OR) if LEXEME.fullmatch(way)}
    sql = (
        "SELECT word FROM kb_word WHERE team_id = ANY(%s) AND word = ANY(%s) "
        f"GROUP BY word HAVING sum(articles) >= {COMMON}"
    )
    return {f"'{word}'" for (word,) in ask(sql, [list(teams), list(words)])} if words else set()


def misspelt(table: Table, teams: Sequence[int], part: Asked) -> Asked:
    """As a word that it may have been meant to be, if there is one."""
    lexeme = LEXEME.findall(part.own)[0].strip("'")
    near = nearest(part.text, lexeme, words_like(teams, part.text)) if table.words else ""
    if not near:
        return part
    (meant,) = counted(table, teams, [replace(part, own=f"'{near}'", wide=f"'{near}'", meant=near)])
    return meant if meant.count else part


def words_like(teams: Sequence[int], word: str) -> set[str]:
    """Words of titles and headings with the same first letter, and of texts with the same first two; much
    longer ones are others."""
    sql = (
        "SELECT word FROM kb_word WHERE team_id = ANY(%s) AND word LIKE %s AND (titled OR word LIKE %s) "
        f"AND length(word) BETWEEN {SHORTEST} AND %s ORDER BY articles DESC LIMIT {COMPARED}"
    )
    params = [list(teams), f"{word[0]}%", f"{word[:2]}%", round(len(word) * 200 / LIKENESS - len(word))]
    return {found for (found,) in ask(sql, params)}


def nearest(word: str, lexeme: str, words: set[str]) -> str:
    """By edit distance. Words are stems: one is compared as a stem, and as far as the other goes."""
    like = late("rapidfuzz.fuzz").ratio
    ranked = sorted((-max(like(lexeme, each), like(word[: len(each)], each)), each) for each in words)
    return ranked[0][1] if ranked and -ranked[0][0] >= LIKENESS else ""


# ------------------------------------------------------------------ what is found


def scored(
    table: Table, teams: Sequence[int], asked: list[Asked], total: float, most: int
) -> list[tuple[int, float, str]]:
    """Candidates are what has all parts, and what has a part that is not common; they are scored alone."""
    every = " & ".join(f"( {part.wide} )" for part in asked)
    rare = OR.join(f"( {part.wide} )" for part in asked if not part.common)
    chosen, params = candidates(table, teams, every, rare)
    cases: list[str] = []
    held: list[str] = []
    values: list[Any] = []
    for part in asked:
        case, given = counts(part)
        cases.append(f"{case} * {part.weight / total}")
        held.append(f"(search @@ %s::tsquery)::int * {part.weight / total}")
        values += given
    # What lies compressed outside of its row is unpacked once here, and not for each of the questions below.
    sql = f"""
        WITH few AS MATERIALIZED (
            SELECT id, search || ''::tsvector AS search, {table.expired} AS expired
            FROM {table.name} WHERE id IN ({chosen})
        )
        SELECT id, score * (CASE WHEN expired THEN {EXPIRED} ELSE 1 END), place FROM (
            SELECT id, {" + ".join(cases)} + 0.3 * ts_rank(search, %s::tsquery, 1) AS score,
                {" + ".join(held)} AS share, expired,
                CASE WHEN search @@ %s::tsquery THEN 'title' WHEN search @@ %s::tsquery THEN 'heading'
                    ELSE 'text' END AS place
            FROM few
        ) AS looked WHERE share >= {ENOUGH} ORDER BY 2 DESC, id LIMIT %s
    """
    anywhere = OR.join(f"( {part.wide} )" for part in asked)
    values = [*params, *values, anywhere, *(part.wide for part in asked)]
    values += [labelled(anywhere, "A"), labelled(anywhere, "B"), most]
    return ask(sql, values)


def candidates(table: Table, teams: Sequence[int], every: str, rare: str) -> tuple[str, list[Any]]:
    """Which texts are scored, as SQL and its values: of each way few. Titles come first because there what is
    meant stands; of words that are all common, the newest."""
    seen = f"SELECT id FROM {table.name} WHERE {table.seen}"
    titled, anywhere = (
        f"({seen} AND {TITLES} @@ %s::tsquery LIMIT {TITLED})",
        (f"({seen} AND search @@ %s::tsquery LIMIT {ANYWHERE})"),
    )
    newest = (
        f"(SELECT id FROM (SELECT id, search FROM {table.name} WHERE {table.seen} ORDER BY {table.newest} "
        f"LIMIT {NEWEST}) AS newest WHERE search @@ %s::tsquery LIMIT {ANYWHERE})"
    )
    ways = [(way, query) for query in dict.fromkeys((every, rare)) if query for way in (titled, anywhere)]
    ways += [] if rare else [(newest, every)]
    ways = ways if table.words else [(way, query) for way, query in ways if way != titled]
    return " UNION ".join(way for way, _ in ways), [
        each for _, query in ways for each in (list(teams), query)
    ]


def counts(part: Asked) -> tuple[str, list[str]]:
    """What a text gets for a part, as SQL and its values."""
    steps, values = [], []
    for weight, own, wide in COUNTS:
        ways = ((part.own, own), (part.wide, wide)) if part.wide != part.own else ((part.own, own),)
        for query, worth in ways:
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
