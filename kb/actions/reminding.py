"""Owners hear once of their articles that went stale, and of those whose links lead nowhere."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from governance.models import Notification, User
from governance.telling import tell
from governance.templatetags.words import counted
from kb.models import Article, Reading, Week
from kb.weekly import KIND as WEEK
from kb.weekly import parts

KIND = "article-stale"
BROKEN = "article-broken"
TO_READ = "article-to-read"
AGAIN = timedelta(days=7)


def tell_stale(owner: User, articles: Collection[Article]) -> int:
    """One message for each that was not told of since it was last verified or changed; how many those are.
    The sentence says nothing of why: what it names not everybody who is told may see."""
    rows = Notification.objects.filter(user=owner, kind=KIND, subject__in=[each.label for each in articles])
    last = dict(rows.order_by("at").values_list("subject", "at"))
    told = 0
    for article in articles:
        known = last.get(article.label)
        if known is not None and known > max(filter(None, (article.verified_at, article.updated_at))):
            continue
        people = [person for person in (owner, article.backup) if person is not None]
        with transaction.atomic():
            tell(
                KIND,
                people,
                article,
                f"“{article.title}” may not hold any more: read it and verify it.",
            )
        told += 1
    return told


def tell_broken(owner: User, articles: Collection[tuple[Article, int]]) -> int:
    """One message for each article with how many of its links lead nowhere, that was not told of since it was
    changed; how many those are. What is missing is said on its page alone."""
    labels = [article.label for article, _ in articles]
    rows = Notification.objects.filter(user=owner, kind=BROKEN, subject__in=labels)
    last = dict(rows.order_by("at").values_list("subject", "at"))
    told = 0
    for article, number in articles:
        known = last.get(article.label)
        if known is not None and known > article.updated_at:
            continue
        sentence = (
            f"{counted(number, 'link')} of “{article.title}” {'leads' if number == 1 else 'lead'} nowhere."
        )
        with transaction.atomic():
            tell(BROKEN, [owner], article, sentence)
        told += 1
    return told


@transaction.atomic
def tell_week(person: User, begins: date) -> bool:
    """Tell somebody that their week of articles can be read, once however often this is done; nothing of a
    week in which nothing happened for them. The sentence says nothing of what is in it."""
    if not parts(person, begins):
        return False
    week, is_new = Week.objects.get_or_create(person=person, begins=begins)
    if is_new:
        tell(WEEK, [person], week, f"Your week of articles: {week.words}.")
    return is_new


@transaction.atomic
def remind_readers(reading: Reading) -> int:
    """Tell who has yet to read what they are asked to read and did not hear of it in the last seven days;
    how many people."""
    article = reading.article
    lately = Notification.objects.filter(kind=TO_READ, subject=article.label, at__gt=timezone.now() - AGAIN)
    people = list(reading.missing().exclude(pk__in=lately.values("user")))
    if people:
        tell(TO_READ, people, article, f"You have yet to read version {article.number} of {article.label}.")
    return len(people)
