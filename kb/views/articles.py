"""Articles: the list, one of them, its history, and what is said about it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from governance import access, paging, roles
from governance.errors import Absent
from governance.forms import ConfirmForm, posted
from governance.pages import Signed
from governance.views.parts import pager, without
from kb import actions, markdown, reading
from kb.cards import cards, drawn
from kb.forms import AboutForm, ArticleFilter, CommentForm, VerifyForm
from kb.labels import articles_of, decisions_of, names_of
from kb.models import Article, ArticleVersion
from kb.presenting.attached import attached
from kb.views.found import on_article
from registry.presenting.comparing import lines
from registry.views.found import offer

NO_TEAM = f"It takes a team in which you are {' or '.join(roles.allowing('article.add'))}."
SHOWN_WHEN_SET = {"about", "collection"}
ORDERS = {"-changed": "-updated_at", "changed": "updated_at", "title": "title", "-title": "-title"}


@require_safe
@login_required
def articles(request: Signed) -> HttpResponse:
    """What of the list is shown and how it is sorted stands in the address."""
    by, form = request.user, ArticleFilter(request.GET, person=request.user)
    order = ORDERS[paging.sorted_by(request.GET.get("sort", ""), ORDERS, "-changed")]
    active = form.active
    if request.htmx and request.htmx.target == "about-this":
        return about_this(request, active.get("about", ""))
    found = reading.narrowed(by, articles_of(by), active)
    page = paging.page(found, order, cursor=request.GET.get("cursor", ""))
    context = {
        "search": form["search"],
        "active": active,
        "filters": [
            {
                "field": form[name],
                "value": active.get(name, ""),
                "clear": without(request, name, "cursor") if active.get(name) else "",
            }
            for name in form.fields
            if name != "search" and (name not in SHOWN_WHEN_SET or active.get(name))
        ],
        "rows": reading.rows(by, page.rows),
        "count": paging.bounded_count(found),
        "pager": pager(request, page),
        "closed": "" if access.teams(by, "article.add") else NO_TEAM,
        "missed": [] if active else reading.missed(by),
        "section": "articles",
    }
    return render(request, "kb/articles.html", context)


@require_safe
@login_required
def labels(request: Signed) -> HttpResponse:
    """Every label, and how many articles have it."""
    return shown(request, "kb/article_labels.html", {"rows": reading.labels(request.user)})


def about_this(request: Signed, label: str) -> HttpResponse:
    """What is written about an artifact, as its page puts it in."""
    by = request.user
    named = next(iter(names_of([label])), None)
    context = {
        "rows": reading.rows(by, reading.backlinks(by, label)),
        "decisions": decisions_of(by).filter(about__contains=[label])[: reading.MOST_BACKLINKS],
        "written": named.written if named else "",
    }
    return render(request, "kb/_about_this.html", context)


@on_article
def article(request: Signed, article: Article) -> HttpResponse:
    """One article; what is sent to it is a comment."""
    by, typed = request.user, posted(request)
    form = CommentForm(typed)
    if form.sent(request, lambda text: actions.comment_article(article, text=text, by=by)):
        messages.success(request, "Your comment stands below the article.")
        return redirect(f"{reading.of(article)}#comments")
    context = {**reading.page(by, article), "form": form, "reason": typed.get("reason", "") if typed else ""}
    return shown(request, "kb/article.html", context, form.status)


@require_safe
@on_article
def history(request: Signed, article: Article) -> HttpResponse:
    """Every version, the newest first."""
    page = paging.page(reading.versions_of(article), "-number", cursor=request.GET.get("cursor", ""))
    context = {
        "article": article,
        "versions": page.rows,
        "pager": pager(request, page),
        "restores": access.can(request.user, "article.restore", article),
    }
    return shown(request, "kb/article_history.html", context)


@require_safe
@on_article
def version(request: Signed, article: Article, number: str) -> HttpResponse:
    """One version as it was, with what its references are now."""
    found = version_of(article, number)
    read = markdown.read(found.text)
    html = read.shown(drawn(cards(request.user, read.references)), attached(article, read))
    context = {"article": article, "version": found, "html": html, "title": found.title}
    return shown(request, "kb/article_version.html", context)


@require_safe
@on_article
def compare(request: Signed, article: Article, number: str, other: str) -> HttpResponse:
    """What changed from the older of two versions to the newer."""
    one, two = sorted((version_of(article, number), version_of(article, other)), key=lambda each: each.number)
    context = {"article": article, "before": one, "after": two, "lines": lines(one.text, two.text)}
    return shown(request, "kb/article_compare.html", context)


def version_of(article: Article, number: str) -> ArticleVersion:
    found = article.versions.select_related("by").filter(number=number).first()
    if found is None:
        raise Absent(f"This article has no version {number}.")
    return found


@on_article
def restore(request: Signed, article: Article, number: str) -> HttpResponse:
    by, found = request.user, version_of(article, number)
    offer(request, "article.restore", article)
    form = ConfirmForm(posted(request))
    if form.sent(request, lambda: actions.restore_article(article, found.number, by=by)):
        messages.success(request, f"The text of version {number} stands there again, as a new version.")
        return redirect(reading.of(article))
    return asked(
        request,
        form,
        title=f"Bring version {number} of “{article.title}” back?",
        text=f"What {found.by} wrote then becomes version {article.number + 1}. Nothing in between is lost.",
        yes=f"Bring version {number} back",
        no="Leave it as it is",
        back=reading.of(article, "article_history"),
    )


@on_article
def verify(request: Signed, article: Article) -> HttpResponse:
    """What changed since it was last verified, and the one button that says that it holds."""
    by = request.user
    offer(request, "article.verify", article)
    form = VerifyForm(posted(request), initial={"digest": article.digest})
    if form.sent(request, lambda digest: actions.verify_article(article, digest=digest, by=by)):
        messages.success(request, f"Verified for {article.interval} days.")
        return redirect(reading.of(article))
    context = {"article": article, "form": form, "since": reading.since_verified(by, article)}
    return shown(request, "kb/article_verify.html", context, form.status)


@on_article
def about(request: Signed, article: Article) -> HttpResponse:
    by = request.user
    offer(request, "article.edit", article)
    form = AboutForm(posted(request), article=article, person=by)
    if form.sent(request, lambda **values: actions.set_article(article, by=by, **values)):
        messages.success(request, "Changed.")
        return redirect(reading.of(article))
    return shown(request, "kb/article_about.html", {"article": article, "form": form}, form.status)


@on_article
def archive(request: Signed, article: Article) -> HttpResponse:
    """Into the archive, or out of it."""
    by, away = request.user, article.archived_at is None
    act = actions.archive_article if away else actions.unarchive_article
    offer(request, "article.archive" if away else "article.unarchive", article)
    form = ConfirmForm(posted(request))
    if form.sent(request, lambda: act(article, by=by)):
        messages.success(request, "It is archived." if away else "It is out of the archive.")
        return redirect(reading.of(article))
    text = "Lists and the search leave it out. It can still be read where it is, and be taken out again."
    return asked(
        request,
        form,
        title=f"{'Archive' if away else 'Take out of the archive:'} “{article.title}”?",
        text=text if away else "Lists and the search have it again.",
        yes="Archive it" if away else "Take it out",
        no="Leave it",
        back=reading.of(article),
    )


def asked(request: Signed, form: ConfirmForm, **words: Any) -> HttpResponse:
    context = {"form": form, "section": "articles", **words}
    return render(request, "_components/dialog.html", context, status=form.status)


def shown(request: Signed, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, template, {"section": "articles", **context}, status=status)
