"""A team's own names are added to its list, from a finding, and taken off it."""

from __future__ import annotations

from django.utils import timezone

from governance import access, audit
from governance.actions import saved, void_changed
from governance.audit import action
from governance.errors import Conflict, Invalid
from governance.models import Approval, User
from registry.actions.artifacts import lock
from registry.actions.gates import lock_team
from registry.models import Finding, KnownName, Version
from registry.subjects import versions_called


@action("name.add")
def add_name(finding: Finding, *, reason: str, by: User) -> KnownName:
    """Say that the name of a finding is the team's own. Every file of the team is judged by it at once."""
    team = lock_team(finding.version.team)
    finding = Finding.objects.select_related("version__artifact__team", "version__added_by").get(
        pk=finding.pk
    )
    access.check(by, "name.add", finding.version)
    check_can_be_known(finding)
    if not reason.strip():
        raise Invalid("Say whose name it is.", errors={"reason": ["Say what it is and where it comes from."]})
    if team.known_names.in_force().filter(name=finding.name).exists():
        raise Conflict(f"{team.slug} knows {finding.name} already.")
    known = saved(KnownName(team=team, name=finding.name, reason=reason, added_by=by))
    after = {"name": known.name, "finding": finding.pk}
    audit.record("name.add", finding.version, by=by, reason=reason, after=after)
    judge_again(known, by=by)
    return known


@action("name.end")
def end_name(known: KnownName, *, by: User) -> bool:
    """Take a name off the list. What it covered counts again, at once."""
    team = lock_team(known.team)
    access.check(by, "name.end", team)
    now = KnownName.objects.in_force().filter(pk=known.pk)
    if now.update(ended_at=timezone.now(), ended_by=by) != 1:
        return False
    audit.record("name.end", known, by=by, before={"name": known.name})
    judge_again(known, by=by)
    return True


def check_can_be_known(finding: Finding) -> None:
    if finding.closed_at is not None:
        raise Conflict("This finding is closed: there is nothing to judge again.")
    if not finding.can_be_known:
        raise Conflict("Only a name that is unknown can be the team's own; what is known to be bad cannot.")


def judge_again(known: KnownName, *, by: User) -> None:
    """Close every open request whose evidence this has changed."""
    asked = Approval.objects.open().filter(team=known.team)
    labels = set(asked.values_list("subject", flat=True))
    with_it = Version.objects.filter(versions_called(labels), findings__name=known.name).distinct()
    for version in with_it.select_related("artifact__team", "added_by").order_by("artifact", "number"):
        lock(version.artifact_id)
        void_changed(version, by=by)
