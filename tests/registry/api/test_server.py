"""The real web server over a socket: bodies that are cut or huge, many at once, a database that is away."""

from __future__ import annotations

import hashlib
import json
import socket
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent import futures
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from django.conf import settings
from django.db import connection
from django.test import Client

from config.stack.home import POSTGRES_SOCKET
from governance.models import User
from registry import actions
from registry.models import Artifact, File, Version
from tests import factories
from tests.governance.api.caller import Caller
from tests.registry.server import Server, database_url, serving

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

MIB = 1 << 20


@pytest.fixture
def token(author: User, artifact: Artifact, server: Server) -> Iterator[str]:
    """Of the author of an empty draft, version 1. Nothing is in the store."""
    actions.add_version(artifact, by=author)
    yield Caller(author).token
    for path in server.kept():
        path.unlink()


def head(token: str, path: str = "versions/1/files/a", method: str = "PUT", **headers: object) -> bytes:
    lines = {"Host": "steward", "Authorization": f"Bearer {token}", **headers}
    text = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in lines.items())
    return f"{method} /api/v1/models/fraud/scorer/{path} HTTP/1.1\r\n{text}\r\n".encode()


def answer(found: socket.socket) -> tuple[int, dict[str, str], Any]:
    """One response: status, headers, JSON."""
    file = found.makefile("rb")
    status = int(file.readline().split()[1])
    headers = {}
    while line := file.readline().strip():
        name, _, value = line.decode().partition(":")
        headers[name.lower()] = value.strip()
    body = file.read(int(headers.get("content-length", 0)))
    return status, headers, json.loads(body) if body else None


@dataclass
class Door:
    """The way to the database's socket, which can be shut: who is inside is put out."""

    way: Path
    socket: Path

    def open(self) -> None:
        self.way.symlink_to(self.socket)

    def shut(self) -> None:
        self.way.unlink()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
            )


@pytest.fixture
def door(db: None) -> Iterator[Door]:
    folder = connection.settings_dict["HOST"]
    if not folder.startswith("/"):
        pytest.skip("This database is not reached by a socket.")
    with tempfile.TemporaryDirectory(prefix="steward-door-") as place:  # a socket's address is short
        door = Door(Path(place) / POSTGRES_SOCKET, Path(folder) / POSTGRES_SOCKET)
        door.open()
        yield door


@pytest.fixture
def behind(door: Door, tmp_path: Path) -> Iterator[Server]:
    """A server that reaches the database by the door alone."""
    (tmp_path / "behind").mkdir()
    with serving(tmp_path / "behind", database_url(str(door.way.parent))) as server:
        yield server


# ------------------------------------------------------------------ cut and chunked


def test_body_shorter_than_announced_is_refused_and_nothing_kept(server: Server, token: str) -> None:
    with server.connect() as found:
        found.sendall(head(token, Content_Length=3 * MIB) + b"x" * 2 * MIB)
        found.shutdown(socket.SHUT_WR)
        status, _, body = answer(found)

    assert (status, body["detail"]) == (400, f"{3 * MIB} bytes were announced, {2 * MIB} were received.")
    assert (server.settled(), File.objects.count()) == (True, 0)


def test_client_that_goes_away_leaves_nothing(server: Server, token: str) -> None:
    with server.connect() as found:
        found.sendall(head(token, Content_Length=3 * MIB) + b"x" * 2 * MIB)

    time.sleep(0.5)
    assert (server.settled(), File.objects.count()) == (True, 0)


