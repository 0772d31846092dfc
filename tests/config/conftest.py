"""Homes of their own, and real servers in them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from config.stack import home, postgres, processes, redis

Process = subprocess.Popen[bytes]


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test here meets the servers or the state of the run it is part of."""
    monkeypatch.setenv("STEWARD_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    return tmp_path / "home"


@pytest.fixture
def postgres_server(own_home: Path) -> Iterator[Process]:
    home.make_home()
    process = postgres.start()
    yield process
    postgres.stop(process)
    processes.end_leftovers(postgres.data_folder(), processes.signal.SIGQUIT, patience=0)


@pytest.fixture
def redis_server(own_home: Path) -> Iterator[Process]:
    home.make_home()
    process = redis.start()
    yield process
    redis.stop(process)
    processes.end_leftovers(redis.folder(), processes.signal.SIGTERM, patience=0)


def listens_on_tcp(pid: int) -> bool:
    """Whether a process holds a listening TCP socket; one that has just ended holds none."""
    place, listening, held = Path("/proc", str(pid)), set(), set()
    with suppress(FileNotFoundError, ProcessLookupError):
        for table in ("tcp", "tcp6"):
            for line in (place / "net" / table).read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == "0A":
                    listening.add(f"socket:[{fields[9]}]")
        for link in (place / "fd").iterdir():
            with suppress(FileNotFoundError):
                held.add(os.readlink(link))
    return bool(held & listening)
