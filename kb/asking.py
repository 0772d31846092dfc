"""What a query asks for: its parts as queries of the index, what else each may be called, and how rare it is.

A part is asked for in several ways, each worth less than the one before: by its own words, by what means the
same, by words of the same family (explain, explanation). What nobody wrote may be the beginning of a word,
two words that were written as one, or a word that was misspelt; a word that is known is never corrected.
"""

# ruff: noqa: S608  the names and conditions in these statements are ours, values go by placeholders

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.db import connection

from governance.late import late
from kb.families import kin
from kb.thesaurus import Part

COMMON = 2000  # texts of which a word selects none: it is counted no further
SHORTEST = 4  # letters of the beginning of a word
CORRECTED = 5  # letters of the shortest word that is taken for a misspelt one
BEGUN = 0.6  # of a misspelt word that its stem has to be
COMPARED = 3000  # words that a misspelt one is compared with
SAME, FAMILY, MEANT = 0.8, 0.6, 0.9  # what a way is worth, where own words are worth 1
LIGHT = 0.25  # of the weight, for words that say little
UNKNOWN = 1.0  # of the weight of what a single text has, for what none has
OR, AFTER = " | ", "<"
UNPACKED = 500  # texts that are looked through for a phrase
LEXEME = re.compile(r"'(?:[^']|'')*'")


@dataclass(frozen=True)
class Table:
    """What is searched: a table, and the condition (of %s for keys of teams, or for what `reached` says) of
    what may be found in it."""

    name: str
    seen: str
    expired: str = "false"
    newest: str = "id DESC"
    also: tuple[Any, ...] = ()
    """Further values of that condition."""
    words: bool = False
    """Whether its words are noted (see `kb.models.words`) and those of titles have an index of their own."""

    def values(self, teams: Sequence[int]) -> list[Any]:
        return [list(teams), *self.also]


@dataclass(frozen=True)
class Way:
    """One tsquery as text, what it is worth of 1, and in how many texts it is."""

    query: str
    worth: float
    count: int = 0

    @property
    def loose(self) -> str:
        """The same, only that words need not follow each other. That they do no index knows: for a phrase all
        texts that have its words are unpacked."""
        return loose(self.query)


@dataclass(frozen=True)
class Asked:
    """A part of a query as the index is asked for it. `meant` is the word that stands there instead of a
    misspelt one."""

    text: str
    ways: tuple[Way, ...]
    light: bool = False
    meant: str = ""

    @property
    def query(self) -> str:
        return any_of(way.query for way in self.ways)

    @property
    def known(self) -> bool:
        return any(way.count for way in self.ways)

    @property
    def rare(self) -> list[Way]:
        """Ways that select something."""
        return [way for way in self.ways if 0 < way.count < COMMON]


@dataclass(frozen=True)
class Question:
    """All parts that ask for something, and how many texts there are, counted up to what is common."""

    parts: Sequence[Asked]
    texts: int

    def weight(self, part: Asked, way: Way) -> float:
        """What is rare says more: the inverse document frequency of BM25 (Robertson and Zaragoza 2009)."""
        weight = math.log(1 + (self.texts - way.count + 0.5) / (way.count + 0.5))
        return max(weight, 0.01) * way.worth * (LIGHT if part.light else 1)

    def most(self, part: Asked) -> float:
        """What a text gets that has all of a part."""
        known = [self.weight(part, way) for way in part.ways if way.count]
        if known:
            return max(known)
        return UNKNOWN * math.log(1 + (self.texts - 0.5) / 1.5) * (LIGHT if part.light else 1)

    @property
    def total(self) -> float:
        return sum(self.most(part) for part in self.parts)


def understood(table: Table, teams: Sequence[int], wanted: Sequence[Part]) -> Question:
    """What is only stop words asks for nothing."""
    forms = as_queries(tuple(wanted)) if wanted else []
    asking = [(part, own, others) for part, (own, *others) in zip(wanted, forms, strict=True) if own]
    if not asking:
        return Question([], 0)
    related = families(teams, [own for _, own, _ in asking]) if table.words else {}
    asked = [
        Asked(part.text, tuple(ways(own, others, related.get(own, ()))), part.light)
        for part, own, others in asking
    ]
    asked, texts = counted(table, teams, asked)
    again = [guessed(table, teams, part) if not part.known else part for part in asked]
    if again != asked:
        again, _ = counted(table, teams, again)
    return Question(again, texts)


