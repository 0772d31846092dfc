"""Ways in: of allauth sign-in, sign-out and password change, and no others; lost passwords, invitations."""

from allauth.account import views
from django.urls import path
from django.views.decorators.http import require_http_methods

from governance.signing_in import counted, recorded
from governance.views import confirming, inviting, resetting, second_step

form = require_http_methods(["GET", "HEAD", "POST"])

urlpatterns = [
    path("login/", form(counted(recorded(views.login))), name="account_login"),
    path("logout/", form(recorded(views.logout)), name="account_logout"),
    path("password/", form(recorded(views.password_change)), name="account_change_password"),
    path("reset/", resetting.ask, name="password_ask"),
    path("reset/<str:key>/", resetting.choose, name="password_reset"),
    path("join/<str:key>/", inviting.join, name="join"),
    path("second-step/", second_step.ask, name="second_step"),
    path("passkey/", second_step.passkey, name="passkey"),
    path("passkey/challenge", second_step.challenge, name="passkey_challenge"),
    path("confirm/", confirming.confirm, name="account_reauthenticate"),
]
