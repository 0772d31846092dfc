"""All of Steward under its parent: started twice, killed part by part, stopped. Every start is a real one."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import pytest

from config.stack import home, processes
from tests.config.conftest import listens_on_tcp
from tests.config.test_command_line import living_in

pytestmark = pytest.mark.slow


@dataclass
class Running:
    """A started Steward: its parent, where it answers, what it has said so far."""

    parent: subprocess.Popen[bytes]
    port: int
    log: Path

    def parts(self) -> dict[str, int]:
        """The parent's children by what they are."""
        found = {}
        for pid, stat in processes._processes():
            if int(stat[1]) == self.parent.pid and stat[0] != "Z":
                with suppress(FileNotFoundError):  # it has just ended
                    words = Path("/proc", str(pid), "cmdline").read_bytes().decode()
                    found.update({name: pid for name, mark in PARTS.items() if re.search(mark, words)})
        return found

    def is_ready(self) -> bool:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            connection.request("GET", "/readyz")
            answer = connection.getresponse()
            return answer.status == 200 and json.loads(answer.read())["status"] == "ready"
        except OSError:
            return False
        finally:
            connection.close()

    def stop(self) -> int:
        self.parent.terminate()
        return self.parent.wait(60)


PARTS = {
    "PostgreSQL": "bin/postgres",
    "Redis": "bin/redis-server",
    "web": "steward: web server",
    "worker": r"steward: worker|\[celeryd: ",
    "scheduler": r"steward: scheduler|\[celery beat",
}


def family(pid: int) -> set[int]:
    """A process and all that descend from it."""
    children = {number for number, stat in processes._processes() if int(stat[1]) == pid}
    return {pid}.union(*(family(child) for child in children))


def soon(holds: Callable[[], bool], seconds: float = 30) -> bool:
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def start(folder: Path, *words: str) -> Running:
    port, log = free_port(), folder / "log.txt"
    with log.open("wb") as output:
        parent = subprocess.Popen(
            [sys.executable, "-m", "config.stack", "serve", "--port", str(port), *words],
            cwd=home.PROJECT,
            stdout=output,
            stderr=output,
        )
    running = Running(parent, port, log)
    said = f"Steward is ready at http://127.0.0.1:{port}\n"
    assert soon(lambda: said in log.read_text() or parent.poll() is not None, 240), log.read_text()
    assert parent.poll() is None, log.read_text()
    return running


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which Steward ran once and was stopped: a first start takes longer than all else here."""
    folder = tmp_path_factory.mktemp("lived-in")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STEWARD_HOME", str(folder / "home"))
        for name in ("DATABASE_URL", "REDIS_URL"):
            patch.delenv(name, raising=False)
        assert start(folder).stop() == 0
    return folder / "home"


@pytest.fixture
def running(lived_in: Path, own_home: Path, tmp_path: Path) -> Iterator[Running]:
    shutil.copytree(lived_in, own_home)
    steward = start(tmp_path)
    yield steward
    if steward.parent.poll() is None:
        steward.stop()


def test_it_starts_all_parts_and_only_the_web_server_has_a_port(running: Running) -> None:
    parts = running.parts()

    with_a_port = {pid for pid in family(running.parent.pid) if listens_on_tcp(pid)}

    assert set(parts) == set(PARTS)
    assert with_a_port
    assert with_a_port <= family(parts["web"])


def test_its_first_administrator_is_told_once(own_home: Path, tmp_path: Path) -> None:
    said = []
    for _ in range(2):
        steward = start(tmp_path)
        said.append(steward.log.read_text())
        steward.stop()

    told = "First administrator: admin, password "
    assert [text.count(told) for text in said] == [1, 0]


def test_it_stops_cleanly_and_leaves_nothing(running: Running, own_home: Path) -> None:
    assert running.stop() == 0
    assert living_in(own_home) == []
    assert not (own_home / "postgres" / "data" / "postmaster.pid").exists()


@pytest.mark.parametrize("name", list(PARTS))
def test_a_part_that_is_killed_comes_back(running: Running, name: str) -> None:
    before = running.parts()
    os.kill(before[name], signal.SIGKILL)

    assert soon(lambda: running.parts().get(name, before[name]) != before[name])
    assert soon(running.is_ready)
    assert {other for other, pid in running.parts().items() if pid != before[other]} == {name}


def test_a_web_worker_that_is_killed_comes_back(running: Running) -> None:
    web = running.parts()["web"]
    [worker] = [pid for pid, stat in processes._processes() if int(stat[1]) == web]
    os.kill(worker, signal.SIGKILL)

    assert soon(lambda: running.parts().get("web", web) != web)
    assert soon(running.is_ready)


def test_nothing_outlives_a_killed_parent_and_the_next_start_takes_over(
    running: Running, own_home: Path, tmp_path: Path
) -> None:
    running.parent.kill()
    running.parent.wait()

    second = start(tmp_path)

    assert second.is_ready()
    assert not soon(lambda: running.is_ready(), 0.5)
    assert second.stop() == 0
    assert living_in(own_home) == []


def test_children_are_gone_moments_after_their_parent_was_killed(running: Running, own_home: Path) -> None:
    running.parent.kill()
    running.parent.wait()

    assert soon(lambda: living_in(own_home) == [], 10)


def test_threads_that_ended_leave_no_database_connection_behind(running: Running) -> None:
    def knock() -> int:
        with closing(http.client.HTTPConnection("127.0.0.1", running.port, timeout=60)) as connection:
            connection.request("GET", "/api/v1/models/", headers={"Authorization": "Bearer stw_" + "x" * 43})
            with connection.getresponse() as answer:
                return answer.status

    with ThreadPoolExecutor(150) as crowd:
        statuses = {future.result() for future in [crowd.submit(knock) for _ in range(150)]}

    assert statuses == {401}  # each looked the token up, in a thread of its own
    assert soon(lambda: connections_held() <= 10, 90)


def connections_held() -> int:
    with closing(psycopg2.connect(home.database_url())) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE usename = 'steward'")
        return int(cursor.fetchone()[0])


def test_it_works_in_a_home_150_bytes_deep(
    own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEWARD_HOME", str(own_home / ("d" * (150 - len(str(own_home)) - 1))))
    sockets = home.run_folder()

    steward = start(tmp_path)

    assert steward.is_ready()
    assert steward.stop() == 0
    assert not sockets.exists()
