"""What each role may do. A person may hold several in a team; the rights add up.

The duties follow who answers for what: data engineers for datasets, pipelines and their quality; data
scientists for models and evaluations; DevOps engineers for what runs; stewards decide.
"""

from __future__ import annotations

USE = frozenset({"team.view", "release.view", "version.download", "artifact.follow", "artifact.unfollow"})
USE |= {"article.view", "article.comment", "article.watch", "article.unwatch", "article.rate"}
USE |= {"article.acknowledge"}
SEE = USE | {"version.view", "approval.view", "run.view"}
# Who may see something may ask to look into it where that takes a grant, and give the grant back.
ASK = frozenset({"grant.request", "grant.end"})
LOOK = SEE | {"event.view", "job.view"}
# Whoever works on things writes down what the team knows of them.
KNOW = frozenset({"article.add", "article.edit", "article.restore", "article.verify"})
KNOW |= {"article.archive", "article.unarchive", "article.attach", "article.detach", "decision.add"}
KNOW |= {"article.import", "twins.part", "twins.pair", "collection.add", "collection.edit"}
# Whose yes a gate may ask for. Usually it takes stewards: the policy `approver_role` says no to the others.
APPROVERS = ("steward", "data-scientist", "data-engineer", "devops-engineer")
DECIDE = frozenset({"approval.approve", "approval.reject"})
# Whoever works on something works through its playbooks.
RUN = frozenset(
    {"run.start", "run.put", "run.comment", "run.hand_over", "run.pause", "run.resume", "run.cancel"}
    | {"run.follow_up", "run.followed_up"}
)
PUSH = (
    SEE
    | ASK
    | DECIDE
    | RUN
    | KNOW
    | {
        "artifact.add",
        "artifact.edit",
        "artifact.archive",
        "artifact.unarchive",
        "artifact.rename",
        "artifact.delete",
        "artifact.restore",
        "version.add",
        "version.submit",
        "version.withdraw",
        "version.delete",
        "version.recheck",
        "version.evaluate",
        "finding.triage",
        "alias.move",
        "approval.request",
        "record.add",
        "record.add_operated",
        "record.withdraw",
        "dataset.declare",
        "contract.set",
        "dataset.restrict",
        "dataset.open",
        "grant.approve",
        "grant.reject",
    }
)
# Whoever runs things knows how they are deployed, what they bear, cost and lose, and declares that.
OPERATE = frozenset({"record.add_operated", "record.withdraw"})

ROLES: dict[str, frozenset[str]] = {
    "reader": USE | ASK,
    "data-engineer": PUSH,
    "data-scientist": PUSH,
    "devops-engineer": SEE
    | ASK
    | DECIDE
    | RUN
    | OPERATE
    | KNOW
    | {"version.promote", "version.rollback", "version.recheck", "finding.triage", "approval.request"},
    "steward": PUSH
    | {
        "artifact.hold",
        "artifact.release_hold",
        "collection.view",
        "article.ask_reading",
        "article.end_reading",
        "finding.waive",
        "run.waive",
        "playbook.set",
        "glass.confirm",
        "glass.reject",
        "trigger.add",
        "trigger.switch_on",
        "trigger.switch_off",
        "name.add",
        "name.end",
        "signing_key.add",
        "signing_key.end",
        "gate.request",
        "gate.confirm",
        "gate.reject",
        "invitation.add",
        "invitation.revoke",
        "member.set",
        "service.add",
        "service.hand_over",
        "team.archive",
        "team.require_factor",
        "event.view",
        "job.view",
        "version.reinstate",
        "version.rollback",
        "wanted.dismiss",
        "webhook.set",
    },
    "auditor": SEE | ASK | {"event.view", "job.view"},
}

DUTIES: dict[str, str] = {
    "reader": "Sees and uses what is released.",
    "data-engineer": "Owns datasets, pipelines and their quality; pushes anything.",
    "data-scientist": "Owns models and evaluations; pushes anything and asks for promotion.",
    "devops-engineer": "Promotes what is approved, runs it, and rolls it back.",
    "steward": "Approves, waives, manages the team, reads its trail; may push, never decides on own work.",
    "auditor": "Sees everything of the team including the trail, and changes nothing.",
}

# The site administrator manages people, teams and jobs and has no right on a team's content.
SITE: frozenset[str] = frozenset(
    {"user.add", "team.add", "team.view", "member.set", "system.view", "key.copied"}
)
SITE |= {"glass.ask", "glass.confirm", "glass.reject"}
SITE |= {"service.add", "service.hand_over", "user.deactivate", "user.reactivate"}
SITE |= {"team.archive", "team.unarchive", "lock.lift", "factor.reset", "invitation.add", "invitation.revoke"}
SITE |= {"job.view", "job.run", "job.pause", "job.resume", "demo.load"}

# Programs do not decide: no service account gets one of these.
PEOPLE_ONLY: frozenset[str] = frozenset({"steward"})

# What everybody who has signed in may do with what is theirs.
OWN: frozenset[str] = frozenset({"token.add", "token.revoke", "notification.set"})
OWN |= {"factor.add", "factor.remove", "codes.renew"}
OWN |= {"profile.set", "email.set", "session.end", "session.confirm", "password.reset", "trail.export"}

# What may do much harm from a browser that somebody left open: it takes a sign-in of a few minutes ago.
CONFIRMED: frozenset[str] = frozenset({"token.add", "email.set", "user.deactivate", "invitation.add"})
CONFIRMED |= {"factor.add", "factor.remove", "factor.reset", "codes.renew"}
CONFIRMED |= {"team.require_factor", "gate.request", "gate.confirm", "gate.reject"}


def allowing(action: str) -> list[str]:
    """The roles that hold an action, in the order of the table."""
    return [name for name, actions in ROLES.items() if action in actions]
