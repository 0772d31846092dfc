"""How the server stands, for the site administrator, and the word that its master key is copied."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from governance import access
from governance.pages import Signed
from registry.actions import keeping
from registry.actions.keeping import MasterKeyFile
from registry.presenting import system


@login_required
@require_safe
def show(request: Signed) -> HttpResponse:
    access.check(request.user, "system.view", keeping.SYSTEM)
    context = {
        **system.everything(),
        "key_place": keeping.place(),
        "backups": settings.BACKUPS,
    }
    return render(request, "registry/system.html", context)


@login_required
@require_POST
def confirm_copy(request: Signed) -> HttpResponse:
    keeping.confirm_copy(MasterKeyFile(), by=request.user)
    messages.success(request, "It is on the record that a copy of the master key lies elsewhere.")
    return redirect("registry:system")
