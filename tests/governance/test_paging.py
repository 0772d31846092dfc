"""Pages of rows: complete, in order, and deaf to cursors that somebody made up."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance import paging
from governance.errors import Invalid
from governance.models import Team, User
from tests import factories

pytestmark = pytest.mark.django_db
START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def teams() -> list[Team]:
    """Seven teams, three of them made at the same moment."""
    made = [factories.team(f"t{number}") for number in range(7)]
    for number, team in enumerate(made):
        team.created_at = START + timedelta(hours=max(0, number - 3))
        team.save()
    return made


def walk(order: str, size: int, direction: str = "older", cursor: str = "") -> list[list[str]]:
    """Every page from here on, as slugs."""
    pages = []
    while True:
        page = paging.page(Team.objects.all(), order, cursor=cursor, size=size)
        pages.append([team.slug for team in page.rows])
        cursor = getattr(page, direction)
        if not cursor:
            return pages


def cursor_of(*parts: object) -> str:
    text = json.dumps(parts, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def test_pages_follow_each_other_without_gap_or_repeat(teams: list[Team]) -> None:
    assert walk("slug", 3) == [["t0", "t1", "t2"], ["t3", "t4", "t5"], ["t6"]]


def test_ties_are_told_apart_by_key(teams: list[Team]) -> None:
    assert walk("-created_at", 2) == [["t6", "t5"], ["t4", "t3"], ["t2", "t1"], ["t0"]]


def test_order_by_key_alone_works(teams: list[Team]) -> None:
    assert walk("-pk", 4) == [["t6", "t5", "t4", "t3"], ["t2", "t1", "t0"]]


def test_newer_goes_back_the_same_way(teams: list[Team]) -> None:
    second = paging.page(Team.objects.all(), "slug", size=3)
    third = paging.page(Team.objects.all(), "slug", size=3, cursor=second.older)
    last = paging.page(Team.objects.all(), "slug", size=3, cursor=third.older)

    assert walk("slug", 3, "newer", last.newer) == [["t3", "t4", "t5"], ["t0", "t1", "t2"]]


def test_newer_near_the_start_gives_a_whole_first_page(teams: list[Team]) -> None:
    begin = paging.page(Team.objects.all(), "slug", size=2)
    page = paging.page(Team.objects.all(), "slug", size=3, cursor=begin.older)

    back = paging.page(Team.objects.all(), "slug", size=3, cursor=page.newer)

    assert [team.slug for team in back.rows] == ["t0", "t1", "t2"]
    assert back.newer == ""


def test_row_that_a_cursor_names_may_be_gone(teams: list[Team]) -> None:
    begin = paging.page(Team.objects.all(), "slug", size=3)
    teams[2].delete()

    page = paging.page(Team.objects.all(), "slug", size=3, cursor=begin.older)

    assert [team.slug for team in page.rows] == ["t3", "t4", "t5"]


def test_page_behind_the_last_row_leads_back(teams: list[Team]) -> None:
    begin = paging.page(Team.objects.all(), "slug", size=6)
    teams[6].delete()

    page = paging.page(Team.objects.all(), "slug", size=6, cursor=begin.older)

    assert (page.rows, page.older) == ([], "")
    assert walk("slug", 6, "newer", page.newer) == [["t0", "t1", "t2", "t3", "t4", "t5"]]


def test_size_is_kept_between_1_and_200(teams: list[Team]) -> None:
    assert len(paging.page(Team.objects.all(), "slug", size=0).rows) == 1
    with CaptureQueriesContext(connection) as queries:
        paging.page(Team.objects.all(), "slug", size=10_000)
    assert queries[0]["sql"].endswith("LIMIT 201")


def test_no_page_is_read_with_an_offset(teams: list[Team]) -> None:
    with CaptureQueriesContext(connection) as queries:
        walk("-created_at", 2)

    assert [query for query in queries if "OFFSET" in query["sql"]] == []


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "%%%",
        "é",
        "A" * 5000,
        base64.urlsafe_b64encode(b"[" * 700).decode(),
        cursor_of("slug", "older", "t1"),
        cursor_of("slug", "sideways", "t1", 1),
        cursor_of("-slug", "older", "t1", 1),
        cursor_of("slug", "older", "t\0", 1),
        cursor_of("slug", "older", "\ud800", 1),
        cursor_of("slug", "older", None, 1),
        cursor_of("slug", "older", ["t1"], 1),
        cursor_of("slug", "older", "t1", "1"),
        cursor_of("slug", "older", "t1", 1.5),
        cursor_of("slug", "older", "t1", -1),
        cursor_of("slug", "older", "t1", 2**63),
        cursor_of({"slug": 1}, ["older"], "t1", 1),
        cursor_of("slug", "older", "t1", 1) + "=",
    ],
)
def test_cursor_that_we_did_not_make_is_refused_with_one_sentence(cursor: str) -> None:
    with pytest.raises(Invalid) as refused:
        paging.page(Team.objects.all(), "slug", cursor=cursor)

    assert refused.value.sentence == "This place in the list is not known. Begin again without the cursor."


@pytest.mark.parametrize("value", ["2026-01-01", "2026-01-01T00:00:00", "yesterday", 5, "9" * 50])
def test_time_without_a_zone_is_no_place_in_a_list(value: object) -> None:
    with pytest.raises(Invalid):
        paging.page(Team.objects.all(), "-created_at", cursor=cursor_of("-created_at", "older", value, 1))


def test_numbers_beyond_the_column_find_nothing() -> None:
    page = paging.page(User.objects.all(), "-pk", cursor=cursor_of("-pk", "older", 10**40, 2**63 - 1))

    assert page.older == ""


def test_order_must_be_one_that_is_offered() -> None:
    with pytest.raises(Invalid) as refused:
        paging.sorted_by("password", ["name", "-updated_at"], "name")

    assert refused.value.sentence == "A list is sorted by one of name, -updated_at."


def test_usual_order_is_taken_when_none_is_asked_for() -> None:
    assert paging.sorted_by("", ["name", "-updated_at"], "name") == "name"


def test_counts_stop_at_their_bound(teams: list[Team]) -> None:
    assert paging.bounded_count(Team.objects.all()) == "7"
    assert paging.bounded_count(Team.objects.all(), 7) == "7"
    assert paging.bounded_count(Team.objects.all(), 6) == "6+"
