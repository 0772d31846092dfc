from datetime import UTC, datetime, timedelta

import pytest

from governance.templatetags import words

NOW = datetime(2026, 5, 14, 11, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1_000, "1 kB"),
        (2_150, "2.1 kB"),
        (9_960, "10 kB"),
        (999_400, "999 kB"),
        (999_600, "1 MB"),
        (318_000_000, "318 MB"),
        (14_200_000_000, "14 GB"),
        (10**20, "100,000 PB"),
    ],
)
def test_a_size_is_said_in_decimal_units(count, said):
    assert words.size(count) == said


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=60), "1 min ago"),
        (timedelta(minutes=59, seconds=59), "59 min ago"),
        (timedelta(hours=1), "1 hour ago"),
        (timedelta(hours=23, minutes=59), "23 hours ago"),
        (timedelta(days=1), "yesterday"),
        (timedelta(days=2), "2 days ago"),
        (timedelta(days=7), "7 May"),
        (timedelta(days=365), "14 May 2025"),
        (timedelta(seconds=-30), "in a moment"),
        (timedelta(minutes=-5), "in 5 min"),
        (timedelta(hours=-3), "in 3 hours"),
        (timedelta(days=-1), "tomorrow"),
        (timedelta(days=-6), "in 6 days"),
        (timedelta(days=-90), "12 Aug"),
    ],
)
def test_a_time_is_said_as_people_do(before, said):
    assert words.ago(NOW - before, NOW) == said


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (0, "Today"),
        (1, "Yesterday"),
        (2, "Tuesday 12 May"),
        (400, "Wednesday 9 April 2025"),
        (-1, "Friday 15 May"),
    ],
)
def test_a_day_has_a_name(before, said):
    assert words.day(NOW - timedelta(days=before), NOW) == said


def test_the_whole_moment_names_its_zone():
    assert words.moment(NOW) == "14 May 2026, 11:12:00 UTC"


def test_a_digest_is_two_groups_of_four():
    assert words.short("sha256:9f2c71ae04b7") == "9f2c 71ae"


def test_an_empty_digest_is_nothing():
    assert words.short("") == ""


@pytest.mark.parametrize(
    ("name", "said"), [("Mara Lindqvist", "ML"), ("admin", "A"), ("jo.van-der weber", "JW"), ("", "")]
)
def test_initials_are_of_the_first_and_last_name(name, said):
    assert words.initials(name) == said


@pytest.mark.parametrize(("count", "said"), [(0, "0 files"), (1, "1 file"), (1204, "1,204 files")])
def test_one_is_not_many(count, said):
    assert words.counted(count, "file") == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0.0 s"),
        (0.44, "0.4 s"),
        (9.94, "9.9 s"),
        (12.6, "13 s"),
        (60, "1 min 0 s"),
        (200, "3 min 20 s"),
        (3599.6, "1 h 0 min"),
        (7500, "2 h 5 min"),
    ],
)
def test_how_long_something_took(seconds, said):
    assert words.span(seconds) == said
