"""Celery's lock without scripts, against the embedded Redis that refuses them."""

from __future__ import annotations

import os
import signal
import time

import pytest
import redis as client
from kombu.exceptions import OperationalError
from kombu.transport.redis import MutexHeld

from config import broker
from config.celery import app
from config.stack import home
from tests.config.conftest import Process

pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")


@pytest.fixture
def connection(redis_server: Process) -> client.Redis:
    return client.Redis.from_url(home.redis_url())


def test_it_is_let_go_afterwards(connection: client.Redis) -> None:
    with broker.mutex(connection, "lock", 300):
        held = connection.exists("lock")

    assert (held, connection.exists("lock")) == (1, 0)


def test_it_is_let_go_after_a_failure(connection: client.Redis) -> None:
    with pytest.raises(RuntimeError), broker.mutex(connection, "lock", 300):
        raise RuntimeError

    assert connection.exists("lock") == 0


def test_a_second_one_is_told_at_once(connection: client.Redis) -> None:
    with (
        broker.mutex(connection, "lock", 300),
        pytest.raises(MutexHeld),
        broker.mutex(connection, "lock", 300),
    ):
        raise AssertionError("both held it")


def test_it_ends_by_itself_when_its_holder_was_killed(connection: client.Redis) -> None:
    with broker.mutex(connection, "lock", 300):
        assert 0 < connection.ttl("lock") <= 300


def test_one_that_ran_out_and_is_anothers_now_is_left_alone(connection: client.Redis) -> None:
    with broker.mutex(connection, "lock", 300):
        connection.set("lock", "another's")

    assert connection.get("lock") == b"another's"


def test_a_message_taken_and_never_finished_is_given_back(connection: client.Redis) -> None:
    with app.connection_for_read(
        home.broker_url(), transport_options={"visibility_timeout": 0}
    ) as broker_link:
        channel = broker_link.channel()
        with broker_link.SimpleQueue("steward-test", no_ack=False, channel=channel) as queue:
            queue.put("work")
            queue.get(timeout=2)
        taken = connection.llen("steward-test")

        channel.qos.restore_visible()

        assert (taken, connection.llen("steward-test")) == (0, 1)


@pytest.mark.parametrize("connected", [True, False])
def test_a_broker_that_hangs_holds_whoever_publishes_for_a_second(
    redis_server: Process, connected: bool
) -> None:
    with app.connection_for_write(home.broker_url()) as link:
        if connected:
            link.SimpleQueue("steward-test").put("work")
        os.kill(redis_server.pid, signal.SIGSTOP)
        began = time.monotonic()
        try:
            with pytest.raises(OperationalError):
                app.send_task("registry.run_checks", [1], connection=link)
        finally:
            waited = time.monotonic() - began
            os.kill(redis_server.pid, signal.SIGCONT)

    assert 0.9 < waited < 1.9


def test_whoever_consumes_has_more_patience() -> None:
    link = app.connection_for_read(home.broker_url())

    assert link.transport_options["socket_timeout"] == 5
