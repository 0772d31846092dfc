"""Telling people: one notification for each, written in the transaction of what it tells of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from governance.models import Notification, Team, User


def tell(kind: str, people: Iterable[User], about: object, sentence: str) -> None:
    """One unread message to each active person, once. `about` is a label or has one."""
    label = about if isinstance(about, str) else cast(Any, about).label
    receivers = {person.pk: person for person in people if person.is_active}
    Notification.objects.bulk_create(
        Notification(user=person, kind=kind, subject=label, sentence=sentence)
        for person in receivers.values()
    )


def holding(team: Team, role: str) -> list[User]:
    """The active members of a team who hold a role: who is told when nobody is named."""
    return list(User.objects.filter(memberships__team=team, memberships__role=role, is_active=True))
