"""Using the client, within the tests' own process."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest

from registry.client import steward as client


class Ended(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def pauses() -> Iterator[list[float]]:
    """Between two tries; emptied, there is only one."""
    before = client.PAUSES[:]
    client.PAUSES[:] = [0.01] * len(before)
    yield client.PAUSES
    client.PAUSES[:] = before


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """The client as a program, within this one."""

    def run(*words: object) -> Ended:
        monkeypatch.setattr(sys, "argv", ["steward.py", *map(str, words)])
        capsys.readouterr()
        code = client.main()
        said = capsys.readouterr()
        assert os.environ["STEWARD_TOKEN"] not in said.out + said.err
        return Ended(code, said.out, said.err)

    return run
