"""The real stack in production settings, in a home of its own, and beside it the server of the limits."""

import base64
import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from config.stack import home, parts, processes, ready
from config.stack.errors import Refusal
from script.benchmarks.processes import child, settle
from script.benchmarks.wire import Connection

PATIENCE = 120


@dataclass
class Servers:
    """What runs, and where it is reached."""

    stack: int
    port: int
    limits: int
    limits_port: int

    @cached_property
    def web(self) -> int:
        return child(self.stack, "steward: web server")

    @cached_property
    def postgres(self) -> int:
        return child(self.stack, "postgres")

    @cached_property
    def filled(self) -> dict[str, Any]:
        """Names and tokens of what `fill` has made; made when it is first asked for."""
        made = inside("fill", "artifacts")
        settle(self.stack)
        return made

    @cached_property
    def person(self) -> dict[str, Any]:
        """Somebody who may push, with a token."""
        return inside("fill", "person")

    def product(self) -> Connection:
        return Connection(self.port)

    def limit(self) -> Connection:
        return Connection(self.limits_port)


@contextlib.contextmanager
def servers() -> Iterator[Servers]:
    """Start both; stop them and remove all they have written, whatever happens."""
    place = home.PROJECT / "var"
    place.mkdir(mode=0o700, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=place))
    with contextlib.ExitStack() as undo:
        undo.callback(shutil.rmtree, folder, ignore_errors=True)
        os.environ |= production(folder)
        port, limits_port = free_port(), free_port()
        stack = start(["config.stack", "serve", "--port", str(port)], dict(os.environ))
        undo.callback(processes.end, stack, signal.SIGTERM, 60)
        wait(stack, port)
        (folder / "plain").mkdir()
        env = parts.environment() | {"DJANGO_SETTINGS_MODULE": "script.benchmarks.settings"}
        limits = start(["config.stack.web", "127.0.0.1", str(limits_port)], env)
        undo.callback(processes.end, limits, signal.SIGTERM, 10)
        wait(limits, limits_port)
        settle(stack.pid)
        yield Servers(stack.pid, port, limits.pid, limits_port)


def production(folder: Path) -> dict[str, str]:
    """Production refuses to start without secrets: these live as long as the folder."""
    keys = folder / "given_master_keys"
    key = {"key": base64.b64encode(secrets.token_bytes(32)).decode(), "made": datetime.now(UTC).isoformat()}
    keys.touch(mode=0o600)
    keys.write_text(json.dumps({"current": 1, "versions": {"1": key}}))
    return {
        "STEWARD_HOME": str(folder),
        "STEWARD_PRODUCTION": "1",
        "STEWARD_SECRET_KEY": secrets.token_urlsafe(48),
        "STEWARD_MASTER_KEYS_FILE": str(keys),
        "STEWARD_ADMIN_PASSWORD": secrets.token_urlsafe(16),
    }


def free_port() -> int:
    with socket.socket() as attempt:
        attempt.bind(("127.0.0.1", 0))
        return int(attempt.getsockname()[1])


def start(words: list[str], env: dict[str, str]) -> parts.Process:
    with output().open("ab") as log:
        command = [sys.executable, "-m", *words]
        return processes.spawn(command, env=env, cwd=home.PROJECT, output=log, death=signal.SIGTERM)


def wait(process: parts.Process, port: int) -> None:
    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        if ready.ask("127.0.0.1", port, tls=False).ready:
            return
        time.sleep(0.1)
    raise Refusal(f"The servers did not get ready:\n{output().read_text(errors='replace')[-4000:]}")


def output() -> Path:
    return home.home() / "output"


def inside(*words: str) -> dict[str, Any]:
    """Run a module of these benchmarks in the servers' environment; what its `main` returns."""
    command, env = [sys.executable, "-m", "script.benchmarks.inside", *words], parts.environment()
    done = subprocess.run(command, env=env, cwd=home.PROJECT, stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found
