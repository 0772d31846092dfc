"""What of a run is proved: worked out from the registry each time it is read, by as many queries for any run.

Nothing of it is stored, so a step opens again by itself when its evidence is withdrawn, replaced or fails
later. "Not evaluated" is never a proof.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from kb.models import Entry, Run
from kb.playbooks import Need, Playbook, Step, read
from kb.process import process_of
from kb.proving.found import CHANGED, FAILED, PRIOR, PROVED, SILENT, WAIVED, Found, Proof, StepNow, put
from kb.proving.pairs import Pairs
from registry.operating import moment
from registry.quality import QUALITY, judged

__all__ = ["PRIOR", "Proof", "Proving", "StepNow", "finished", "playbook_of", "steps_of"]


def playbook_of(run: Run) -> Playbook:
    """The text that the run pinned, whatever became of the file since."""
    return read(run.playbook.text)


def steps_of(run: Run, now: datetime | None = None) -> list[StepNow]:
    return Proving(run, now or timezone.now()).steps()


def finished(steps: Iterable[StepNow]) -> bool:
    return all(step.finished for step in steps)


class Proving(Pairs):
    """The evidence of one run. Each kind is looked up at most once, and only when a step asks for it."""

    def __init__(self, run: Run, now: datetime) -> None:
        self.run, self.now = run, now
        self.playbook = playbook_of(run)
        self.needs = [need for step in self.playbook.steps for need in step.needs]
        self.so_far: dict[str, StepNow] = {}

    def steps(self) -> list[StepNow]:
        done = self.so_far = {}
        for step in self.playbook.steps:
            done[step.key] = self.step(step)
        behind: dict[str, bool] = {}
        for key, now in done.items():
            if now.state == "open" and not all(self.is_behind(each, behind) for each in now.step.after):
                done[key] = StepNow(**{**now.__dict__, "state": "later"})
        return list(done.values())

    def is_behind(self, key: str, known: dict[str, bool]) -> bool:
        """Whether a step is finished. What is not taken opens nothing before those that it comes after."""
        if key not in known:
            now = self.so_far[key]
            known[key] = now.finished
            if now.state == "skipped":
                known[key] = all(self.is_behind(each, known) for each in now.step.after)
        return known[key]

    def step(self, step: Step) -> StepNow:
        due = self.run.started_at + timedelta(days=step.days) if step.days is not None else None
        people = [each.user for each in self.people if each.role in step.roles]
        if not self.is_taken(step):
            return StepNow(step, "skipped", [])
        proofs = [self.proof(step, place, need) for place, need in enumerate(step.needs)]
        waiver = self.waiver(step)
        return StepNow(step, self.state(step, proofs, waiver), proofs, people, waiver, due)

    def state(self, step: Step, proofs: list[Proof], waiver: Entry | None) -> str:
        if all(proof.holds for proof in proofs):
            return "waived" if any(proof.state == WAIVED for proof in proofs) else "proved"
        if waiver is not None:
            return "waived"
        fell = any(proof.state in (FAILED, CHANGED) for proof in proofs) or self.was_finished(step)
        return "fallen" if fell else "open"

    def was_finished(self, step: Step) -> bool:
        """Whether people were told so; of a finished run each one was."""
        return step.key in self.run.told or self.run.outcome == "done"

    def waiver(self, step: Step) -> Entry | None:
        """The newest one of a step, when it is in force."""
        given = [entry for entry in self.entries if entry.kind == Entry.WAIVER and entry.step == step.key]
        return given[-1] if given and given[-1].ends_at and given[-1].ends_at > self.now else None

    def proof(self, step: Step, place: int, need: Need) -> Proof:
        look: Callable[[Step, int, Need], Found] = getattr(self, f"of_{need.kind}")
        found = look(step, place, need)
        state = found.state
        if state in (PROVED, WAIVED) and found.at and found.at < self.run.started_at:
            state = found.state if self.accepted(step, place, found) else PRIOR
        said = found.said or need.text
        return Proof(need, place, state, said, found.label, found.digest, found.by, found.at)

    def of_check(self, step: Step, place: int, need: Need) -> Found:
        about = QUALITY.get(need.check)
        process = about is not None and about.about == "process"
        return self.of_process(need.check) if process else super().of_check(step, place, need)

    def of_decision(self, step: Step, place: int, need: Need) -> Found:
        """Where it has to be older than what is declared, that says when it began, or nobody can tell."""
        found, last = super().of_decision(step, place, need), self.newest(step, place, Entry.BIND)
        declared = [each for each in self.standing_records if each.kind == need.before] if need.before else []
        if found.state != PROVED or last is None or not declared:
            return found
        began = [at for each in declared if (at := moment(each.data.get("began_at")))]
        if len(began) < len(declared):
            return Found(SILENT, f"{found.said}. Not evaluated: a {need.before} record does not say began_at")
        decided = self.decided.get(last.label)
        if decided is None or decided >= min(began):
            said = f"{found.said} was decided after the {need.before} began"
            return put(last, said, FAILED, last.label)
        return found

    def of_process(self, name: str) -> Found:
        """How this very run was gone through. What cannot be made good any more is told and stops nothing."""
        skipped = {key for key, now in self.so_far.items() if now.state == "skipped"}
        process = process_of(self.run, self.playbook, self.entries, self.people, skipped)
        (_, issues, needs), *_ = judged(process)
        about: dict[str, Any] = {"label": self.run.label, "digest": self.run.digest, "by": "Steward"}
        if grave := [each for each in issues if each.severity in ("critical", "high")]:
            return Found(FAILED, f"{name}: {grave[0].message[:200]}", **about)
        if needs:
            return Found(SILENT, f"{name} is not evaluated: it needs {needs[0].what}")
        remarks = " ".join(each.message for each in issues)[:300]
        return Found(PROVED, f"{name} found nothing that stops it. {remarks}".strip(), at=self.now, **about)

    def accepted(self, step: Step, place: int, found: Found) -> bool:
        """Whether somebody said that this very evidence proves it although it is older than the run."""
        return any(
            entry.kind == Entry.ACCEPT and entry.digest == found.digest and entry.label == found.label
            for entry in self.written(step, place)
        )
