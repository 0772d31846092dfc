"""What is found by words, by kind: each app says how what it owns is searched. Every search starts at what
the person may see, and is bounded.

    @searches("team", "Teams", "team", rank=70)
    def teams(person: User, text: str, most: int) -> Iterable[Hit]: ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.safestring import SafeString

from governance import access, common
from governance.models import User

MOST_CHARACTERS = 200
MOST_WORDS = 8


@dataclass(frozen=True)
class Hit:
    """One thing that was found: where it is, what it is part of, and why it was found. `marked` is `about` as
    harmless HTML with the words that were found. With `sends`, its address takes these values by POST and is
    no page."""

    title: str
    href: str
    about: str = ""
    why: str = ""
    sends: Mapping[str, str] = field(default_factory=dict)
    marked: SafeString | str = ""
    labels: Sequence[str] = ()


Find = Callable[..., Iterable[Hit]]  # of a person, a text and a number; see `searches`


@dataclass(frozen=True)
class Search:
    """How one kind is searched. Kinds stand by rank; `all_of` is the page that lists all, if one does."""

    kind: str
    title: str
    icon: str
    rank: int
    find: Find
    all_of: Callable[[str], str] | None = None
    of_teams: bool = True
    """Whether each thing of this kind is a team's."""
    labelled: bool = False
    """Whether things of this kind have labels: it is then asked for those with one, as `label`."""


@dataclass(frozen=True)
class Group:
    """What was found of one kind, at most as many as were asked for; whether there is more, and where."""

    search: Search
    hits: Sequence[Hit]
    more: bool
    rest: str


_searches: dict[str, Search] = {}


def searches(
    kind: str,
    title: str,
    icon: str,
    *,
    rank: int,
    all_of: Callable[[str], str] | None = None,
    of_teams: bool = True,
    labelled: bool = False,
) -> Callable[[Find], Find]:
    """Register `function(person, text, most)`, which finds at most so many, the best first."""

    def register(function: Find) -> Find:
        _searches[kind] = Search(kind, title, icon, rank, function, all_of, of_teams, labelled)
        return function

    return register


def kinds() -> list[Search]:
    return sorted(_searches.values(), key=lambda search: search.rank)


def search(
    person: User, text: str, most: int, only: str = "", team: int | None = None, label: str = ""
) -> list[Group]:
    """What a person may see and do that has these words, by kind; `team` is the key of the only one whose
    things are wanted, and with `label` only those are that have it."""
    text = words(text)
    wanted = [each for each in kinds() if text and only in ("", each.kind) and (each.labelled or not label)]
    more = {"label": label} if label else {}
    if team is not None:
        person, wanted = access.within(person, team), [each for each in wanted if each.of_teams]
    if not wanted:
        return []
    with common.by_index():
        found = [(each, [*each.find(person, text, most + 1, **more)]) for each in wanted]
    return [group(each, hits, most, text) for each, hits in found if hits]


def group(search: Search, hits: Sequence[Hit], most: int, text: str) -> Group:
    more = len(hits) > most
    return Group(search, hits[:most], more, search.all_of(text) if more and search.all_of else "")


def words(text: str) -> str:
    """What is searched for: at most eight words, without what cannot be seen."""
    seen = "".join(character if character.isprintable() else " " for character in text[:MOST_CHARACTERS])
    return " ".join(seen.split()[:MOST_WORDS])


def begins(text: str, *names: str) -> bool:
    """Whether every word of a text begins a word of one of these names."""
    parts = [part for name in names for part in name.lower().split()]
    return all(any(part.startswith(word) for part in parts) for word in text.lower().split())
