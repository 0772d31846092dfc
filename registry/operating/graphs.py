"""Parts of a network whose loss cuts it in two: articulation points (Hopcroft and Tarjan 1973)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


def cutting(graph: Mapping[str, set[str]]) -> list[str]:
    """The nodes, sorted. Every edge stands on both of its sides. Without recursion: chains may be long."""
    found: set[str] = set()
    seen: dict[str, int] = {}
    lowest: dict[str, int] = {}
    for root in graph:
        if root not in seen:
            found |= below(root, graph, seen, lowest)
    return sorted(found)


def below(root: str, graph: Mapping[str, set[str]], seen: dict[str, int], lowest: dict[str, int]) -> set[str]:
    found: set[str] = set()
    children = 0
    seen[root] = lowest[root] = len(seen)
    path: list[tuple[str, str, Iterator[str]]] = [(root, "", iter(graph[root]))]
    while path:
        node, came_from, others = path[-1]
        other = next(others, None)
        if other is None:
            path.pop()
            if path:
                lowest[came_from] = min(lowest[came_from], lowest[node])
                if came_from == root:
                    children += 1
                elif lowest[node] >= seen[came_from]:
                    found.add(came_from)
        elif other not in seen:
            seen[other] = lowest[other] = len(seen)
            path.append((other, node, iter(graph[other])))
        elif other != came_from:
            lowest[node] = min(lowest[node], seen[other])
    return found | {root} if children > 1 else found
