"""Webhooks: signed, sent until they are taken, and paused after a day without that."""

from __future__ import annotations

import hashlib
import hmac
import json
import signal
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from governance import actions, delivering, outgoing, webhooks
from governance.actions import set_webhook
from governance.errors import Conflict, Denied, Invalid
from governance.models import Delivery, Event, Notification, Webhook
from governance.telling import tell
from tests import elsewhere, factories
from tests.governance.told import only_hook, pass_time, states
from tests.receivers import Hook, drip, hang, redirect, running

pytestmark = pytest.mark.django_db


@pytest.fixture
def secret(team, jonas, hook) -> str:
    """The team's webhook is set, and its hello taken."""
    _, secret = set_webhook(team, hook.url, by=jonas)
    delivering.send_due()
    hook.got.clear()
    Delivery.objects.all().delete()
    return secret


def say(team, *people, sentence="Something is blocked."):
    tell("finding-blocking", people, team, sentence)


def bodies(hook: Hook) -> list[dict]:
    return [json.loads(got.body) for got in hook.got]


# ------------------------------------------------------------------ what arrives


def test_a_message_of_the_team_is_one_signed_post(secret, hook, team, jonas, mara):
    say(team, jonas, mara)

    delivering.send_due()

    (got,) = hook.got
    delivery = Delivery.objects.get()
    body = json.loads(got.body)
    assert body == {
        "id": str(delivery.uuid),
        "kind": "finding-blocking",
        "at": body["at"],
        "team": "fraud",
        "subject": "teams/fraud",
        "sentence": "Something is blocked.",
        "link": "https://steward.example/teams/fraud/",
    }
    assert (got.headers["X-Steward-Kind"], got.headers["Content-Type"]) == (
        "finding-blocking",
        "application/json",
    )
    assert (delivery.state, delivery.status, delivery.tries) == ("sent", 204, 1)


def test_the_signature_holds_the_second_and_the_body(secret, hook, team):
    say(team)

    delivering.send_due()

    (got,) = hook.got
    at, mark = [part.partition("=")[2] for part in got.headers["X-Steward-Signature"].split(",")]
    signed = hmac.new(secret.encode(), at.encode() + b"." + got.body, hashlib.sha256).hexdigest()
    assert (mark, abs(int(at) - time.time()) < 10) == (signed, True)


def test_messages_of_other_teams_do_not_come(secret, hook):
    say(factories.team("pricing"))

    delivering.send_due()

    assert hook.got == []


def test_a_message_about_a_label_goes_to_the_team_in_it(secret, hook, jonas):
    tell("review", [jonas], "models/fraud/scorer/versions/3", "Something.")

    delivering.send_due()

    assert [body["subject"] for body in bodies(hook)] == ["models/fraud/scorer/versions/3"]


def test_nothing_is_sent_twice(secret, hook, team):
    say(team)

    delivering.send_due()
    delivering.send_due()

    assert len(hook.got) == 1


# ------------------------------------------------------------------ a receiver that misbehaves


def test_what_was_not_taken_is_sent_again_with_the_same_id_and_newly_signed(secret, hook, team):
    hook.answer = 500
    say(team)
    delivering.send_due()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.status, delivery.last_error) == ("waiting", 500, "It answered 500.")
    assert 55 < (delivery.due_at - timezone.now()).total_seconds() <= 60
    hook.answer = 204
    pass_time(Delivery)

    delivering.send_due()

    first, second = hook.got
    assert (first.body, states(Delivery)) == (second.body, ["sent"])


def test_pauses_grow(secret, hook, team):
    hook.answer = 500
    say(team)
    pauses = []

    for _ in range(8):
        pass_time(Delivery)
        delivering.send_due()
        pauses.append(round((Delivery.objects.get().due_at - timezone.now()).total_seconds() / 60))

    assert pauses == [1, 2, 5, 15, 30, 60, 120, 120]


def test_after_a_day_of_that_the_hook_is_paused_and_stewards_are_told(secret, hook, team, jonas, mara):
    hook.answer = 500
    say(team)
    delivering.send_due()
    Delivery.objects.update(tried_from=timezone.now() - timedelta(days=1))
    pass_time(Delivery)

    delivering.send_due()

    told = Notification.objects.get(kind="webhook-paused")
    assert (told.user, told.subject) == (jonas, "teams/fraud/webhook")
    assert told.sentence == "The webhook of fraud is paused: for a day it took nothing. It answered 500."
    assert only_hook().paused_at is not None
    assert Event.objects.get(action="webhook.pause").reason == "It answered 500."
    assert states(Delivery) == ["failed", "waiting"]


