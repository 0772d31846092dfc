"""What exists: people, teams, their roles, tokens, approvals, the trail, and what tells people of it."""

from governance.models.approvals import Approval, Vote
from governance.models.browsers import Browser
from governance.models.events import Event
from governance.models.followers import Cursor
from governance.models.invitations import Invitation
from governance.models.jobs import JobPause, JobRun
from governance.models.locks import Tries
from governance.models.notifications import Mail, Notification, Preference
from governance.models.people import Membership, Team, User
from governance.models.reviews import Review
from governance.models.tokens import Token
from governance.models.webhooks import Delivery, Webhook

__all__ = [
    "Approval",
    "Browser",
    "Cursor",
    "Delivery",
    "Event",
    "Invitation",
    "JobPause",
    "JobRun",
    "Mail",
    "Membership",
    "Notification",
    "Preference",
    "Review",
    "Team",
    "Token",
    "Tries",
    "User",
    "Vote",
    "Webhook",
]
