"""Readers watch articles, say whether they helped, and acknowledge what they are asked to read."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone

from governance import access, audit
from governance.actions import cleaned, saved
from governance.audit import action
from governance.errors import Absent, Conflict, Invalid
from governance.models import Notification, User
from governance.names import plain_text
from governance.roles import ROLES
from governance.telling import settle, tell
from kb.models import Acknowledgement, Article, Collection, Rating, Reading, Watch
from kb.models.readers import MOST_REASON, readers_of

TO_READ = "article-to-read"


@action("article.watch")
def watch(thing: Article | Collection, /, *, by: User) -> bool:
    """Hear of every change of an article, or of all in a collection; whether that is new."""
    access.check(by, "article.watch", thing)
    _, new = Watch.objects.get_or_create(person=by, **what(thing))
    if new:
        audit.record("article.watch", thing, by=by)
    return new


@action("article.unwatch")
def unwatch(thing: Article | Collection, /, *, by: User) -> bool:
    """Hear of it no more; whether it was watched."""
    access.check(by, "article.unwatch", thing)
    gone, _ = Watch.objects.filter(person=by, **what(thing)).delete()
    if gone:
        audit.record("article.unwatch", thing, by=by)
    return bool(gone)


def what(thing: Article | Collection) -> dict[str, Any]:
    return {"article" if isinstance(thing, Article) else "collection": thing}


def news(article: Article, sentence: str, *, by: User) -> None:
    """Tell who watches it or its collection and still sees it, but for who did it."""
    watched = Q(article=article)
    if article.collection_id is not None:
        watched |= Q(collection=article.collection_id)
    watching = Watch.objects.filter(watched).values("person")
    seen = readers_of(article).filter(pk__in=watching).exclude(pk=by.pk)
    if people := list(seen.select_related("answered_by")):
        tell("article-watched", people, article, sentence)


@action("article.rate")
def rate(article: Article, /, *, helpful: bool, reason: str = "", by: User) -> Rating:
    """Say whether it helped, and why: in place of what one said before. It takes a reason why not."""
    access.check(by, "article.rate", article)
    reason = plain_text(reason.strip(), "reason")
    if len(reason) > MOST_REASON:
        sentence = f"A reason has at most {MOST_REASON} characters."
        raise Invalid(sentence, errors={"reason": [sentence]})
    if not helpful and not reason:
        raise Invalid("Say what was missing.", errors={"reason": ["Say what was missing."]})
    now = {"helpful": helpful, "reason": reason, "number": article.number, "at": timezone.now()}
    rating, _ = Rating.objects.update_or_create(article=article, person=by, defaults=now)
    audit.record("article.rate", article, by=by, after={"helpful": helpful})
    if not helpful and article.owner_id != by.pk:
        sentence = f"{article.label} did not help a reader, who says why."
        tell("article-said", [article.owner], article, sentence, privately=True)
    return rating


@action("article.ask_reading")
def ask_reading(article: Article, /, *, role: str = "", note: str = "", by: User) -> Reading:
    """Ask everybody in the team, or those of a role, to read what stands there now."""
    article = Article.objects.locked(article.pk)
    access.check(by, "article.ask_reading", article)
    if role and role not in ROLES:
        raise Invalid(f"There is no role {role[:30]}.", errors={"role": ["There is no such role."]})
    if Reading.objects.open().filter(article=article).exists():
        raise Conflict("People are asked to read it already: end that first.")
    if article.is_closed and role:
        raise Invalid("Of a closed collection everybody who reads it is asked.")
    reading = Reading(article=article, role=role, note=note.strip(), asked_by=by, **bound(article))
    saved(cleaned(reading))
    audit.record("article.ask_reading", article, by=by, after={"role": role or "everybody", **bound(article)})
    ask(reading, by)
    return reading


@action("article.end_reading")
def end_reading(article: Article, /, *, by: User) -> Reading:
    """Nobody is asked any more; what was acknowledged stays."""
    article = Article.objects.locked(article.pk)
    access.check(by, "article.end_reading", article)
    reading = open_reading(article)
    reading.ended_at = timezone.now()
    reading.save(update_fields=["ended_at"])
    settle(TO_READ, article)
    audit.record("article.end_reading", article, by=by, before={"role": reading.role or "everybody"})
    return reading


@action("article.acknowledge")
def acknowledge(article: Article, /, *, digest: str, by: User) -> Acknowledgement:
    """Say that one has read what stands there; `digest` is of what was read. Again is no change."""
    article = Article.objects.locked(article.pk)
    access.check(by, "article.acknowledge", article)
    reading = open_reading(article)
    if digest != article.digest:
        raise Conflict("It was changed while you read it. Read what changed, then say so.")
    made, new = Acknowledgement.objects.get_or_create(
        reading=reading, person=by, number=article.number, defaults={"digest": digest}
    )
    if new:
        audit.record("article.acknowledge", article, by=by, after=bound(article))
        told = Notification.objects.filter(user=by, kind=TO_READ, subject=article.label)
        told.unread().update(read_at=timezone.now())
    return made


def ask_again(article: Article, by: User) -> None:
    """Another version is to be read: what was read before it counts no more."""
    reading = Reading.objects.open().filter(article=article).first()
    if reading is not None:
        reading.number, reading.digest = article.number, article.digest
        reading.save(update_fields=["number", "digest"])
        ask(reading, by)


def ask(reading: Reading, by: User) -> None:
    article = reading.article
    sentence = f"{by} asks you to read version {article.number} of {article.label}."
    tell(TO_READ, reading.missing().exclude(pk=by.pk), article, sentence)


def open_reading(article: Article) -> Reading:
    reading = Reading.objects.open().filter(article=article).first()
    if reading is None:
        raise Absent("Nobody is asked to read this article.")
    return reading


def bound(article: Article) -> dict[str, str | int]:
    return {"number": article.number, "digest": article.digest}
