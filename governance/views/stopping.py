"""The link in a mail by which one stops being told of something."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from governance import actions, mailing, stopping
from governance.errors import Absent
from governance.kinds import KINDS, NEVER


@csrf_exempt  # mail programs send it, RFC 8058: the link itself is what allows it, and it can do nothing else
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, key: str) -> HttpResponse:
    """Looking changes nothing: programs open links, too."""
    found = stopping.read(key)
    if found is None:
        raise Absent("This link was not made here, or its account is gone.")
    person, kind = found
    if request.method == "POST":
        actions.set_ways(person, {kind: NEVER}, by=person)
        if "List-Unsubscribe" not in request.POST:  # a mail program is answered at once, as RFC 8058 says
            return redirect("governance:stop", key)
    stopped = mailing.ways_of(person)[kind] == NEVER
    context = {"words": KINDS[kind].words, "person": person, "stopped": stopped}
    return render(request, "governance/stop.html", context)
