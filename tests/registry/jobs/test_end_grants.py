"""Grants end on the record, once, and are told of before."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from governance.errors import Denied
from governance.models import Event, Notification, User
from registry import actions
from registry.jobs.end_grants import end_grants
from registry.models import Grant
from tests import factories
from tests.registry.granting import asked, granted, left, restricted

pytestmark = pytest.mark.django_db


@pytest.fixture
def nora(team):
    return factories.member(team, "data-scientist", username="nora")


@pytest.fixture
def grant(team, author, nora) -> Grant:
    return granted(restricted(team, author), nora)


def told() -> list[tuple[str, str]]:
    """Who was told of an end, since the last time this was asked."""
    messages = Notification.objects.filter(kind="grant-decided", sentence__startswith="The grant of")
    found = [(message.user.username, message.sentence) for message in messages.select_related("user")]
    messages.delete()
    return sorted(found)


def test_the_end_is_on_the_record_and_told_once(grant):
    left(grant, seconds=-1)

    said = [end_grants(), end_grants()]

    sentence = "The grant of nora to read wine has ended."
    assert said == ["Ended 1 grant.", None]
    assert told() == [("mara", sentence), ("nora", sentence)]
    event = Event.objects.get(action="grant.end")
    grant.refresh_from_db()
    assert (event.subject, event.actor, event.reason) == (grant.label, "system", "Its time is over.")
    assert event.after == {"grant": grant.pk, "person": "nora", "until": grant.ends_at.isoformat()}
    assert (grant.state, grant.ended_by) == ("ended", User.system())


def test_one_that_counts_does_not_end(grant):
    assert (end_grants(), actions.expire_grant(grant, by=User.system()), grant.state) == (None, False, "live")


def test_a_request_that_nobody_decided_on_does_not_end(grant, steward):
    waits = asked(grant.artifact, steward)
    Grant.objects.filter(pk=waits.pk).update(ends_at=grant.requested_at)

    assert end_grants() is None


def test_nobody_else_ends_it_as_the_clock_does(grant, team):
    with pytest.raises(Denied):
        actions.expire_grant(grant, by=factories.member(team, "data-scientist"))


@pytest.mark.django_db(transaction=True)
def test_a_job_beside_itself_ends_it_once(grant):
    left(grant, seconds=-1)
    together, said = threading.Barrier(4), []

    def worker() -> None:
        together.wait(5)
        said.append(end_grants())
        connection.close()

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert sorted(said, key=str) == ["Ended 1 grant.", None, None, None]
    assert Event.objects.filter(action="grant.end").count() == 1


def test_it_is_told_of_14_days_before_once(grant):
    counts = []
    for days in (15, 13.9, 3, 1):
        left(grant, days=days)
        end_grants()
        counts.append(len(told()))

    assert counts == [0, 2, 0, 0]


def test_what_is_told_names_the_day_and_what_to_do(grant):
    left(grant, days=10)
    grant.refresh_from_db()

    said = end_grants()

    day = f"{grant.ends_at:%-d %B %Y}"
    sentence = f"The grant of nora to read wine ends on {day}: whoever needs it longer asks again."
    assert said == "Told of 1 grant ending soon."
    assert told() == [("mara", sentence), ("nora", sentence)]


def test_a_grant_for_ten_days_is_not_told_of_when_it_is_made(team, author, nora):
    granted(restricted(team, author), nora, until=10)

    assert (end_grants(), told()) == (None, [])


def test_one_that_opening_made_needless_is_not_told_of(grant, author):
    actions.open_dataset(grant.artifact, reason="It is public.", by=author)
    left(grant, days=2)

    assert (end_grants(), told()) == (None, [])
