"""Forget messages that everybody is done with: read, sent or given up, 90 days ago."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from governance.models import Delivery, Mail, Notification
from governance.schedule import at
from governance.templatetags.words import counted

KEPT = timedelta(days=90)
MOST = 50_000  # of each kind in one run
STATEFUL = "finding-blocking"
"""Of this kind the last one about a thing says that people know: it stays."""


@at(hour=1, minute=20)
def trim_messages() -> str | None:
    """Notifications first: a mail goes when it carries none any more, or they would be sent again."""
    gone = [forget(old()) for old in (notifications, mails, deliveries)]
    words = ("notification|notifications", "mail|mails", "delivery|deliveries")
    said = [counted(number, *word.split("|")) for number, word in zip(gone, words, strict=True)]
    return f"Forgot {', '.join(said)}." if any(gone) else None


def forget(old: QuerySet[Notification] | QuerySet[Mail] | QuerySet[Delivery]) -> int:
    keys = list(old.order_by("pk").values_list("pk", flat=True)[:MOST])
    return int(old.model._base_manager.filter(pk__in=keys).delete()[0])


def notifications() -> QuerySet[Notification]:
    newer = Notification.objects.filter(
        kind=OuterRef("kind"), subject=OuterRef("subject"), pk__gt=OuterRef("pk")
    )
    read = Notification.objects.filter(read_at__lt=timezone.now() - KEPT)
    return read.filter(~Q(kind=STATEFUL) | Exists(newer))


def mails() -> QuerySet[Mail]:
    ended = Mail.objects.exclude(state__in=["waiting", "sending"])
    return ended.filter(made_at__lt=timezone.now() - KEPT, notifications=None)


def deliveries() -> QuerySet[Delivery]:
    ended = Delivery.objects.exclude(state="waiting")
    return ended.filter(made_at__lt=timezone.now() - KEPT)
