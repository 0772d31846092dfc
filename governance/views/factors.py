"""One's second factor: an authenticator app, passkeys, recovery codes."""

from __future__ import annotations

import re
from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from governance import access, actions, factors, pictures
from governance.account_forms import AppForm, PasskeyForm
from governance.errors import Conflict, Invalid
from governance.forms import ConfirmForm, posted
from governance.pages import Signed

CODE = re.compile(r"[0-9]{6,12}")


@login_required
@require_safe
def index(request: Signed) -> HttpResponse:
    rows = [{"factor": factor, "name": factors.name_of(factor)} for factor in factors.of(request.user)]
    context = {
        "rows": rows,
        "has_app": any(row["factor"].type == factors.APP for row in rows),
        "left": factors.codes_left(request.user) if rows else 0,
        "section": "profile",
    }
    return render(request, "governance/security.html", context)


# ------------------------------------------------------------------ setting up


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def app(request: Signed) -> HttpResponse:
    """The secret lies in the session until its first code proves that the app has it."""
    access.check(request.user, "factor.add", request.user)
    if factors.of(request.user).filter(type=factors.APP).exists():
        raise Conflict("You have an authenticator app already: take that one away first.")
    secret = factors.secret_of(request, request.user, anew=request.method != "POST")
    form = AppForm(posted(request))
    here = request.session.session_key or ""
    act = partial(actions.add_app, request.user, secret=secret, here=here, by=request.user)
    codes = form.sent(request, act)
    if codes is not None:
        del request.session["totp"]
        return set_up(request, codes)
    picture = pictures.qr(factors.address(request.user, secret))
    context = {"form": form, "secret": secret, "picture": picture, **crumbs("Authenticator app")}
    return render(request, "governance/app_add.html", context, status=form.status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def passkey(request: Signed) -> HttpResponse:
    access.check(request.user, "factor.add", request.user)
    form = PasskeyForm(posted(request))
    here = request.session.session_key or ""
    codes = form.sent(request, partial(actions.add_passkey, request.user, here=here, by=request.user))
    if codes is not None:
        return set_up(request, codes)
    options = factors.begin_registration(request.user)
    context = {"form": form, "options": options, **crumbs("Passkey")}
    return render(request, "governance/passkey_add.html", context, status=form.status)


def set_up(request: Signed, codes: list[str]) -> HttpResponse:
    """With the first factor come codes, which stand on this answer alone."""
    if codes:
        return shown(request, codes)
    messages.success(request, "It is set up.")
    return redirect("governance:security")


def crumbs(here: str) -> dict[str, object]:
    back = [{"word": "Second factor", "href": reverse("governance:security")}]
    return {"crumbs": back, "here": here, "section": "profile"}


# ------------------------------------------------------------------ recovery codes


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def codes(request: Signed) -> HttpResponse:
    if request.method != "POST":
        access.check(request.user, "codes.renew", request.user)
    form = ConfirmForm(posted(request))
    made = form.sent(request, partial(actions.renew_codes, request.user, by=request.user))
    if made is not None:
        return shown(request, made)
    context = {
        "form": form,
        "section": "profile",
        "title": "Make new recovery codes?",
        "text": "They are shown once. The codes of before open nothing any more.",
        "yes": "Make new ones",
        "no": "Keep the old ones",
        "back": reverse("governance:security"),
    }
    return render(request, "governance/ask.html", context, status=form.status)


def shown(request: Signed, codes: list[str]) -> HttpResponse:
    return render(request, "governance/codes.html", {"codes": codes, **crumbs("Recovery codes")})


@login_required
@never_cache
@require_POST
def codes_file(request: Signed) -> HttpResponse:
    """What the page holds, as a file: nothing is kept here, so nothing else could be sent."""
    sent = request.POST.getlist("code")[:20]
    if not sent or not all(CODE.fullmatch(code) for code in sent):
        raise Invalid("These are no recovery codes.")
    words = f"Recovery codes of {request.user.username} for Steward. Each works once.\n\n"
    lines = "".join(f"{code[:5]} {code[5:]}\n" for code in sent)  # as the page shows them
    answer = HttpResponse(words + lines, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="recovery-codes.txt"'
    return answer


# ------------------------------------------------------------------ taking away


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: Signed, pk: int) -> HttpResponse:
    factor = get_object_or_404(factors.of(request.user), pk=pk)
    if request.method != "POST":
        access.check(request.user, "factor.remove", request.user)
    form, name, last = ConfirmForm(posted(request)), factors.name_of(factor), is_last(request, pk)
    form.sent(request, partial(actions.remove_factor, factor, by=request.user))
    if form.is_bound and form.is_valid():
        messages.success(request, f"“{name}” is taken away.")
        return redirect("governance:security")
    context = {
        "form": form,
        "section": "profile",
        "title": f"Take “{name}” away?",
        "text": "It opens nothing any more."
        + (
            " It is the last one: recovery codes go with it, and the password alone opens the account." * last
        ),
        "yes": "Take it away",
        "no": "Keep it",
        "back": reverse("governance:security"),
        "danger": True,
    }
    return render(request, "governance/ask.html", context, status=form.status)


def is_last(request: Signed, pk: int) -> bool:
    return not factors.of(request.user).exclude(pk=pk).exists()
