"""The next range of a row: quick as long as nothing was written, refused once something that matters was."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import psycopg2
import pytest
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from governance.models import Event, Membership, Token
from registry import next_ranges, storage
from registry.crypto import Damaged
from registry.models import Severity, Version
from tests import factories
from tests.governance.api.caller import Caller
from tests.registry.api.conftest import passed
from tests.registry.conftest import found

pytestmark = pytest.mark.django_db(transaction=True)

FILES = "models/fraud/scorer/versions/1/files"
LETTERS = bytes(range(256)) * 10_000  # 2.5 MB: three segments


@pytest.fixture(autouse=True)
def _closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(next_ranges, "LASTS", 30.0)  # as long as a slow machine may take over one test
    yield
    for key in list(next_ranges._rows):
        next_ranges.end(key)


@pytest.fixture
def letters(artifact, author) -> Version:
    return passed(factories.submitted(artifact, author, {"letters.bin": LETTERS, "other.bin": b"other"}))


@pytest.fixture
def priya(letters, operator) -> Caller:
    """Whose row has begun: its event is committed, and its right was looked up after that."""
    caller = Caller(operator)
    for _ in range(2):
        assert caller.get(f"{FILES}/letters.bin", HTTP_RANGE="bytes=1-2").status_code == 206
    return caller


def questions(caller: Caller, asked: str = "bytes=1000000-1100000", **more: str) -> int:
    """How often the database is asked for one range, but for what a question sees."""
    with CaptureQueriesContext(connection) as queries:
        caller.get(f"{FILES}/letters.bin", HTTP_RANGE=asked, **more)
    return len(queries)


def quick(caller: Caller) -> HttpResponse:
    """An answer for which nothing was looked up: as soon as nobody else writes, in whichever database."""
    for _ in range(500):
        with CaptureQueriesContext(connection) as queries:
            answer = caller.get(f"{FILES}/letters.bin", HTTP_RANGE="bytes=1000000-1100000")
        if len(queries) == 0:
            return answer
    raise AssertionError("each range is looked up")


def test_it_is_answered_as_the_first_was_and_nothing_is_looked_up(priya):
    answer = quick(priya)
    next_ranges._rows.clear()
    with CaptureQueriesContext(connection) as looked_up:
        again = priya.get(f"{FILES}/letters.bin", HTTP_RANGE="bytes=1000000-1100000")

    assert len(looked_up) > 0
    assert (answer.status_code, answer.body) == (206, LETTERS[1_000_000:1_100_001])
    told = [{name: text for name, text in each.items() if name != "X-Request-Id"} for each in (answer, again)]
    assert told[0] == told[1]
    assert told[0]["Content-Range"] == "bytes 1000000-1100000/2560000"
    assert answer["X-Request-Id"] != again["X-Request-Id"]


def revoke(version: Version) -> None:
    Token.objects.update(revoked_at=timezone.now())


def leave(version: Version) -> None:
    Membership.objects.filter(user__username="priya").delete()


def block(version: Version) -> None:
    found(version, Severity.CRITICAL)


def withdraw(version: Version) -> None:
    why = "Trained on the wrong data."
    Version.objects.update(
        withdrawn_at=timezone.now(), withdrawn_by=version.artifact.owner, withdrawn_reason=why
    )


@pytest.mark.parametrize(("change", "status"), [(revoke, 401), (leave, 404), (block, 403), (withdraw, 403)])
def test_what_was_written_in_between_counts(priya, letters, change: Callable[[Version], None], status):
    quick(priya)
    change(letters)

    assert priya.get(f"{FILES}/letters.bin", HTTP_RANGE="bytes=4-7").status_code == status


def test_what_is_committed_late_counts(letters, operator):
    """A change that was under way while the right was looked up is not seen by it, and must be later."""
    database = settings.DATABASES["default"]
    caller = Caller(operator)
    caller.get(f"{FILES}/letters.bin", HTTP_RANGE="bytes=1-2")
    other = psycopg2.connect(
        dbname=connection.settings_dict["NAME"], user=database["USER"], password=database["PASSWORD"],
        host=database["HOST"], port=database["PORT"] or None,
    )  # fmt: skip
    try:
        with other.cursor() as cursor:
            cursor.execute("UPDATE governance_token SET revoked_at = now()")
        quick(caller)  # the row goes on while that is open
        other.commit()
    finally:
        other.close()

    assert caller.get(f"{FILES}/letters.bin", HTTP_RANGE="bytes=1-2").status_code == 401


def test_what_ends_by_the_clock_is_seen_in_time(priya, monkeypatch):
    monkeypatch.setattr(next_ranges, "LASTS", 0.2)
    Token.objects.update(expires_at=timezone.now() + timedelta(seconds=0.3))
    statuses = []
    until = time.monotonic() + 1.5
    while time.monotonic() < until and 401 not in statuses:
        statuses.append(priya.get(f"{FILES}/letters.bin", HTTP_RANGE="bytes=1-2").status_code)
        time.sleep(0.01)

    assert (statuses[0], statuses[-1]) == (206, 401)


def test_the_whole_file_has_its_event(priya):
    for asked in ("bytes=0-", "bytes=0-2559999", "bytes=0-1,3-4"):
        assert priya.get(f"{FILES}/letters.bin", HTTP_RANGE=asked).body == LETTERS

    assert Event.objects.filter(action="version.download").exclude(after__has_key="ranges").count() == 3


def test_whoever_asks_in_another_way_is_looked_up(priya):
    others = ["HTTP_HOST", "REMOTE_ADDR", "HTTP_X_FORWARDED_FOR", *next_ranges.CHANGES]

    quick(priya)
    assert [questions(priya, **{other: "192.0.2.7"}) > 0 for other in others] == [True] * len(others)


def test_neither_a_page_nor_a_head_goes_on_a_row(rf: RequestFactory):
    ranged = {"HTTP_RANGE": "bytes=0-1", "HTTP_AUTHORIZATION": "Bearer stw_a"}

    assert next_ranges.key_of(rf.get("/file", **ranged)) is not None
    assert next_ranges.key_of(rf.head("/file", **ranged)) is None
    assert next_ranges.key_of(rf.get("/file", HTTP_RANGE="bytes=0-1")) is None
    assert next_ranges.key_of(rf.get("/file", HTTP_AUTHORIZATION="Bearer stw_a")) is None


def test_damaged_bytes_are_told_from_right_ones(priya, letters):
    blob = letters.files.get(path="letters.bin").blob
    with storage.backend().path(blob.name).open("r+b") as file:
        file.seek(1_500_000)
        file.write(b"damaged")

    with pytest.raises(Damaged):
        priya.get(f"{FILES}/letters.bin", HTTP_RANGE="bytes=1500000-1500010")
    assert priya.get(f"{FILES}/letters.bin", HTTP_RANGE="bytes=0-9").body == LETTERS[:10]


def test_only_a_few_files_are_kept_open(letters, operator, monkeypatch):
    monkeypatch.setattr(next_ranges, "MOST", 2)
    callers = [Caller(operator) for _ in range(4)]
    for caller in callers * 2:
        caller.get(f"{FILES}/letters.bin", HTTP_RANGE="bytes=1-2")
        kept = list(next_ranges._rows.values())

    assert len(kept) == 2
    assert questions(callers[0]) > 0


def test_nothing_is_kept_inside_a_transaction(priya):
    with transaction.atomic():
        assert next_ranges.snapshot() == ""
    assert next_ranges.snapshot() != ""
