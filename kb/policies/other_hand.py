"""Nobody waives a step of their own, nor one of a run that they began or that is about their work."""

from __future__ import annotations

from governance.access import Objection, able, policy
from governance.models import User
from kb.models import Entry, Run
from kb.proving import StepNow
from registry.models import Version
from registry.subjects import versions_called


@policy("run.waive")
def other_hand(person: User, run: Run, *, step: StepNow | None = None, **_: object) -> Objection | None:
    """A step that nobody is named for is anybody's, so it is not enough to look who does this one: else one
    person begins a run without names, waives all of it, and a gate takes it for finished."""
    mine = {each.pk for each in step.people} if step is not None else set()
    if person.counts_as & mine:
        return objection("Someone who does not do this step must waive it.", run, mine)
    inside = involved(run)
    if person.counts_as & inside:
        sentence = "Someone who neither began or changed this run nor made what it is about must do this."
        return objection(sentence, run, mine | inside)
    return None


def involved(run: Run) -> set[int]:
    """Who began it or said who does what in it, and who made what it is about."""
    changed = run.entries.filter(kind=Entry.CHANGE).order_by()
    keys = {run.started_by_id, *changed.values_list("by", flat=True).distinct()}
    version = Version.objects.filter(versions_called([run.subject])).first()
    return keys | (version.authors if version is not None else set())


def objection(sentence: str, run: Run, but: set[int]) -> Objection:
    who = able(run.team, "run.waive", but=but)
    return Objection(sentence, "another steward waives it.", who=who)
