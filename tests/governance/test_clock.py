"""The scheduler is heard of as long as its loop turns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from django.db import connection
from pytest_django import DjangoDbBlocker

from config.celery import app
from config.stack import home
from governance import health
from governance.clock import Clock
from governance.health import Health
from tests.governance.jobs_at_work import OFTEN, Add, jobs, outcomes

__all__ = ["jobs"]

AWAY = Health(ok=False, says="The scheduler has not been heard of lately.")


@pytest.fixture
def clock(tmp_path: Path) -> Iterator[Clock]:
    clock = Clock(app=app, schedule_filename=str(tmp_path / "schedule"))
    yield clock
    clock.close()


@pytest.mark.django_db(transaction=True)
def test_every_turn_is_heard_of_for_a_while(clock: Clock) -> None:
    with redis.Redis.from_url(home.redis_url()) as broker:
        broker.delete(health.SCHEDULER)
        before = health.scheduler()

        pause = clock.tick()

        assert (before, health.scheduler()) == (AWAY, Health())
        assert 0 < broker.ttl(health.SCHEDULER) <= health.PULSE_HOLDS
    assert pause <= health.EVERY


@pytest.mark.django_db(transaction=True)
def test_every_turn_plans_the_jobs(clock: Clock, jobs: Add) -> None:
    job = jobs(plan=OFTEN)

    clock.tick()

    assert outcomes(job) == ["waiting"]


def test_a_database_that_is_away_does_not_stop_the_scheduler(
    clock: Clock,
    django_db_blocker: DjangoDbBlocker,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")

    with django_db_blocker.unblock():
        connection.close()  # one that an earlier test left open would serve
        pause = clock.tick()

    assert pause <= health.EVERY
    assert [record.message for record in caplog.records] == [
        "the jobs wait for the database: OperationalError"
    ]
