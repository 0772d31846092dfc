"""What a version consists of that is no table: pictures, sounds and texts in their folders, from what the
check `folder_facts` said of each file."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import Any

from registry.models import CheckResult, Version
from registry.models.gates import settings_of
from registry.quality import Folders

MOST_FILES = 20_000
MOST_FOLDERS = 100
PARTS = {
    "train": "train", "training": "train", "val": "validation", "valid": "validation",
    "validation": "validation", "dev": "validation", "test": "test", "testing": "test", "holdout": "test",
}  # fmt: skip


@dataclass
class Sum:
    formats: Counter[str] = field(default_factory=Counter)
    folders: Counter[str] = field(default_factory=Counter)
    numbers: Counter[str] = field(default_factory=Counter)
    sides: list[int] = field(default_factory=list)
    places: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def folders(version: Version) -> Folders | None:
    """Nothing when there is no such file, or none was looked at yet."""
    rows = CheckResult.objects.filter(version=version, check_name="folder_facts", fact__isnull=False)
    told = list(
        rows.order_by("file__path").values_list("file__path", "file__blob__sha256", "fact")[: MOST_FILES + 1]
    )
    if not told:
        return None
    found = Sum()
    for path, digest, fact in told[:MOST_FILES]:
        add(found, path, digest, fact or {})
    limits = settings_of(version.artifact.team).thresholds
    return replace(summed(found, whole=len(told) <= MOST_FILES), limits=limits)


def add(found: Sum, path: str, digest: str, fact: dict[str, Any]) -> None:
    found.formats.update(fact.get("formats", {}))
    for name in ("files", "bytes", "unreadable", "not_decoded", "repeated"):
        found.numbers[name] += fact.get(name, 0)
    found.sides += fact.get("sides", [])
    if "folders" in fact:
        found.folders.update(dict(fact["folders"]))
    else:
        folder = path.rpartition("/")[0]
        found.folders[folder] += 1
        found.places[digest].append(folder)


def summed(found: Sum, *, whole: bool) -> Folders:
    labels: dict[str, dict[str, int]] = defaultdict(dict)
    for folder, number in found.folders.items():
        part, label = placed(folder)
        if label:
            labels[part][label] = labels[part].get(label, 0) + number
    several = [list(map(placed, places)) for places in found.places.values() if len(places) > 1]
    return Folders(
        found.numbers["files"],
        whole,
        found.numbers["bytes"],
        dict(found.formats.most_common()),
        found.numbers["unreadable"],
        found.numbers["not_decoded"],
        (min(found.sides), max(found.sides)) if found.sides else None,
        dict(found.folders.most_common(MOST_FOLDERS)),
        dict(labels),
        found.numbers["repeated"] + sum(len(places) - 1 for places in several),
        sum(len({label for _, label in places if label}) > 1 for places in several),
        sum(len({part for part, _ in places if part}) > 1 for places in several),
    )


def placed(folder: str) -> tuple[str, str]:
    """The part and the label that a folder says: `train/cat` is of the part train, labelled cat."""
    names = [name for name in folder.split("/") if name]
    part = next((PARTS[name.lower()] for name in names if name.lower() in PARTS), "")
    last = names[-1] if names else ""
    return part, "" if last.lower() in PARTS else last