def test_a_paused_hook_gets_nothing_and_loses_nothing(secret, hook, team, jonas):
    Webhook.objects.update(paused_at=timezone.now())
    say(team, sentence="While it was paused.")
    delivering.send_due()
    assert hook.got == []

    actions.resume_webhook(only_hook(), by=jonas)
    delivering.send_due()

    assert [body["sentence"] for body in bodies(hook)] == ["While it was paused."]


def test_one_message_that_is_never_taken_does_not_pause_a_hook_that_takes_others(secret, hook, team):
    say(team, sentence="Poison.")
    Delivery.objects.update(
        tried_from=timezone.now() - timedelta(days=1), due_at=timezone.now() + timedelta(hours=1)
    )
    say(team, sentence="Fine.")
    delivering.send_due()
    hook.answer = 400
    pass_time(Delivery)

    delivering.send_due()

    assert (states(Delivery), only_hook().paused_at) == (["failed", "sent"], None)


def test_a_hook_that_hangs_holds_up_its_own_messages_only(secret, hook, team, jonas, monkeypatch):
    monkeypatch.setattr(outgoing, "TOTAL", 0.5)
    hook.answer = hang
    other = factories.team("pricing")
    steward = factories.member(other, "steward")
    with running(Hook()) as second:
        set_webhook(other, second.url, by=steward)
        for _ in range(20):
            say(team)
        began = time.monotonic()

        delivering.send_due()

        assert (len(hook.got), len(second.got)) == (1, 1)
        assert time.monotonic() - began < 10
    assert Delivery.objects.due().count() == 0


def test_a_hook_that_drips_is_cut_off(secret, hook, team, monkeypatch):
    monkeypatch.setattr(outgoing, "TOTAL", 0.5)
    hook.answer = drip
    say(team)

    delivering.send_due()

    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.last_error) == ("waiting", "It had not answered after 0 s.")
    assert delivery.seconds < 5


def test_a_redirect_inwards_is_a_failure(secret, hook, team):
    with running(Hook()) as inside:
        hook.answer = redirect(inside.url)
        say(team)

        delivering.send_due()

        assert (inside.got, Delivery.objects.get().status) == ([], 307)


def test_a_hook_whose_name_leads_inside_by_now_gets_nothing(secret, hook, team, settings):
    settings.WEBHOOK_INNER = False
    say(team)

    delivering.send_due()

    assert (hook.got, states(Delivery)) == ([], ["waiting"])


def test_a_secret_that_cannot_be_opened_any_more_is_said(secret, hook, team, settings):
    settings.SECRET_KEY = "another"
    say(team)

    delivering.send_due()

    assert (hook.got, Delivery.objects.get().last_error) == ([], delivering.SEALED)


# ------------------------------------------------------------------ killed, and beside oneself


def test_what_was_cut_off_between_claim_and_answer_is_sent_again(secret, hook, team):
    say(team)
    delivering.claim()
    delivering.send_due()
    assert hook.got == []

    pass_time(Delivery)
    delivering.send_due()

    assert (len(hook.got), Delivery.objects.get().tries) == (1, 2)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_sender_that_is_killed_loses_nothing(secret, hook, team, settings):
    hook.answer = hang
    say(team)
    process = elsewhere.process(
        "from governance import delivering\ndelivering.send_due()",
        STEWARD_WEBHOOK_INNER="1",
        STEWARD_SECRET_KEY=settings.SECRET_KEY,
    )
    while not hook.got:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    hook.answer = 204
    pass_time(Delivery)

    for _ in range(100):
        delivering.send_due()
        if states(Delivery) == ["sent"]:
            break
        time.sleep(0.05)

    assert [body["id"] for body in bodies(hook)] == [str(Delivery.objects.get().uuid)] * 2


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_send_each_message_once(secret, hook, team):
    for number in range(12):
        say(team, sentence=f"Number {number}.")

    elsewhere.at_once(*[delivering.send_due] * 4)

    assert sorted(body["sentence"] for body in bodies(hook)) == sorted(f"Number {n}." for n in range(12))
    assert set(states(Delivery)) == {"sent"}


