"""Addresses of people, approvals, tokens, messages, jobs and the trail below /api/v1/."""

from governance.api.approvals import ApprovalView
from governance.api.events import EventView
from governance.api.invitations import InvitationView
from governance.api.jobs import JobView
from governance.api.locks import LockView
from governance.api.notifications import NotificationView
from governance.api.people import MemberView, TeamView, UserView
from governance.api.reviews import ReviewView
from governance.api.routes import route
from governance.api.services import ServiceView
from governance.api.tokens import TokenView
from governance.api.webhooks import WebhookView

urlpatterns = [
    *route("me/", UserView, get="me"),
    *route("users/", UserView, get="list", post="create"),
    *route("users/<name:username>/", UserView, get="retrieve"),
    *route("users/<name:username>/deactivate", UserView, post="deactivate"),
    *route("users/<name:username>/reactivate", UserView, post="reactivate"),
    *route("users/<name:username>/second-factor", UserView, delete="reset_factors"),
    *route("locks/", LockView, get="list"),
    *route("locks/<key:pk>", LockView, delete="destroy"),
    *route("teams/", TeamView, get="list", post="create"),
    *route("teams/<team:team>/", TeamView, get="retrieve"),
    *route("teams/<team:team>/archive", TeamView, post="archive"),
    *route("teams/<team:team>/unarchive", TeamView, post="unarchive"),
    *route("teams/<team:team>/review/", ReviewView, get="retrieve"),
    *route("teams/<team:team>/members/", MemberView, get="list"),
    *route(
        "teams/<team:team>/members/<name:username>",
        MemberView,
        get="retrieve",
        put="update",
        delete="destroy",
    ),
    *route("teams/<team:team>/invitations/", InvitationView, get="list", post="create"),
    *route("teams/<team:team>/invitations/<key:pk>", InvitationView, delete="destroy"),
    *route("teams/<team:team>/second-factor", TeamView, get="guard", put="set_guard"),
    *route("teams/<team:team>/services/", ServiceView, post="create"),
    *route("teams/<team:team>/services/<name:username>/hand-over", ServiceView, post="hand_over"),
    *route("teams/<team:team>/webhook", WebhookView, get="retrieve", put="update", delete="destroy"),
    *route("teams/<team:team>/webhook/secret", WebhookView, post="renew"),
    *route("teams/<team:team>/webhook/resume", WebhookView, post="resume"),
    *route("teams/<team:team>/webhook/deliveries/", WebhookView, get="deliveries"),
    *route("teams/<team:team>/webhook/deliveries/<key:pk>/again", WebhookView, post="again"),
    *route("tokens/", TokenView, get="list", post="create"),
    *route("tokens/<key:pk>", TokenView, get="retrieve", delete="destroy"),
    *route("approvals/", ApprovalView, get="list", post="create"),
    *route("approvals/<key:pk>/", ApprovalView, get="retrieve"),
    *route("approvals/<key:pk>/approve", ApprovalView, post="approve"),
    *route("approvals/<key:pk>/reject", ApprovalView, post="reject"),
    *route("notifications/", NotificationView, get="list"),
    *route("notifications/read", NotificationView, post="read_all"),
    *route("notifications/settings", NotificationView, get="ways", put="set_ways"),
    *route("notifications/<key:pk>/", NotificationView, get="retrieve"),
    *route("notifications/<key:pk>/read", NotificationView, post="read"),
    *route("notifications/<key:pk>/unread", NotificationView, post="unread"),
    *route("jobs/", JobView, get="list"),
    *route("jobs/<name:job>/", JobView, get="retrieve"),
    *route("jobs/<name:job>/runs/", JobView, get="runs"),
    *route("jobs/<name:job>/run", JobView, post="run"),
    *route("jobs/<name:job>/pause", JobView, post="pause"),
    *route("jobs/<name:job>/resume", JobView, post="resume"),
    *route("events/", EventView, get="list"),
    *route("events/<key:pk>/", EventView, get="retrieve"),
]
