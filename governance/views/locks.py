"""Whose sign-in is locked, for the site administrator, who may lift it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from governance import access, actions, paging
from governance.actions.locks import whose
from governance.models import Tries
from governance.pages import Signed
from governance.views.parts import pager


@login_required
@require_safe
def index(request: Signed) -> HttpResponse:
    access.check(request.user, "lock.lift", "users")
    found = Tries.objects.visible_to(request.user).select_related("user")
    page = paging.page(found, "-pk", cursor=request.GET.get("cursor", ""))
    context = {
        "rows": [{"tries": tries, "whose": whose(tries)} for tries in page.rows],
        "pager": pager(request, page),
        "section": "users",
        "crumbs": [{"word": "Users", "href": reverse("governance:users")}],
    }
    return render(request, "governance/locks.html", context)


@login_required
@require_POST
def lift(request: Signed, pk: int) -> HttpResponse:
    tries = get_object_or_404(Tries.objects.visible_to(request.user).select_related("user"), pk=pk)
    actions.lift_lock(tries, by=request.user)
    messages.success(request, f"The lock of {whose(tries)} is lifted.")
    return redirect("governance:locks")
