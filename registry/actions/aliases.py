"""Aliases move: by promotion through a gate, freely, or back."""

from __future__ import annotations

from django.utils import timezone

from governance import access, audit
from governance.actions import saved, use_approvals, when_approved
from governance.audit import action
from governance.errors import Conflict
from governance.models import Approval, User
from governance.telling import tell
from registry import incidents
from registry.actions.artifacts import because, lock, touch
from registry.actions.follows import news
from registry.actions.signing import sign
from registry.gate import draft_says
from registry.judging import PRODUCTION
from registry.models import Alias, Artifact, Kind, Move, Version
from registry.models.gates import gates_of
from registry.policies import granted
from registry.tasks import enqueue_judging

MOST_JUDGED = 20


@action("version.promote")
def promote(version: Version, alias: str, *, by: User) -> Alias:
    """Point a protected alias at a version. Pointing it where it points already changes nothing."""
    artifact = lock(version.artifact_id)
    version = Version.objects.select_related("artifact__team", "added_by").get(pk=version.pk)
    if version.is_draft:
        access.check_role(by, "version.promote", version)
        raise Conflict(draft_says(version))
    held = artifact.aliases.filter(name=alias, version=version).first()
    if held is not None:
        access.check(by, "version.view", version)
        return held
    access.check(by, "version.promote", version, alias=alias)
    return point(artifact, alias, version, name="version.promote", by=by)


@action("alias.move")
def move_alias(version: Version, alias: str, *, by: User) -> Alias:
    """Point an alias without a gate at a version."""
    artifact = lock(version.artifact_id)
    version = Version.objects.select_related("artifact__team").get(pk=version.pk)
    access.check(by, "alias.move", version, alias=alias)
    if alias in gates_of(artifact.team):
        raise Conflict(f"{alias} is protected: promote the version.")
    if version.is_draft:
        raise Conflict(draft_says(version))
    return point(artifact, alias, version, name="alias.move", by=by)


@action("version.rollback")
def roll_back(version: Version, alias: str, *, reason: str, by: User) -> Alias:
    """Point a protected alias back at a version that held it, with a reason."""
    artifact = lock(version.artifact_id)
    version = Version.objects.select_related("artifact__team").get(pk=version.pk)
    access.check(by, "version.rollback", version, alias=alias)
    reason = because(reason, "A rollback")
    if artifact.aliases.filter(name=alias, version=version).exists():
        raise Conflict(f"{alias} points at version {version.number} already.")
    return point(artifact, alias, version, name="version.rollback", reason=reason, by=by)


@when_approved
def promote_by_itself(approval: Approval, thing: Version) -> None:
    """Where the gate says so, promote what is approved, in the name of who asked. Everything is asked again
    at this moment; who asked is told what objects."""
    artifact = lock(thing.artifact_id)
    version = Version.objects.select_related("artifact__team", "added_by").get(pk=thing.pk)
    gate, asker = gates_of(version.team).get(approval.alias), approval.requested_by
    if gate is None or not gate.by_itself:
        return
    access.forget(asker)
    against = access.objections(asker, "version.promote", version, alias=approval.alias)
    if no_grant := granted.missing(asker, artifact):  # no door has asked whether they may see it
        against.append(no_grant)
    if against:
        why = " ".join(objection.sentence for objection in against)
        sentence = f"{version} is approved for {approval.alias} and was not promoted by itself: {why}"
        tell("approval-decided", [asker], approval, sentence)
        return
    reason = f"Approved, in the name of {asker}, who asked."
    point(artifact, approval.alias, version, name="version.promote", reason=reason, by=User.system())
    tell("approval-decided", [asker], approval, f"{version} is {approval.alias}: it was promoted by itself.")


def point(
    artifact: Artifact, name_of_alias: str, version: Version, *, name: str, reason: str = "", by: User
) -> Alias:
    """Move, note the move, use up the approvals, record."""
    now = timezone.now()
    alias = artifact.aliases.select_related("version").filter(name=name_of_alias).first()
    before = alias.version if alias else None
    if alias is None:
        alias = saved(Alias(artifact=artifact, name=name_of_alias, version=version, moved_at=now))
    elif before != version:
        alias.version, alias.moved_at = version, now
        alias.save(update_fields=["version", "moved_at"])
    Move.objects.create(
        artifact=artifact,
        alias=name_of_alias,
        version=version,
        before=before,
        protected=name_of_alias in gates_of(artifact.team),
        rollback=name == "version.rollback",
        reason=reason,
        by=by,
        at=now,
    )
    if name == "version.promote":
        use_approvals(version, name_of_alias, by=by)
        sign(version, name_of_alias)
    touch(artifact)
    audit.record(
        name,
        version,
        by=by,
        reason=reason,
        before={"alias": name_of_alias, "version": before.number if before else None},
        after={"alias": name_of_alias, "version": version.number},
    )
    incidents.derive(artifact)
    if name_of_alias == PRODUCTION:
        judge_again(artifact, but=version)
    how = "went back to" if name == "version.rollback" else "is now"
    news(version, f"{name_of_alias.capitalize()} of {artifact.name} {how} version {version.number}.", by=by)
    return alias


def judge_again(artifact: Artifact, *, but: Version) -> None:
    """The newest versions of a dataset, after commit: they are held against what production points at."""
    if artifact.kind == Kind.DATASET:
        frozen = artifact.versions.exclude(pk=but.pk).exclude(submitted_at=None).filter(withdrawn_at=None)
        for pk in frozen.order_by("-number").values_list("pk", flat=True)[:MOST_JUDGED]:
            enqueue_judging(pk)
