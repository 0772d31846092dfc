"""A sandbox whose parent also knows checks that misbehave, and files sealed as the storage seals them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from registry.checks import CHECKS
from registry.crypto import Sealer
from registry.sandbox.reports import Report
from registry.sandbox.running import Sandbox

KEY = bytes(range(32))

Look = Callable[..., list[Report]]


@pytest.fixture(scope="session")
def running() -> Iterator[Sandbox]:
    running = Sandbox(modules=["tests.registry.sandbox.naughty"])
    yield running
    running.stop()


@pytest.fixture
def sandbox(running: Sandbox) -> Iterator[Sandbox]:
    """The checks that misbehave are known while one of its tests runs, and to no other test."""
    from tests.registry.sandbox.naughty import NAUGHTY

    CHECKS.update(NAUGHTY)
    yield running
    for name in NAUGHTY:
        CHECKS.pop(name, None)


@pytest.fixture
def look(sandbox: Sandbox, tmp_path: Path) -> Look:
    """Seal content and have it looked at by the checks named."""

    def run(content: bytes, *checks: str, path: str = "file.bin") -> list[Report]:
        with open(seal(tmp_path / os.urandom(4).hex(), content), "rb") as sealed:
            return list(sandbox.run(sealed, KEY, "a-blob", path, checks))

    return run


def seal(path: Path, content: bytes, key: bytes = KEY) -> Path:
    with path.open("wb", buffering=0) as sink:
        sealer = Sealer(sink, key, b"a-blob")
        sealer.write(content)
        sealer.close()
    return path
