"""What exists: people, teams, their roles, tokens, approvals and the trail."""

from governance.models.approvals import Approval, Vote
from governance.models.events import Event
from governance.models.notifications import Notification
from governance.models.people import Membership, Team, User
from governance.models.tokens import Token

__all__ = ["Approval", "Event", "Membership", "Notification", "Team", "Token", "User", "Vote"]
