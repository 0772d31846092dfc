"""Approvals: what is asked, on what exactly, and the yes or no."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from governance import access, actions, evidence, paging, roles, sentences, subjects
from governance.errors import Absent, Invalid
from governance.forms import DecisionForm, posted
from governance.models import Approval, User
from governance.models.approvals import ApprovalQuerySet, enough
from governance.pages import Signed, why_not
from governance.views.parts import pager

TABS = {"open": "Open", "decided": "Decided", "mine": "Asked by you"}
# The state of a request: its colour, its shape, its word.
STATES = {
    "open": ("info", "info", "Waiting"),
    "approved": ("good", "good", "Approved"),
    "rejected": ("blocked", "blocked", "Rejected"),
    "void": ("neutral", "neutral", "Void"),
    "used": ("good", "good", "Approved and used"),
    "withdrawn": ("neutral", "neutral", "Withdrawn"),
}
EMPTY = {
    "open": (
        "Nothing waits for a decision",
        "Whoever wants a protected alias for a version asks on its page.",
    ),
    "decided": ("Nothing has been decided yet", "What was approved, rejected or became void is kept here."),
    "mine": ("You have not asked for an approval yet", "Ask for one on the page of a version."),
}


# ------------------------------------------------------------------ list


@login_required
@require_safe
def index(request: Signed) -> HttpResponse:
    show = request.GET.get("show", "open")
    if show not in TABS:
        raise Invalid(f"Approvals are shown by one of {', '.join(TABS)}.")
    seen = Approval.objects.visible_to(request.user)
    found = shown(seen, show, request.user).select_related("team", "requested_by")
    page = paging.page(found.prefetch_related("votes__by"), "-pk", cursor=request.GET.get("cursor", ""))
    context = {
        "rows": [row(approval) for approval in page.rows],
        "tabs": tabs(seen, show, request.user),
        "empty": EMPTY[show],
        "pager": pager(request, page),
    }
    return render(request, "governance/approvals.html", context)


def shown(seen: ApprovalQuerySet, show: str, person: User) -> ApprovalQuerySet:
    """A request waits until it has the approvals it needs or is closed."""
    if show == "mine":
        return seen.filter(requested_by=person)
    if show == "open":
        return seen.undecided()
    return seen.filter(~Q(closed_at=None) | Q(enough()))


def tabs(seen: ApprovalQuerySet, show: str, person: User) -> list[dict[str, Any]]:
    waiting = shown(seen, "open", person)
    return [
        {
            "word": word,
            "href": f"?show={name}",
            "current": name == show,
            "count": paging.bounded_count(waiting, 100) if name == "open" else None,
        }
        for name, word in TABS.items()
    ]


def row(approval: Approval) -> dict[str, Any]:
    return {
        "approval": approval,
        "about": sentences.spoken(approval.subject),
        "badge": STATES[approval.state],
    }


# ------------------------------------------------------------------ one request


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: Signed, pk: int) -> HttpResponse:
    seen = Approval.objects.visible_to(request.user).select_related("team", "requested_by")
    approval = get_object_or_404(seen.prefetch_related("votes__by"), pk=pk)
    form = DecisionForm(posted(request), initial={"digest": approval.digest})
    if form.sent(request, partial(decide, approval, request.user)):
        messages.success(request, told(approval, form.cleaned_data["decision"]))
        return redirect("governance:approval", approval.pk)
    context = {"form": form, **described(approval, request.user)}
    return render(request, "governance/approval.html", context, status=form.status)


def decide(approval: Approval, by: User, *, note: str, digest: str, decision: str) -> Approval:
    if decision == "reject":
        return actions.reject(approval, note=note, by=by)
    return actions.approve(approval, note=note, digest=digest, by=by)


def told(approval: Approval, decision: str) -> str:
    """What comes next, for whoever has just decided."""
    about = f"{sentences.spoken(approval.subject)} for {approval.alias}"
    if decision == "reject":
        return f"You rejected {about}. {approval.requested_by} finds your note on the home page."
    who = " or ".join(roles.allowing("version.promote"))
    approval = Approval.objects.prefetch_related("votes").get(pk=approval.pk)
    if approval.state == "used":
        return f"You approved {about}, and it was promoted by itself."
    if approval.state == "open":
        return (
            f"You approved {about}. {approval.given} of the {approval.needed} approvals it needs are given."
        )
    return f"You approved {about}. Next, a {who} of {approval.team.slug} promotes it."


def described(approval: Approval, person: User) -> dict[str, Any]:
    """Everything that the page shows. What it is about may be gone: the request stays."""
    thing, changes = now(approval, person)
    undecided = approval.closed_at is None and not any(
        vote.by_id == person.pk for vote in approval.votes.all()
    )
    about = {"approval": approval, "alias": approval.alias}
    return {
        "approval": approval,
        "about": sentences.spoken(approval.subject),
        "address": subjects.url(approval.subject),
        "badge": STATES[approval.state],
        "parts": evidence.parts(approval.evidence),
        "verdict": verdict(approval, changes),
        "may_decide": undecided and thing is not None,
        "why_not_approve": why_not(person, "approval.approve", thing, **about) if thing and undecided else "",
        "why_not_reject": why_not(person, "approval.reject", thing, **about) if thing and undecided else "",
        "who": access.listed(approval.by_roles),
    }


def now(approval: Approval, person: User) -> tuple[Any, list[evidence.Change]]:
    """The thing itself and what is different about it since it was asked about."""
    try:
        kind, thing = subjects.find(person, approval.subject)
    except Absent:
        return None, []
    if kind.evidence is None:
        return None, []
    return thing, evidence.changes(approval.evidence, kind.evidence(thing, approval.alias))


# ------------------------------------------------------------------ verdict


def verdict(approval: Approval, changes: list[evidence.Change]) -> dict[str, Any]:
    """How the request stands, as `_components/verdict.html` takes it."""
    standing = void(approval) if changes and not approval.outcome else STANDING[approval.state](approval)
    tells = approval.state in {"open", "approved", "void"}
    standing["objections"] = [said(change) for change in changes] if tells else []
    return standing


def said(change: evidence.Change) -> dict[str, str]:
    gone = [f"Gone: {line}." for line in change.gone[:5]]
    come = [f"New: {line}." for line in change.come[:5]]
    return {"sentence": change.sentence, "origin": " ".join([*gone, *come])}


def waiting(approval: Approval) -> dict[str, Any]:
    given = f"{approval.given} of {approval.needed} approvals are given. " if approval.needed > 1 else ""
    return {
        "state": "info",
        "title": "This waits for a decision",
        "text": f"{given}Nothing has changed since {approval.requested_by} asked.",
    }


def approved(approval: Approval) -> dict[str, Any]:
    names = " and ".join(str(vote.by) for vote in approval.votes.all() if vote.yes)
    word = {"word": "Open it to promote", "href": sentences.page_of(approval.subject), "kind": "primary"}
    text = f"It holds for exactly what is listed below, and for one promotion to {approval.alias}."
    return {"state": "good", "title": f"Approved by {names}", "text": text, "actions": [word]}


def rejected(approval: Approval) -> dict[str, Any]:
    names = " and ".join(str(vote.by) for vote in approval.votes.all() if not vote.yes)
    return {
        "state": "blocked",
        "title": f"Rejected by {names}",
        "text": "The request is closed. Another may be made.",
    }


def void(approval: Approval) -> dict[str, Any]:
    return {
        "state": "warn",
        "title": "What was asked about has changed",
        "text": "A yes to this no longer counts. Ask for an approval of what is there now.",
    }


def used(approval: Approval) -> dict[str, Any]:
    names = " and ".join(str(vote.by) for vote in approval.votes.all() if vote.yes)
    by = f"by {names}, and used" if names else "and used"
    return {"state": "good", "title": f"Approved {by}", "text": f"{approval.alias} was pointed at it."}


def withdrawn(approval: Approval) -> dict[str, Any]:
    return {
        "state": "neutral",
        "title": f"{approval.requested_by} left before this was decided",
        "text": "The request is closed. Somebody else of the team may ask.",
    }


STANDING = {
    "open": waiting,
    "approved": approved,
    "rejected": rejected,
    "void": void,
    "used": used,
    "withdrawn": withdrawn,
}
