"""Followers are told of every committed event, once, in order, whatever becomes of the others."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection, transaction
from django.db.models import Max

from governance import audit, following
from governance.errors import Unavailable
from governance.jobs.catch_up import catch_up
from governance.models import Cursor, Event, User

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def told(monkeypatch):
    """Two followers of one action: what each was told, and which of them fails."""
    told = {"first": [], "second": [], "fails": set()}
    monkeypatch.setattr(following, "FOLLOWERS", {})

    @following.follows("team.add")
    def first(event):
        User.objects.create(username=event.subject.replace("/", "-"))
        if "first" in told["fails"]:
            raise ValueError
        told["first"].append(event.subject)

    @following.follows("team.add", "team.archive")
    def second(event):
        told["second"].append(event.subject)

    read_on()
    return told


def read_on() -> None:
    """Tell what is there once whatever else writes to this server is over: a transaction of another test
    process, in a database of its own, keeps events back as well."""
    newest = Event.objects.aggregate(newest=Max("xact"))["newest"] or 0
    until = time.monotonic() + 120
    while following.horizon() <= newest and time.monotonic() < until:
        time.sleep(0.02)
    following.catch_up()


def happens(subject: str, action: str = "team.add", **fields) -> None:
    with transaction.atomic():
        audit.record(action, subject, by=None, **fields)


def test_each_is_told_once_of_what_it_follows(told):
    happens("teams/a")
    happens("teams/b", "team.archive")
    happens("teams/c", "user.add")
    happens("teams/d", outcome="refused")

    read_on()
    read_on()

    assert (told["first"], told["second"]) == (["teams/a"], ["teams/a", "teams/b"])


def test_an_event_that_commits_late_is_not_skipped(told):
    begun, may_end = threading.Event(), threading.Event()

    def late() -> None:
        with transaction.atomic():
            audit.record("team.add", "teams/late", by=None)
            begun.set()
            may_end.wait(10)
        connection.close()

    other = threading.Thread(target=late)
    other.start()
    begun.wait(10)
    happens("teams/soon")
    following.catch_up()
    before = list(told["second"])
    may_end.set()
    other.join()
    read_on()

    assert (before, told["second"]) == ([], ["teams/late", "teams/soon"])


def test_one_that_fails_keeps_its_place_and_stops_no_other(told):
    told["fails"] = {"first"}
    happens("teams/a")
    read_on()
    with pytest.raises(Unavailable) as failed:
        catch_up()
    told["fails"] = set()
    Cursor.objects.update(again_at=None)
    written = User.objects.filter(username="teams-a").exists()
    catch_up()

    assert "1 of 2 followers fail." in failed.value.sentence
    assert (written, told["first"], told["second"]) == (False, ["teams/a"], ["teams/a"])


def test_after_a_restore_the_newest_are_told_again(told):
    happens("teams/a", "team.archive")
    read_on()

    following.begin_again()
    read_on()

    assert told["second"] == ["teams/a", "teams/a"]


def test_there_is_one_follower_of_a_name(told):
    def twin(event):
        pass

    following.follows("team.add")(twin)

    with pytest.raises(ValueError, match="two followers"):
        following.follows("team.add")(twin)
