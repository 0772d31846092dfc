"""Home: what waits for one person, what changed, and the first steps of an empty site."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

import governance.waiting
import registry.waiting
from governance import sentences
from governance.models import User
from governance.pages import Signed
from governance.recent import events_for
from kb.steps import first_steps

NEWS = 10


@login_required
@require_safe
def home(request: Signed) -> HttpResponse:
    person = request.user
    waits = [*registry.waiting.waiting(person), *governance.waiting.decided(person)]
    news = changed(person)
    context = {
        "now": timezone.now(),
        "waits": waits,
        "changed": news,
        "steps": first_steps(person),
        "teams": own_teams(person),
    }
    return render(request, "kb/home.html", context)


def changed(person: User) -> list[dict[str, Any]]:
    """The newest events of teams whose trail one reads; who reads none is shown the newest versions."""
    events = sentences.timeline(events_for(person)[:NEWS])
    return events or registry.waiting.news(person, NEWS)


def own_teams(person: User) -> list[tuple[str, str]]:
    """One's teams, and what one is there."""
    roles: dict[str, list[str]] = {}
    for team, role in person.memberships.order_by("team__slug", "role").values_list("team__slug", "role"):
        roles.setdefault(team, []).append(role)
    return [(team, ", ".join(held)) for team, held in roles.items()]
