"""A team's webhook: its messages are rows, written with what they tell of, for a worker to send."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
import uuid

from django.utils import timezone

from governance import access, sealing, subjects
from governance.links import link
from governance.models import Delivery, Webhook

HELLO = "hello"


def post(kind: str, about: object, label: str, sentence: str) -> bool:
    """Write the message of something to its team's webhook; whether there is one."""
    team = access.team_of(about)
    hook = Webhook.objects.filter(team__slug=team.slug if team else subjects.team(label))
    found = hook.select_related("team").first()
    if found is not None:
        write(found, kind, label, sentence)
    return found is not None


def write(hook: Webhook, kind: str, label: str, sentence: str) -> Delivery:
    """One message as it will be sent, however often: only its signature is new each time."""
    mark = uuid.uuid4()
    body = {
        "id": str(mark),
        "kind": kind,
        "at": timezone.now().isoformat(),
        "team": hook.team.slug,
        "subject": label,
        "sentence": sentence,
        "link": link(label),
    }
    text = json.dumps(body, ensure_ascii=False)
    return Delivery.objects.create(webhook=hook, uuid=mark, kind=kind, subject=label, body=text)


# ------------------------------------------------------------------ secrets


def make_secret() -> str:
    return f"whs_{secrets.token_urlsafe(32)}"


def headers(delivery: Delivery) -> dict[str, str]:
    """What is said beside the body. `Unavailable` when the secret cannot be opened any more."""
    secret = sealing.opened(delivery.webhook.secret, delivery.webhook.label)
    return {
        "Content-Type": "application/json",
        "User-Agent": "Steward",
        "X-Steward-Kind": delivery.kind,
        "X-Steward-Delivery": str(delivery.uuid),
        "X-Steward-Signature": signature(secret, delivery.body, int(time.time())),
    }


def signature(secret: str, body: str, at: int) -> str:
    """`t=…,v1=…`: HMAC-SHA256 over the second and the body, so that an old message cannot be sent again by
    somebody who overheard it."""
    signed = hmac.new(secret.encode(), f"{at}.{body}".encode(), hashlib.sha256)
    return f"t={at},v1={signed.hexdigest()}"