def ways(own: str, others: Iterable[str], family: Iterable[str]) -> Iterable[Way]:
    yield Way(own, 1.0)
    yield from (Way(other, SAME) for other in others if other)
    if family:
        yield Way(OR.join(family), FAMILY)


@lru_cache(1024)
def as_queries(wanted: tuple[Part, ...]) -> list[tuple[str, str, str]]:
    """The tsquery of each part alone, that of words that mean the same, and that of phrases that do: stems,
    which no table is asked for."""
    phrase = "phraseto_tsquery('english', %s)::text"
    near = "plainto_tsquery('english', %s)::text"  # the words of a phrase, wherever they stand
    sql = ", ".join(", ".join([phrase, *[phrase] * len(part.others), near]) for part in wanted)
    (row,) = ask(f"SELECT {sql}", [each for part in wanted for each in (part.text, *part.others, part.text)])
    found, rest = [], list(row)
    for part in wanted:
        own, *others, near_own = rest[: len(part.others) + 2]
        del rest[: len(part.others) + 2]
        whole = [each for other, each in zip(part.others, others, strict=True) if says(other, each)]
        same = [each for each in dict.fromkeys((*whole, near_own)) if each and each != own]
        words, phrases = (
            [each for each in same if AFTER not in each],
            [each for each in same if AFTER in each],
        )
        found.append((own, any_of(words), any_of(phrases)))
    return found


def says(phrase: str, query: str) -> bool:
    """Whether a query still says what the phrase does: of “in use” and “sign off” one common word is left."""
    return " " not in phrase or len(LEXEME.findall(query)) > 1


def any_of(queries: Iterable[str]) -> str:
    return OR.join(query if LEXEME.fullmatch(query) else f"( {query} )" for query in queries)


def loose(query: str) -> str:
    return re.sub("<(-|[0-9]+)>", "&", query)


def counted(table: Table, teams: Sequence[int], asked: list[Asked]) -> tuple[list[Asked], int]:
    """The same with how many texts have each, no further than what is common, and how many there are. What
    is known to be common is not counted again: that would take the longest."""
    queries = [way.query for part in asked for way in part.ways]
    known = common(teams, queries) if table.words else set()
    counting = [query for query in dict.fromkeys(queries) if known.isdisjoint(query.split(OR))]
    params: list[Any] = table.values(teams)
    columns = [
        f"(SELECT count(*) FROM (SELECT 1 FROM {table.name} WHERE {table.seen} LIMIT {COMMON}) AS few)"
    ]
    for query in counting:
        having, values = looked_for(table, "1", query, COMMON)
        columns.append(f"(SELECT count(*) FROM ({having}) AS few)")
        params += [*table.values(teams), *values]
    ((texts, *found),) = ask(f"SELECT {', '.join(columns)}", params)
    counts = dict(zip(counting, found, strict=True))

    def with_count(way: Way) -> Way:
        return replace(way, count=counts.get(way.query, COMMON))

    return [replace(part, ways=tuple(map(with_count, part.ways))) for part in asked], texts


def looked_for(
    table: Table, column: str, query: str, most: int, where: str = "search"
) -> tuple[str, list[str]]:
    """Texts that have it, at most so many, as SQL and its values behind that for `seen`. Of a phrase those
    are looked through that have its words, as many as can be."""
    having = f"FROM {table.name} WHERE {table.seen} AND {where} @@ %s::tsquery"
    if loose(query) == query:
        return f"SELECT {column} {having} LIMIT {most}", [query]
    few = f"(SELECT id, search {having} LIMIT {UNPACKED}) AS near"
    return f"SELECT {column} FROM {few} WHERE {where} @@ %s::tsquery LIMIT {most}", [loose(query), query]


