"""What is written into a run: evidence, acceptances, waivers and comments."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import isfinite
from typing import Any

from django.utils import timezone

from governance import access, subjects
from governance.actions import saved
from governance.audit import action
from governance.errors import Absent, Conflict
from governance.models import User
from kb.actions.pairing import name_pair
from kb.actions.run_parts import allowed, at_work, locked, noted, refuse
from kb.models import Entry, Run
from kb.playbooks import Need, digest_of
from kb.proving import PRIOR, StepNow, steps_of

MOST_WRITTEN = 2_000  # entries of one run
LONGEST_WAIVER = timedelta(days=90)
BINDS = {"article": ("article",), "decision": ("decision",), "upload": ("version",)}


@action("run.put")
def put(
    run: Run,
    step: str,
    need: int,
    *,
    text: str = "",
    number: float | None = None,
    label: str = "",
    by: User,
) -> Entry:
    """Put in what a step asks a person for: a statement, a number, a choice, or what proves it elsewhere."""
    run = at_work(run)
    now, asked = find_need(run, step, need)
    allowed(by, "run.put", run, step=now, kind=asked.kind)
    in_turn(run, now)
    entry = Entry(run=run, step=step, need=need, by=by)
    if asked.kind in BINDS:
        bind(entry, asked, label, by)
    elif asked.kind == "pair":
        name_pair(entry, label, number, text, by)
    elif asked.kind == "number":
        measure(entry, number)
    elif asked.kind in ("statement", "choice"):
        say(entry, asked, text)
    else:
        raise Conflict("The registry proves this by itself: nobody puts it in.")
    return written(run, entry, {"step": now.step.title, "what": asked.text}, "run.put")


def bind(entry: Entry, asked: Need, label: str, by: User) -> None:
    kind, thing = subjects.find(by, label.strip().strip("/"))
    if kind.name not in BINDS[asked.kind]:
        refuse("label", f"This is no {asked.kind}: it is a {kind.name}.")
    if access.team_of(thing) != entry.run.team:
        refuse("label", f"It is not {entry.run.team.slug}'s: evidence of another team proves nothing here.")
    entry.kind, entry.label, entry.digest = Entry.BIND, thing.label, getattr(thing, "digest", "")
    if asked.kind == "upload" and not entry.digest:
        raise Conflict("It is a draft: submit it first.")


def measure(entry: Entry, number: float | None) -> None:
    if number is None or not isfinite(number):
        refuse("number", "Give a number.")
    entry.kind, entry.number, entry.digest = Entry.NUMBER, number, digest_of(repr(number))


def say(entry: Entry, asked: Need, text: str) -> None:
    if not text.strip():
        refuse("text", "Say it in words.")
    if asked.kind == "choice" and text not in asked.options:
        refuse("text", f"Choose one of: {', '.join(asked.options)}.")
    entry.kind, entry.text, entry.digest = asked.kind, text, digest_of(text)


@action("run.accept")
def accept(run: Run, step: str, need: int, *, digest: str, by: User) -> Entry:
    """Say that evidence that is older than the run proves a step all the same: this one, with this digest."""
    run = at_work(run)
    now, asked = find_need(run, step, need)
    allowed(by, "run.put", run, step=now, kind=Entry.ACCEPT)
    proof = now.proofs[need]
    if proof.state != PRIOR:
        raise Conflict("There is no older evidence to accept here.")
    if proof.digest != digest:
        raise Conflict("The evidence is not the one that you were shown. Load the page again.")
    entry = Entry(run=run, step=step, need=need, by=by, kind=Entry.ACCEPT)
    entry.label, entry.digest = proof.label, proof.digest
    return written(run, entry, {"step": now.step.title, "what": asked.text}, "run.accept")


@action("run.waive")
def waive_step(run: Run, step: str, *, reason: str, ends_at: datetime, by: User) -> Entry:
    """Let a step pass without its evidence: in one's own name, for a reason, until a day."""
    run = at_work(run)
    now = find_step(run, step)
    allowed(by, "run.waive", run, step=now)
    if run.confidential:
        raise Conflict("Nobody is passed over in a confidential run: none of its steps is waived.")
    if not reason.strip():
        refuse("reason", "Say why this step may pass without its evidence.")
    if not timezone.now() < ends_at <= timezone.now() + LONGEST_WAIVER:
        refuse("ends_at", f"A waiver ends in the future, at most {LONGEST_WAIVER.days} days from now.")
    if now.finished:
        raise Conflict("This step is finished: there is nothing to waive.")
    entry = Entry(run=run, step=step, by=by, kind=Entry.WAIVER, text=reason, ends_at=ends_at)
    return written(run, entry, {"step": now.step.title, "until": ends_at.date().isoformat()}, "run.waive")


@action("run.comment")
def comment(run: Run, text: str, *, by: User) -> Entry:
    run = locked(run)
    allowed(by, "run.comment", run)
    if not text.strip():
        refuse("text", "Say something.")
    return written(run, Entry(run=run, by=by, kind=Entry.COMMENT, text=text), {}, "run.comment")


# ------------------------------------------------------------------ parts


def find_step(run: Run, key: str) -> StepNow:
    for now in steps_of(run):
        if now.step.key == key:
            return now
    raise Absent(f"This run has no step {key[:60]}.")


def find_need(run: Run, key: str, place: int) -> tuple[StepNow, Need]:
    now = find_step(run, key)
    if now.state == "skipped":
        raise Conflict("This step is not taken: the choice before it leads elsewhere.")
    if not 0 <= place < len(now.step.needs):
        raise Absent("This step asks for nothing like that.")
    return now, now.step.needs[place]


def in_turn(run: Run, now: StepNow) -> None:
    """A confidential run keeps its order: nothing is decided before everybody was heard."""
    if run.confidential and now.state == "later":
        raise Conflict("The steps before this one are not finished: first everybody is heard.")


def written(run: Run, entry: Entry, after: dict[str, Any], name: str) -> Entry:
    if run.entries.count() >= MOST_WRITTEN:
        raise Conflict(f"A run holds at most {MOST_WRITTEN:,} entries.")
    entry = saved(entry)
    noted(name, run, by=entry.by, after={**after, "entry": entry.pk, "sha256": entry.digest})
    return entry
