"""What the checks of quality say of a version: worked out from what was measured, for worker and page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from registry import measured
from registry.checks import Issue
from registry.models import Artifact, Declaration, Version
from registry.quality import Declared, Needs, Profile, Quality, Table, judged

MOST_TABLES = 50


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one check says of one table."""

    path: str
    check: Quality
    issues: list[Issue]
    needs: list[Needs]


def declared(artifact: Artifact) -> Declared:
    """What holds now."""
    newest = Declaration.objects.filter(artifact=artifact).order_by("-number").first()
    return newest.as_declared() if newest else Declared()


def previous(version: Version) -> Version | None:
    """The frozen version before, which is not withdrawn."""
    earlier = Version.objects.filter(artifact=version.artifact_id, number__lt=version.number)
    return earlier.filter(withdrawn_at=None).exclude(submitted_at=None).order_by("-number").first()


def following(version: Version) -> Version | None:
    """The frozen version after it, which is compared with it."""
    later = Version.objects.filter(artifact=version.artifact_id, number__gt=version.number)
    return later.exclude(submitted_at=None).select_related("artifact__team").order_by("number").first()


def tables(version: Version) -> list[Table]:
    """Those that could be measured, each with the one of the same path in the version before."""
    before, said = previous(version), declared(version.artifact)
    earlier = known(before) if before else {}
    number = before.number if before else None
    return [
        Table(path, profile, said, earlier.get(path), number if path in earlier else None)
        for path, profile in known(version).items()
    ]


def known(version: Version) -> dict[str, Profile]:
    found = measured.profiles(version, MOST_TABLES)
    return {path: profile for path, profile in found.items() if "not_evaluated" not in profile}


def judgements(version: Version) -> Iterator[Judgement]:
    for table in tables(version):
        for check, issues, needs in judged(table):
            yield Judgement(table.path, check, issues, needs)
