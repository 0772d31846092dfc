"""What is there after the kills of `faults`, against what was acknowledged and what is on the record."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.db.models import Max, Q

from governance.models import Approval, Event, Membership, Team, User
from governance.models.approvals import Vote
from registry.digests import digest_of
from registry.keeping.inspecting import trouble_of
from registry.models import Alias, Blob, File, Move, Version
from script.benchmarks.fill import token

TEAM = "faults"
ROLES = {"author": "data-scientist", "steward": "steward", "devops": "devops-engineer"}
PATIENCE = 300
Values = dict[str, Any]


def main(what: str, file: str = "") -> Values:
    """`people`: a team and its tokens. `look FILE`: what is lost, half or without event."""
    return people() if what == "people" else look(json.loads(Path(file).read_text()))


def people() -> dict[str, str]:
    team = Team.objects.create(slug=TEAM, name="Faults", created_by=User.system())
    made = {name: User.objects.create(username=f"faults-{name}") for name in ROLES}
    for name, role in ROLES.items():
        Membership.objects.create(team=team, user=made[name], role=role, granted_by=User.system())
    return {"team": TEAM, **{name: token(user) for name, user in made.items()}}


def look(acknowledged: list[Values]) -> dict[str, list[str]]:
    waiting = [*wait_for_checks()]
    return {
        "lost": [*map(str, lost(acknowledged))],
        "half": [*waiting, *half()],
        "unrecorded": [*unrecorded()],
    }


def ours() -> Any:
    return Version.objects.filter(artifact__team__slug=TEAM).select_related("artifact__team").with_state()


def wait_for_checks() -> Iterator[str]:
    """What still is not checked when time is up."""
    until = time.monotonic() + PATIENCE
    while (late := list(ours().filter(state_now="checking"))) and time.monotonic() < until:
        time.sleep(2)
    for version in late:
        yield f"{version.label} has no verdict after {PATIENCE} s."


# ------------------------------------------------------------------ lost


def lost(acknowledged: list[Values]) -> Iterator[Values]:
    """What the server said was done and is not."""
    versions = {version.label: version for version in ours()}
    files = {(file.version.label, file.path, file.sha256) for file in files_of_ours()}
    votes = set(Vote.objects.filter(yes=True).values_list("approval", flat=True))
    asked = set(Approval.objects.values_list("pk", flat=True))
    moves = set(moved())
    for each in acknowledged:
        label = each.get("label", "")
        there = {
            "versions": label in versions,
            "files": (label, each.get("path"), each.get("sha256")) in files,
            "submissions": label in versions and not versions[label].is_draft,
            "requests": each.get("id") in asked,
            "approvals": each.get("id") in votes,
            "promotions": (each.get("model"), each.get("alias"), each.get("number")) in moves,
        }
        if not there.get(each["what"], False):
            yield each


def files_of_ours() -> Iterable[File]:
    rows = File.objects.filter(version__artifact__team__slug=TEAM)
    return rows.select_related("version__artifact__team", "blob")


def moved() -> Iterator[tuple[str, str, int]]:
    for move in Move.objects.select_related("artifact__team", "version"):
        yield move.artifact.label, move.alias, move.version.number


# ------------------------------------------------------------------ half


def half() -> Iterator[str]:
    """What shows and is not whole."""
    for blob in Blob.objects.filter(team__slug=TEAM):
        if trouble := trouble_of(blob, quick=False):
            yield trouble
    for version in ours().exclude(submitted_at=None):
        if digest_of(version) != version.digest or version.files.count() != version.file_count:
            yield f"{version.label} is not what it was frozen as."
    for alias in Alias.objects.filter(artifact__team__slug=TEAM).select_related("artifact__team", "version"):
        last = alias.artifact.moves.filter(alias=alias.name).aggregate(last=Max("pk"))["last"]
        if alias.version.is_draft or Move.objects.get(pk=last).version_id != alias.version_id:
            yield f"{alias.artifact.label} {alias.name} does not point where its last move led."


# ------------------------------------------------------------------ without event


def unrecorded() -> Iterator[str]:
    """Rows without their event, and events without their row."""
    rows, events = Counter(done()), Counter(recorded())
    for (action, *about), more in (rows - events).items():
        yield f"{action} of {about} has {more} events too few"
    for (action, *about), more in (events - rows).items():
        yield f"{action} of {about} is on the record {more} times too often"


def done() -> Iterator[tuple[str, ...]]:
    for version in ours():
        yield "version.add", version.label
        if not version.is_draft:
            yield "version.submit", version.label
            yield "version.check", version.label
    for file in files_of_ours():
        yield "version.add_file", file.version.label, file.path
    for model, alias, number in moved():
        yield "version.promote", f"{model}/versions/{number}", alias
    for approval in Approval.objects.filter(team__slug=TEAM):
        yield "approval.request", approval.subject
        for _ in approval.votes.filter(yes=True):
            yield "approval.approve", approval.subject


def recorded() -> Iterator[tuple[str, ...]]:
    """A verdict may be given again, and a file be put where it lies: those count once."""
    seen = Q(action__in=["version.add", "version.submit", "version.promote"])
    seen |= Q(action__in=["version.add_file", "version.check", "approval.request", "approval.approve"])
    once = set()
    for event in Event.objects.filter(seen, team=TEAM, outcome="done"):
        detail = {"version.add_file": "path", "version.promote": "alias"}.get(event.action)
        key = (event.action, event.subject, *([event.after[detail]] if detail else []))
        if event.action in {"version.add_file", "version.check"}:
            once.add(key)
        else:
            yield key
    yield from once
