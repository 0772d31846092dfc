"""The whole system as it runs for real, in a home of its own, and people who use it by HTTP."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "correct horse battery 9"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class Person:
    """Somebody with a token."""

    stack: Stack
    name: str
    token: str
    session: requests.Session = field(default_factory=requests.Session)

    def ask(self, method: str, path: str, **more: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        return self.session.request(
            method, f"{self.stack.url}/api/v1/{path}", headers=headers, timeout=90, **more
        )

    def get(self, path: str, **more: Any) -> requests.Response:
        return self.ask("GET", path, **more)

    def post(self, path: str, body: object = None, **more: Any) -> requests.Response:
        return self.ask("POST", path, json=body, **more)

    def put(self, path: str, body: object, **more: Any) -> requests.Response:
        return self.ask("PUT", path, json=body, **more)

    def upload(self, path: str, content: bytes) -> requests.Response:
        return self.ask("PUT", path, data=content)

    def version(self, artifact: str, files: dict[str, bytes], **fields: Any) -> str:
        """Push a version of an artifact that exists, submit it, and return its label."""
        number = self.post(f"{artifact}/versions/", fields).json()["number"]
        label = f"{artifact}/versions/{number}"
        for path, content in files.items():
            assert self.upload(f"{label}/files/{path}", content).status_code == 201
        assert self.post(f"{label}/submit").status_code == 202
        return label

    def verdict(self, label: str) -> dict[str, Any]:
        """The version once its checks have ended."""
        for _ in range(4):
            answer: dict[str, Any] = self.get(f"{label}/", params={"wait": 30}).json()
            if answer["state"] not in {"draft", "checking"}:
                break
        return answer


@dataclass
class Stack:
    """`python -m config.stack serve` and what is known about it."""

    home: Path
    port: int = field(default_factory=free_port)
    settings: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.home.parent / "stack.log"

    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        own = {"STEWARD_HOME": str(self.home), "STEWARD_ADMIN_PASSWORD": PASSWORD}
        return {**kept, **own, **self.settings}

    def start(self) -> None:
        command = [sys.executable, "-m", "config.stack", "serve", "--port", str(self.port)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment(), stdout=log, stderr=log, start_new_session=True
            )
        self.wait_ready()

    def wait_ready(self, seconds: float = 60) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.ready():
                return
            time.sleep(0.2)
        raise AssertionError(f"not ready after {seconds} s:\n{self.log.read_text()[-3000:]}")

    def ready(self) -> bool:
        try:
            return requests.get(f"{self.url}/readyz", timeout=3).status_code == 200
        except requests.RequestException:
            return False

    def stop(self) -> int:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=40)

    def manage(self, *words: str) -> str:
        """One of manage.py's commands beside the running servers."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def person(self, name: str) -> Person:
        return Person(self, name, self.manage("token", name))

    def processes(self, pattern: str) -> list[int]:
        """The process numbers below the parent whose command line matches."""
        assert self.process is not None
        found = []
        for pid in descendants(self.process.pid):
            try:
                words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if re.search(pattern, words):
                found.append(pid)
        return found

    def blobs(self) -> list[Path]:
        return [path for path in (self.home / "blobs").rglob("*") if path.is_file()]


def descendants(pid: int) -> list[int]:
    """Every process below one, by /proc."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    below, fresh = [], {pid}
    while fresh:
        fresh = {child for child, parent in parents.items() if parent in fresh}
        below += sorted(fresh)
    return below
