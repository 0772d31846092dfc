"""Records of a version: all of them, declaring one, withdrawing one."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from governance import paging
from governance.errors import Absent
from governance.forms import posted
from governance.models import User
from governance.once import one_look
from governance.pages import Signed
from governance.views.parts import pager
from registry import actions
from registry.forms.by_schema import SchemaForm
from registry.forms.lists import RecordFilter
from registry.forms.records import RecordForm, WithdrawalForm
from registry.models import Record, Version
from registry.presenting import operated
from registry.presenting import records as presenting
from registry.presenting.addresses import of_version
from registry.presenting.commands import curl_declare
from registry.presenting.operated import feeds
from registry.records import KINDS
from registry.views.found import offer, on_version


@require_safe
@on_version
@one_look
def records(request: Signed, version: Version) -> HttpResponse:
    """The newest first, with what was withdrawn; `?kind=` shows one kind."""
    by, form = request.user, RecordFilter(request.GET)
    found = presenting.of(version).filter(**form.active)
    page = paging.page(found, "-pk", cursor=request.GET.get("cursor", ""))
    context = {
        "version": version,
        "artifact": version.artifact,
        "section": version.artifact.plural,
        "form": form,
        "active": form.active,
        "records": presenting.rows(by, version, page.rows),
        "offered": presenting.offered(by, version),
        "operated": operated.of_version(version),
        "count": paging.bounded_count(found),
        "pager": pager(request, page),
    }
    return render(request, "registry/records.html", context)


@on_version
def add_record(request: Signed, version: Version) -> HttpResponse:
    """The parts of the kind that the address names, or its data as JSON, which begins as an example."""
    by, named = request.user, request.GET.get("kind", "")
    kinds = presenting.offered(by, version)
    kind = named if named in kinds else next(iter(kinds), "training")
    offer(request, actions.right_to_declare(kind), version)
    form: RecordForm | SchemaForm = (
        RecordForm(posted(request), kinds=kinds, kind=kind)
        if as_json(request)
        else SchemaForm(posted(request), kind=KINDS[kind])
    )
    sent = form.sent(request, partial(declare, version, by))
    if sent is not None:
        messages.success(request, sent)
        return redirect(of_version(version))
    context = {
        "version": version,
        "artifact": version.artifact,
        "section": version.artifact.plural,
        "form": form,
        "kinds": [KINDS[name] for name in kinds],
        "kind": KINDS[kind],
        "as_json": as_json(request),
        "feeds": feeds(kind, version.artifact.kind),
        "command": curl_declare(request.build_absolute_uri("/")[:-1], version, KINDS[kind]),
    }
    return render(request, "registry/record_new.html", context, status=form.status)


def as_json(request: Signed) -> bool:
    return "data" in request.POST or request.GET.get("as") == "json"


def declare(version: Version, by: User, *, kind: str, data: Any) -> str:
    record, is_new = actions.add_record(version, kind, data, by=by)
    if is_new:
        return f"Record {record.pk} is declared. It stays as it is; it can be withdrawn."
    return f"Exactly this was declared already, by {record.by}: it is record {record.pk}."


@on_version
def withdraw_record(request: Signed, version: Version, pk: int) -> HttpResponse:
    by, record = request.user, Record.objects.select_related("by").filter(version=version, pk=pk).first()
    if record is None:
        raise Absent(f"Version {version.number} has no record {pk}.")
    offer(request, "record.withdraw", version, record=record)
    form = WithdrawalForm(posted(request))
    if form.sent(request, lambda reason: actions.withdraw_record(record, reason=reason, by=by)):
        messages.success(request, f"Record {record.pk} is withdrawn. It stays here, struck out.")
        return redirect(of_version(version, "records"))
    context = {
        "form": form,
        "section": version.artifact.plural,
        "title": f"Withdraw record {record.pk}?",
        "text": f"{presenting.title(record.kind)} of version {version.number}, declared by {record.by}. "
        "It stays here struck out, with your reason, and proves nothing any more.",
        "yes": "Withdraw it",
        "no": "Let it stand",
        "back": of_version(version, "records"),
        "danger": True,
    }
    return render(request, "_components/dialog.html", context, status=form.status)
