"""A dispute that is tested: which two versions were named beforehand, and which is better on these rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from kb.models import Entry
from kb.playbooks import Need, Step
from kb.proving.found import FAILED, MISSING, NOTHING, PROVED, SILENT, Found
from kb.proving.taken import Taken
from registry import rivals, trusted
from registry.models import Evaluation, Version
from registry.subjects import versions_called

ALPHA = 0.05
MOST = 100


class Pairs(Taken):
    """Of one run."""

    def of_pair(self, step: Step, place: int, need: Need) -> Found:
        entry = self.newest(step, place, Entry.BIND)
        if entry is None:
            return NOTHING
        one, other = versions_of(entry)
        about: dict[str, Any] = {"label": entry.label, "digest": entry.digest, "by": str(entry.by)}
        if one is None or other is None:
            return Found(FAILED, "One of the two is not there any more", **about)
        if gone := [each.number for each in (one, other) if each.withdrawn_at]:
            return Found(FAILED, f"Version {gone[0]} was withdrawn", **about)
        said = f"Versions {one.number} and {other.number} of {one.artifact.name}, on data of this digest"
        return Found(PROVED, said, at=entry.at, **about)

    def of_paired(self, step: Step, place: int, need: Need) -> Found:
        """What came of it the first time that both were evaluated on it: whoever tries again changes
        nothing."""
        entry = self.agreed
        one, other = versions_of(entry) if entry else (None, None)
        if entry is None or one is None or other is None:
            return Found(MISSING, f"{need.text}: nothing was agreed on yet")
        about: dict[str, Any] = {"label": entry.label, "digest": entry.digest}
        found = first_pair(one, other, entry.digest)
        if found is None:
            said = f"not evaluated: evaluate versions {one.number} and {other.number} on it, asking the same"
            return Found(SILENT, said, **about)
        pair, sign, last = found
        said = verdict(pair, sign, one.number, other.number)
        return Found(PROVED, said, by="Steward", at=last.finished_at, **about)

    @property
    def agreed(self) -> Entry | None:
        """The newest pair that was named, wherever the playbook asks for it."""
        asked = {
            (step.key, place)
            for step in self.playbook.steps
            for place, need in enumerate(step.needs)
            if need.kind == "pair"
        }
        bound = [each for each in self.entries if each.kind == Entry.BIND]
        return next((each for each in reversed(bound) if (each.step, each.need) in asked), None)


def versions_of(entry: Entry) -> tuple[Version | None, Version | None]:
    """The one that the entry names, and the one of its number of the same model."""
    one = Version.objects.filter(versions_called([entry.label]), deleted_at=None).select_related("artifact")
    for first in one:
        same = Version.objects.filter(artifact=first.artifact_id, number=int(entry.number or 0))
        return first, same.filter(deleted_at=None).first()
    return None, None


def evaluated(versions: Iterable[Version], digest: str) -> list[Evaluation]:
    """What this server signed, the first ones first."""
    rows = Evaluation.objects.done().filter(Q(version__in=[*versions]), dataset_digest=digest)
    found = rows.select_related("version__artifact__team").order_by("finished_at", "pk")[:MOST]
    return [each for each in found if trusted.holds(each)]


def first_pair(one: Version, other: Version, digest: str) -> tuple[Mapping[str, Any], int, Evaluation] | None:
    """What was found of the two, 1 where that is of the first minus the other, and the later evaluation."""
    rows = evaluated([one, other], digest)
    for place, last in enumerate(rows):
        for before in rows[:place]:
            if before.version_id == last.version_id or not rivals.same_question(before, last):
                continue
            mine, its = (last, before) if last.version_id == one.pk else (before, last)
            pair, sign = rivals.between(mine, its)
            if pair is not None:
                return pair, sign, last
    return None


def verdict(pair: Mapping[str, Any], sign: int, one: int, other: int) -> str:
    """By McNemar's exact test, of numbers by the interval of the difference of absolute errors."""
    if "p" in pair:
        alone = (pair["only_this"], pair["only_other"])[::sign]
        told = f"right alone on {alone[0]:,} and {alone[1]:,} of {pair['rows']:,} rows (p = {pair['p']:.2g})"
        better, sure = alone[0] > alone[1], pair["p"] < ALPHA
    else:
        low, high = sorted((sign * pair["low"], sign * pair["high"]))
        told = f"mean absolute error {sign * pair['difference']:+.4g} ({low:+.4g} to {high:+.4g})"
        better, sure = high < 0, not low <= 0 <= high
    if not sure:
        return f"Evidence tie between versions {one} and {other}: {told}"
    first, second = (one, other) if better else (other, one)
    return f"Version {first} is better than version {second}: versions {one} and {other}: {told}"
