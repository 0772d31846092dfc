"""A run, its steps and what happened in it, as pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from governance import sentences, subjects
from governance.models import Event, User
from governance.pages import why_not
from governance.prepared import prepared
from governance.sentences import spoken
from kb.models import Entry, Run, RunPerson
from kb.playbooks import ROLES, Playbook
from kb.proving import Proof, StepNow
from kb.proving.found import CHANGED, FAILED, MISSING, PRIOR, PROVED, SILENT, WAIVED
from registry.quality import QUALITY

# The state of a run: its colour, its shape, its word.
RUNS = {
    "open": ("info", "running", "Open"),
    "paused": ("warn", "clock", "Paused"),
    "done": ("good", "good", "Finished"),
    "cancelled": ("neutral", "x", "Cancelled"),
    "passed": ("good", "check", "Closed itself"),
}
STEPS = {
    "proved": ("good", "good", "Proved"),
    "waived": ("warn", "clock", "Waived"),
    "skipped": ("neutral", "neutral", "Not taken"),
    "open": ("info", "running", "Open"),
    "later": ("neutral", "neutral", "Later"),
    "fallen": ("warn", "warn", "Does not hold"),
}
PROOFS = {
    PROVED: "good",
    WAIVED: "warn",
    PRIOR: "info",
    FAILED: "blocked",
    CHANGED: "warn",
    MISSING: "neutral",
    SILENT: "neutral",
}
MARKS = {"info": "info", "warn": "warn", "good": "good", "blocked": "blocked", "neutral": "neutral"}
ENTRIES = {
    Entry.STATEMENT: ("neutral", "approve", "{by} said for “{step}”:"),
    Entry.NUMBER: ("neutral", "approve", "{by} measured {number} for “{step}”."),
    Entry.CHOICE: ("neutral", "approve", "{by} chose “{text}” at “{step}”."),
    Entry.BIND: ("neutral", "link", "{by} bound {label} to “{step}”."),
    Entry.ACCEPT: ("warn", "check", "{by} accepted what was there before for “{step}”."),
    Entry.WAIVER: ("warn", "clock", "{by} waived “{step}” until {until}."),
    Entry.COMMENT: ("neutral", "article", "{by}:"),
    Entry.CHANGE: ("neutral", "people", "{by}: {text}"),
}
QUOTED = frozenset({Entry.STATEMENT, Entry.COMMENT, Entry.WAIVER})
OWN_EVENTS = ("run.start", "run.prove", "run.fall", "run.end", "run.pass")
MOST_SHOWN = 300
MOST_OF_A_STEP = 50


@dataclass(frozen=True)
class ProofRow:
    """One line of evidence."""

    state: str
    icon: str
    kind: str
    said: str
    href: str
    digest: str
    meta: str
    accepts: bool
    place: int


@dataclass(frozen=True)
class StepRow:
    now: StepNow
    colour: str
    icon: str
    word: str
    who: str
    proofs: list[ProofRow]
    is_mine: bool
    current: bool
    href: str
    why_not: str = ""
    forms: list[Any] = field(default_factory=list)


def step_rows(run: Run, steps: list[StepNow], person: User, now: datetime | None = None) -> list[StepRow]:
    """All of them. The first open one that is this person's is the current one."""
    labels = {proof.label for each in steps for proof in each.proofs if proof.label}
    seen = subjects.visible(person, labels | {run.subject})
    moment = now or timezone.now()
    rows: list[StepRow] = []
    for each in steps:
        mine = is_for(each, person) and run.state == "open"
        first = mine and not any(row.current for row in rows)
        rows.append(step_row(run, each, mine, first, seen, moment))
    return rows


def is_for(now: StepNow, person: User) -> bool:
    return now.state in ("open", "fallen") and person.pk in {each.pk for each in now.people}


def step_row(run: Run, now: StepNow, mine: bool, current: bool, seen: set[str], moment: datetime) -> StepRow:
    colour, shape, word = STEPS[now.state]
    due = f", due {now.due_at:%-d %B}" if now.due_at and not now.finished and run.state == "open" else ""
    if now.overdue(moment) and run.state == "open":
        colour, word, due = "warn", "Overdue", f" since {now.due_at:%-d %B}"
    if mine:
        word = f"Yours{due}" if word == "Open" else f"{word}, yours{due}"
    elif now.state == "open" or word == "Overdue":
        word = f"{word}{due}"
    proofs = [proof_row(proof, seen, cure(run, proof, seen)) for proof in now.proofs]
    href = reverse("kb:step", args=[run.pk, now.step.key])
    return StepRow(now, colour, shape, word, who(now), proofs, mine, current, href)


def who(now: StepNow) -> str:
    names = [f"{each}{'' if each.is_active else ' (left)'}" for each in now.people]
    return ", ".join(names) or ", ".join(ROLES[role].lower() for role in now.step.roles)


CURES = {"operation": "records/#operated", "evidence": "evaluations/#judged"}


def cure(run: Run, proof: Proof, seen: set[str]) -> str:
    """Where what a check of the version lacks is given, for who sees the version."""
    check = QUALITY.get(proof.need.check)
    if proof.state != SILENT or check is None or run.subject not in seen or "/versions/" not in run.subject:
        return ""
    page = CURES.get(check.about, "")
    return f"/{run.subject}/{page}" if page else ""


