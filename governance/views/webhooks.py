"""A team's webhook: where its messages are sent to, and how that went."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from governance import access, actions, paging
from governance.forms import ConfirmForm, WebhookForm, posted
from governance.models import Delivery, Team, Webhook
from governance.pages import Signed
from governance.views.parts import pager

# The state of a delivery: its colour, its shape, its word.
STATES = {
    "waiting": ("info", "running", "Waits"),
    "again": ("warn", "running", "Tried again"),
    "sent": ("good", "good", "Taken"),
    "failed": ("blocked", "blocked", "Given up"),
}


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: Signed, slug: str) -> HttpResponse:
    """The secret of a new hook stands on the answer itself: nothing keeps it for a second look."""
    team = visible(request, slug)
    hook = Webhook.objects.visible_to(request.user).filter(team=team).select_related("set_by").first()
    if request.method != "POST":
        access.check(request.user, "webhook.set", team)
    form = WebhookForm(posted(request), initial={"address": hook.address if hook else ""})
    made = form.sent(request, partial(actions.set_webhook, team, by=request.user))
    if made is not None:
        return told(request, team, made[1])
    context = {**common(team), "team": team, "hook": hook, "form": form, **deliveries(request, hook)}
    return render(request, "governance/webhook.html", context, status=form.status)


def told(request: Signed, team: Team, secret: str) -> HttpResponse:
    if secret:
        context = {**common(team), "team": team, "secret": secret}
        return render(request, "governance/webhook_secret.html", context)
    messages.success(request, f"Messages of {team.slug} are sent to the new address from now on.")
    return redirect("governance:webhook", team.slug)


def visible(request: Signed, slug: str) -> Team:
    return get_object_or_404(Team.objects.visible_to(request.user), slug=slug)


def find(request: Signed, slug: str) -> Webhook:
    """The hook of a team that one sees: who may not set it is refused, as on its page."""
    team = visible(request, slug)
    access.check(request.user, "webhook.set", team)
    return get_object_or_404(Webhook.objects.visible_to(request.user).select_related("team"), team=team)


def common(team: Team) -> dict[str, Any]:
    crumbs = [
        {"word": "Teams", "href": reverse("governance:teams")},
        {"word": team.slug, "href": reverse("governance:team", args=[team.slug])},
    ]
    return {"section": "teams", "crumbs": crumbs}


def deliveries(request: Signed, hook: Webhook | None) -> dict[str, Any]:
    """The last ones, newest first."""
    found = Delivery.objects.visible_to(request.user).filter(webhook=hook)
    page = paging.page(found, "-pk", cursor=request.GET.get("cursor", ""), size=20)
    rows = [{"delivery": delivery, "badge": badge(delivery)} for delivery in page.rows]
    return {"rows": rows, "pager": pager(request, page)}


def badge(delivery: Delivery) -> tuple[str, str, str]:
    again = delivery.state == "waiting" and delivery.last_error
    return STATES["again" if again else delivery.state]


# ------------------------------------------------------------------ buttons


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: Signed, slug: str) -> HttpResponse:
    hook = find(request, slug)
    form = ConfirmForm(posted(request))
    secret = form.sent(request, partial(actions.renew_secret, hook, by=request.user))
    if secret is not None:
        return told(request, hook.team, secret)
    context = {
        **common(hook.team),
        "form": form,
        "title": f"Make a new secret for the webhook of {slug}?",
        "text": "The next message is signed with it. Until the receiver knows it, what is sent looks forged.",
        "yes": "Make a new secret",
        "no": "Keep the old one",
        "back": reverse("governance:webhook", args=[slug]),
    }
    return render(request, "governance/ask.html", context, status=form.status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: Signed, slug: str) -> HttpResponse:
    hook = find(request, slug)
    form = ConfirmForm(posted(request))
    form.sent(request, partial(actions.remove_webhook, hook, by=request.user))
    if form.is_bound and form.is_valid():
        messages.success(request, f"The webhook of {slug} is removed. Nothing more is sent.")
        return redirect("governance:webhook", slug)
    context = {
        **common(hook.team),
        "form": form,
        "title": f"Remove the webhook of {slug}?",
        "text": "Nothing more is sent, neither what waits. Its secret and the list of deliveries are gone.",
        "yes": "Remove it",
        "no": "Keep it",
        "back": reverse("governance:webhook", args=[slug]),
        "danger": True,
    }
    return render(request, "governance/ask.html", context, status=form.status)


@login_required
@require_POST
def resume(request: Signed, slug: str) -> HttpResponse:
    hook = actions.resume_webhook(find(request, slug), by=request.user)
    messages.success(request, f"The webhook of {hook.team.slug} goes on. What has waited is sent now.")
    return redirect("governance:webhook", slug)


@login_required
@require_POST
def again(request: Signed, slug: str, pk: int) -> HttpResponse:
    delivery = get_object_or_404(find(request, slug).deliveries.select_related("webhook__team"), pk=pk)
    actions.send_again(delivery, by=request.user)
    messages.success(request, "It is sent again: load the page in a moment to see how it went.")
    return redirect("governance:webhook", slug)
