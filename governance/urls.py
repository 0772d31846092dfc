"""Addresses of governance's pages."""

from django.urls import path

from governance.styleguide import styleguide
from governance.views import (
    approvals,
    inbox,
    jobs,
    people,
    reviews,
    services,
    teams,
    theme,
    tokens,
    trail,
    webhooks,
)

app_name = "governance"
urlpatterns = [
    path("approvals/", approvals.index, name="approvals"),
    path("approvals/<int:pk>/", approvals.show, name="approval"),
    path("inbox/", inbox.index, name="inbox"),
    path("inbox/read", inbox.read_all, name="inbox_read_all"),
    path("inbox/undo", inbox.take_back, name="inbox_undo"),
    path("inbox/settings/", inbox.settings, name="inbox_settings"),
    path("inbox/<int:pk>/read", inbox.read, name="inbox_read"),
    path("inbox/<int:pk>/unread", inbox.unread, name="inbox_unread"),
    path("jobs/", jobs.index, name="jobs"),
    path("jobs/<str:name>/", jobs.show, name="job"),
    path("jobs/<str:name>/run", jobs.run, name="job_run"),
    path("jobs/<str:name>/pause", jobs.pause, name="job_pause"),
    path("jobs/<str:name>/resume", jobs.resume, name="job_resume"),
    path("teams/", teams.index, name="teams"),
    path("teams/<slug:slug>/", teams.show, name="team"),
    path("teams/<slug:slug>/review/", reviews.show, name="review"),
    path("teams/<slug:slug>/members/", teams.add_member, name="member_add"),
    path("teams/<slug:slug>/members/<str:username>/", teams.change_member, name="member"),
    path("teams/<slug:slug>/members/<str:username>/remove", teams.remove_member, name="member_remove"),
    path("teams/<slug:slug>/services/", services.add, name="service_add"),
    path("teams/<slug:slug>/services/<str:username>/hand-over", services.hand_over, name="service_hand_over"),
    path("teams/<slug:slug>/webhook/", webhooks.show, name="webhook"),
    path("teams/<slug:slug>/webhook/secret", webhooks.renew, name="webhook_secret"),
    path("teams/<slug:slug>/webhook/remove", webhooks.remove, name="webhook_remove"),
    path("teams/<slug:slug>/webhook/resume", webhooks.resume, name="webhook_resume"),
    path("teams/<slug:slug>/webhook/deliveries/<int:pk>/again", webhooks.again, name="webhook_again"),
    path("users/", people.index, name="users"),
    path("users/<str:username>/deactivate", people.deactivate, name="user_deactivate"),
    path("users/<str:username>/reactivate", people.reactivate, name="user_reactivate"),
    path("roles/", people.show_roles, name="roles"),
    path("trail/", trail.index, name="trail"),
    path("account/tokens/", tokens.index, name="tokens"),
    path("account/tokens/<int:pk>/revoke", tokens.revoke, name="token_revoke"),
    path("new/team/", teams.add, name="team_add"),
    path("new/user/", people.add, name="user_add"),
    path("theme", theme.choose, name="theme"),
    path("styleguide/", styleguide, name="styleguide"),
]