def common(teams: Sequence[int], queries: Iterable[str]) -> set[str]:
    """Of the words of these queries, as queries, those that are known to be common."""
    words = {way.strip("'") for query in queries for way in query.split(OR) if LEXEME.fullmatch(way)}
    sql = (
        "SELECT word FROM kb_word WHERE team_id = ANY(%s) AND word = ANY(%s) "
        f"GROUP BY word HAVING sum(articles) >= {COMMON}"
    )
    return {f"'{word}'" for (word,) in ask(sql, [list(teams), list(words)])} if words else set()


# ------------------------------------------------------------------ words that are related, or meant


def families(teams: Sequence[int], queries: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Of each single word, as a query, those words of texts that are of its family."""
    stems = {query: query.strip("'") for query in queries if LEXEME.fullmatch(query)}
    long = {query: stem for query, stem in stems.items() if len(stem) >= SHORTEST and stem.isalpha()}
    if not long:
        return {}
    sql = (
        "SELECT DISTINCT word FROM kb_word WHERE team_id = ANY(%s) AND "
        f"({' OR '.join(['word LIKE %s'] * len(long))}) LIMIT {COMPARED}"
    )
    words = [word for (word,) in ask(sql, [list(teams), *(f"{stem[:SHORTEST]}%" for stem in long.values())])]
    return {
        query: tuple(f"'{word}'" for word in sorted(words) if kin(stem, word)) for query, stem in long.items()
    }


def guessed(table: Table, teams: Sequence[int], part: Asked) -> Asked:
    """What a single word may have been meant to be, when nothing is known of it."""
    lexemes = LEXEME.findall(part.ways[0].query)
    if len(lexemes) != 1 or len(part.text) < SHORTEST or " " in part.text:
        return part
    begins = replace(part, ways=(Way(f"{lexemes[0]}:*", 1.0),))
    taken_apart = replace(part, ways=(Way(halves(part.text), MEANT),))
    for other in (begins, taken_apart):
        if other.ways[0].query:
            (seen,), _ = counted(table, teams, [other])
            if seen.known:
                return seen
    if not table.words or len(part.text) < CORRECTED:
        return part
    near = nearest(part.text, lexemes[0].strip("'"), words_like(teams, part.text))
    return replace(part, ways=(Way(f"'{near}'", MEANT),), meant=near) if near else part


@lru_cache(1024)
def halves(word: str) -> str:
    """“Crossvalidation” as two words that follow each other, wherever it may be parted."""
    cuts = range(3, len(word) - 2)
    if not cuts:
        return ""
    one = "phraseto_tsquery('english', %s)"
    (row,) = ask(
        f"SELECT {', '.join([f'{one}::text'] * len(cuts))}", [f"{word[:cut]} {word[cut:]}" for cut in cuts]
    )
    return any_of(each for each in row if AFTER in each)


def words_like(teams: Sequence[int], word: str) -> set[str]:
    """Words of titles and headings with the same first letter, and of texts with the same first two; much
    longer or shorter ones are others."""
    sql = (
        "SELECT word FROM kb_word WHERE team_id = ANY(%s) AND word LIKE %s AND (titled OR word LIKE %s) "
        f"AND length(word) BETWEEN {SHORTEST} AND %s ORDER BY articles DESC LIMIT {COMPARED}"
    )
    params = [list(teams), f"{word[0]}%", f"{word[:2]}%", len(word) + edits(word)]
    return {found for (found,) in ask(sql, params)}


def edits(word: str) -> int:
    """How many letters may be wrong, left out, doubled or changed places in a word of this length."""
    return 0 if len(word) < SHORTEST else 1 if len(word) <= 6 else 2


def nearest(word: str, lexeme: str, words: set[str]) -> str:
    """By edit distance. Words are stems: one is compared as a stem, and as far as the other goes, if that is
    most of it."""
    distance: Callable[..., int] = late("rapidfuzz.distance").OSA.distance

    def far(each: str) -> int:
        ways = [(lexeme, distance(lexeme, each)), (word, distance(word, each))]
        if len(each) >= BEGUN * len(word):
            ways.append((each, distance(word[: len(each)], each) + 1))
        return min((edited for way, edited in ways if edited <= edits(way)), default=len(word))

    ranked = sorted((far(each), -len(each), each) for each in words)
    return ranked[0][2] if ranked and ranked[0][0] < len(word) else ""


def ask(sql: str, params: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
