"""What can happen to people, teams, tokens, approvals and jobs: every write of this app."""

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
from governance.actions.jobs import pause_job, resume_job, run_job
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
    "pause_job",
    "reject",
    "request_approval",
    "resume_job",
    "revoke_token",
    "run_job",
    "saved",
    "set_roles",
    "use_approvals",
    "void_below",
    "void_changed",
    "vote",
]
