"""E-mails: rows written with what they tell of, handed to the mail server by a worker, each at most once.

A mail that is `sending` was claimed, with its message id, before the server heard of it. Only one sender
works at a time, under a lock that dies with it: whoever gets the lock and finds such a mail knows that its
sender was killed, and nobody can tell whether it arrived. It stands in the inbox and is not sent again.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from datetime import date, timedelta
from email.utils import make_msgid
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from governance import letters
from governance.alone import alone
from governance.kinds import DAILY, KINDS, ONCE
from governance.models import Mail, Notification, Preference, User
from governance.models.notifications import MailQuerySet, NotificationQuerySet

SPACE = 0x57E3A30
SHIFT = 60.0  # seconds after which a sender makes room for other work
GIVE_UP = timedelta(days=3)
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60, 120)]
CUT_OFF = "The sender was killed while it sent this: whether the mail arrived is not known."
LOST = "The mail server was lost before it had answered: whether the mail arrived is not known."
logger = logging.getLogger("steward.mail")

# What smtplib and Django raise for a letter that was not taken; ValueError: an address that no mail has.
TROUBLE = (OSError, SMTPException, ValueError)


# ------------------------------------------------------------------ writing


def ways(kind: str, people: Iterable[User]) -> dict[int, str]:
    """How each person likes to be told of a kind, by key."""
    keys = [person.pk for person in people]
    chosen = Preference.objects.filter(user__in=keys, kind=kind).values_list("user_id", "way")
    return {**dict.fromkeys(keys, KINDS[kind].usual), **dict(chosen)}


def ways_of(person: User) -> dict[str, str]:
    """How one person likes to be told, by kind."""
    chosen = dict(Preference.objects.filter(user=person).values_list("kind", "way"))
    return {name: chosen.get(name, kind.usual) for name, kind in KINDS.items()}


def trouble_of(person: User) -> str:
    """What is wrong with the newest mail to a person, if anything."""
    newest = Mail.objects.filter(user=person).exclude(state="needless").order_by("-pk").first()
    return newest.last_error if newest and newest.state != "sent" else ""


def post(notifications: Iterable[Notification]) -> bool:
    """Write a mail for each of these, which are not stored yet, that goes out at once; whether any does."""
    at_once = [found for found in notifications if found.way == ONCE and found.user.email]
    mails = Mail.objects.bulk_create(Mail(user=found.user) for found in at_once)
    for notification, mail in zip(at_once, mails, strict=True):
        notification.mail = mail
    return bool(mails)


def post_digests() -> int:
    """Write today's mail for everybody who has something unread for it; how many mails."""
    waiting = to_digest().filter(user__is_active=True).exclude(user__email="")
    people = waiting.order_by().values_list("user_id", flat=True).distinct()
    today = timezone.now().date()
    return sum(post_digest(person, today) for person in people)


def post_digest(person: int, day: date) -> bool:
    """One mail for each person and day, also when two do this at once."""
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=person)
        mail, made = Mail.objects.get_or_create(user_id=person, day=day)
        if made:
            to_digest().filter(user=person).update(mail=mail)
    return made


def to_digest() -> NotificationQuerySet:
    return Notification.objects.unread().filter(way=DAILY, mail=None)


# ------------------------------------------------------------------ sending


def send_due() -> None:
    """Send what is due, unless somebody else does. A server that is away is asked once, and holds up
    nothing but mail."""
    with alone(SPACE, 0) as mine:
        if not mine:
            return
        bury()
        if Mail.objects.due().exists():
            send_batch()


def send_batch() -> None:
    began, server = time.monotonic(), get_connection()
    while time.monotonic() - began < SHIFT:
        if not reached(server):
            return
        mail = claim()
        if mail is None:
            break
        send(mail, server)
    server.close()


def reached(server: BaseEmailBackend) -> bool:
    """Whether the server listens. When it does not, all that is due waits."""
    try:
        server.open()  # nothing happens when it is open already
    except TROUBLE as error:
        server.close()
        put_off(Mail.objects.due(), trouble(error))
        return False
    return True


def bury() -> None:
    """What is being sent while nobody else sends was cut off."""
    if found := Mail.objects.filter(state="sending").update(state="unknown", last_error=CUT_OFF):
        logger.warning("%s mails were cut off while they were sent", found)


def claim() -> Mail | None:
    """The next one that is due: from now on it is ours."""
    with transaction.atomic():
        due = Mail.objects.due().select_for_update(skip_locked=True, of=("self",)).select_related("user")
        mail = due.order_by("due_at", "pk").first()
        if mail is not None:
            mail.state, mail.message_id = "sending", make_msgid(domain=settings.PUBLIC_HOST)
            mail.save(update_fields=["state", "message_id"])
    return mail


def send(mail: Mail, server: BaseEmailBackend) -> None:
    """Hand one over and note what became of it."""
    letter = letters.write(mail)
    if letter is None:
        return note(mail, "needless")
    try:
        server.send_messages([letter])
    except TROUBLE as error:
        refused(mail, server, error)
    else:
        note(mail, "sent", sent_at=timezone.now())


def refused(mail: Mail, server: BaseEmailBackend, error: Exception) -> None:
    """It is tried again only when the server cannot have taken it."""
    if getattr(server, "uncertain", False):
        note(mail, "unknown", last_error=LOST)
    else:
        put_off(Mail.objects.filter(pk=mail.pk), trouble(error))
    server.close()


def note(mail: Mail, state: str, **fields: object) -> None:
    Mail.objects.filter(pk=mail.pk, state="sending").update(state=state, **fields)


def put_off(mails: MailQuerySet, why: str) -> None:
    """Try these again later, all at the same time; those that are too old never again."""
    logger.warning("mail is put off: %s", why)
    now = timezone.now()
    tries = mails.order_by("-tries").values_list("tries", flat=True).first() or 0
    later = now + PAUSES[min(tries, len(PAUSES) - 1)]
    tried = {"tries": F("tries") + 1, "last_error": why}
    too_old = Q(made_at__lt=now - GIVE_UP)
    mails.filter(too_old).update(state="refused", **tried)
    mails.exclude(too_old).update(state="waiting", due_at=later, **tried)


def trouble(error: Exception) -> str:
    """Why a letter was not taken, without a word of the server's: it might repeat what it was told."""
    if isinstance(error, SMTPRecipientsRefused):
        codes = sorted({str(code) for code, _ in error.recipients.values()})
        return f"The mail server refused the recipient: {', '.join(codes)}."
    if isinstance(error, SMTPResponseException):
        return f"The mail server refused the mail: {error.smtp_code}."
    if isinstance(error, ValueError):
        return "The address is not one that mail can be sent to."
    return f"The mail server could not be reached ({type(error).__name__})."
