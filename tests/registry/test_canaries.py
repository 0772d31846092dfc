"""Known-bad files go through the real checks; one that passes closes promotion until it is caught again."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from django.utils import timezone

from governance import access
from governance.errors import Denied
from governance.models import Event, Notification
from registry import actions, canaries, storage
from registry.actions.canaries import send_canaries
from registry.jobs.overdue_checks import overdue_checks
from registry.models import CanaryRound
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

HARMLESS = b"\x80\x04K\x01."


def blind(monkeypatch: pytest.MonkeyPatch) -> None:
    """One canary is a harmless file: no honest scanner calls it bad."""
    first, *others = canaries.CANARIES
    monkeypatch.setattr(canaries, "CANARIES", (dataclasses.replace(first, content=HARMLESS), *others))


def sent() -> CanaryRound:
    out = send_canaries()
    canaries.run(out.pk)
    out.refresh_from_db()
    return out


@pytest.mark.parametrize("canary", canaries.CANARIES, ids=lambda canary: canary.name)
def test_each_canary_is_caught(canary):
    assert canaries.caught(canary)


def test_a_round_that_catches_all_says_nothing_and_leaves_nothing():
    out = sent()

    assert (out.missed, out.known, out.finished_at is None) == ([], len(canaries.CANARIES), False)
    assert list(storage.names()) == []
    assert not Event.objects.filter(action__startswith="canary.").exists()


def test_one_that_passes_closes_promotion_and_is_told_and_recorded(
    monkeypatch, clean, steward, operator, author
):
    admin = factories.admin()
    factories.approved(clean, steward, author)
    blind(monkeypatch)

    sent()
    with pytest.raises(Denied) as refused:
        actions.promote(clean, "production", by=operator)

    assert [each.policy for each in refused.value.details["objections"]] == ["scanner_sees"]
    assert "The scanner let a known-bad file pass (a pickle that runs a program)" in str(refused.value)
    event = Event.objects.get(action="canary.miss")
    assert (event.subject, event.after["missed"]) == ("jobs/canaries", ["a pickle that runs a program"])
    told = Notification.objects.filter(kind="scanner-blind").values_list("user__username", flat=True)
    assert sorted(told) == sorted([steward.username, admin.username])


def test_what_is_in_use_stays_in_use(monkeypatch, clean, steward, operator, author):
    factories.approved(clean, steward, author)
    actions.promote(clean, "production", by=operator)
    blind(monkeypatch)

    sent()

    assert access.can(operator, "version.download", clean, alias="production")


def test_the_next_round_opens_it_again_and_settles_what_was_told(
    monkeypatch, clean, steward, operator, author
):
    factories.approved(clean, steward, author)
    with monkeypatch.context() as blinded:
        blind(blinded)
        sent()
        sent()

    sent()
    actions.promote(clean, "production", by=operator)

    assert [
        *Event.objects.filter(action__startswith="canary.").order_by("pk").values_list("action", flat=True)
    ] == [
        "canary.miss",
        "canary.miss",
        "canary.catch",
    ]
    told = Notification.objects.filter(kind="scanner-blind", user=steward)
    assert [each.read_at is None for each in told] == [False]


def test_a_check_that_is_gone_is_a_miss(monkeypatch):
    monkeypatch.delitem(canaries.CHECKS, "file_type")

    assert sent().missed == ["a program under another name"]


def test_a_round_waits_for_a_store_that_is_away_and_is_picked_up(monkeypatch, settings):
    master_keys = settings.MASTER_KEYS_FILE
    hidden = master_keys.with_name("hidden")
    master_keys.rename(hidden)
    away = sent()
    hidden.rename(master_keys)
    CanaryRound.objects.update(asked_at=timezone.now() - timedelta(minutes=1))

    assert (away.finished_at, canaries.overdue()) == (None, [away.pk])
    overdue_checks()


def test_one_round_is_out_at_a_time():
    assert send_canaries().pk == send_canaries().pk
