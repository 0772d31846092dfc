"""Where a version came from and what it went into, as a picture: columns by distance, nodes as links."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from governance.models import User
from governance.prepared import prepared
from registry.models import Link, Version
from registry.presenting.addresses import of_version
from registry.presenting.decisions import Lineage, with_ends

WIDTH, HEIGHT = 176, 48
ACROSS, DOWN, HEAD = 40, 12, 24
MOST = 12
MOST_LINKS = 200
LONGEST = 23
COLUMNS = {-2: "Two steps back", -1: "One step back", 0: "This version", 1: "One step on", 2: "Two steps on"}

Edge = tuple[int, int, str]


@dataclass
class Node:
    """A version in its column, or a note (without an address) about those that have no node."""

    key: int
    column: int
    name: str
    about: str
    href: str = ""
    kind: str = ""
    withdrawn: bool = False
    x: int = 0
    y: int = 0


@dataclass
class Picture:
    title: str
    width: int
    height: int
    heads: list[tuple[int, str]]
    nodes: list[Node] = field(default_factory=list)
    edges: list[tuple[str, str]] = field(default_factory=list)
    """A path, and what the one is to the other."""
    node_width: int = WIDTH
    node_height: int = HEIGHT


def picture(person: User, version: Version, parents: Lineage, children: Lineage) -> Picture | None:
    """Nothing when it stands alone."""
    up, down = shares(len(parents.rows), len(children.rows))
    near = [node(-1, relation, other) for relation, other in parents.rows[:up]]
    near += [node(1, relation, other) for relation, other in children.rows[:down]]
    edges: list[Edge] = [
        (each.key, version.pk, each.about) if each.column < 0 else (version.pk, each.key, each.about)
        for each in near
    ]
    far, more = beyond(person, near, {version.pk}, MOST - len(near))
    near = unique(near)
    notes = [*note(-1, parents, up), *note(1, children, down)]
    if not near and not notes:
        return None
    here = Node(version.pk, 0, short(f"{version.artifact.name} {version.number}"), "this version")
    return drawn([here, *near, *far, *notes], edges + more, said(parents, children))


def shares(up: int, down: int) -> tuple[int, int]:
    """How many nodes each side gets of those that there are."""
    above = min(up, max(MOST // 2, MOST - down))
    return above, min(down, MOST - above)


def beyond(person: User, near: Sequence[Node], known: set[int], left: int) -> tuple[list[Node], list[Edge]]:
    """What is two steps away, as far as it is seen and there is room: one query."""
    near_keys = {each.key for each in near}
    nodes: dict[int, Node] = {}
    edges: list[Edge] = []
    for side, link, other in steps(person, near) if near else []:
        relation = link.get_relation_display()
        if other.pk in known | near_keys or (other.pk not in nodes and len(nodes) >= left):
            continue
        nodes.setdefault(other.pk, node(2 * side, relation, other))
        edges.append((link.parent_id, link.version_id, relation))
    return list(nodes.values()), edges


def steps(person: User, near: Sequence[Node]) -> Iterator[tuple[int, Link, Version]]:
    """Links that lead on from the nodes of both sides, to what this person may see."""
    above = [each.key for each in near if each.column < 0]
    below = [each.key for each in near if each.column > 0]
    for link in onward(person, above=above, below=below):
        yield (-1, link, link.parent) if link.version_id in above else (1, link, link.version)


@prepared
def onward(person: User, *, above: Any, below: Any) -> QuerySet[Link]:
    seen = Version.objects.visible_to(person)
    up = Q(Exists(seen.filter(pk=OuterRef("parent"))), version__in=above)
    down = Q(Exists(seen.filter(pk=OuterRef("version"))), parent__in=below)
    return with_ends(Link.objects.filter(up | down)).order_by("pk")[:MOST_LINKS]


# ------------------------------------------------------------------ nodes


def node(column: int, relation: str, version: Version) -> Node:
    artifact = version.artifact
    return Node(
        key=version.pk,
        column=column,
        name=short(f"{artifact.name} {version.number}"),
        about=relation,
        href=f"{of_version(version)}#lineage",
        kind=artifact.kind,
        withdrawn=version.withdrawn_at is not None,
    )


def unique(nodes: Iterable[Node]) -> list[Node]:
    """A version that is linked twice has one node, which says both."""
    found: dict[tuple[int, int], Node] = {}
    for each in nodes:
        same = found.setdefault((each.column, each.key), each)
        if same is not each and each.about not in same.about:
            same.about = f"{same.about}, {each.about}"
    return list(found.values())


def note(column: int, side: Lineage, shown: int) -> list[Node]:
    """How many have no node, and how many may not be seen."""
    more = len(side.rows) - shown + side.more
    words = [f"and {more:,} more"] if more else []
    words += [f"{side.hidden:,} that you may not see"] if side.hidden else []
    return [Node(-column - 10 * place, column, word, "") for place, word in enumerate(words, start=1)]


def short(name: str) -> str:
    """As much as a node holds; the text form below has the whole."""
    if len(name) <= LONGEST:
        return name
    name, _, number = name.rpartition(" ")
    return f"{name[: LONGEST - len(number) - 2]}… {number}"


def said(parents: Lineage, children: Lineage) -> str:
    counts = (
        (len(parents.rows) + parents.more + parents.hidden, "it comes from"),
        (len(children.rows) + children.more + children.hidden, "it went into"),
    )
    return ", ".join(f"{words} {count:,}" for count, words in counts if count).capitalize() + "."


# ------------------------------------------------------------------ places


def drawn(nodes: list[Node], edges: list[Edge], title: str) -> Picture:
    """Every column is centred beside the tallest one."""
    columns: dict[int, list[Node]] = defaultdict(list)
    for each in nodes:
        columns[each.column].append(each)
    order = sorted(columns)
    tallest = max(map(len, columns.values()))
    for place, column in enumerate(order):
        top = HEAD + (tallest - len(columns[column])) * (HEIGHT + DOWN) // 2
        for row, each in enumerate(columns[column]):
            each.x, each.y = place * (WIDTH + ACROSS) + 1, top + row * (HEIGHT + DOWN)
    heads = [(place * (WIDTH + ACROSS) + 1, COLUMNS[column]) for place, column in enumerate(order)]
    width = len(order) * (WIDTH + ACROSS) - ACROSS + 2
    at = {each.key: each for each in nodes if each.href or each.column == 0}
    paths = [(curve(at[start], at[end]), words) for start, end, words in edges if start in at and end in at]
    return Picture(title, width, HEAD + tallest * (HEIGHT + DOWN), heads, nodes, paths)


def curve(start: Node, end: Node) -> str:
    """From the right side of one to the left side of the other."""
    x, y, to_x, to_y = start.x + WIDTH, start.y + HEIGHT // 2, end.x, end.y + HEIGHT // 2
    middle = (x + to_x) // 2
    return f"M{x} {y} C{middle} {y} {middle} {to_y} {to_x} {to_y}"
