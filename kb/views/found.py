"""Pages about one article: signed in, and it may be seen; else there is nothing there."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods

from governance.errors import Absent
from governance.pages import Signed
from kb.labels import find_article

View = Callable[..., HttpResponseBase]


def on_article(view: View) -> View:
    """Call the view with the article instead of the parts of its address."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @login_required
    @wraps(view)
    def found(request: Signed, team: str, slug: str, **more: Any) -> HttpResponseBase:
        article = find_article(request.user, team=team, slug=slug)
        if article is None:
            raise Absent(f"There is no article {slug[:120]} of {team[:60]} that you may see.")
        return view(request, article, **more)

    return found
