"""Which steps of a run are taken. What is not known yet leaves none out."""

from __future__ import annotations

from kb.models import Entry
from kb.playbooks import Step
from kb.playbooks.conditions import When
from kb.proving.found import StepNow
from kb.proving.known import Known, told
from kb.proving.written import Written


class Taken(Written, Known):
    """Of one run, step by step: `so_far` are the steps before, as they stand."""

    so_far: dict[str, StepNow]

    def is_taken(self, step: Step) -> bool:
        when = step.when
        return when is None or (self.by_step(when) and self.by_subject(when) and self.by_record(when))

    def by_step(self, when: When) -> bool:
        """By how an earlier one came out. What depends on one that is not taken is not taken."""
        asked = self.so_far.get(when.step)
        if asked is None:
            return True
        if when.result:
            return asked.state in when.result or not asked.finished
        if asked.state == "skipped":
            return False
        return self.by_choice(when, asked.step) and self.by_number(when)

    def by_choice(self, when: When, asked: Step) -> bool:
        if not when.chosen:
            return True
        made = {each.need: each.text for each in self.put_into(when, Entry.CHOICE)}
        open_still = len(made) < sum(need.kind == "choice" for need in asked.needs)
        return bool({*made.values()} & {*when.chosen}) or open_still

    def by_number(self, when: When) -> bool:
        if when.record or not when.is_of_number:
            return True
        put_in = self.put_into(when, Entry.NUMBER)
        return not put_in or (put_in[-1].number is not None and when.takes(put_in[-1].number))

    def put_into(self, when: When, kind: str) -> list[Entry]:
        return [each for each in self.entries if each.kind == kind and each.step == when.step]

    def by_subject(self, when: When) -> bool:
        if self.version is None or not (when.kind or when.tag):
            return True
        artifact = self.version.artifact
        fits = not when.kind or artifact.kind in when.kind
        return fits and (not when.tag or bool({*artifact.tags} & {*when.tag}))

    def by_record(self, when: When) -> bool:
        if not when.record:
            return True
        of_kind = [each for each in self.standing_records if each.kind == when.record]
        said = [each for each in of_kind if told(each, when.field) is not None]
        return not said or when.fits(told(said[-1], when.field))
