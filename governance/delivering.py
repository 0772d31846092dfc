"""Sending what waits for webhooks: each message until it is taken, for a day, then its hook is paused.

A message may arrive twice, when its sender is killed before it has noted the answer: receivers know it by its
id. A hook that does not answer holds up its own messages, and those of others no longer than one attempt.
"""

from __future__ import annotations

import logging
import time
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from governance import access, audit, outgoing, webhooks
from governance.alone import alone
from governance.errors import Unavailable
from governance.models import Delivery, User, Webhook
from governance.outgoing import Answer
from governance.telling import tell

SPACE = 0x57E3A31
SHIFT = 60.0  # seconds after which one sender makes room for other work
LEASE = timedelta(minutes=1)  # what was claimed this long ago and has no answer was cut off
GIVE_UP = timedelta(days=1)
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60, 120)]
SEALED = "Its secret cannot be opened any more: make a new one on the page of the webhook."
logger = logging.getLogger("steward.webhooks")


def send_due() -> None:
    """Send what is due, unless somebody else does."""
    began = time.monotonic()
    with alone(SPACE, 0) as mine:
        while mine and time.monotonic() - began < SHIFT:
            delivery = claim()
            if delivery is None:
                return
            note(delivery, send(delivery))


def claim() -> Delivery | None:
    """The next one that is due. For a while nobody else finds it."""
    now = timezone.now()
    with transaction.atomic():
        due = Delivery.objects.due().select_for_update(skip_locked=True, of=("self",))
        delivery = due.select_related("webhook__team").order_by("due_at", "pk").first()
        if delivery is not None:
            delivery.due_at, delivery.tried_at = now + LEASE, now
            delivery.tried_from = delivery.tried_from or now
            delivery.tries += 1
            delivery.save(update_fields=["due_at", "tried_at", "tried_from", "tries"])
    return delivery


def send(delivery: Delivery) -> Answer:
    try:
        headers = webhooks.headers(delivery)
    except Unavailable:
        return Answer(0.0, trouble=SEALED)
    return outgoing.post(delivery.webhook.address, delivery.body.encode(), headers)


def note(delivery: Delivery, answer: Answer) -> None:
    """What came of it, unless somebody changed its course meanwhile."""
    tried = Delivery.objects.filter(pk=delivery.pk, state="waiting", tries=delivery.tries)
    tried.update(status=answer.status, seconds=answer.seconds, last_error=answer.trouble)
    if not answer.trouble:
        tried.update(state="sent")
    elif timezone.now() - (delivery.tried_from or timezone.now()) < GIVE_UP:
        put_off(delivery)
    else:
        give_up(delivery, answer.trouble)


def put_off(delivery: Delivery) -> None:
    """Try it later, and what else waits for this hook not at once."""
    now = timezone.now()
    waiting = Delivery.objects.filter(webhook=delivery.webhook, state="waiting")
    waiting.filter(due_at__lt=now + PAUSES[0]).update(due_at=now + PAUSES[0])
    pause = PAUSES[min(delivery.tries, len(PAUSES)) - 1]
    waiting.filter(pk=delivery.pk).update(due_at=now + pause)


def give_up(delivery: Delivery, trouble: str) -> None:
    """Enough of this one. When nothing else got through meanwhile either, the hook is paused."""
    with transaction.atomic():
        hooks = Webhook.objects.select_for_update(of=("self",)).select_related("team")
        hook = hooks.filter(pk=delivery.webhook_id).first()
        if hook is None:
            return
        hook.deliveries.filter(pk=delivery.pk, state="waiting").update(state="failed")
        taken = hook.deliveries.filter(state="sent", tried_at__gt=delivery.tried_from)
        if hook.paused_at is None and not taken.exists():
            pause(hook, trouble)


def pause(hook: Webhook, trouble: str) -> None:
    hook.paused_at = timezone.now()
    hook.save(update_fields=["paused_at"])
    audit.record("webhook.pause", hook, by=User.system(), reason=trouble)
    stewards = User.objects.filter(pk__in=access.holders(hook.team, "webhook.set"))
    sentence = f"The webhook of {hook.team.slug} is paused: for a day it took nothing. {trouble}"
    tell("webhook-paused", stewards, hook, sentence)
