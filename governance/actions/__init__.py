"""What can happen to people, teams, tokens, approvals and jobs: every write of this app."""

from governance.actions.accounts import deactivate, reactivate
from governance.actions.approvals import (
    approve,
    close,
    evidence_digest,
    reject,
    rename_below,
    request_approval,
    use_approvals,
    void_below,
    void_changed,
    vote,
    when_approved,
    withdraw_about,
)
from governance.actions.jobs import pause_job, resume_job, run_job
from governance.actions.notifications import set_ways
from governance.actions.people import add_team, add_user, archive_team, set_roles, unarchive_team
from governance.actions.profiles import end_session, end_sessions, set_email, set_profile
from governance.actions.reviews import review_team
from governance.actions.saving import cleaned, saved
from governance.actions.services import add_service, hand_over_service
from governance.actions.tokens import add_token, revoke_token
from governance.actions.trail import export_trail
from governance.actions.webhooks import (
    remove_webhook,
    renew_secret,
    resume_webhook,
    send_again,
    set_webhook,
)

__all__ = [
    "add_service",
    "add_team",
    "add_token",
    "add_user",
    "approve",
    "archive_team",
    "cleaned",
    "close",
    "deactivate",
    "end_session",
    "end_sessions",
    "evidence_digest",
    "export_trail",
    "hand_over_service",
    "pause_job",
    "reactivate",
    "reject",
    "remove_webhook",
    "rename_below",
    "renew_secret",
    "request_approval",
    "resume_job",
    "resume_webhook",
    "review_team",
    "revoke_token",
    "run_job",
    "saved",
    "send_again",
    "set_email",
    "set_profile",
    "set_roles",
    "set_ways",
    "set_webhook",
    "unarchive_team",
    "use_approvals",
    "void_below",
    "void_changed",
    "vote",
    "when_approved",
    "withdraw_about",
]
