"""What should happen after somebody else's event: apps above react without being known below.

    @follows("version.promote")
    def note_release(event: Event) -> None: ...

Events are told in the order of their transactions, and only once every older transaction is over: one that
commits late is not skipped. Each follower has a cursor of its own, moved in the transaction in which it
reacts, so a worker that is killed has told nothing. One that fails is tried again and stops none of the
others. Being told twice, as after a restore, has to be harmless.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from kombu.exceptions import OperationalError

from config.celery import app
from governance.errors import Unavailable
from governance.models import Cursor, Event

BATCH = 100
MOMENT = 0.2  # seconds
LONGEST_WAIT = 3600  # seconds until one that fails is tried again
FAR = 10_000  # transactions: so far behind, a cursor of whom nothing concerns is moved
REPEATED = 10_000  # events that are told again after a restore
TASK = "governance.follow"
logger = logging.getLogger("steward.following")

React = Callable[[Event], None]


@dataclass(frozen=True)
class Follower:
    name: str
    actions: frozenset[str]
    react: React


FOLLOWERS: dict[str, Follower] = {}


def follows(*actions: str) -> Callable[[React], React]:
    """Have a function told of each event of these actions, after it is committed. Refusals are not told."""

    def register(react: React) -> React:
        name = f"{react.__module__}.{react.__name__}"
        if name in FOLLOWERS:
            raise ValueError(f"There are two followers called {name}.")
        FOLLOWERS[name] = Follower(name, frozenset(actions), react)
        return react

    return register


def concerned(action: str) -> bool:
    return any(action in follower.actions for follower in FOLLOWERS.values())


# ------------------------------------------------------------------ waking


def wake(event: Event) -> None:
    """Have a worker tell of an event after commit. A broker that is away loses nothing: a job reads on."""
    if event.outcome == "done" and concerned(event.action):
        transaction.on_commit(BELL.ring)


class Bell:
    """Those who ring within a moment share one task, which begins when all of them have."""

    def __init__(self) -> None:
        self._rung = -MOMENT

    def ring(self) -> None:
        now = monotonic()
        if now - self._rung > MOMENT / 2:
            self._rung = now
            send(MOMENT)


BELL = Bell()


def send(seconds: float = 0) -> None:
    try:
        app.send_task(TASK, queue="jobs", countdown=seconds, expires=60)
    except OperationalError as error:
        logger.warning("followers wait for the broker: %s", type(error).__name__)


# ------------------------------------------------------------------ telling


def catch_up() -> int:
    """Tell every follower what is there for it; how many events were told. What stands behind a transaction
    that is not over yet is asked for again in a moment."""
    told = sum(tell_all(follower) for follower in FOLLOWERS.values())
    if waiting():
        send(1)
    return told


def tell_all(follower: Follower) -> int:
    told = 0
    while behind(follower):
        found = tell_some(follower)
        told += found
        if found < BATCH:
            break
    return told


def behind(follower: Follower) -> bool:
    """Whether there is anything to write: asked first, without a lock."""
    safe = horizon()
    cursor = Cursor.objects.filter(follower=follower.name).first()
    return cursor is None or safe - cursor.xact > FAR or due(follower, cursor, safe).exists()


def tell_some(follower: Follower) -> int:
    """Tell a batch, in one transaction with the cursor: how many events."""
    safe = horizon()
    with transaction.atomic():
        cursor = cursor_of(follower, safe)
        if cursor.again_at and cursor.again_at > timezone.now():
            return 0
        told = 0
        events = list(due(follower, cursor, safe)[:BATCH])
        for event in events:
            if not told_of(follower, event, cursor):
                break
            cursor.xact, cursor.event = event.xact or 0, event.pk
            told += 1
        if not events and safe - cursor.xact > FAR:
            cursor.xact, cursor.event = safe, 0
        cursor.save()
        return told


def told_of(follower: Follower, event: Event, cursor: Cursor) -> bool:
    """Whether it took the event. What it wrote until it failed is undone."""
    try:
        with transaction.atomic():
            follower.react(event)
    except Exception as error:
        logger.exception("%s failed at event %s", follower.name, event.pk)
        cursor.attempts = min(cursor.attempts + 1, 1000)
        cursor.error = f"{type(error).__name__} at event {event.pk}"
        wait = min(2 ** min(cursor.attempts, 12), LONGEST_WAIT)
        cursor.again_at = timezone.now() + timedelta(seconds=wait)
        return False
    cursor.attempts, cursor.error, cursor.again_at = 0, "", None
    return True


def cursor_of(follower: Follower, safe: int) -> Cursor:
    """Locked. One that is new begins now: what happened before is none of its business."""
    found = Cursor.objects.select_for_update().filter(follower=follower.name).first()
    if found is None:
        Cursor.objects.get_or_create(follower=follower.name, defaults={"xact": safe})
        found = Cursor.objects.select_for_update().get(follower=follower.name)
    return found


def due(follower: Follower, cursor: Cursor, safe: int) -> QuerySet[Event]:
    done = Event.objects.filter(outcome="done", action__in=follower.actions)
    behind = done.filter(xact__gte=cursor.xact, xact__lt=safe)
    return behind.exclude(Q(xact=cursor.xact, pk__lte=cursor.event)).order_by("xact", "pk")


def horizon() -> int:
    """Every transaction with a lower number is over: none of their events can still appear."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


def waiting() -> bool:
    """Whether there are events that an older transaction still keeps back."""
    followed = frozenset().union(*(follower.actions for follower in FOLLOWERS.values()))
    return Event.objects.filter(xact__gte=horizon(), action__in=followed, outcome="done").exists()


def failing() -> list[Cursor]:
    return list(Cursor.objects.filter(follower__in=FOLLOWERS).exclude(error="").order_by("follower"))


def check() -> None:
    """Raise which followers fail."""
    if found := failing():
        said = "; ".join(f"{each.follower}: {each.error}, tried {each.attempts} times" for each in found)
        raise Unavailable(f"{len(found)} of {len(FOLLOWERS)} followers fail. {said}.")


def begin_again() -> None:
    """After a restore: all events came by one transaction, and the newest are told again."""
    with transaction.atomic():
        newest = Event.objects.order_by("-pk").values_list("xact", flat=True).first() or 0
        for cursor in Cursor.objects.select_for_update():
            cursor.xact, cursor.event = newest, max(0, cursor.event - REPEATED)
            cursor.save(update_fields=["xact", "event"])
