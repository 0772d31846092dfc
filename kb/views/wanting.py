"""What was searched for in vain: noted when it is, then an article to write or to put away."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from governance import searches
from governance.errors import Absent
from governance.forms import ConfirmForm, posted
from governance.pages import Signed, why_not
from kb import actions
from kb.models import Wanted

NOTED = "It is noted. When somebody else misses it, too, who writes for your team is asked for an article."


@login_required
@require_POST
def missed(request: Signed) -> HttpResponse:
    """Note what was searched for: only what this person indeed finds nothing of."""
    text = searches.words(request.POST.get("text", ""))
    if text and not searches.search(request.user, text, 1):
        actions.note_miss(request.user, text)
    if request.htmx:
        return render(request, "kb/_missed.html", {"noted": NOTED})
    messages.success(request, NOTED)
    return redirect(f"{reverse('kb:search')}?{urlencode({'q': text})}")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def wanted(request: Signed, pk: int) -> HttpResponse:
    """One of them; what is sent to it puts it away."""
    by = request.user
    found = Wanted.objects.visible_to(by).select_related("team", "dismissed_by").filter(pk=pk).first()
    if found is None:
        raise Absent("There is nothing here that was searched for and that you may see.")
    form = ConfirmForm(posted(request))
    if form.sent(request, lambda: actions.dismiss_wanted(found, by=by)):
        messages.success(request, f"“{found.text}” is put away: it is not asked for again.")
        return redirect("kb:articles")
    closed = why_not(by, "wanted.dismiss", found)
    write = f"{reverse('kb:new_article')}?{urlencode({'team': found.team.slug, 'title': found.text})}"
    context = {"wanted": found, "form": form, "closed": closed, "write": write, "section": "articles"}
    return render(request, "kb/wanted.html", context, status=form.status)
