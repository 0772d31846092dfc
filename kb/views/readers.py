"""What readers do with an article: watch it, say whether it helped, and say that they have read it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from governance import access
from governance.errors import Invalid
from governance.forms import ConfirmForm, posted
from governance.pages import Signed
from kb import actions, reading
from kb.forms import AskReadingForm, RatingForm, VerifyForm
from kb.models import Article, Reading
from kb.views.articles import asked, shown
from kb.views.collections import found_collection, page_of
from kb.views.found import on_article
from registry.views.found import offer

MOST = 200


@require_POST
@on_article
def watch(request: Signed, article: Article) -> HttpResponse:
    actions.watch(article, by=request.user)
    messages.success(request, "You watch it: your inbox says what changes.")
    return redirect(reading.of(article))


@require_POST
@on_article
def unwatch(request: Signed, article: Article) -> HttpResponse:
    actions.unwatch(article, by=request.user)
    messages.success(request, "You do not watch it any more.")
    return redirect(reading.of(article))


@require_POST
@login_required
def watch_collection(request: Signed, team: str, slug: str) -> HttpResponse:
    found = found_collection(request.user, team, slug)
    (actions.unwatch if request.POST.get("act") == "stop" else actions.watch)(found, by=request.user)
    messages.success(request, "Kept: your inbox says what changes in what you watch.")
    return redirect(page_of(found))


@require_POST
@on_article
def rate(request: Signed, article: Article) -> HttpResponse:
    """Without a script, too: what is wrong with it is a message above the article."""
    form = RatingForm(request.POST)
    if not form.is_valid():
        raise Invalid("Say whether it helped.", errors=dict(form.errors))
    by, values = request.user, form.cleaned_data
    actions.rate(article, helpful=values["helpful"] == "yes", reason=values["reason"], by=by)
    messages.success(request, "Thank you. Who answers for the article reads your reason.")
    return redirect(reading.of(article))


@require_POST
@on_article
def acknowledge(request: Signed, article: Article) -> HttpResponse:
    form = VerifyForm(request.POST)
    if not form.is_valid():
        raise Invalid("Say which version you have read.", errors=dict(form.errors))
    made = actions.acknowledge(article, digest=form.cleaned_data["digest"], by=request.user)
    messages.success(request, f"It is noted that you have read version {made.number}.")
    return redirect(reading.of(article))


@on_article
def ask_reading(request: Signed, article: Article) -> HttpResponse:
    """Ask people to read it, or see who has yet to."""
    by = request.user
    offer(request, "article.ask_reading", article)
    now = (
        Reading.objects.open()
        .filter(article=article)
        .select_related("asked_by", "article__collection")
        .first()
    )
    form = AskReadingForm(posted(request))
    if form.sent(request, lambda role, note: actions.ask_reading(article, role=role, note=note, by=by)):
        messages.success(request, "They are asked: each finds it in their inbox.")
        return redirect(reading.of(article, "article_reading"))
    context = {
        "article": article,
        "form": form,
        "reading": now,
        "missing": list(now.missing().order_by("username")[:MOST]) if now else [],
        "figures": reading.read_by(now) if now else None,
        "ends": access.can(by, "article.end_reading", article),
    }
    return shown(request, "kb/article_reading.html", context, form.status)


@on_article
def end_reading(request: Signed, article: Article) -> HttpResponse:
    by = request.user
    offer(request, "article.end_reading", article)
    form = ConfirmForm(posted(request))
    if form.sent(request, lambda: actions.end_reading(article, by=by)):
        messages.success(request, "Nobody is asked any more.")
        return redirect(reading.of(article))
    return asked(
        request,
        form,
        title=f"Ask nobody any more to read “{article.title}”?",
        text="What was acknowledged so far stays on the record.",
        yes="Ask nobody any more",
        no="Keep asking",
        back=reading.of(article, "article_reading"),
    )
