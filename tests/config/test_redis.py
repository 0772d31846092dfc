"""The embedded Redis, as it really runs."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
import redis as client

from config.stack import home, redis
from tests.config.conftest import Process, listens_on_tcp

# Other tests' threads may be about, which Python 3.12 warns of; no lock is taken after the fork.
pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")


def connect(url: str = "") -> client.Redis:
    return client.Redis.from_url(url or home.redis_url())


def test_it_listens_on_no_port(redis_server: Process) -> None:
    assert not listens_on_tcp(redis_server.pid)


def test_its_password_is_on_no_command_line_and_in_no_file_of_its_own(redis_server: Process) -> None:
    password = home.secret("redis_password").encode()
    configuration = redis.folder() / "redis.conf"

    assert password not in Path("/proc", str(redis_server.pid), "cmdline").read_bytes()
    assert password not in configuration.read_bytes()
    assert stat.S_IMODE(configuration.stat().st_mode) == 0o600


@pytest.mark.parametrize("who", ["", "steward:wrong@", "default:@"])
def test_nobody_enters_without_the_password(redis_server: Process, who: str) -> None:
    socket = home.run_folder() / home.REDIS_SOCKET

    with connect(f"unix://{who}{socket}") as stranger, pytest.raises(client.RedisError):
        stranger.set("a", 1)


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        "EVAL return/1 0",
        "EVALSHA 0000 0",
        "SCRIPT LOAD return/1",
        "CONFIG GET *",
        "DEBUG SLEEP 0",
        "MODULE LOAD /tmp/x.so",
        "KEYS *",
        "FLUSHALL",
        "FLUSHDB",
        "SHUTDOWN NOSAVE",
        "SLAVEOF 127.0.0.1 1",
        "MIGRATE 127.0.0.1 1 a 0 1",
        "ACL LIST",
        "SAVE",
    ],
)
def test_dangerous_commands_are_refused(redis_server: Process, command: str) -> None:
    with connect() as broker, pytest.raises(client.exceptions.NoPermissionError):
        broker.execute_command(*command.split())


def test_what_is_queued_survives_a_stop(redis_server: Process) -> None:
    with connect() as broker:
        broker.lpush("queue", "kept")
    redis.stop(redis_server)

    second = redis.start()

    with connect() as broker:
        assert broker.lrange("queue", 0, -1) == [b"kept"]
    redis.stop(second)


def test_it_starts_after_a_kill(redis_server: Process) -> None:
    redis_server.kill()
    redis_server.wait()

    second = redis.start()

    with connect() as broker:
        assert broker.ping()
    redis.stop(second)


def test_a_queue_that_cannot_be_read_is_set_aside(redis_server: Process) -> None:
    redis.stop(redis_server)
    (redis.folder() / "appendonly.aof").write_bytes(b"*3\r\n$3\r\nSET\r\nnonsense that is no length\r\n" * 10)

    second = redis.start()

    with connect() as broker:
        assert broker.ping()
    assert (redis.folder() / "appendonly.damaged").exists()
    redis.stop(second)


def test_any_path_is_one_word_of_its_configuration(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEWARD_HOME", str(own_home / 'a "b" # \\n é'))
    home.make_home()

    process = redis.start()

    with connect() as broker:
        assert broker.ping()
    redis.stop(process)
