"""Articles are written, restored, verified and archived."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from governance import access, audit
from governance.actions import cleaned, saved
from governance.audit import action
from governance.errors import Absent, Conflict, Invalid
from governance.models import Team, User
from governance.names import plain_text
from governance.telling import settle, tell
from kb import markdown
from kb.actions.readers import ask_again, news
from kb.archives import Written
from kb.digests import digest_of
from kb.models import Article, ArticleVersion, Collection, Draft, Reference
from kb.models.articles import LONGEST
from kb.staleness import OF_ARTIFACT, in_production


class Edited(Conflict):
    """Somebody saved meanwhile: nobody is overwritten, and what was typed is lost nowhere."""


@action("article.add")
def add_article(
    team: Team,
    *,
    slug: str,
    title: str,
    text: str = "",
    labels: Iterable[str] = (),
    collection: Collection | None = None,
    by: User,
) -> Article:
    """A new article of a team; who writes it owns it."""
    access.check(by, "article.add", team)
    now = timezone.now()
    people = {"owner": by, "created_by": by, "updated_by": by}
    article = Article(
        team=team, slug=slug, title=title.strip(), text=text, labels=once(labels), updated_at=now, **people
    )
    move(article, collection, by=by)
    prepare(article)
    if Article.objects.filter(team=team, slug=slug).exists():
        raise Conflict(f"{team.slug} already has an article at {slug}.", errors={"slug": ["It is taken."]})
    saved(article)
    keep(article, "", None, by)
    drop_draft(by, None)
    audit.record("article.add", article, by=by, after=told(article))
    news(article, f"{by} wrote {article.label}.", by=by)
    return article


@action("article.edit")
def edit_article(
    article: Article,
    /,
    *,
    based_on: str,
    title: str,
    text: str,
    note: str = "",
    again: bool = False,
    by: User,
) -> Article:
    """Save another version, which `based_on` is the digest it began from: who saved meanwhile is not
    overwritten, `Edited` says who that is. The same again saves nothing. `again`: who was asked to read it is
    asked again."""
    article = Article.objects.locked(article.pk)
    access.check(by, "article.edit", article)
    before = told(article)
    same = (article.title, article.text) == (title.strip(), text)
    if based_on != article.digest and not same:
        raise Edited(
            f"{article.updated_by} saved this article while you wrote. Nothing of yours is lost: put the two "
            "together, then save."
        )
    if not same:
        article.title, article.text = title.strip(), text
        another(article, note, None, by)
        audit.record(
            "article.edit", article, by=by, before=before, after=told(article), reason=spoken(article, note)
        )
        news(article, f"{by} changed {article.label}.", by=by)
        if again:
            ask_again(article, by)
    drop_draft(by, article)
    return article


@action("article.edit")
def set_article(article: Article, /, *, by: User, **changes: Any) -> Article:
    """Change owner, backup, interval or labels: what is said about it, no version of it."""
    held(changes.get("collection"))  # first: so does who closes a collection
    article = Article.objects.locked(article.pk)
    access.check(by, "article.edit", article)
    before, was = kept_about(article), said_about(article)
    if "collection" in changes:
        move(article, changes["collection"], by=by)
    for name in ("owner", "backup", "interval", "labels"):
        if name in changes:
            setattr(article, name, changes[name])
    article.labels = once(article.labels)
    for person in filter(None, (article.owner, article.backup)):
        if access.role_objection(person, "article.edit", article) is not None:
            raise Invalid(
                f"{person} may not write articles of {article.team.slug}, so cannot answer for one."
            )
    cleaned(article)
    after = kept_about(article)
    if said_about(article) != was:
        moved = ["collection"] if "collection" in changes else []
        article.save(update_fields=["owner", "backup", "interval", "labels", *moved])
        for person in filter(None, (article.owner, article.backup)):
            if not Article.objects.visible_to(person).filter(pk=article.pk).exists():
                raise Invalid(f"{person} may not read this collection, so cannot answer for the article.")
        audit.record("article.edit", article, by=by, before=before, after=after)
    if after["owner"] != before["owner"] and article.owner != by:
        tell(
            "handed-over",
            [article.owner],
            article,
            f"{by} handed {article.label} over to you.",
        )
    return article


def move(article: Article, collection: Collection | None, *, by: User) -> None:
    """Into another collection of the team, in which one may write, or out of all of them."""
    article.collection = collection = held(collection)
    if collection is None:
        return
    if collection.team_id != article.team_id:
        sentence = "A collection holds articles of its own team."
        raise Invalid(sentence, errors={"collection": [sentence]})
    access.check(by, "article.edit", article)


def held(collection: Collection | None) -> Collection | None:
    """As it is now, and as it stays until the end: who found it may have waited while it was closed."""
    if collection is None:
        return None
    rows = Collection.objects.select_related("team").select_for_update(of=("self",), no_key=True)
    return rows.get(pk=collection.pk)


@action("article.add")
def import_articles(team: Team, /, written: Iterable[Written], *, by: User) -> dict[str, int]:
    """Store all of them or none: what is new is added, what says something else is another version of what is
    there. How many were added, changed and left as they were."""
    access.check(by, "article.add", team)
    done = {"added": 0, "changed": 0, "same": 0}
    seen = Article.objects.visible_to(by).filter(team=team).select_related("team", "collection")
    there = {article.slug: article for article in seen}
    for each in written:
        article = there.get(each.slug)
        if article is None:
            add_article(team, slug=each.slug, title=each.title, text=each.text, labels=each.labels, by=by)
            done["added"] += 1
            continue
        before = article.number, article.labels
        article = edit_article(
            article, based_on=article.digest, title=each.title, text=each.text, note="Imported", by=by
        )
        if article.labels != each.labels:
            article = set_article(article, labels=each.labels, by=by)
        done["same" if (article.number, article.labels) == before else "changed"] += 1
    return done


@action("article.restore")
def restore_article(article: Article, /, number: int, *, by: User) -> Article:
    """Save the text of an older version again, as the newest one."""
    article = Article.objects.locked(article.pk)
    access.check(by, "article.restore", article)
    older = article.versions.filter(number=number).first()
    if older is None:
        raise Absent(f"This article has no version {number}.")
    if older.digest == article.digest:
        raise Conflict(f"Version {number} is what stands there now.")
    before = told(article)
    article.title, article.text = older.title, older.text
    another(article, f"As in version {number}", number, by)
    audit.record("article.restore", article, by=by, before=before, after={**told(article), "as": number})
    news(article, f"{by} brought version {number} of {article.label} back.", by=by)
    return article


@action("article.verify")
def verify_article(article: Article, /, *, digest: str, by: User) -> Article:
    """Say that what is written still holds, for as long as its interval; `digest` is of what was read."""
    article = Article.objects.locked(article.pk)
    access.check(by, "article.verify", article)
    if digest != article.digest:
        raise Conflict("It was changed while you read it. Read what changed, then verify it.")
    labels = {reference.label for reference in markdown.read(article.text).references}
    article.seen_then = in_production(by, {label for label in labels if re.match(OF_ARTIFACT, label)})
    article.verified_at = timezone.now()
    article.verified_until = article.verified_at + timedelta(days=article.interval)
    article.verified_by, article.verified_number = by, article.number
    fields = ["verified_at", "verified_until", "verified_by", "verified_number", "seen_then"]
    article.save(update_fields=fields)
    after = {"version": article.number, "until": article.verified_until.isoformat()}
    audit.record("article.verify", article, by=by, after=after)
    settle("article-stale", article)
    return article


@action("article.archive")
def archive_article(article: Article, /, *, by: User) -> Article:
    """Put it away: it is found and listed no more, and can be read where it is."""
    return put_away(article, "article.archive", by)


@action("article.unarchive")
def unarchive_article(article: Article, /, *, by: User) -> Article:
    return put_away(article, "article.unarchive", by)


def put_away(article: Article, act: str, by: User) -> Article:
    article = Article.objects.locked(article.pk)
    access.check(by, act, article)
    away = act == "article.archive"
    if away == (article.archived_at is not None):
        raise Conflict("It is archived already." if away else "It is not archived.")
    article.archived_at = timezone.now() if away else None
    article.save(update_fields=["archived_at"])
    audit.record(act, article, by=by)
    return article


# ------------------------------------------------------------------ drafts


def save_draft(person: User, article: Article | None, *, title: str, text: str, based_on: str) -> None:
    """Keep what was typed and not saved, for this person alone: no event, as nothing was said to anybody."""
    typed = {"title": title[:200], "text": text[:LONGEST], "based_on": based_on[:64]}
    held = {name: value.replace("\0", "") for name, value in typed.items()}
    Draft.objects.update_or_create(person=person, article=article, defaults={**held, "at": timezone.now()})


def drop_draft(person: User, article: Article | None) -> None:
    Draft.objects.filter(person=person, article=article).delete()


# ------------------------------------------------------------------ parts


def once(labels: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(labels))


def prepare(article: Article) -> None:
    """What is worked out of title and text, by the rules of the model."""
    if len(article.text) > LONGEST:
        sentence = f"An article has at most {LONGEST:,} characters: make two of it."
        raise Invalid(sentence, errors={"text": [sentence]})
    read = markdown.read(article.text)
    words = [article.slug.replace("-", " "), *(heading.words for heading in read.outline)]
    article.headings = "\n".join(words)[:LONGEST]
    article.digest = digest_of(article.title, article.text)
    cleaned(article)


def another(article: Article, note: str, restores: int | None, by: User) -> None:
    """Store what the article says now as its next version."""
    article.number += 1
    article.updated_by, article.updated_at = by, timezone.now()
    prepare(article)
    article.save(update_fields=["title", "text", "headings", "digest", "number", "updated_by", "updated_at"])
    keep(article, note, restores, by)


def keep(article: Article, note: str, restores: int | None, by: User) -> None:
    """The version, and what its text names in place of what the one before named."""
    ArticleVersion.objects.create(
        article=article,
        number=article.number,
        title=article.title,
        text=article.text,
        digest=article.digest,
        note=plain_text(note, "note")[:200],
        restores=restores,
        by=by,
        at=article.updated_at,
    )
    article.references.all().delete()
    names = markdown.read(article.text).references
    Reference.objects.bulk_create(
        Reference(article=article, label=named.label, number=named.number) for named in names
    )


def told(article: Article) -> dict[str, Any]:
    """Of what is in a closed collection the trail holds no words: auditors read it, who may not be named."""
    words = {} if article.is_closed else {"title": article.title}
    return {"version": article.number, **words, "sha256": article.digest}


def spoken(article: Article, note: str) -> str:
    return "" if article.is_closed else note


def said_about(article: Article) -> tuple[Any, ...]:
    return article.owner_id, article.backup_id, article.interval, article.labels, article.collection_id


def kept_about(article: Article) -> dict[str, Any]:
    words = {} if article.is_closed else {"labels": article.labels}
    return {
        "owner": article.owner.username,
        "backup": article.backup.username if article.backup else "",
        "interval": article.interval,
        **words,
        "collection": article.collection.label if article.collection else "",
    }
