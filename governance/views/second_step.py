"""The second step of signing in, and signing in by a passkey alone."""

from __future__ import annotations

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from governance import audit, factors, locking
from governance.account_forms import CodeForm
from governance.forms import Form, posted
from governance.models import User
from governance.signing_in import SecondStep, recorded
from governance.telling import tell
from governance.views.theme import safe


@require_http_methods(["GET", "HEAD", "POST"])
@login_stage_required(stage=SecondStep.key, redirect_urlname="account_login")  # type: ignore[untyped-decorator]
def ask(request: HttpRequest) -> HttpResponseBase:
    user: User = request._login_stage.login.user  # type: ignore[attr-defined]  # by the decorator
    if request.method == "POST":
        locking.attempt(user.username)
    return step(request, user)


@recorded
def step(request: HttpRequest, user: User) -> HttpResponseBase:
    """A code or a passkey. What was used up stays used up only when the sign-in is on the record."""
    by_passkey = bool(request.POST.get("credential"))
    form = CodeForm(None if by_passkey else posted(request))
    if by_passkey or form.is_valid():
        if passed(user, request.POST.get("credential", ""), form):
            return request._login_stage.exit()  # type: ignore[attr-defined,no-any-return]
        audit.record("session.open", user, by=user, outcome="refused", reason="Wrong code.")
        locking.was_wrong(user.username)
    wrong = request.method == "POST"
    sentence = factors.NOT_A_PASSKEY if by_passkey else ""
    context = {"form": form, "person": user, "options": options(user), "wrong": sentence}
    return render(request, "account/second_step.html", context, status=403 if wrong else 200)


def passed(user: User, credential: str, form: Form) -> bool:
    if credential:
        return factors.use_passkey(credential, user) is not None
    kind = factors.use_code(user, form.cleaned_data["code"])
    if not kind:
        form.add_error("code", factors.WRONG)
    if kind == factors.CODES:
        note_recovery(user)
    return bool(kind)


def note_recovery(user: User) -> None:
    left = factors.codes_left(user)
    audit.record("codes.use", user, by=user, after={"left": left})
    sentence = f"A recovery code was used to sign in: {left} are left."
    tell("account", [user], f"{user.label}/security", sentence)


def options(user: User) -> str:
    """What the browser is asked for; nothing for who has no passkey."""
    has = factors.of(user).filter(type=factors.PASSKEY).exists()
    return factors.begin_authentication(user) if has else ""


# ------------------------------------------------------------------ a passkey alone


@never_cache
@require_safe
def challenge(request: HttpRequest) -> HttpResponse:
    """For the script of the sign-in page."""
    return HttpResponse(factors.begin_authentication(None), content_type="application/json")


@never_cache
@require_POST
@recorded
def passkey(request: HttpRequest) -> HttpResponseBase:
    user = factors.use_passkey(request.POST.get("credential", ""))
    if user is None:
        messages.error(request, factors.NOT_A_PASSKEY)
        audit.record("session.open", "users", by=None, outcome="refused", reason="Unknown passkey.")
        return redirect("account_login")
    goal = safe(request, request.POST.get("next", ""))
    answer: HttpResponseBase = perform_login(
        request, Login(user=user, redirect_url=goal, state={"passkey": True})
    )
    return answer
