"""Waivers end on the record, void what relied on them, and are told of before."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from governance import actions as governing
from governance.errors import Denied
from governance.models import Approval, Event, Notification, User
from registry import actions
from registry.jobs.end_waivers import end_waivers
from registry.models import Finding, Severity, Waiver
from tests import factories
from tests.registry.conftest import found

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiver(clean, steward) -> Waiver:
    """Given for 60 days, by a steward who is not the author."""
    finding = found(clean, Severity.HIGH)
    return waived(finding, steward)


def waived(finding: Finding, by: User) -> Waiver:
    expires = timezone.now() + timedelta(days=60)
    return actions.waive(finding, reason="Read and tested.", expires=expires, by=by)


def left(waiver: Waiver, **left) -> None:
    """As if so much of its 60 days were left."""
    ends_at = timezone.now() + timedelta(**left)
    created_at = ends_at - timedelta(days=60)
    Waiver.objects.filter(pk=waiver.pk).update(ends_at=ends_at, created_at=created_at)


def told() -> list[tuple[str, str]]:
    """Who was told what, since the last time this was asked."""
    messages = Notification.objects.filter(kind="waiver-ending").order_by("pk")
    found = [(message.user.username, message.sentence) for message in messages.select_related("user")]
    messages.delete()
    return found


# ------------------------------------------------------------------ the end


def test_the_end_is_on_the_record_and_told_once(waiver, clean, author, steward):
    left(waiver, seconds=-1)

    said = [end_waivers(), end_waivers()]

    name = "The waiver of pickle_imports on notes.txt of models/fraud/scorer"
    sentence = f"{name} has ended: the finding counts again."
    assert said == ["Ended 1 waiver.", None]
    assert sorted(told()) == [("jonas", sentence), ("mara", sentence)]
    (event,) = Event.objects.filter(action="waiver.end")
    assert (event.subject, event.actor, event.after) == (
        "models/fraud/scorer",
        "system",
        {"waiver": waiver.pk, "check": "pickle_imports", "name": "strange.Name", "path": "notes.txt"},
    )
    assert clean.state == "blocked"


def test_requests_that_relied_on_it_become_void_and_others_stay(waiver, clean, artifact, author, operator):
    relied = governing.request_approval(clean.label, alias="production", by=operator)
    other = factories.submitted(artifact, author)
    stays = governing.request_approval(other.label, alias="production", by=operator)
    left(waiver, seconds=-1)

    end_waivers()

    assert Approval.objects.get(pk=relied.pk).state == "void"
    assert Approval.objects.get(pk=stays.pk).state == "open"
    (event,) = Event.objects.filter(action="approval.void")
    assert (event.subject, event.actor) == (clean.label, "system")


def test_what_is_in_use_is_named(waiver, clean, operator, steward):
    factories.approved(clean, factories.member(clean.team, "steward"), operator)
    actions.promote(clean, "production", by=operator)
    left(waiver, seconds=-1)

    end_waivers()

    assert told()[0][1].endswith("the finding counts again. It is open in what production points at.")


def test_the_end_of_one_that_covers_nothing_any_more_is_told_to_nobody(waiver):
    Finding.objects.update(closed_at=timezone.now())
    left(waiver, seconds=-1)

    said = end_waivers()

    assert (said, told(), Event.objects.filter(action="waiver.end").count()) == ("Ended 1 waiver.", [], 1)


def test_one_in_force_does_not_end(waiver, clean, steward):
    assert (end_waivers(), actions.end_waiver(waiver, by=User.system()), clean.state) == (
        None,
        False,
        "ready",
    )


def test_nobody_ends_a_waiver_by_hand(waiver, steward):
    with pytest.raises(Denied):
        actions.end_waiver(waiver, by=steward)


@pytest.mark.django_db(transaction=True)
def test_a_job_beside_itself_ends_it_once(waiver):
    left(waiver, seconds=-1)
    together, said = threading.Barrier(4), []

    def worker() -> None:
        together.wait(5)
        said.append(end_waivers())
        connection.close()

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert sorted(said, key=str) == ["Ended 1 waiver.", None, None, None]
    assert Event.objects.filter(action="waiver.end").count() == 1


# ------------------------------------------------------------------ before the end


def test_it_is_told_of_14_and_3_days_before_once_each(waiver, author, steward):
    counts = []
    for days in (15, 13.9, 13, 4, 2.9, 1):
        left(waiver, days=days)
        end_waivers()
        counts.append(len(told()))

    assert counts == [0, 2, 0, 0, 2, 0]


def test_what_is_told_names_the_day_and_what_to_do(waiver, author):
    left(waiver, days=10)
    ends_at = Waiver.objects.get().ends_at

    said = end_waivers()

    assert said == "Told of 1 waiver ending soon."
    assert (
        "mara",
        "The waiver of pickle_imports on notes.txt of models/fraud/scorer ends on "
        f"{ends_at:%d %B %Y}: cure the finding, or ask for another waiver.",
    ) in told()


def test_what_was_missed_while_all_was_off_is_told_once(waiver):
    left(waiver, days=2)

    end_waivers()

    assert len(told()) == 2


def test_a_waiver_for_ten_days_is_not_told_of_when_it_is_made(waiver):
    created_at, ends_at = timezone.now(), timezone.now() + timedelta(days=10)
    Waiver.objects.update(created_at=created_at, ends_at=ends_at)

    end_waivers()

    assert told() == []


def test_one_that_covers_nothing_any_more_is_not_told_of(waiver):
    Finding.objects.update(closed_at=timezone.now())
    left(waiver, days=2)

    assert (end_waivers(), told()) == (None, [])