# ------------------------------------------------------------------ setting it


def test_the_first_message_is_a_hello(team, jonas, hook):
    set_webhook(team, hook.url, by=jonas)

    delivering.send_due()

    assert [(body["kind"], body["sentence"]) for body in bodies(hook)] == [
        ("hello", "Messages of fraud are sent here from now on.")
    ]


def test_the_secret_is_told_once_and_kept_sealed(team, jonas, hook):
    _, secret = set_webhook(team, hook.url, by=jonas)
    _, again = set_webhook(team, f"{hook.url}&other", by=jonas)

    assert (secret[:4], len(secret), again) == ("whs_", 47, "")
    assert secret.encode() not in bytes(only_hook().secret)
    assert [event for event in Event.objects.values() if secret in str(event)] == []


def test_the_trail_names_the_host_alone(team, jonas, settings):
    set_webhook(team, "https://hooks.example/services/a-secret-of-theirs", by=jonas)

    event = Event.objects.get(action="webhook.set")
    assert (event.subject, event.after) == ("teams/fraud/webhook", {"host": "hooks.example"})
    assert "a-secret-of-theirs" not in str(Event.objects.values())


@pytest.mark.parametrize("url", ["http://example.org/", "https://127.0.0.1/", "https://[::1]/", "nonsense"])
def test_an_address_that_cannot_be_is_refused(team, jonas, url):
    with pytest.raises(Invalid):
        set_webhook(team, url, by=jonas)

    assert (Webhook.objects.count(), Delivery.objects.count()) == (0, 0)


def test_only_a_steward_sets_it(team, mara):
    with pytest.raises(Denied):
        set_webhook(team, "https://example.org/", by=mara)

    assert Event.objects.get(action="webhook.set").outcome == "refused"


def test_a_new_secret_signs_from_then_on(secret, hook, team, jonas):
    fresh = actions.renew_secret(only_hook(), by=jonas)
    say(team)

    delivering.send_due()

    (got,) = hook.got
    at = int(got.headers["X-Steward-Signature"][2:].partition(",")[0])
    assert fresh != secret
    assert got.headers["X-Steward-Signature"] == webhooks.signature(fresh, got.body.decode(), at)


def test_another_address_begins_anew(secret, hook, team, jonas):
    Webhook.objects.update(paused_at=timezone.now(), address="https://gone.example/")
    say(team)

    set_webhook(team, hook.url, by=jonas)
    delivering.send_due()

    assert [body["kind"] for body in bodies(hook)] == ["finding-blocking", "hello"]


def test_a_message_is_sent_again_by_hand(secret, hook, team, jonas):
    say(team)
    delivering.send_due()

    actions.send_again(Delivery.objects.get(), by=jonas)
    delivering.send_due()

    assert [body["id"] for body in bodies(hook)] == [str(Delivery.objects.get().uuid)] * 2


def test_what_waits_is_not_sent_again_by_hand(secret, team, jonas):
    say(team)

    with pytest.raises(Conflict) as conflict:
        actions.send_again(Delivery.objects.get(), by=jonas)

    assert conflict.value.sentence == "This message waits to be sent already."


def test_to_a_paused_hook_nothing_is_sent_again(secret, hook, team, jonas):
    say(team)
    delivering.send_due()
    Webhook.objects.update(paused_at=timezone.now())

    with pytest.raises(Conflict):
        actions.send_again(Delivery.objects.get(), by=jonas)


def test_what_is_not_paused_is_not_resumed(secret, jonas):
    with pytest.raises(Conflict):
        actions.resume_webhook(only_hook(), by=jonas)


def test_a_hook_that_is_removed_gets_nothing_more(secret, hook, team, jonas):
    say(team)

    actions.remove_webhook(only_hook(), by=jonas)
    delivering.send_due()

    assert (hook.got, Webhook.objects.count(), Delivery.objects.count()) == ([], 0, 0)


def test_a_hook_that_is_removed_while_a_message_is_on_its_way_ends_quietly(secret, hook, team, jonas):
    hook.answer = 500
    say(team)
    claimed = delivering.claim()
    Delivery.objects.update(tried_from=timezone.now() - timedelta(days=2))
    claimed.tried_from = timezone.now() - timedelta(days=2)
    actions.remove_webhook(only_hook(), by=jonas)

    delivering.note(claimed, delivering.send(claimed))

    assert Webhook.objects.count() == 0
