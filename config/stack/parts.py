"""What runs: one small table of parts, each with how it starts and how it ends."""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from config.stack import forks, home, postgres, processes, redis
from config.stack.errors import Refusal
from config.stack.processes import Process

# Nothing asks a part that has ended: who uses another stops before it.
STOP_ORDER = ("The web server", "The worker", "The scheduler", "Redis", "PostgreSQL")
STEADY = 10.0  # seconds after which a part counts as running, and its next end as a new trouble


def say(sentence: str) -> None:
    """One line, as the others of the same output are: STEWARD_LOG says how."""
    line = f"{time.strftime('%Y-%m-%d %H:%M:%S')} {sentence}"
    if os.environ.get("STEWARD_LOG") == "json":
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"time": now, "level": "info", "logger": "steward.stack", "message": sentence})
    print(line, flush=True)  # noqa: T201


@dataclass
class Part:
    """A process that is kept running."""

    name: str
    start: Callable[[], Process]
    stop: Callable[[Process], None]
    process: Process | None = None
    since: float = 0.0
    failures: int = 0
    due: float = 0.0

    def begin(self) -> None:
        self.since = time.monotonic()
        self.process = self.start()

    def look(self) -> None:
        """Notice an end; start again when the pause is over, which doubles with every quick end."""
        if self.process and (code := self.process.poll()) is not None:
            processes.end_session(self.process.pid)
            self.process = None
            self._plan(f"{self.name} ended ({_how(code)})")
        if not self.process and time.monotonic() >= self.due:
            try:
                self.begin()
            except Refusal as refusal:
                self._plan(str(refusal))

    def end(self) -> None:
        if self.process:
            self.stop(self.process)
            self.process = None

    def _plan(self, reason: str) -> None:
        steady = time.monotonic() - self.since > STEADY
        self.failures = 0 if steady else self.failures + 1
        pause = min(30.0, 0.1 * 2**self.failures)
        self.due = time.monotonic() + pause
        say(f"{reason}; starting it again in {pause:.1f} s.")


def embedded(env: Mapping[str, str]) -> list[Part]:
    """The servers that the environment does not give."""
    parts = []
    if not env.get("DATABASE_URL"):
        parts.append(Part("PostgreSQL", postgres.start, postgres.stop))
    if not env.get("REDIS_URL"):
        parts.append(Part("Redis", redis.start, redis.stop))
    return parts


def own(web: list[str]) -> list[Part]:
    """Steward's own processes. The scheduler comes last: nobody waits for it."""
    schedule = home.home() / "run" / "schedule"
    beat = ["beat", "--schedule", str(schedule), "--pidfile=", "--loglevel", "warning"]
    worker = [
        *("worker", "--pool", "threads", "--concurrency", "4", "--loglevel", "warning"),
        # Workers here have nobody to talk to, and talking needs scripts, which the broker refuses.
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    ]
    return [
        _forked("The web server", forks.web(*web), patience=10),
        _forked("The worker", forks.celery(*worker), patience=15),
        _forked("The scheduler", forks.celery(*beat), patience=5),
    ]


def environment() -> dict[str, str]:
    """What Steward's own processes are given: this environment, and where the servers are."""
    return os.environ | {
        "STEWARD_HOME": str(home.home()),
        "DATABASE_URL": home.database_url(),
        "REDIS_URL": home.broker_url(),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONUNBUFFERED": "1",
        # Django's checks load every page; the tests run them, and a start need not.
        "CELERY_SKIP_CHECKS": "1",
        # One heap per thread would double what an idle process holds.
        "MALLOC_ARENA_MAX": "2",
    }


def python(words: list[str], env: Mapping[str, str]) -> Process:
    """Start a Python module of this project."""
    return processes.spawn([sys.executable, "-m", *words], env=env, cwd=home.PROJECT)


def _forked(name: str, work: forks.Work, patience: float) -> Part:
    return Part(
        name,
        start=lambda: forks.Forked(f"steward: {name.removeprefix('The ')}", work),
        stop=lambda process: processes.end(process, signal.SIGTERM, patience),
    )


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"code {code}"
