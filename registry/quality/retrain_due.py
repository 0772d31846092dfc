"""Whether it is time to train again, by the rule that was given beforehand."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.evaluating import Statement
from registry.operating import Operation, days_since, said
from registry.operating.moved import moved
from registry.quality import Needs, operation
from registry.quality.drift_monitor import ACT
from registry.quality.ownership_coverage import named

MOST_IMPORTANT = 10


@operation(
    "Time to train again",
    "the training is no older than the declared rule says (high); none of the ten inputs that matter most "
    "has moved so far from what it was trained on that one acts (PSI above the threshold of drift_monitor: "
    "high)",
    "question 13 of the twenty; Gama and others 2014, A survey on concept drift adaptation",
    reads=("retraining", "training", "served"),
)
def run(known: Operation) -> Iterator[Issue | Needs]:
    rules = known.newest("retraining")
    if not rules:
        yield Needs("a rule that says when to train again", page="retraining")
    for rule in rules:
        yield from old(rule, known)
        yield from important(rule, known)


def old(rule: Statement, known: Operation) -> Iterator[Issue | Needs]:
    times = (
        days_since(each.data.get("ended_at") or each.data.get("began_at"), known.now)
        for each in known.trainings
    )
    days = next((each for each in times if each is not None), None)
    if days is None:
        yield Needs("a record of training that says when it ended", page="training")
    elif days > rule.data["max_age_days"]:
        text = (
            f"It was trained {days:,.0f} days ago, and the rule says {rule.data['max_age_days']:,.4g}: train "
            "again."
        )
        yield said(rule, "high", "age", text)


def important(rule: Statement, known: Operation) -> Iterator[Issue | Needs]:
    names = rule.data.get("important", [])[:MOST_IMPORTANT]
    if not names:
        yield Needs("a rule that names the inputs that matter most", page="retraining")
        return
    found = list(moved(known))
    yield from (each for each in found if isinstance(each, Needs))
    compared = {each.column for each in found if not isinstance(each, Needs)}
    if compared and (unknown := [name for name in names if name not in compared]):
        yield Needs(f"how far {named(unknown)} moved, which matters", page="served")
    for each in found:
        if not isinstance(each, Needs) and each.column in names and each.psi > ACT.of(known):
            text = (
                f"{each.column}, which matters, has moved far from {each.reference} (PSI {each.psi:.2f}): "
                "train again."
            )
            yield each.issue("high", text)
