"""Articles: lists, one of them, its versions, and what may happen to it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers

from governance import access
from governance.api.base import WRITES, Flag, Paged, Strict, Text, View, Whole, Words, endpoint, in_path
from governance.api.people import find_team
from governance.errors import Absent, Invalid, TooLarge
from governance.models import User
from kb import actions, archives, markdown, reading
from kb.cards import cards
from kb.labels import articles_of, find_article, find_collection
from kb.models import Article, ArticleVersion, Comment
from kb.models import Collection as Shelf
from kb.models.articles import LONGEST
from kb.models.talk import MOST_CHARACTERS
from kb.staleness import Standing, standings
from registry.sending import guarded

Values = dict[str, Any]
ZIP = "application/zip"
STATES = ("verified", "stale", "unverified")
ASKED = ("verified", "expired", "moved", "unverified", "archived")

in_path("slug", "The article's short name.", pattern="[a-z0-9-]{1,100}")


class Labelled(Strict):
    labels = serializers.ListField(child=Text(max_length=40), max_length=20, required=False)


class InCollection(Labelled):
    collection = Text(
        max_length=60, required=False, allow_blank=True, help_text="The slug of a collection of the team."
    )


class ArticleForm(InCollection):
    team = Text(max_length=60)
    slug = Text(max_length=100)
    title = Text(max_length=200)
    text = Text(max_length=LONGEST, required=False, allow_blank=True, default="", help_text="Markdown.")


class ArticleChange(Strict):
    title = Text(max_length=200)
    text = Text(max_length=LONGEST, allow_blank=True, help_text="Markdown.")
    based_on = Text(
        max_length=64,
        help_text="The digest that you began from: who saved meanwhile is not overwritten, 409.",
    )
    note = Text(max_length=200, required=False, allow_blank=True, default="")
    again = Flag(
        required=False, default=False, help_text="Ask those to read it again who were asked to read it."
    )


class AboutChange(InCollection):
    owner = Text(max_length=100, required=False, help_text="Who may write articles of the team.")
    backup = Text(max_length=100, required=False, allow_blank=True)
    interval = Whole(required=False, min_value=1, max_value=730, help_text="Days that a verification holds.")


class VerifyForm(Strict):
    digest = Text(min_length=64, max_length=64, help_text="Of what you read.")


class ArticleQuery(Paged):
    search = Words(required=False, max_length=100, help_text="How words of title or text begin.")
    team = serializers.CharField(required=False, max_length=60)
    label = serializers.CharField(required=False, max_length=40)  # type: ignore[assignment]  # a field
    owner = serializers.CharField(required=False, max_length=100)
    about = serializers.CharField(
        required=False, max_length=200, help_text="The label of what it names, such as models/fraud/scorer."
    )
    mine = serializers.ChoiceField(
        ["yours", "watched"], required=False, help_text="yours: you are its owner or backup."
    )
    collection = serializers.CharField(
        required=False, max_length=130, help_text="As its team and its slug, such as fraud/plans."
    )
    state = serializers.ChoiceField(
        ASKED,
        required=False,
        help_text="expired: the time of its verification is over; moved: production of what it is about "
        "moved on, among the 2,000 newest that name an artifact. What is archived is listed for that alone.",
    )
    sort = serializers.ChoiceField(
        ["-updated_at", "updated_at", "title", "-title"], required=False, default="-updated_at"
    )


class Verification(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    until = serializers.DateTimeField()
    by = serializers.CharField()
    version = serializers.IntegerField()


class ArticleRow(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]  # a field, not the serializer's own
    team = serializers.CharField()
    slug = serializers.CharField()
    title = serializers.CharField()
    labels = serializers.ListField(child=serializers.CharField())
    collection = serializers.CharField(
        allow_blank=True, help_text="The slug of the collection that it is in."
    )
    version = serializers.IntegerField()
    digest = serializers.CharField(help_text="SHA-256 over title and text as JSON.")
    owner = serializers.CharField()
    updated_by = serializers.CharField()
    updated_at = serializers.DateTimeField()
    archived_at = serializers.DateTimeField(allow_null=True)
    state = serializers.ChoiceField(STATES)
    reasons = serializers.ListField(child=serializers.CharField(), help_text="Why it is stale, for you.")


class ReferenceAnswer(serializers.Serializer[Any]):
    written = serializers.CharField(help_text="As the text has it.")
    there = serializers.BooleanField(help_text="Whether there is such a thing that you may see.")
    title = serializers.CharField(allow_blank=True)
    said = serializers.CharField(allow_blank=True, help_text="How it stands.")


class ArticleAnswer(ArticleRow):
    text = serializers.CharField(allow_blank=True)
    backup = serializers.CharField(allow_blank=True)
    interval = serializers.IntegerField()
    verified = Verification(allow_null=True)
    references = ReferenceAnswer(many=True)
    backlinks = serializers.ListField(
        child=serializers.CharField(), help_text="Labels of articles that name it."
    )


class ArticleVersionRow(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    title = serializers.CharField()
    digest = serializers.CharField()
    note = serializers.CharField(allow_blank=True)
    restores = serializers.IntegerField(allow_null=True, help_text="The version that it brought back.")
    by = serializers.CharField()
    at = serializers.DateTimeField()


class ArticleVersionAnswer(ArticleVersionRow):
    text = serializers.CharField(allow_blank=True)


class ArticlesView(View):
    @endpoint(ArticleRow(many=True), query=ArticleQuery)
    def list(self) -> Values:
        """Articles that you may see, in order of their last change."""
        rows = reading.narrowed(self.person, articles_of(self.person), self.query)
        page = self.page(rows, self.query["sort"])
        stand = standings(self.person, page.rows)
        return self.paged(page, [row(article, stand[article.pk]) for article in page.rows])

    @endpoint(ArticleAnswer, status=201, body=ArticleForm, problems=WRITES)
    def create(self) -> Values:
        """Write a new article. Who writes it owns it."""
        team = find_team(self.person, self.body.pop("team"))
        if name := self.body.pop("collection", ""):
            self.body["collection"] = in_collection(self.person, team.slug, name)
        return answer(self.person, actions.add_article(team, by=self.person, **self.body))


class ZipQuery(Strict):
    team = serializers.CharField(max_length=60)


class ExportQuery(ZipQuery):
    after = serializers.CharField(
        max_length=100,
        required=False,
        allow_blank=True,
        default="",
        help_text="Only those whose slug comes after this one: the last of the part before.",
    )
    most = serializers.IntegerField(
        min_value=1,
        max_value=archives.MOST_FILES,
        required=False,
        help_text="At most so many: a part of all.",
    )


class ImportAnswer(serializers.Serializer[Any]):
    added = serializers.IntegerField()
    changed = serializers.IntegerField()
    same = serializers.IntegerField(help_text="That say already what the zip says.")


class ArticleZipView(View):
    """The body of an import is bytes, and nothing reads it as a document."""

    parser_classes = ()

    @endpoint(
        {(200, ZIP): OpenApiResponse(OpenApiTypes.BINARY, "The zip.")}, query=ExportQuery, problems=(413,)
    )
    def export(self) -> HttpResponseBase:
        """All articles of a team that are not archived, as Markdown files with front matter. The same ones
        always give the same bytes."""
        team = find_team(self.person, self.query["team"])
        rows = Article.objects.visible_to(self.person).filter(team=team, archived_at=None)
        rows = rows.filter(slug__gt=self.query["after"]).defer("search", "headings").order_by("slug")
        few = rows[: self.query.get("most", archives.MOST_FILES + 1)]
        return sent_zip(archives.packed(few.iterator(chunk_size=archives.AT_A_TIME)), team.slug)

    @endpoint(ImportAnswer, query=ZipQuery, body=None, problems=WRITES, request={ZIP: OpenApiTypes.BINARY})
    def import_(self) -> Values:
        """Take in a zip of Markdown files, all of them or none: with front matter as an export has it, or
        without. What is there already gets another version. At most 1,000 articles and 16 MiB: for more, and
        to see first what becomes of each, `/imports/`."""
        team = find_team(self.person, self.query["team"])
        access.check(self.person, "article.add", team)
        length = int(self.request.META.get("CONTENT_LENGTH") or 0)
        if length > archives.MOST_BYTES_AT_ONCE:
            most = archives.MOST_BYTES_AT_ONCE >> 20
            raise TooLarge(f"One request takes in a zip of at most {most} MiB: send it to /imports/.")
        body = self.request._request.read(length)
        if len(body) < length:
            raise Invalid(f"{length} bytes were announced, {len(body)} were received.")
        return actions.import_articles(team, archives.unpacked(body), by=self.person)


def sent_zip(content: bytes, team: str) -> HttpResponseBase:
    answer = guarded(HttpResponse(content), f"articles-{team}.zip")
    answer["Content-Type"] = ZIP
    return answer


class ArticleView(View):
    @endpoint(ArticleAnswer)
    def retrieve(self, team: str, slug: str) -> Values:
        """One article, what it names as that is now, and what names it."""
        return answer(self.person, found(self.person, team, slug))

    @endpoint(ArticleAnswer, body=ArticleChange, problems=WRITES)
    def update(self, team: str, slug: str) -> Values:
        """Save another version. 409 when somebody saved since the digest that you began from."""
        return answer(
            self.person, actions.edit_article(found(self.person, team, slug), by=self.person, **self.body)
        )

    @endpoint(ArticleAnswer, body=AboutChange, problems=WRITES)
    def change(self, team: str, slug: str) -> Values:
        """Change owner, backup, interval or labels: no version of it."""
        article, changes = found(self.person, team, slug), dict(self.body)
        for name in {"owner", "backup"} & changes.keys():
            changes[name] = member(changes[name])
        if "collection" in changes:
            changes["collection"] = in_collection(self.person, team, changes["collection"])
        return answer(self.person, actions.set_article(article, by=self.person, **changes))

    @endpoint(ArticleAnswer, body=VerifyForm, problems=WRITES)
    def verify(self, team: str, slug: str) -> Values:
        """Say that what you read still holds, for as long as its interval."""
        article = found(self.person, team, slug)
        return answer(self.person, actions.verify_article(article, by=self.person, **self.body))

    @endpoint(ArticleAnswer, problems=WRITES)
    def archive(self, team: str, slug: str) -> Values:
        """Leave it out of lists and the search."""
        return answer(self.person, actions.archive_article(found(self.person, team, slug), by=self.person))

    @endpoint(ArticleAnswer, problems=WRITES)
    def unarchive(self, team: str, slug: str) -> Values:
        """Take it out of the archive."""
        return answer(self.person, actions.unarchive_article(found(self.person, team, slug), by=self.person))


class CommentBody(Strict):
    text = Text(max_length=MOST_CHARACTERS, help_text="Markdown; @name tells somebody.")


class CommentAnswer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    version = serializers.IntegerField(help_text="That was read.")
    text = serializers.CharField()
    by = serializers.CharField()
    at = serializers.DateTimeField()


class ArticleCommentView(View):
    search_fields = ("text", "by__username")

    @endpoint(CommentAnswer(many=True), query=Paged)
    def list(self, team: str, slug: str) -> Values:
        """What was said about an article, the newest first."""
        rows = Comment.objects.filter(article=found(self.person, team, slug)).select_related("by")
        return self.listed(rows, "-pk", comment_row)

    @endpoint(CommentAnswer, status=201, body=CommentBody, problems=WRITES)
    def create(self, team: str, slug: str) -> Values:
        """Say something about an article."""
        article = found(self.person, team, slug)
        return comment_row(actions.comment_article(article, by=self.person, **self.body))


class ArticleVersionView(View):
    search_fields = ("title", "note", "by__username")

    @endpoint(ArticleVersionRow(many=True), query=Paged)
    def list(self, team: str, slug: str) -> Values:
        """Every version, the newest first."""
        rows = reading.versions_of(found(self.person, team, slug))
        return self.listed(rows, "-number", version_row)

    @endpoint(ArticleVersionAnswer)
    def retrieve(self, team: str, slug: str, number: int) -> Values:
        """One version as it was."""
        kept = found(self.person, team, slug).versions.select_related("by").filter(number=number).first()
        if kept is None:
            raise Absent(f"This article has no version {number}.")
        return {**version_row(kept), "text": kept.text}

    @endpoint(ArticleAnswer, problems=WRITES)
    def restore(self, team: str, slug: str, number: int) -> Values:
        """Save the text of an older version again, as the newest one."""
        article = found(self.person, team, slug)
        return answer(self.person, actions.restore_article(article, number, by=self.person))


def found(person: User, team: str, slug: str) -> Article:
    article: Article | None = find_article(person, team=team, slug=slug)
    if article is None:
        raise Absent(f"There is no article {slug[:120]} of {team[:60]} that you may see.")
    return article


def in_collection(person: User, team: str, slug: str) -> Shelf | None:
    """None by no name."""
    collection = find_collection(person, team=team, slug=slug) if slug else None
    if slug and collection is None:
        raise Invalid(f"There is no collection {slug} of {team} that you may see.")
    return collection


def member(username: str) -> User | None:
    """Nobody by no name."""
    person: User | None = User.objects.filter(username__iexact=username).first() if username else None
    if username and person is None:
        raise Invalid(f"There is nobody called {username}.")
    return person


# ------------------------------------------------------------------ answers


def row(article: Article, stand: Standing) -> Values:
    return {
        "label": article.label,
        "team": article.team.slug,
        "slug": article.slug,
        "title": article.title,
        "labels": article.labels,
        "collection": article.collection.slug if article.collection else "",
        "version": article.number,
        "digest": article.digest,
        "owner": article.owner.username,
        "updated_by": article.updated_by.username,
        "updated_at": article.updated_at,
        "archived_at": article.archived_at,
        "state": stand.state,
        "reasons": stand.reasons,
    }


def answer(person: User, article: Article) -> Values:
    references = markdown.read(article.text).references
    return {
        **row(article, standings(person, [article])[article.pk]),
        "text": article.text,
        "backup": article.backup.username if article.backup else "",
        "interval": article.interval,
        "verified": verification(article),
        "references": named(person, references),
        "backlinks": [other.label for other in reading.backlinks(person, article.label)],
    }


def named(person: User, references: Collection[markdown.Named]) -> list[Values]:
    there = cards(person, references)
    return [
        {
            "written": each.written,
            "there": each in there,
            "title": there[each].title if each in there else "",
            "said": there[each].said if each in there else "",
        }
        for each in references
    ]


def verification(article: Article) -> Values | None:
    if article.verified_by is None:
        return None
    return {
        "at": article.verified_at,
        "until": article.verified_until,
        "by": article.verified_by.username,
        "version": article.verified_number,
    }


def comment_row(comment: Comment) -> Values:
    who = comment.by.username
    return {"id": comment.pk, "version": comment.number, "text": comment.text, "by": who, "at": comment.at}


def version_row(version: ArticleVersion) -> Values:
    return {
        "number": version.number,
        "title": version.title,
        "digest": version.digest,
        "note": version.note,
        "restores": version.restores,
        "by": version.by.username,
        "at": version.at,
    }
