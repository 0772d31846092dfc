"""What happened to articles and decisions in a week, for one person: what they may see now, and no more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from governance.letters import details
from governance.links import absolute
from governance.models import Membership, Notification, User
from kb.cards import of_decision
from kb.labels import articles_of, decisions_of
from kb.models import Acknowledgement, Article, Reading, Watch, Week
from kb.models.articles import ArticleQuerySet
from kb.staleness import standings

KIND = "article-week"
MOST = 10  # of each


@dataclass(frozen=True)
class Row:
    title: str
    said: str
    href: str


@dataclass(frozen=True)
class Part:
    title: str
    rows: list[Row]


def monday(now: datetime) -> date:
    """When the last whole week began."""
    today = now.date()
    return today - timedelta(days=today.weekday() + 7)


def parts(person: User, begins: date) -> list[Part]:
    """Those that are not empty; the same few queries however much happened."""
    since = datetime.combine(begins, time(), UTC)
    until = since + timedelta(days=7)
    seen = articles_of(person).filter(archived_at=None, team__archived_at=None)
    new = seen.filter(created_at__gte=since, created_at__lt=until).order_by("-created_at")
    watched = Watch.objects.filter(person=person)
    changed = seen.filter(updated_at__gte=since, updated_at__lt=until, created_at__lt=since)
    watching = changed.filter(pk__in=watched.values("article")) | changed.filter(
        collection__in=watched.values("collection")
    )
    noted = decisions_of(person).filter(at__gte=since, at__lt=until).order_by("-pk")
    found = [
        Part("New articles", [row(each) for each in new[:MOST]]),
        Part("Changed, of what you watch", [row(each) for each in watching.order_by("-updated_at")[:MOST]]),
        Part("Yours that may not hold any more", stale(person, seen)),
        Part("For you to read", [row(each) for each in to_read(person, seen)]),
        Part(
            "Decisions",
            [Row(card.title, card.said, f"/{card.href}") for card in map(of_decision, noted[:MOST])],
        ),
    ]
    return [part for part in found if part.rows]


def row(article: Article) -> Row:
    said = f"{article.team.slug}, version {article.number} by {article.updated_by}"
    return Row(article.title, said, reverse("kb:article", args=[article.team.slug, article.slug]))


def stale(person: User, seen: ArticleQuerySet) -> list[Row]:
    mine = list(seen.filter(owner=person).order_by("verified_until", "pk")[: 10 * MOST])
    stand = standings(person, mine)
    return [row(each) for each in mine if stand[each.pk].state == "stale"][:MOST]


def to_read(person: User, seen: ArticleQuerySet) -> list[Article]:
    holds = Membership.objects.filter(user=person, team=OuterRef("article__team"), role=OuterRef("role"))
    read = Acknowledgement.objects.filter(
        reading=OuterRef("pk"), person=person, number__gte=OuterRef("number")
    )
    asked = Reading.objects.open().filter(Q(role="") | Exists(holds)).exclude(Exists(read))
    return list(seen.filter(pk__in=asked.values("article")).order_by("-updated_at")[:MOST])


@details(KIND)
def lines(notification: Notification) -> list[dict[str, str]]:
    """The week as a mail says it."""
    week = Week.objects.filter(pk=notification.subject.rpartition("/")[2], person=notification.user).first()
    if week is None:
        return []
    found = parts(notification.user, week.begins)
    return [
        {
            "sentence": f"{part.title}: {each.title} ({each.said})",
            "href": absolute(each.href),
            "word": "Read it",
        }
        for part in found
        for each in part.rows
    ]