def test_client_that_goes_away_leaves_what_came_and_goes_on(server: Server, token: str, author: User) -> None:
    content = bytes(range(256)) * (3 * MIB // 256)
    upload, _ = actions.begin_upload(Version.objects.get(), "a", len(content), by=author)
    with server.connect() as found:
        lines = head(token, f"versions/1/uploads/{upload.pk}", "PATCH", Content_Length=3 * MIB)
        found.sendall(lines + content[: 2 * MIB])
        found.shutdown(socket.SHUT_WR)
        status, _, _ = answer(found)
    upload.refresh_from_db()
    with server.connect() as found:
        rest = {"Content_Length": 3 * MIB - upload.received, "Upload_Offset": upload.received}
        found.sendall(head(token, f"versions/1/uploads/{upload.pk}", "PATCH", **rest))
        found.sendall(content[upload.received :])
        _, _, body = answer(found)

    assert (status, upload.received) == (400, 2 * MIB)
    assert (body["complete"], body["sha256"]) == (True, hashlib.sha256(content).hexdigest())


def test_server_that_is_killed_keeps_what_it_said_it_has(
    tmp_path: Path, author: User, artifact: Artifact
) -> None:
    """And what was on its way is cleanly absent: the file goes on from what was acknowledged."""
    actions.add_version(artifact, by=author)
    token, content = Caller(author).token, bytes(range(256)) * (5 * MIB // 256)
    upload, _ = actions.begin_upload(Version.objects.get(), "a", len(content), by=author)
    where = f"models/fraud/scorer/versions/1/uploads/{upload.pk}"
    sign = {"Authorization": f"Bearer {token}"}
    (tmp_path / "killed").mkdir()
    with serving(tmp_path / "killed", database_url()) as first:
        kept = requests.patch(f"{first.url}{where}", data=content[: 2 * MIB], headers=sign, timeout=30)
        with first.connect() as found:
            about = {"Content_Length": 3 * MIB, "Upload_Offset": 2 * MIB}
            found.sendall(head(token, f"versions/1/uploads/{upload.pk}", "PATCH", **about))
            found.sendall(content[2 * MIB : 4 * MIB])
            time.sleep(0.5)
            first.process.kill()
    with serving(tmp_path / "killed", database_url()) as second:
        due = requests.get(f"{second.url}{where}", headers=sign, timeout=30).json()["offset"]
        rest = {**sign, "Upload-Offset": str(due)}
        done = requests.patch(f"{second.url}{where}", data=content[due:], headers=rest, timeout=30)

    assert (kept.headers["Upload-Offset"], due) == (str(2 * MIB), 2 * MIB)
    assert (done.json()["complete"], done.json()["sha256"]) == (True, hashlib.sha256(content).hexdigest())


def test_body_longer_than_announced_is_cut_where_it_was_announced(server: Server, token: str) -> None:
    with server.connect() as found:
        found.sendall(head(token, Content_Length=5) + b"wordsand more")
        status, _, body = answer(found)

    assert (status, body["size"], body["sha256"]) == (201, 5, hashlib.sha256(b"words").hexdigest())


def test_chunked_body_is_refused(server: Server, token: str) -> None:
    with server.connect() as found:
        found.sendall(head(token, Transfer_Encoding="chunked") + b"5\r\nwords\r\n0\r\n\r\n")
        status, _, _ = answer(found)

    assert (status, server.kept()) == (411, [])


def test_chunked_body_that_is_cut_is_refused(server: Server, token: str) -> None:
    with server.connect() as found:
        found.sendall(head(token, Transfer_Encoding="chunked") + b"5\r\nwords\r\n")
        status, _, _ = answer(found)

    assert (status, server.kept()) == (411, [])


def test_two_lengths_are_refused(server: Server, token: str) -> None:
    with server.connect() as found:
        found.sendall(head(token, Transfer_Encoding="chunked", Content_Length=5) + b"5\r\nwords\r\n0\r\n\r\n")
        status, _, _ = answer(found)

    assert (status, server.kept()) == (411, [])


def test_json_that_is_cut_is_refused(server: Server, token: str) -> None:
    with server.connect() as found:
        found.sendall(
            head(token, "versions/", "POST", Content_Length=50, Content_Type="application/json")
            + b'{"notes": "a"}'
        )
        found.shutdown(socket.SHUT_WR)
        status, _, body = answer(found)

    assert (status, body["detail"]) == (400, "50 bytes were announced, 14 were received.")


def test_empty_file_is_a_file(server: Server, token: str) -> None:
    with server.connect() as found:
        found.sendall(head(token, Content_Length=0))
        status, _, body = answer(found)

    assert (status, body["size"]) == (201, 0)


@pytest.mark.parametrize(
    "path", ["../x", "a/../../x", "%2e%2e/x", "a%00b", "x" * 300, "a%E2%80%AEb", "%2Fetc/passwd", "a//b"]
)
def test_paths_that_mislead_are_refused_as_they_are_sent(server: Server, token: str, path: str) -> None:
    with server.connect() as found:
        found.sendall(head(token, f"versions/1/files/{path}", Content_Length=1) + b"x")
        status, _, body = answer(found)

    assert (status, body["status"], server.kept()) == (400, 400, [])


def test_paths_are_unicode(server: Server, token: str) -> None:
    with server.connect() as found:
        found.sendall(head(token, "versions/1/files/%C3%BCber/%E6%96%87.txt", Content_Length=1) + b"x")
        _, _, body = answer(found)

    assert body["path"] == "über/文.txt"


# ------------------------------------------------------------------ refused on their way


def test_who_asks_first_is_refused_before_a_byte_is_sent(server: Server) -> None:
    with server.connect() as found:
        found.sendall(head("stw_unknown", Expect="100-continue", Content_Length=10**10))
        status, _, _ = answer(found)

    assert status == 401


def test_who_asks_first_and_may_is_asked_to_go_on(server: Server, token: str) -> None:
    with server.connect() as found:
        found.sendall(head(token, Expect="100-continue", Content_Length=5))
        first = found.recv(100)
        found.sendall(b"words")
        status, _, _ = answer(found)

    assert (first, status) == (b"HTTP/1.1 100 Continue\r\n\r\n", 201)


def test_refusal_of_a_small_body_arrives_and_the_connection_stays(server: Server, token: str) -> None:
    with server.connect() as found:
        for _ in range(2):
            found.sendall(head(token, "versions/9/files/a", Content_Length=4 * MIB) + b"x" * 4 * MIB)
            status, _, body = answer(found)
            assert (status, body["detail"]) == (404, "There is no version 9 of scorer that you may see.")


def test_refusal_of_a_huge_body_arrives_and_ends_the_connection(server: Server, token: str) -> None:
    begun, sent = time.monotonic(), 0
    with server.connect() as found:
        found.sendall(head(token, "versions/9/files/a", Content_Length=10**10))
        status, _, _ = answer(found)
        with pytest.raises(OSError):  # noqa: PT012
            while sent < 10**9:
                sent += found.send(b"x" * MIB)

    assert (status, sent < 100 * MIB, time.monotonic() - begun < 10) == (404, True, True)


def test_common_client_reads_the_refusal_of_what_it_sends(server: Server, token: str) -> None:
    sign = {"Authorization": f"Bearer {token}"}
    for size in (MIB, 7 * MIB):
        refused = requests.put(
            f"{server.url}models/fraud/scorer/versions/9/files/a", data=b"x" * size, headers=sign, timeout=30
        )
        assert refused.status_code == 404


# ------------------------------------------------------------------ much


def test_file_of_two_gibibytes_takes_little_memory(server: Server, token: str) -> None:
    size, piece = 2 * 1024 * MIB + 1, bytes(4 * MIB)
    sign = {"Authorization": f"Bearer {token}", "Content-Length": str(size)}
    before = server.peak()

    def body() -> Iterator[bytes]:
        for _ in range(size // len(piece)):
            yield piece
        yield b"\0"

    class Sized:
        """What `requests` sends with a length and not in chunks."""

        def __iter__(self) -> Iterator[bytes]:
            return body()

        def __len__(self) -> int:
            return size

    stored = requests.put(
        f"{server.url}models/fraud/scorer/versions/1/files/a", data=Sized(), headers=sign, timeout=300
    )
    tail = requests.get(
        f"{server.url}models/fraud/scorer/versions/1/files/a?acknowledge=1",
        headers={**sign, "Content-Length": "0", "Range": "bytes=-3"},
        timeout=60,
    )

    assert (stored.status_code, stored.json()["size"]) == (201, size)
    assert (tail.status_code, tail.content) == (206, b"\0\0\0")
    assert server.peak() - before < 64 * MIB


def test_many_who_wait_do_not_keep_others_from_being_served(
    server: Server, token: str, artifact: Artifact, author: User
) -> None:
    waiting = factories.submitted(artifact, author)
    sign = {"Authorization": f"Bearer {token}"}
    path = f"{server.url}{waiting.label}/"

    def wait() -> int:
        return requests.get(path, params={"wait": 15}, headers=sign, timeout=60).status_code

    with futures.ThreadPoolExecutor(100) as pool:
        waits = [pool.submit(wait) for _ in range(100)]
        futures.wait(waits, timeout=10)
        other = requests.get(f"{server.url}me/", headers=sign, timeout=60)
        waiting_still = sum(not found.done() for found in waits)
        statuses = {found.result() for found in waits}

    assert (other.status_code, statuses) == (200, {200})
    assert waiting_still > 0  # the other did not wait for those that still do


def test_three_hundred_at_once_are_all_served(
    server: Server, token: str, artifact: Artifact, author: User
) -> None:
    address = f"{server.url}{factories.submitted(artifact, author).label}/"
    sign = {"Authorization": f"Bearer {token}"}
    together = threading.Barrier(300)

    def look() -> tuple[int, int]:
        together.wait(60)
        answer = requests.get(address, headers=sign, timeout=120)
        return answer.status_code, answer.json()["number"]

    with futures.ThreadPoolExecutor(300) as pool:
        looks = [pool.submit(look) for _ in range(300)]

    assert Counter(found.result() for found in looks) == {(200, 2): 300}


# ------------------------------------------------------------------ away

PAGES = ["", "models/", "models/fraud/scorer/", "nowhere/"]
AWAY = "The database is away. Nothing was changed; try again in a moment."


def test_database_that_is_away_is_said_by_every_page_and_comes_back(
    behind: Server, door: Door, author: User, artifact: Artifact
) -> None:
    browser = requests.Session()
    browser.cookies.set(settings.SESSION_COOKIE_NAME, session_of(author))

    def look() -> list[requests.Response]:
        root = behind.url.removesuffix("api/v1/")
        return [browser.get(f"{root}{page}", timeout=30) for page in PAGES]

    before = [page.status_code for page in look()]
    door.shut()
    away = look()
    door.open()
    after = [page.status_code for page in look()]

    assert before == after == [200, 200, 200, 404]
    assert [(page.status_code, AWAY in page.text) for page in away] == [(503, True)] * len(PAGES)


def test_database_that_is_away_is_said_to_programs_and_comes_back(
    behind: Server, door: Door, token: str
) -> None:
    file = f"{behind.url}models/fraud/scorer/versions/1/files/a"
    sign = {"Authorization": f"Bearer {token}"}

    def ask() -> list[requests.Response]:
        return [
            requests.get(f"{behind.url}models/", headers=sign, timeout=30),
            requests.put(file, data=b"words", headers=sign, timeout=30),
        ]

    door.shut()
    away = ask()
    alive = requests.get(behind.url.replace("api/v1/", "healthz"), timeout=30)
    left = (behind.kept(), File.objects.count())
    door.open()
    after = [answer.status_code for answer in ask()]

    assert [(answer.status_code, answer.json()["detail"]) for answer in away] == [(503, AWAY)] * 2
    assert [answer.headers["Retry-After"] for answer in away] == ["2", "2"]
    assert (alive.status_code, left) == (200, ([], 0))
    assert after == [200, 201]


def session_of(person: User) -> str:
    client = Client()
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value
