"""A row of ranges is one event. What differs in anything has its own, and the right is live."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.test import Client

from governance.models import Event, User
from registry.actions import ranges
from registry.models import Severity, Version
from tests import factories
from tests.governance.api.caller import Caller
from tests.registry.api.conftest import passed
from tests.registry.conftest import found

pytestmark = pytest.mark.django_db

FILES = "models/fraud/scorer/versions/1/files"
LETTERS = b"abcdefgh" * 8
PATH = {"path": "letters.bin", "sha256": hashlib.sha256(LETTERS).hexdigest()}
RANGE = {**PATH, "ranges": True}

Commits = Callable[..., AbstractContextManager[object]]


@pytest.fixture
def letters(artifact, author) -> Version:
    return passed(factories.submitted(artifact, author, {"letters.bin": LETTERS, "other.bin": b"other"}))


@pytest.fixture
def priya(operator: User) -> Caller:
    return Caller(operator)


@pytest.fixture
def fetch(django_capture_on_commit_callbacks: Commits) -> Callable[..., bytes | int]:
    """Ask as one request, and commit as one."""

    def ask(caller: Caller, asked: str = "bytes=0-3", name: str = "letters.bin", **more: str) -> bytes | int:
        with django_capture_on_commit_callbacks(execute=True):
            answer = caller.get(f"{FILES}/{name}", HTTP_RANGE=asked, **more)
        return answer.body if answer.status_code < 400 else answer.status_code

    return ask


def recorded() -> list[dict[str, object]]:
    events = Event.objects.filter(action="version.download", outcome="done")
    return list(events.order_by("pk").values_list("after", flat=True))


def test_a_row_of_ranges_is_one_event_that_says_so(letters, priya, fetch):
    got = [fetch(priya, asked) for asked in ("bytes=0-3", "bytes=4-7", "bytes=-2")]

    assert got == [b"abcd", b"efgh", b"gh"]
    assert recorded() == [RANGE]


@pytest.mark.parametrize("asked", ["", "bytes=0-", "bytes=0-9999", "bytes=0-1,3-4"])
def test_a_whole_file_has_its_event_however_it_was_asked_for(letters, priya, fetch, asked):
    fetch(priya)

    assert [fetch(priya, asked), fetch(priya, asked)] == [LETTERS, LETTERS]
    assert recorded() == [RANGE, PATH, PATH]


def test_after_its_minute_a_row_begins_anew(letters, priya, fetch, monkeypatch):
    monkeypatch.setattr(ranges, "LASTS", 0.0)

    fetch(priya)
    fetch(priya)

    assert recorded() == [RANGE, RANGE]


def test_ranges_that_follow_do_not_make_a_row_last(letters, priya, fetch, monkeypatch):
    fetch(priya)
    (until,) = [until for row, until in ranges._until.items() if row[3] == letters.pk]

    fetch(priya)

    assert [until for row, until in ranges._until.items() if row[3] == letters.pk] == [until]


def test_nothing_is_known_before_its_event_is_committed(letters, priya):
    for _ in range(2):
        priya.get(f"{FILES}/letters.bin", HTTP_RANGE="bytes=0-3")

    assert recorded() == [RANGE, RANGE]


def test_another_file_token_person_or_address_is_another_row(letters, priya, operator, steward, fetch):
    fetch(priya)
    fetch(priya, name="other.bin")
    fetch(Caller(operator))
    fetch(Caller(steward))
    fetch(priya, REMOTE_ADDR="192.0.2.7")

    assert len(recorded()) == 5


def test_the_right_is_asked_for_each_range(letters, priya, fetch):
    fetch(priya)
    found(letters, Severity.CRITICAL)

    assert fetch(priya) == 403
    assert recorded() == [RANGE]
    assert Event.objects.filter(action="version.download", outcome="refused").count() == 1


def test_a_revoked_token_fetches_no_further_range(letters, priya, operator, fetch):
    fetch(priya)
    operator.tokens.update(revoked_at=letters.submitted_at)

    assert fetch(priya) == 401


def test_what_is_fetched_knowingly_has_an_event_each_time(letters, author, fetch):
    mara = Caller(author)
    found(letters, Severity.CRITICAL)

    for _ in range(2):
        fetch(mara, name="letters.bin?acknowledge=1")

    assert [event["acknowledged"] for event in recorded()] == [["critical: pickle_imports strange.Name"]] * 2


def test_at_a_page_each_range_has_its_event(letters, operator, django_capture_on_commit_callbacks):
    client = Client()
    client.force_login(operator)

    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            answer = client.get(f"/{FILES}/letters.bin", headers={"Range": "bytes=0-3"})
            assert b"".join(answer.streaming_content) == b"abcd"

    assert recorded() == [PATH, PATH]


def test_of_too_many_rows_all_begin_anew(letters, priya, fetch, monkeypatch):
    monkeypatch.setattr(ranges, "MOST", 1)

    for name in ("letters.bin", "other.bin", "letters.bin"):
        fetch(priya, name=name)

    assert len(recorded()) == 3
