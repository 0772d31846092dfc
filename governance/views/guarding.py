"""Which roles of a team need a second factor."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from governance import access, actions
from governance.actions.guarding import without_factor
from governance.forms import GuardForm, posted
from governance.pages import Signed
from governance.roles import ROLES
from governance.views.teams import visible


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: Signed, slug: str) -> HttpResponse:
    team = visible(request, slug)
    if request.method != "POST":
        access.check(request.user, "team.require_factor", team)
    form = GuardForm(posted(request), initial={"roles": team.guarded})
    if form.sent(request, lambda roles: actions.require_factor(team, roles, by=request.user)) is not None:
        messages.success(request, f"{slug} asks for a second factor like this from now on.")
        return redirect("governance:team", slug)
    missing = [str(user) for user in without_factor(team, ROLES)]
    context = {
        "form": form,
        "own_first": not request.user.has_factor,
        "section": "teams",
        "title": f"Second factor in {slug}",
        "text": "Who has one of these roles and no second factor sees and does what a reader may, until "
        f"they set one up. Tokens of programs go on. {missed(missing)}",
        "yes": "Ask these roles",
        "no": "Leave it as it is",
        "back": reverse("governance:team", args=[slug]),
    }
    return render(request, "governance/roles_ask.html", context, status=form.status)


def missed(names: list[str]) -> str:
    """Whom it would concern."""
    return f"Without one are {access.listed(names, 'and')}." if names else "Everybody here has one."
