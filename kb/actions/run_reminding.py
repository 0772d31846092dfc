"""Who takes part in runs hears of what is due after them, and stewards of playbooks that nobody runs."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from governance.telling import holding, tell
from kb.actions.run_parts import everybody, is_restricted, told
from kb.models import FollowUp, PlaybookVersion, Run


@transaction.atomic
def remind_follow_up(found: FollowUp) -> bool:
    """Tell its owner that its day has come; noted, so that nobody is told twice."""
    rows = FollowUp.objects.open().filter(pk=found.pk, reminded_at=found.reminded_at)
    if not rows.update(reminded_at=timezone.now()):
        return False
    told(found.run, {found.owner}, f"A follow-up of run {found.run.pk} is due: {found.text}", "run-late")
    return True


@transaction.atomic
def ask_for_retrospective(run: Run) -> bool:
    """Those who took part; the stewards where nobody was named."""
    people = everybody(run) or {run.started_by, *holding(run.team, "steward")}
    active = sorted((each for each in people if each.is_active), key=lambda each: each.pk)
    if active:
        sentence = f"Run {run.pk} is over: what was learned is not written down yet."
        tell("run-retrospective", active, run, sentence, privately=is_restricted(run))
    return bool(active)


@transaction.atomic
def tell_unused(row: PlaybookVersion) -> bool:
    stewards = holding(row.team, "steward") if row.team else []
    if stewards:
        tell("playbook-unused", stewards, row, f"Nobody has run your team's {row.code} for half a year.")
    return bool(stewards)
