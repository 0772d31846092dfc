"""Addresses of people, approvals, tokens, jobs and the trail below /api/v1/."""

from governance.api.approvals import ApprovalView
from governance.api.events import EventView
from governance.api.jobs import JobView
from governance.api.people import MemberView, TeamView, UserView
from governance.api.routes import route
from governance.api.tokens import TokenView

urlpatterns = [
    *route("me/", UserView, get="me"),
    *route("users/", UserView, get="list", post="create"),
    *route("users/<name:username>/", UserView, get="retrieve"),
    *route("teams/", TeamView, get="list", post="create"),
    *route("teams/<team:team>/", TeamView, get="retrieve"),
    *route("teams/<team:team>/members/", MemberView, get="list"),
    *route(
        "teams/<team:team>/members/<name:username>",
        MemberView,
        get="retrieve",
        put="update",
        delete="destroy",
    ),
    *route("tokens/", TokenView, get="list", post="create"),
    *route("tokens/<key:pk>", TokenView, get="retrieve", delete="destroy"),
    *route("approvals/", ApprovalView, get="list", post="create"),
    *route("approvals/<key:pk>/", ApprovalView, get="retrieve"),
    *route("approvals/<key:pk>/approve", ApprovalView, post="approve"),
    *route("approvals/<key:pk>/reject", ApprovalView, post="reject"),
    *route("jobs/", JobView, get="list"),
    *route("jobs/<name:job>/", JobView, get="retrieve"),
    *route("jobs/<name:job>/runs/", JobView, get="runs"),
    *route("jobs/<name:job>/run", JobView, post="run"),
    *route("jobs/<name:job>/pause", JobView, post="pause"),
    *route("jobs/<name:job>/resume", JobView, post="resume"),
    *route("events/", EventView, get="list"),
    *route("events/<key:pk>/", EventView, get="retrieve"),
]
