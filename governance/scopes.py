"""What a token may do of what its owner may: any uses and pushes, but decides and manages only as ticked.

Every action of `roles` stands here once: tests/governance/test_scopes.py.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

# Looking, using, pushing, and running what was decided: what programs are for.
ALWAYS: frozenset[str] = frozenset(
    {
        "team.view",
        "release.view",
        "version.view",
        "version.download",
        "approval.view",
        "event.view",
        "job.view",
        "system.view",
        "article.view",
        "collection.view",
        "article.add",
        "article.edit",
        "article.restore",
        "article.comment",
        "article.watch",
        "article.unwatch",
        "article.rate",
        "article.attach",
        "article.import",
        "twins.part",
        "twins.pair",
        "article.detach",
        "collection.add",
        "collection.edit",
        "decision.add",
        "artifact.add",
        "artifact.edit",
        "artifact.follow",
        "artifact.unfollow",
        "version.add",
        "version.submit",
        "version.delete",
        "version.recheck",
        "version.evaluate",
        "finding.triage",
        "alias.move",
        "approval.request",
        "dataset.declare",
        "contract.set",
        "record.add",
        "record.add_operated",
        "record.withdraw",
        "grant.request",
        "version.promote",
        "version.rollback",
        "run.view",
        "run.start",
        "run.put",
        "run.comment",
        "run.hand_over",
        "run.pause",
        "run.resume",
        "run.cancel",
        "run.follow_up",
        "run.followed_up",
    }
)


@dataclass(frozen=True)
class Group:
    """Actions that a token may do when this was ticked. `words` complete "This token may not …"."""

    label: str
    words: str
    help: str
    actions: frozenset[str]


GROUPS: dict[str, Group] = {
    "approve": Group(
        "Approve",
        "approve, reject or verify",
        "Says yes or no to requests, and that articles hold, in your name.",
        frozenset(
            {
                "approval.approve",
                "approval.reject",
                "gate.confirm",
                "gate.reject",
                "article.verify",
                "article.acknowledge",
            }
        )
        | {"grant.approve", "grant.reject", "grant.end", "glass.confirm", "glass.reject"},
    ),
    "waive": Group(
        "Waive",
        "waive findings or make names known",
        "Accepts findings and unknown names, in your name.",
        frozenset({"finding.waive", "name.add", "name.end", "run.waive"}),
    ),
    "manage": Group(
        "Manage",
        "manage artifacts, people, teams, gates, webhooks, jobs or tokens",
        "Changes who may do what, and makes other tokens.",
        frozenset(
            {
                "article.ask_reading",
                "article.end_reading",
                "article.archive",
                "article.unarchive",
                "wanted.dismiss",
                "artifact.archive",
                "artifact.delete",
                "artifact.hold",
                "artifact.release_hold",
                "artifact.rename",
                "artifact.restore",
                "artifact.unarchive",
                "version.withdraw",
                "version.reinstate",
                "member.set",
                "service.add",
                "service.hand_over",
                "gate.request",
                "playbook.set",
                "glass.ask",
                "trigger.add",
                "trigger.switch_on",
                "trigger.switch_off",
                "signing_key.add",
                "signing_key.end",
                "dataset.restrict",
                "dataset.open",
                "webhook.set",
                "user.add",
                "user.deactivate",
                "user.reactivate",
                "team.add",
                "team.archive",
                "team.unarchive",
                "team.require_factor",
                "job.run",
                "job.pause",
                "job.resume",
                "demo.load",
                "key.copied",
                "lock.lift",
                "token.add",
                "token.revoke",
                "notification.set",
                "profile.set",
                "email.set",
                "session.end",
                "trail.export",
                "session.confirm",
                "password.reset",
                "factor.add",
                "factor.remove",
                "factor.reset",
                "codes.renew",
                "invitation.add",
                "invitation.revoke",
            }
        ),
    ),
}


def group_of(action: str) -> str:
    """What must have been ticked for an action; nothing for what any token may do."""
    return next((name for name, group in GROUPS.items() if action in group.actions), "")


@cache
def allowed(*ticks: bool) -> frozenset[str] | None:
    """The actions of a token with these ticks, in the order of GROUPS. None when all are: it acts as its
    owner, and nothing is looked up."""
    if all(ticks):
        return None
    return ALWAYS.union(*(group.actions for group, yes in zip(GROUPS.values(), ticks, strict=True) if yes))


def said(groups: Collection[str]) -> str:
    """“use, push, approve”: what a token may do, in a list of tokens."""
    ticked = [group.label.lower() for name, group in GROUPS.items() if name in groups]
    return ", ".join(["use", "push", *ticked])
