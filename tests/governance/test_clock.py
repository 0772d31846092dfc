"""The scheduler is heard of as long as its loop turns."""

from __future__ import annotations

from pathlib import Path

import redis

from config.celery import app
from config.stack import home
from governance import health
from governance.clock import Clock
from governance.health import Health

AWAY = Health(ok=False, says="The scheduler has not been heard of lately.")


def test_every_turn_is_heard_of_for_a_while(tmp_path: Path) -> None:
    clock = Clock(app=app, schedule_filename=str(tmp_path / "schedule"))
    with redis.Redis.from_url(home.redis_url()) as broker:
        broker.delete(health.SCHEDULER)
        before = health.scheduler()

        pause = clock.tick()

        assert (before, health.scheduler()) == (AWAY, Health())
        assert 0 < broker.ttl(health.SCHEDULER) <= health.PULSE_HOLDS
    assert pause <= health.EVERY
    clock.close()
