"""What people were told, and how it went out."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

from django.utils import timezone

from governance.models import Delivery, Mail, Team, User, Webhook
from governance.telling import tell
from tests.receivers import MailServer


def at_once(team: Team, *people: User, sentence: str = "Something is blocked.") -> None:
    """A message that usually goes out by mail at once."""
    tell("finding-blocking", people, team, sentence)


def daily(team: Team, *people: User, sentence: str = "Something was decided.") -> None:
    """A message that usually waits for the daily mail."""
    tell("approval-decided", people, team, sentence)


def letters(server: MailServer) -> list[EmailMessage]:
    """What arrived, read."""
    return [message_from_bytes(letter, policy=policy.default) for letter in server.letters]


def text(letter: EmailMessage, kind: str = "plain") -> str:
    part = letter.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def states(rows: type[Mail] | type[Delivery]) -> list[str]:
    return list(rows.objects.order_by("pk").values_list("state", flat=True))


def pass_time(rows: type[Mail] | type[Delivery]) -> None:
    """Whatever waits is due now."""
    rows.objects.filter(state="waiting").update(due_at=timezone.now() - timedelta(seconds=1))


def only_hook() -> Webhook:
    return Webhook.objects.select_related("team").get()
