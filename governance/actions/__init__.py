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
from governance.actions.confirming import confirm
from governance.actions.factors import add_app, add_passkey, remove_factor, renew_codes, reset_factors
from governance.actions.guarding import require_factor
from governance.actions.invitations import accept_invitation, add_invitation, join, revoke_invitation
from governance.actions.jobs import pause_job, resume_job, run_job
from governance.actions.locks import lift_lock
from governance.actions.notifications import set_ways
from governance.actions.people import (
    add_team,
    add_user,
    archive_team,
    set_roles,
    unarchive_team,
)
from governance.actions.profiles import end_session, end_sessions, set_email, set_profile
from governance.actions.resetting import reset_password
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
    "accept_invitation",
    "add_app",
    "add_invitation",
    "add_passkey",
    "add_service",
    "add_team",
    "add_token",
    "add_user",
    "approve",
    "archive_team",
    "cleaned",
    "close",
    "confirm",
    "deactivate",
    "end_session",
    "end_sessions",
    "evidence_digest",
    "export_trail",
    "hand_over_service",
    "join",
    "lift_lock",
    "pause_job",
    "reactivate",
    "reject",
    "remove_factor",
    "remove_webhook",
    "rename_below",
    "renew_codes",
    "renew_secret",
    "request_approval",
    "require_factor",
    "reset_factors",
    "reset_password",
    "resume_job",
    "resume_webhook",
    "review_team",
    "revoke_invitation",
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
