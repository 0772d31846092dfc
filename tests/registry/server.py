"""The real web server, on the test database, for tests that need a socket."""

from __future__ import annotations

import fcntl
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import requests
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
MAKE_KEYS = [sys.executable, "manage.py", "shell", "-v0", "-c", "from registry import keys; keys.make()"]


@dataclass
class Server:
    """The web server alone, on the test database, with a store of its own."""

    port: int
    blobs: Path
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/v1/"

    def connect(self) -> socket.socket:
        found = socket.create_connection(("127.0.0.1", self.port))
        found.settimeout(30)
        return found

    def kept(self) -> list[Path]:
        return [path for path in self.blobs.rglob("*") if path.is_file()]

    def settled(self) -> bool:
        """Wait until nothing is left in the store; what was cut off goes a moment after its answer."""
        until = time.monotonic() + 5
        while self.kept() and time.monotonic() < until:
            time.sleep(0.05)
        return not self.kept()

    def peak(self) -> int:
        """The most memory, in bytes, that its worker ever had."""
        worker = subprocess.run(
            ["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=True
        )
        status = Path(f"/proc/{worker.stdout.split()[0]}/status").read_text()
        return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) * 1024


def database_url(host: str = "") -> str:
    """Of the test database; `host` stands for the folder of its socket, or for its host."""
    given: dict[str, Any] = connection.settings_dict
    host = host or given["HOST"]
    user, password = quote(given["USER"], safe=""), quote(given["PASSWORD"], safe="")
    port = f":{given['PORT']}" if given["PORT"] else ""
    folder = f"?host={quote(host, safe='')}" if host.startswith("/") else ""
    where = "" if folder else f"{host}{port}"
    return f"postgresql://{user}:{password}@{where}/{given['NAME']}{folder}"


@pytest.fixture(scope="module")
def server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with alone(), serving(tmp_path_factory.mktemp("server"), database_url()) as server:
        yield server


@contextmanager
def alone() -> Iterator[None]:
    """Tests run on two cores, and two servers take more connections than the database has."""
    settings.STEWARD_HOME.mkdir(parents=True, exist_ok=True)
    with (settings.STEWARD_HOME / "one-server").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def serving(folder: Path, database: str) -> Iterator[Server]:
    """A web server of its own."""
    (folder / "blobs").mkdir(exist_ok=True)
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    environment = {
        **os.environ,
        "DATABASE_URL": database,
        "STEWARD_BLOBS": f"file://{folder / 'blobs'}",
        "STEWARD_MASTER_KEYS_FILE": str(folder / "master_keys"),
    }
    subprocess.run(MAKE_KEYS, env=environment, cwd=ROOT, check=True)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "config.stack.web", "127.0.0.1", str(port)],
            env=environment, cwd=ROOT, stdout=log, stderr=log,
        )  # fmt: skip
    server = Server(port, folder / "blobs", process)
    try:
        wait_until_ready(server)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def wait_until_ready(server: Server) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            if requests.get(f"{server.url}schema/", timeout=30).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise AssertionError("the web server did not start")
