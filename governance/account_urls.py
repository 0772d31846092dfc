"""Sign-in, sign-out and password change: the pages of allauth that Steward offers, and no others."""

from allauth.account import views
from django.urls import path
from django.views.decorators.http import require_http_methods

from governance.signing_in import recorded

form = require_http_methods(["GET", "HEAD", "POST"])

urlpatterns = [
    path("login/", form(recorded(views.login)), name="account_login"),
    path("logout/", form(recorded(views.logout)), name="account_logout"),
    path("password/", form(recorded(views.password_change)), name="account_change_password"),
    path("confirm/", form(views.reauthenticate), name="account_reauthenticate"),
]
