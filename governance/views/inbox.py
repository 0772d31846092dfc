"""The inbox: what one was told, what of it is read, and how one likes to be told."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from governance import actions, inbox, mailing
from governance.errors import Invalid
from governance.forms import WaysForm, posted
from governance.kinds import WAYS, kind_of
from governance.models import Notification
from governance.pages import Signed
from governance.sentences import page_of
from governance.views.parts import pager, without

TABS = {"unread": "Unread", "all": "All"}
EMPTY = {
    "unread": (
        "You have read everything",
        "What waits for your yes, what was decided and what got blocked comes here.",
    ),
    "all": (
        "Nobody has told you anything yet",
        "What waits for your yes, what was decided and what got blocked comes here.",
    ),
}


@login_required
@require_safe
def index(request: Signed) -> HttpResponse:
    return page(request, moment(request.GET.get("undo", "")))


def page(request: Signed, undo: datetime | None = None) -> HttpResponse:
    """The list; `undo` is when something of it was marked as read just now."""
    show = request.GET.get("show", "unread")
    if show not in TABS:
        raise Invalid(f"An inbox is shown by one of {', '.join(TABS)}.")
    found = inbox.page(request.user, unread=show == "unread", cursor=request.GET.get("cursor", ""))
    marked = inbox.of(request.user).filter(read_at=undo).count() if undo else 0
    context = {
        "items": [item(notification) for notification in found.rows],
        "tabs": tabs(show),
        "empty": EMPTY[show],
        "undo": undo if marked else None,
        "marked": marked,
        "newest": found.rows[0].pk if found.rows and not found.newer else None,
        "here": without(request, "undo"),
        "pager": pager(request, found),
    }
    return render(request, "governance/_inbox.html" if request.htmx else "governance/inbox.html", context)


def tabs(show: str) -> list[dict[str, Any]]:
    return [{"word": word, "href": f"?show={name}", "current": name == show} for name, word in TABS.items()]


def item(notification: Notification) -> dict[str, Any]:
    return {
        "notification": notification,
        "kind": kind_of(notification.kind),
        "href": page_of(notification.subject),
    }


def moment(text: str) -> datetime | None:
    """A time with its zone; nothing for anything else."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found and found.tzinfo else None


# ------------------------------------------------------------------ reading


@login_required
@require_POST
def read(request: Signed, pk: int) -> HttpResponse:
    return back(request, inbox.read(inbox.find(request.user, pk)))


@login_required
@require_POST
def unread(request: Signed, pk: int) -> HttpResponse:
    inbox.unread(inbox.find(request.user, pk))
    return back(request)


@login_required
@require_POST
def read_all(request: Signed) -> HttpResponse:
    """All that was there when the page was made."""
    until = request.POST.get("until", "")
    if not until.isdecimal() or len(until) > 18:
        raise Invalid("Load the inbox again: it is not known what you have seen.")
    _, at = inbox.read_all(request.user, until=int(until))
    return back(request, at)


@login_required
@require_POST
def take_back(request: Signed) -> HttpResponse:
    at = moment(request.POST.get("at", ""))
    if at is None:
        raise Invalid("It is not known what to take back. Load the inbox again.")
    inbox.take_back(request.user, at)
    return back(request)


def back(request: Signed, undo: datetime | None = None) -> HttpResponse:
    """The same list again."""
    if request.htmx:
        return page(request, undo)
    query = without(request, "undo", undo=undo.isoformat()) if undo else without(request, "undo")
    return redirect(f"{reverse('governance:inbox')}{query}")


# ------------------------------------------------------------------ settings


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: Signed) -> HttpResponse:
    ways = mailing.ways_of(request.user)
    form = WaysForm(posted(request), site=request.user.is_superuser, initial=ways)
    if form.sent(request, partial(choose, request)) is not None:
        messages.success(request, "From now on you are told like this.")
        return redirect("governance:inbox_settings")
    context = {
        "form": form,
        "ways": WAYS.values(),
        "section": "inbox",
        "trouble": mailing.trouble_of(request.user),
        "crumbs": [{"word": "Inbox", "href": reverse("governance:inbox")}],
    }
    return render(request, "governance/inbox_settings.html", context, status=form.status)


def choose(request: Signed, **ways: str) -> dict[str, str]:
    return actions.set_ways(request.user, ways, by=request.user)
