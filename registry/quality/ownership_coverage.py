"""Whether somebody answers for everything that a team has, and somebody else could."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.quality import Estate, Needs, quality

DUTIES = ("data-engineer", "data-scientist", "devops-engineer")
NAMED = 3


@quality(
    "Ownership",
    "each model, dataset and asset has an owner who is active and may push to it today (medium); beside the "
    "owner somebody else may push (medium); somebody holds each of the roles data engineer, data scientist "
    "and DevOps engineer (medium); truck factor, the smallest set of people who added more than half of its "
    "versions: two or more where there are five versions (low)",
    "Avelino and others 2016, A novel approach for estimating truck factors; RACI: one who is accountable",
    about="team",
)
def run(estate: Estate) -> Iterator[Issue | Needs]:
    if not estate.artifacts:
        yield Needs("a model, dataset or asset of the team")
    without = [each.label for each in estate.artifacts if not each.owner_may_push]
    if without:
        text = f"{named(without)}: the owner is closed or may not push. Hand it over to somebody who may."
        yield Issue("medium", text, "owner")
    alone = [each.label for each in estate.artifacts if each.owner_may_push and not each.others]
    if alone:
        text = f"{named(alone)}: nobody but the owner may push. Give somebody else a role."
        yield Issue("medium", text, "backup")
    for role in DUTIES:
        if not estate.roles.get(role):
            yield Issue("medium", f"Nobody is {role} in {estate.team}: name somebody.", f"role:{role}")
    hang = [each.label for each in estate.artifacts if sum(each.added) >= 5 and truck_factor(each.added) < 2]
    if hang:
        text = f"{named(hang)}: one person added most of the versions. Have somebody else add the next."
        yield Issue("low", text, "truck_factor")


def truck_factor(added: tuple[int, ...]) -> int:
    """The smallest number of people who added more than half of the versions."""
    total, so_far = sum(added), 0
    for place, number in enumerate(sorted(added, reverse=True), start=1):
        so_far += number
        if so_far * 2 > total:
            return place
    return 0


def named(labels: list[str]) -> str:
    rest = f" and {len(labels) - NAMED:,} more" if len(labels) > NAMED else ""
    return f"{', '.join(labels[:NAMED])}{rest}"
