"""What every action on a run does: lock it, ask, keep it on the record, and tell who takes part."""

from __future__ import annotations

from typing import Any, NoReturn

from django.utils import timezone

from governance import access, audit
from governance.actions import saved
from governance.errors import Conflict, Denied, Invalid
from governance.models import User
from governance.origin import NOWHERE, origin
from governance.telling import tell
from kb.models import Entry, Run
from kb.proving import StepNow
from registry.models import Version
from registry.subjects import versions_called

CONFIDENTIAL = "runs/confidential"
"""What the trail calls all of those that are in confidence."""


def locked(run: Run) -> Run:
    found = Run.objects.select_for_update(of=("self",)).select_related("team", "playbook", "started_by")
    return found.get(pk=run.pk)


def at_work(run: Run) -> Run:
    """Locked, and in a state in which something can be done in it."""
    run = locked(run)
    if run.closed_at:
        raise Conflict(f"This run is closed: {run.outcome}.")
    if run.paused_at:
        raise Conflict("This run pauses: resume it first.")
    return run


def allowed(by: User, name: str, run: Run, step: StepNow | None = None, kind: str = "") -> None:
    """Ask whether this may be done. What is refused in a confidential run leaves no trace of who tried."""
    about: dict[str, Any] = {"step": step} if step is not None else {}
    about |= {"kind": kind} if kind else {}
    try:
        access.check(by, name, run, **about)
    except Denied as denied:
        if run.confidential:
            raise Conflict(denied.sentence) from denied
        raise


def changed(run: Run, text: str, by: User) -> None:
    """Keep in the run itself what became of it: of a confidential one nothing else does."""
    saved(Entry(run=run, by=by, kind=Entry.CHANGE, text=text))


def noted(name: str, run: Run, *, by: User, after: Any = None, reason: str = "") -> None:
    """On the record. Of a confidential run the trail says that there was something, neither what nor who:
    that stands in the run."""
    if not run.confidential:
        audit.record(name, run, by=by, after=after, reason=reason)
        return
    Run.objects.filter(pk=run.pk).update(stirred=True)
    mark = origin.set(NOWHERE)
    try:
        audit.record("run.confidential", CONFIDENTIAL, by=None)
    finally:
        origin.reset(mark)


def remind(run: Run, people: set[User], titles: list[str]) -> None:
    """Tell those whose steps are late."""
    more = f" and {len(titles) - 1} more" if len(titles) > 1 else ""
    kind = "run-confidential" if run.confidential else "run-late"
    told(run, people, f"“{titles[0]}”{more} of run {run.pk} should be done by now.", kind)


def told(run: Run, people: set[User], sentence: str, kind: str = "run") -> None:
    """Tell them, in a confidential run without a word of what it is about, and by a webhook only what all of
    the team may look into."""
    if run.confidential:
        kind, sentence = "run-confidential", "There is news in a run that you are named in."
    if people:
        ordered = sorted(people, key=lambda each: each.pk)
        tell(kind, ordered, run, sentence, privately=is_restricted(run))


def is_restricted(run: Run) -> bool:
    """Whether it is about what not all of the team may look into."""
    return Version.objects.filter(versions_called([run.subject]), artifact__restricted=True).exists()


def everybody(run: Run) -> set[User]:
    return {part.user for part in run.people.select_related("user")}


def people_now(run: Run, but: str = "") -> dict[str, list[User]]:
    found: dict[str, list[User]] = {}
    for part in run.people.select_related("user").exclude(role=but):
        found.setdefault(part.role, []).append(part.user)
    return found


def end(run: Run, outcome: str, reason: str) -> None:
    run.closed_at, run.outcome, run.reason, run.paused_at = timezone.now(), outcome, reason, None
    run.clean_fields()
    run.save(update_fields=["closed_at", "outcome", "reason", "paused_at"])


def give_reason(reason: str) -> None:
    if not reason.strip():
        refuse("reason", "Say why.")


def refuse(field: str, sentence: str) -> NoReturn:
    raise Invalid(sentence, errors={field: [sentence]})