def proof_row(proof: Proof, seen: set[str], cure: str) -> ProofRow:
    """What somebody may not see is not named."""
    colour = PROOFS[proof.state]
    known = not proof.label or proof.label in seen
    said = proof.said if known else "something that you may not see"
    by = f"{proof.by}, {proof.at:%-d %b %H:%M}" if proof.by and proof.at else proof.by
    meta = f"{by}, before this run began" if proof.state == PRIOR else by
    digest = proof.digest if known and proof.state not in (MISSING, SILENT) else ""
    href = subjects.url(proof.label) if proof.label and known else cure
    accepts = proof.state == PRIOR
    return ProofRow(colour, MARKS[colour], proof.need.kind, said, href, digest, meta, accepts, proof.place)


@dataclass(frozen=True)
class Progress:
    done: int
    of: int
    said: str


def progress(steps: list[StepNow]) -> Progress:
    """“4 of 8 steps proved”, and what of the others."""
    taken = [each for each in steps if each.state != "skipped"]
    done = [each for each in taken if each.finished]
    fell = sum(each.state == "fallen" for each in taken)
    counts = {
        "does not hold" if fell == 1 else "do not hold": fell,
        "waived": sum(each.state == "waived" for each in taken),
        "open": sum(each.state == "open" for each in taken),
        "later": sum(each.state == "later" for each in taken),
    }
    return Progress(len(done), len(taken), ", ".join(f"{n} {word}" for word, n in counts.items() if n))


# ------------------------------------------------------------------ what happened


def happenings(run: Run, playbook: Playbook, person: User, most: int = MOST_SHOWN) -> list[dict[str, Any]]:
    """Newest first: what people wrote, and what came and fell. Who sees the run sees it."""
    titles = {step.key: step.title for step in playbook.steps}
    found = [written(entry, titles) for entry in newest_entries(person, most, run=run.pk)]
    if not run.confidential:
        found += [told(event) for event in own_events(most, label=run.label)]
    return sorted(found, key=lambda item: item["at"], reverse=True)[:most]


@prepared
def newest_entries(person: User, most: int, *, run: Any) -> QuerySet[Entry]:
    return Entry.objects.visible_to(person).filter(run=run).select_related("by").order_by("-pk")[:most]


@prepared
def entries_of_step(person: User, *, run: Any, step: Any) -> QuerySet[Entry]:
    seen = Entry.objects.visible_to(person).filter(run=run, step=step)
    return seen.select_related("by").order_by("-pk")[:MOST_OF_A_STEP]


@prepared
def own_events(most: int, *, label: Any) -> QuerySet[Event]:
    done = Event.objects.filter(subject=label, action__in=OWN_EVENTS, outcome="done")
    return done.order_by("-pk")[:most]


def written(entry: Entry, titles: dict[str, str]) -> dict[str, Any]:
    state, icon, words = ENTRIES[entry.kind]
    sentence = words.format(
        by=entry.by,
        step=titles.get(entry.step, entry.step),
        number=f"{entry.number:g}" if entry.number is not None else "",
        text=entry.text,
        label="a file" if entry.label.startswith("runs/") else spoken(entry.label),
        until=f"{entry.ends_at:%-d %B %Y}" if entry.ends_at else "",
    )
    meta = f"“{entry.text}”" if entry.kind in QUOTED else ""
    href = subjects.url(entry.label) if entry.label and entry.kind == Entry.BIND else ""
    return {"at": entry.at, "sentence": sentence, "state": state, "icon": icon, "meta": meta, "href": href}


def told(event: Event) -> dict[str, Any]:
    return {**sentences.entry(event), "meta": ""}


# ------------------------------------------------------------------ lists


@dataclass(frozen=True)
class RunRow:
    run: Run
    title: str
    href: str
    about: str
    badge: tuple[str, str, str]
    done: int
    of: int


def run_rows(runs: Iterable[Run], titles: dict[str, Playbook]) -> list[RunRow]:
    """How far each is, as people were last told: a list asks the registry nothing."""
    rows = []
    for run in runs:
        playbook = titles[run.playbook.digest]
        href = reverse("kb:run", args=[run.pk])
        about = "In confidence" if run.confidential else spoken(run.subject)
        rows.append(
            RunRow(run, playbook.title, href, about, RUNS[run.state], len(run.told), len(playbook.steps))
        )
    return rows


def people_of(run: Run) -> list[tuple[str, list[User]]]:
    """By role, in the order of ROLES."""
    found: dict[str, list[User]] = {}
    for part in people_in(run=run.pk):
        found.setdefault(part.role, []).append(part.user)
    return [(ROLES[role], found[role]) for role in ROLES if role in found]


@prepared
def people_in(*, run: Any) -> QuerySet[RunPerson]:
    return RunPerson.objects.filter(run=run).select_related("user")


def closed_to(person: User, run: Run, action: str, **about: Any) -> str:
    """Why something may not be done, for its button."""
    return why_not(person, action, run, **about)
