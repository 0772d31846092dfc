"""What is judged of how a version is run, and which checks a record feeds, as pages show it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from registry import judging, operated
from registry.models import Kind, Version
from registry.presenting.judged import JudgedRow, judged_row
from registry.quality import QUALITY, Quality


@dataclass
class OperatedRows:
    """What the checks of operation say; those that lack everything by themselves."""

    said: list[JudgedRow] = field(default_factory=list)
    silent: list[JudgedRow] = field(default_factory=list)


def of_version(version: Version) -> OperatedRows:
    """Of an asset nothing is judged."""
    if version.artifact.kind == Kind.ASSET:
        return OperatedRows()
    evidence = judging.evidence(version) if version.artifact.kind == Kind.MODEL else None
    found = operated.of_version(version, evidence)
    rows = OperatedRows()
    for each in judging.of_operation(found):
        heard = each.issues or any(kind in found.records for kind in each.check.reads[:1]) or not each.needs
        (rows.said if heard else rows.silent).append(judged_row(each))
    return rows


def feeds(kind: str, artifact_kind: str) -> list[Quality]:
    """The checks that read a kind of record of a model, or of a dataset."""
    return by_kind(artifact_kind).get(kind, [])


def by_kind(artifact_kind: str) -> dict[str, list[Quality]]:
    found: dict[str, list[Quality]] = defaultdict(list)
    for check in QUALITY.values():
        if artifact_kind in (check.of or ("model",)):
            for kind in check.reads:
                found[kind].append(check)
    return found
