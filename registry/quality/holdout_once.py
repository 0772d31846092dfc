"""Whether a hold-out was opened more than once."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.evaluating import Evidence
from registry.quality import Needs, quality


@quality(
    "Hold-out opened once",
    "evaluations on the same hold-out, by its digest, of all versions of the model, withdrawn ones too, "
    "and what "
    "is declared as looked at before: one (medium)",
    "Dwork and others 2015, The reusable holdout",
    about="evidence",
    reads=("evaluation",),
)
def run(evidence: Evidence) -> Iterator[Issue | Needs]:
    known = [each for each in evidence.evaluations if each.data.get("part") == "hold-out"]
    if not known:
        yield Needs("an evaluation on a hold-out", page="evaluation")
    for statement in known:
        if not statement.digest:
            yield Needs("a hold-out that is a frozen version of a dataset here", page="evaluation")
        times = max(evidence.opened.get(statement.digest, 1), 1 + statement.data.get("opened_before", 0))
        if times > 1:
            text = f"This hold-out was opened {times:,} times: what was chosen by it is no longer unseen."
            yield Issue("medium", text, f"opened:{statement.key}", statement.place)
