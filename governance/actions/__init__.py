"""What can happen to people, teams, tokens and approvals: every write of this app."""

from governance.actions.approvals import (
    approve,
    close,
    evidence_digest,
    reject,
    request_approval,
    use_approvals,
    void_below,
    void_changed,
    vote,
)
from governance.actions.people import Member, add_team, add_user, set_roles
from governance.actions.saving import cleaned, saved
from governance.actions.tokens import add_token, revoke_token

__all__ = [
    "Member",
    "add_team",
    "add_token",
    "add_user",
    "approve",
    "cleaned",
    "close",
    "evidence_digest",
    "reject",
    "request_approval",
    "revoke_token",
    "saved",
    "set_roles",
    "use_approvals",
    "void_below",
    "void_changed",
    "vote",
]
