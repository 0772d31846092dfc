"""Telling people: one notification for each, and what carries it outside, written in the transaction of
what it tells of."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any, cast

from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from config.celery import app
from governance import mailing, subjects, webhooks
from governance.kinds import NEVER, kind_of
from governance.models import Notification, Team, User

logger = logging.getLogger("steward.telling")


def tell(kind: str, people: Iterable[User], about: object, sentence: str, *, privately: bool = False) -> None:
    """One unread message to each active person, once, and one to the team's webhook, unless it is said
    `privately` or about what `is_closed` to some of the team: a webhook has no rights. `about` is a label or
    has one: it is shown to nobody who may not see that, so the sentence must not go beyond it. What a service
    account is told reaches who answers for it."""
    label = label_of(about)
    if subjects.nearest(label) is None:
        raise ValueError(f"Nobody would be shown a message about {label}: register what it is.")
    told = (person.answered_by or person for person in people)
    receivers = {person.pk: person for person in told if person.is_active}
    ways = mailing.ways(kind, receivers.values())
    notifications = [
        Notification(user=person, kind=kind, subject=label, sentence=sentence, way=ways[person.pk])
        for person in receivers.values()
        if ways[person.pk] != NEVER
    ]
    if mailing.post(notifications):
        hurry("governance.send_mails")
    Notification.objects.bulk_create(notifications)
    inside = privately or kind_of(kind).personal or getattr(about, "is_closed", False)
    if not inside and webhooks.post(kind, about, label, sentence):
        hurry("governance.send_webhooks")


def settle(kind: str, about: object) -> None:
    """What was told of a thing has been dealt with: nobody needs to read it any more."""
    told = Notification.objects.filter(kind=kind, subject=label_of(about))
    told.unread().update(read_at=timezone.now())


def label_of(about: object) -> str:
    return about if isinstance(about, str) else cast(Any, about).label


def holding(team: Team, role: str) -> list[User]:
    """The active members of a team who hold a role: who is told when nobody is named."""
    return list(User.objects.filter(memberships__team=team, memberships__role=role, is_active=True))


def hurry(task: str) -> None:
    """Have a worker send after commit. A broker that is away loses nothing: a job reads the rows."""
    transaction.on_commit(lambda: ask(task))


def ask(task: str) -> None:
    try:
        app.send_task(task, queue="jobs", expires=60)
    except OperationalError as error:
        logger.warning("%s waits for the broker: %s", task, type(error).__name__)
