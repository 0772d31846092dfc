"""Writing articles: a new one, another version, a preview, a draft, and two who wrote at once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from governance import access
from governance.errors import Denied
from governance.forms import posted
from governance.models import Team, User
from governance.pages import Signed
from kb import actions, markdown, reading
from kb.actions.articles import Edited
from kb.cards import cards, drawn
from kb.forms import ArticleForm, NewArticleForm
from kb.labels import find_article
from kb.merging import Merged, merge
from kb.models import Article, Draft, Reading
from kb.presenting.attached import attached
from kb.views.articles import NO_TEAM, shown
from kb.views.found import on_article
from registry.presenting.comparing import lines
from registry.views.found import offer

NEVER_LOST = "It is kept for you as a draft, which nobody else sees."


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new_article(request: Signed) -> HttpResponse:
    """Saving it is one of three things that the form does: the others show it, and keep it for later."""
    by, draft = request.user, draft_of(request.user, None)
    begun = {"team": request.GET.get("team", ""), "title": request.GET.get("title", "")[:200]}
    begun |= {
        "collection": request.GET.get("collection", ""),
        **from_template(by, request.GET.get("from", "")),
    }
    kept = {"title": draft.title, "text": draft.text} if draft else {}
    form = NewArticleForm(posted(request), person=by, initial={**begun, **kept})
    if not (form.is_bound or form.offers):
        raise Denied(NO_TEAM)
    if done := other_acts(request, None):
        return done
    preview = previewed(request, None)
    if preview is None and (made := form.sent(request, lambda **values: add(by, **values))):
        messages.success(request, "It is written. Verify it once somebody has read it.")
        return redirect(reading.of(made))
    context = {
        "form": form,
        "draft": None if form.is_bound else draft,
        "preview": preview,
        "templates": [] if form.is_bound or draft else reading.templates(by),
    }
    return shown(request, "kb/article_new.html", context, 200 if preview is not None else form.status)


def from_template(person: User, name: str) -> dict[str, str]:
    """What a new article begins with that is made from another one, such as fraud/retrospective."""
    team, _, slug = name.partition("/")
    found = find_article(person, team=team, slug=slug) if slug else None
    return {"team": team, "text": found.text, "labels": ""} if found else {}


def add(by: User, *, team: Team, **written: Any) -> Article:
    return actions.add_article(team, by=by, **written)


@on_article
def edit(request: Signed, article: Article) -> HttpResponse:
    by = request.user
    offer(request, "article.edit", article)
    draft = draft_of(by, article)
    now = {"title": article.title, "text": article.text, "based_on": article.digest}
    kept = {"title": draft.title, "text": draft.text, "based_on": draft.based_on} if draft else {}
    form = ArticleForm(posted(request), initial={**now, **kept})
    if not Reading.objects.open().filter(article=article).exists():
        del form.fields["again"]
    if done := other_acts(request, article):
        return done
    preview = previewed(request, article)
    saved = None
    if preview is None:
        saved = form.sent(request, lambda **values: actions.edit_article(article, by=by, **values))
    if saved:
        messages.success(request, f"Saved as version {saved.number}.")
        return redirect(reading.of(article))
    if isinstance(form.problem, Edited):
        return both(request, article, form)
    context = {
        "article": article,
        "form": form,
        "draft": None if form.is_bound else draft,
        "behind": bool(draft and draft.based_on != article.digest),
        "preview": preview,
    }
    return shown(request, "kb/article_edit.html", context, 200 if preview is not None else form.status)


def both(request: Signed, article: Article, form: ArticleForm) -> HttpResponse:
    """Somebody saved meanwhile: what they saved, what was typed, and a proposal that has both. What was typed
    is kept as a draft at once."""
    by, typed = request.user, form.cleaned_data
    theirs = article.versions.select_related("by").latest("number")
    began = article.versions.filter(digest=typed["based_on"]).order_by("-number").first()
    actions.save_draft(by, article, title=typed["title"], text=typed["text"], based_on=typed["based_on"])
    merged = merge(began.text, typed["text"], theirs.text) if began else Merged(typed["text"], 0)
    proposal = {
        "title": typed["title"],
        "text": merged.text,
        "note": typed["note"],
        "based_on": theirs.digest,
    }
    context = {
        "article": article,
        "form": ArticleForm(initial=proposal),
        "theirs": theirs,
        "typed": typed,
        "merged": merged,
        "known": began is not None,
        "lines": lines(theirs.text, typed["text"]),
        "problem": form.problem,
    }
    return shown(request, "kb/article_both.html", context, 409)


# ------------------------------------------------------------------ previews and drafts


def other_acts(request: Signed, article: Article | None) -> HttpResponse | None:
    """What the form does besides saving: a part with the preview, a draft kept or thrown away."""
    act = request.POST.get("act", "")
    if request.method != "POST" or act not in {"draft", "drop", "preview"}:
        return None
    if act == "preview":
        html = rendered(request.user, article, request.POST.get("text", ""))
        return render(request, "kb/_preview.html", {"preview": html}) if request.htmx else None
    here = request.path
    if act == "drop":
        actions.drop_draft(request.user, article)
        messages.success(request, "The draft is thrown away.")
        return redirect(here)
    check_writer(request.user, article)
    names = ("title", "text", "based_on")
    typed = {name: request.POST.get(name, "").replace("\r\n", "\n") for name in names}
    actions.save_draft(request.user, article, **typed)
    if request.headers.get("X-Draft"):
        return HttpResponse(status=204)
    messages.success(request, NEVER_LOST)
    return redirect(here)


def check_writer(person: User, article: Article | None) -> None:
    """A draft is kept for who may save it some day."""
    if article is not None:
        access.check(person, "article.edit", article)
    elif not access.teams(person, "article.add"):
        raise Denied(NO_TEAM)


def previewed(request: Signed, article: Article | None) -> SafeString | None:
    """The preview of a page without a script."""
    if request.method != "POST" or request.POST.get("act") != "preview":
        return None
    return rendered(request.user, article, request.POST.get("text", ""))


def rendered(person: User, article: Article | None, text: str) -> SafeString:
    read = markdown.read(text.replace("\r\n", "\n"))
    return read.shown(drawn(cards(person, read.references)), attached(article, read))


def draft_of(person: User, article: Article | None) -> Draft | None:
    return Draft.objects.filter(person=person, article=article).first()
