"""One person's notifications, as far as they may still see what each is about, and what of them is read.

Reading one's own messages is no action: nothing changes that anybody else could see, so it is no event.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from governance import paging, subjects
from governance.errors import Absent
from governance.models import Notification, User
from governance.models.notifications import NotificationQuerySet
from governance.paging import Page
from governance.prepared import prepared
from governance.searching import searched

ORDER = "-pk"
WINDOW = 2 * paging.MOST
MOST_COUNTED = 99

Near = Sequence[tuple[int, str]]
"""Keys and subjects of notifications, nearest first."""


def of(person: User, *, unread: bool = False, search: str = "") -> NotificationQuerySet:
    """Those of a person, also about what they may not see any more."""
    rows = searched(Notification.objects.visible_to(person), ("kind", "subject", "sentence"), search)
    return rows.unread() if unread else rows


def page(
    person: User, *, unread: bool = False, search: str = "", cursor: str = "", size: int = paging.SIZE
) -> Page[Notification]:
    """One page of those about what the person may see. It is full unless that is less than a page among
    the WINDOW nearest, and then the next page goes on behind them."""
    rows = of(person, unread=unread, search=search)
    begin = paging.read(cursor, Notification, ORDER) if cursor else None
    near = nearest(rows, begin)
    seen = visible(person, near)
    if begin is not None and begin.direction == "newer" and len(seen) <= size:
        return page(person, unread=unread, search=search, size=size)
    found = paging.page(rows.filter(pk__in=seen), ORDER, cursor=cursor, size=size)
    if found.older or len(near) < WINDOW:
        return found
    return replace(found, older=str(paging.mark(Notification(pk=near[-1][0]), ORDER, "older")))


def nearest(rows: NotificationQuerySet, begin: paging.Cursor | None = None, most: int = WINDOW) -> Near:
    """What may stand on the page that begins here."""
    direction = begin.direction if begin else "older"
    behind = rows.filter(paging.behind(begin)) if begin else rows
    return list(paging.ordered(behind, ORDER, direction).values_list("pk", "subject")[:most])


def visible(person: User, near: Near) -> list[int]:
    """The keys of those about what a person may see."""
    seen = subjects.visible(person, {subject for _, subject in near})
    return [pk for pk, subject in near if subject in seen]


def unread_count(person: User) -> str:
    """How many wait to be read: "", "5", "99+"."""
    seen = visible(person, unread_by(person))
    return f"{MOST_COUNTED}+" if len(seen) > MOST_COUNTED else str(len(seen) or "")


@prepared
def unread_by(person: User) -> QuerySet[Notification, tuple[int, str]]:
    rows = of(person, unread=True).order_by(ORDER)
    return rows.values_list("pk", "subject")[: 2 * MOST_COUNTED]


# ------------------------------------------------------------------ reading


def find(person: User, pk: int) -> Notification:
    """One of theirs, when they may see what it is about; else `Absent`."""
    found = of(person).filter(pk=pk).first()
    if found is None or not visible(person, [(found.pk, found.subject)]):
        raise Absent("There is no such message for you.")
    return found


def read(notification: Notification) -> datetime:
    """Mark one as read; answers when it was, which takes it back."""
    now = timezone.now()
    of(notification.user, unread=True).filter(pk=notification.pk).update(read_at=now)
    return now


def unread(notification: Notification) -> None:
    of(notification.user).filter(pk=notification.pk).update(read_at=None)


def read_all(person: User, *, until: int | None = None) -> tuple[int, datetime]:
    """Mark the newest WINDOW as read; with `until` none that came after that key. How many, and when."""
    rows = of(person, unread=True)
    shown = rows if until is None else rows.filter(pk__lte=until)
    now = timezone.now()
    return rows.filter(pk__in=visible(person, nearest(shown))).update(read_at=now), now


def take_back(person: User, at: datetime) -> int:
    """Make those unread again that were marked at this moment."""
    return of(person).filter(read_at=at).update(read_at=None)
