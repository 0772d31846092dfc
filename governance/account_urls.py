"""Sign-in, sign-out and password change: the pages of allauth that Steward offers, and no others."""

from allauth.account import views
from django.urls import path

from governance.signing_in import recorded

urlpatterns = [
    path("login/", recorded(views.login), name="account_login"),
    path("logout/", recorded(views.logout), name="account_logout"),
    path("password/", recorded(views.password_change), name="account_change_password"),
    path("confirm/", views.reauthenticate, name="account_reauthenticate"),
]
