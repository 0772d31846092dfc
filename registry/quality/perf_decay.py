"""Whether a model in use is still as good as was accepted."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.evaluating import Statement
from registry.evaluating.figures import greater_is_better, is_error, named
from registry.operating import Operation
from registry.quality import Needs, operation


@operation(
    "Decay of performance",
    "the better end of the interval of a live metric is not worse than the accepted threshold (high); "
    "where labels lag, the estimate without labels (CBPE), which counts only until a live evaluation with "
    "labels is there",
    "NannyML, Confidence-based performance estimation; question 13 of the twenty",
    reads=("evaluation", "decision"),
)
def run(known: Operation) -> Iterator[Issue | Needs]:
    accepted = {plain(each.data["metric"]): each for each in reversed(thresholds(known))}
    live = [each for each in known.evaluations if each.data.get("part") == "live"]
    if not accepted:
        yield Needs("a decision with the metric and the threshold that were accepted", page="decision")
    if not live:
        yield Needs("an evaluation on live data", page="evaluation")
    if not accepted or not live:
        return
    counted = list(counting(live))
    for name, decision in accepted.items():
        measured = [each for each in counted if name in named(each.data)]
        if not measured:
            yield Needs(f"a live evaluation of {name[:80]}, which was accepted", page="evaluation")
        for statement in measured:
            yield from decayed(statement, name, decision.data["threshold"], known)


def counting(live: list[Statement]) -> Iterator[Statement]:
    """The newest that was evaluated here, and the newest declared on other data; one with labels before an
    estimate."""
    labelled = [each for each in live if not each.data.get("estimated_by")] or live
    for here in (True, False):
        yield from [each for each in labelled if each.evaluated == here][:1]


def thresholds(known: Operation) -> list[Statement]:
    return [each for each in known.records.get("decision", ()) if {"metric", "threshold"} <= each.data.keys()]


def plain(metric: str) -> str:
    return metric.strip().lower().replace("-", "_").replace(" ", "_")


def decayed(statement: Statement, name: str, threshold: float, known: Operation) -> Iterator[Issue | Needs]:
    ends = {plain(key): ends for key, ends in statement.data.get("intervals", {}).items()}.get(name)
    if ends is None:
        yield Needs(f"the interval of {name} on live data", page="evaluation")
        return
    low, high = sorted(ends)
    better = high if greater(name, known) else low
    if better < threshold if greater(name, known) else better > threshold:
        how = (
            f"estimated by {statement.data['estimated_by']}" if statement.data.get("estimated_by") else "live"
        )
        text = (
            f"{name} is {named(statement.data)[name]:.4g} ({low:.4g} to {high:.4g}, "
            f"{how}{', evaluated here' if statement.evaluated else ', declared'}), and {threshold:.4g} was "
            "accepted: find out why, go back, or train again."
        )
        yield Issue("high", text, f"{name}:{statement.key}", statement.place)


def greater(name: str, known: Operation) -> bool:
    """Whether more is better: as a training says it, else by its name."""
    for training in known.trainings:
        if plain(str(training.data["metric"])) == name and "greater_is_better" in training.data:
            return greater_is_better(training.data)
    return not is_error(name)
