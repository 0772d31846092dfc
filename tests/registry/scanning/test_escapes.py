"""What once passed the checks is blocked, and what looks like it is not."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest

from registry import checks
from registry.checks import CHECKS, SEVERITIES, Issue
from tests.registry.scanning import escapes, pairs
from tests.registry.scanning.escapes import Sample


def blocking(name: str, content: bytes) -> list[str]:
    """The checks that block it as a part of a model."""
    return [*each_that_blocks(name, content)]


def is_blocked(name: str, content: bytes) -> bool:
    """One check is enough."""
    return any(each_that_blocks(name, content))


def each_that_blocks(name: str, content: bytes) -> Iterator[str]:
    checks.load()
    for held in checks.for_kind("model"):
        if any(map(blocks, issues(held.name, name, content))):
            yield held.name


def issues(check: str, name: str, content: bytes) -> Iterator[Issue]:
    file = io.BytesIO(content)
    file.name = name
    yield from (found for found in CHECKS[check].run(file) if isinstance(found, Issue))


def blocks(issue: Issue) -> bool:
    return issue.severity in SEVERITIES[:2]


@pytest.mark.parametrize("family", escapes.HOSTILE, ids=lambda family: family.__name__)
def test_every_hostile_file_is_blocked(family: Callable[[], Iterator[Sample]]):
    assert [(name, content[:80]) for name, content in family() if not is_blocked(name, content)] == []


def test_no_honest_neighbour_is_blocked():
    found = [(name, content[:80], blocking(name, content)) for name, content in escapes.honest()]

    assert [held for held in found if held[2]] == []


@pytest.mark.parametrize("group", [pairs.PICKLES, pairs.STRUCTURES], ids=["pickles", "structures"])
def test_each_technique_is_blocked_and_its_neighbour_is_not(group: dict[str, pairs.Pair]):
    passed = [technique for technique, (hostile, _) in group.items() if not is_blocked(*hostile)]
    held_up = {technique: blocking(*honest) for technique, (_, honest) in group.items()}

    assert (passed, {technique: by for technique, by in held_up.items() if by}) == ([], {})
