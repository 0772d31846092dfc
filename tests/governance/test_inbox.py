"""One's own messages, as far as one may still see what they are about."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance import access, inbox
from governance.errors import Absent
from governance.models import Membership, Notification, User
from governance.telling import tell
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(jonas):
    """A team that jonas has left."""
    return factories.team("pricing")


def say(about, *people, count=1):
    for number in range(count):
        tell("review", people, about, f"Number {number}.")


def sentences(page):
    return [found.sentence for found in page.rows]


# ------------------------------------------------------------------ what is there


def test_one_sees_one_s_own_newest_first(team, jonas, mara):
    say(team, jonas, count=2)
    say(team, mara)

    assert sentences(inbox.page(jonas)) == ["Number 1.", "Number 0."]


def test_what_one_may_not_see_any_more_is_not_shown_nor_counted(team, other, jonas):
    say(other, jonas)
    say(team, jonas)

    assert (len(inbox.page(jonas).rows), inbox.unread_count(jonas)) == (1, "1")


def test_it_is_back_when_one_may_see_it_again(other, jonas):
    say(other, jonas)
    Membership.objects.create(team=other, user=jonas, role="reader", granted_by=User.system())

    assert inbox.unread_count(jonas) == "1"


@pytest.mark.parametrize("count", [1, 30, 60, pytest.param(110, marks=pytest.mark.slow)])
def test_pages_are_full_however_much_lies_between_that_one_may_not_see(
    team, other, jonas, count, monkeypatch
):
    """And going through them, forwards and back, shows each message once."""
    for number in range(count):
        say(team, jonas)
        if number % 3 == 0:
            say(other, jonas, count=4)
    monkeypatch.setattr(inbox, "WINDOW", 200)

    forwards, page = [], inbox.page(jonas, size=20)
    while True:
        forwards.append([found.pk for found in page.rows])
        if not page.older:
            break
        page = inbox.page(jonas, cursor=page.older, size=20)
    back = [forwards[-1]]
    while page.newer:
        page = inbox.page(jonas, cursor=page.newer, size=20)
        back.append([found.pk for found in page.rows])

    shown = [pk for pks in forwards for pk in pks]
    assert shown == sorted(shown, reverse=True)
    assert len(shown) == count
    assert [len(pks) for pks in forwards[:-1]] == [20] * (len(forwards) - 1)
    assert back[-1] == forwards[0]


def test_behind_very_much_that_one_may_not_see_the_next_page_goes_on(team, other, jonas, monkeypatch):
    monkeypatch.setattr(inbox, "WINDOW", 5)
    say(team, jonas)
    say(other, jonas, count=12)

    shown, page = [], inbox.page(jonas)
    while page.older:
        shown += sentences(page)
        page = inbox.page(jonas, cursor=page.older)

    assert shown + sentences(page) == ["Number 0."]


def test_many_cost_as_much_as_one(team, jonas):
    say(team, jonas)
    access.grants(jonas)  # read once for a request
    few = queries(jonas)
    say(team, jonas, count=60)

    assert queries(jonas) == few == 5


def queries(person):
    with CaptureQueriesContext(connection) as captured:
        inbox.page(person)
        inbox.unread_count(person)
    return len(captured)


@pytest.mark.parametrize(("count", "said"), [(0, ""), (1, "1"), (99, "99"), (100, "99+")])
def test_the_count_ends_at_ninety_nine(team, jonas, count, said):
    Notification.objects.bulk_create(
        Notification(user=jonas, kind="review", subject=team.label, sentence="x") for _ in range(count)
    )

    assert inbox.unread_count(jonas) == said


# ------------------------------------------------------------------ reading


def test_what_is_read_can_be_taken_back(team, jonas):
    say(team, jonas, count=2)
    notification = Notification.objects.order_by("pk")[0]

    at = inbox.read(notification)
    after = inbox.unread_count(jonas)

    assert (after, inbox.take_back(jonas, at), inbox.unread_count(jonas)) == ("1", 1, "2")


def test_reading_again_does_not_change_when_it_was_read(team, jonas):
    say(team, jonas)
    notification = Notification.objects.get()
    first = inbox.read(notification)

    inbox.read(notification)

    notification.refresh_from_db()
    assert notification.read_at == first


def test_all_is_what_was_there_and_what_one_may_see(team, other, jonas):
    say(team, jonas, count=2)
    say(other, jonas)
    newest = Notification.objects.latest("pk").pk
    say(team, jonas)

    number, at = inbox.read_all(jonas, until=newest)

    assert (number, inbox.unread_count(jonas)) == (2, "1")
    assert Notification.objects.unread().filter(subject=other.label).count() == 1
    assert inbox.take_back(jonas, at) == 2


def test_nobody_takes_back_what_others_read(team, jonas, mara):
    say(team, jonas)
    at = inbox.read(Notification.objects.get())

    assert inbox.take_back(mara, at) == 0


def test_messages_of_others_are_not_there(team, jonas, mara):
    say(team, jonas)

    with pytest.raises(Absent):
        inbox.find(mara, Notification.objects.get().pk)


def test_nor_is_one_about_what_one_may_not_see(other, jonas):
    say(other, jonas)

    with pytest.raises(Absent):
        inbox.find(jonas, Notification.objects.get().pk)
