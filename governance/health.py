"""Alive and ready: what a supervisor, a load balancer and a person who wonders ask.

`/healthz` says that this process answers. `/readyz` names every part the portal leans on and says
whether it is there; apps above add parts of theirs with `@part`. Anybody may ask, so no answer
names a path, an address or a version.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import dataclass

import redis
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.stack import home
from governance import planning

PATIENCE = 1.0  # seconds that one part may think before it counts as away
WORKER, SCHEDULER = "steward.worker", "steward.scheduler"
EVERY = 5.0
PULSE_HOLDS = 20  # seconds; who missed three beats is away
logger = logging.getLogger("steward.health")


@dataclass(frozen=True)
class Health:
    """Whether a part is there, and a few words for the reader."""

    ok: bool = True
    says: str = ""

    @classmethod
    def of(cls, trouble: str | None) -> Health:
        return cls(ok=trouble is None, says=trouble or "")


Look = Callable[[], Health]


@dataclass(frozen=True)
class Part:
    look: Look
    needed: bool
    asks: str  # what it asks; parts that ask the same are looked at one after the other


PARTS: dict[str, Part] = {}
_looking: dict[str, Future[Health]] = {}
_away: set[str] = set()
_lock = threading.Lock()


def part(name: str, *, needed: bool = True, asks: str = "") -> Callable[[Look], Look]:
    """Add a part to /readyz. Without one that is needed the portal is not ready."""

    def register(look: Look) -> Look:
        PARTS[name] = Part(look, needed, asks or name)
        return look

    return register


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "alive"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    found = look_at_all()
    ready = all(found[name].ok for name, known in PARTS.items() if known.needed)
    body = {
        "status": "ready" if ready else "not ready",
        "parts": {name: {"ok": health.ok, "says": health.says} for name, health in found.items()},
    }
    response = JsonResponse(body, status=200 if ready else 503)
    setattr(response, "_has_been_logged", True)  # noqa: B010  asked every second while a part is away; the part's line is enough
    return response


def look_at_all() -> dict[str, Health]:
    """Every part's health, all looked at together, within PATIENCE."""
    together: dict[str, list[str]] = {}
    for name, known in PARTS.items():
        together.setdefault(known.asks, []).append(name)
    futures = {name: future for names in together.values() for name, future in _look(names).items()}
    wait(futures.values(), timeout=PATIENCE)
    return {name: _result(name, futures[name]) for name in PARTS}


def _look(names: list[str]) -> dict[str, Future[Health]]:
    """Start looking, or join the look that is under way: what hangs costs one thread. A connection of its own
    to the database is most of what a look costs, so those who ask it share one."""
    with _lock:
        under_way = {name: _looking[name] for name in names if name in _looking}
        if len(under_way) < len(names) or all(future.done() for future in under_way.values()):
            under_way = {name: Future() for name in names}
            _looking.update(under_way)
            threading.Thread(target=_settle, args=(under_way,), daemon=True).start()
        return under_way


def _settle(under_way: dict[str, Future[Health]]) -> None:
    try:
        for name, future in under_way.items():
            health = _found(name)
            _note(name, health)
            future.set_result(health)
    finally:
        connection.close()  # this thread's own


def _found(name: str) -> Health:
    try:
        return PARTS[name].look()
    except Exception as error:
        if name not in _away:
            logger.warning("%s: away (%s)", name, type(error).__name__)
        connection.close()  # what comes after it begins anew
        return Health(ok=False, says="It is away.")


def _note(name: str, health: Health) -> None:
    """Remembered so that the log has one line when a part leaves and one when it is back."""
    if health.ok and name in _away:
        logger.warning("%s: back", name)
        _away.discard(name)
    elif not health.ok:
        _away.add(name)


def _result(name: str, future: Future[Health]) -> Health:
    if not future.done():
        return Health(ok=False, says=f"It did not answer within {PATIENCE:.0f} s.")
    return future.result()


# ------------------------------------------------------------------ the parts of every app


@part("database", asks="database")
def database() -> Health:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Health()


@part("broker")
def broker() -> Health:
    with _broker() as client:
        client.ping()
    return Health()


@part("workers")
def workers() -> Health:
    return Health.of(None if heard_of(WORKER) else "No worker has been heard of lately.")


@part("scheduler", needed=False)
def scheduler() -> Health:
    """Not needed: it starts when the portal is ready, and what it starts can wait for it."""
    return Health.of(None if heard_of(SCHEDULER) else "The scheduler has not been heard of lately.")


@part("jobs", needed=False, asks="database")
def jobs() -> Health:
    late = sorted(run.job for run in planning.troubles(timezone.now()))
    return Health.of(f"Without a good end: {', '.join(late)}." if late else None)


def beat(who: str) -> None:
    """Leave a mark in the broker, which vanishes unless it is left again every few seconds.

    Celery's own ping needs scripts, which the broker refuses.
    """
    try:
        with _broker() as client:
            client.set(who, "1", ex=PULSE_HOLDS)
    except redis.RedisError as error:
        logger.warning("the broker is away: %s", type(error).__name__)


def heard_of(who: str) -> bool:
    with _broker() as client:
        return bool(client.exists(who))


def _broker() -> redis.Redis:
    return redis.Redis.from_url(
        home.redis_url(), socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, retry=None
    )
