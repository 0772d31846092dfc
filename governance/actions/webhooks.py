"""A team's webhook is set, given a new secret, resumed and removed; what it missed is sent again."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from governance import access, audit, outgoing, sealing, webhooks
from governance.audit import action
from governance.errors import Conflict
from governance.models import Delivery, Team, User, Webhook
from governance.telling import hurry


@action("webhook.set")
def set_webhook(team: Team, address: str, *, by: User) -> tuple[Webhook, str]:
    """Send the team's messages there from now on, first of all a hello. With the hook, its secret when it
    was made just now: it cannot be shown again."""
    team = lock(team)
    access.check(by, "webhook.set", team)
    outgoing.check(address)
    hook = Webhook.objects.filter(team=team).first()
    before = hook and {"host": outgoing.target(hook.address).host}
    secret = "" if hook else webhooks.make_secret()
    hook = hook or Webhook(team=team, secret=sealing.seal(secret, f"{team.label}/webhook"))
    hook.address, hook.set_by, hook.set_at = address, by, timezone.now()
    hook.save()
    restart(hook)
    webhooks.write(hook, webhooks.HELLO, team.label, f"Messages of {team.slug} are sent here from now on.")
    hurry("governance.send_webhooks")
    # An address may be a secret itself, and the trail is read by more people: the host is enough.
    audit.record("webhook.set", hook, by=by, before=before, after={"host": outgoing.target(address).host})
    return hook, secret


@action("webhook.renew")
def renew_secret(hook: Webhook, *, by: User) -> str:
    """A new secret, which signs from now on and cannot be shown again."""
    hook = locked(hook)
    access.check(by, "webhook.set", hook)
    secret = webhooks.make_secret()
    hook.secret = sealing.seal(secret, hook.label)
    hook.save(update_fields=["secret"])
    audit.record("webhook.renew", hook, by=by)
    return secret


@action("webhook.remove")
def remove_webhook(hook: Webhook, *, by: User) -> None:
    """Send nothing there any more, neither what waits."""
    hook = locked(hook)
    access.check(by, "webhook.set", hook)
    waiting = hook.deliveries.filter(state="waiting").count()
    audit.record("webhook.remove", hook, by=by, before={"waiting": waiting})
    hook.delete()


@action("webhook.resume")
def resume_webhook(hook: Webhook, *, by: User) -> Webhook:
    """Go on after a pause, with everything that has waited."""
    hook = locked(hook)
    access.check(by, "webhook.set", hook)
    if hook.paused_at is None:
        raise Conflict("This webhook is not paused.")
    restart(hook)
    hurry("governance.send_webhooks")
    audit.record("webhook.resume", hook, by=by)
    return hook


@action("webhook.resend")
def send_again(delivery: Delivery, *, by: User) -> Delivery:
    """Send one message again, with the same id and newly signed."""
    hook = locked(delivery.webhook)
    access.check(by, "webhook.set", hook)
    if hook.paused_at is not None:
        raise Conflict("This webhook is paused: resume it, and what waits is sent.")
    again = Delivery.objects.filter(pk=delivery.pk).exclude(state="waiting")
    if again.update(**AFRESH, state="waiting", due_at=timezone.now()) != 1:
        raise Conflict("This message waits to be sent already.")
    hurry("governance.send_webhooks")
    audit.record("webhook.resend", hook, by=by, after={"delivery": str(delivery.uuid)})
    delivery.refresh_from_db()
    return delivery


AFRESH: dict[str, Any] = {"tries": 0, "tried_from": None}


def restart(hook: Webhook) -> None:
    """Not paused, and what waits is tried at once, as if for the first time."""
    hook.paused_at = None
    hook.save(update_fields=["paused_at"])
    hook.deliveries.filter(state="waiting").update(**AFRESH, due_at=timezone.now())


def lock(team: Team) -> Team:
    """Every write to a team's webhook locks the team's row first."""
    return Team.objects.select_for_update(no_key=True).get(pk=team.pk)


def locked(hook: Webhook) -> Webhook:
    """The hook, read after the lock; `Conflict` when somebody else has removed it."""
    team = lock(hook.team)
    found = Webhook.objects.filter(team=team).select_related("team").first()
    if found is None:
        raise Conflict(f"{team.slug} has no webhook any more.")
    return found
