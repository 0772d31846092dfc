"""Whether what runs is what was registered, can be taken back, and did no harm to the first who met it."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.evaluating import Statement
from registry.operating import Operation, percent, said
from registry.operating.chances import no_worse, split_as_planned
from registry.quality import Needs, operation
from registry.thresholds import threshold

MARGIN = threshold(__name__, "margin", 0.005, "how much higher the share of errors may be", most=0.1)
EXACT = threshold(
    __name__, "float64", 1e-6, "difference of a golden prediction in float64, at most", most=0.1
)
ROUGH = threshold(
    __name__, "float32", 1e-4, "difference of a golden prediction in float32, at most", most=0.1
)
SIGNIFICANT, MISMATCH = 0.05, 0.001


@operation(
    "Gate of a release",
    "the digest that is deployed is that of the version; no open finding of its files that blocks; "
    "everything is pinned; golden predictions, where they were not evaluated here, differ by at most 1e-6 "
    "(float64) or 1e-4 (float32); it can go back to one of the two versions before; the canary's share of "
    "errors is less than 0.5 percentage points higher (one-sided z test of two shares, p < 0.05), and "
    "requests were split as planned (chi-square: p < 0.001 stops it). Each high",
    "SLSA 1.0, Provenance; Agresti and Caffo 2000; Fabijan and others 2019, Diagnosing sample ratio mismatch",
    reads=("deployment",),
)
def run(known: Operation) -> Iterator[Issue | Needs]:
    deployments = known.newest("deployment", "environment")
    if not deployments:
        yield Needs("a record of its deployment", page="deployment")
    if known.unsafe is None:
        yield Needs("checks of its files that have finished")
    for deployment in deployments:
        yield from same_bytes(deployment, known)
        yield from pinned(deployment)
        yield from golden(deployment, known)
        yield from way_back(deployment, known)
        yield from canary(deployment, known)


def same_bytes(deployment: Statement, known: Operation) -> Iterator[Issue | Needs]:
    if not known.digest:
        yield Needs("a version that is frozen")
    elif deployment.data["digest"] != known.digest:
        text = "The digest that is deployed is not that of this version: other bytes run."
        yield said(deployment, "high", "digest", text)
    if known.unsafe:
        text = f"Its files have an open finding that blocks: {known.unsafe[0][:200]}."
        yield said(deployment, "high", "unsafe", text)


def pinned(deployment: Statement) -> Iterator[Issue | Needs]:
    locked = deployment.data.get("lock_file")
    if locked is None:
        yield Needs("a deployment that says whether everything it needs is pinned", page="deployment")
    elif not locked:
        yield said(
            deployment, "high", "lock_file", "What it needs is not pinned: the next build is another one."
        )


def golden(deployment: Statement, known: Operation) -> Iterator[Issue | Needs]:
    if known.golden:
        yield from golden_here(known)
        return
    found = deployment.data.get("golden") or {}
    if not found.get("examples"):
        yield Needs("a deployment with the largest difference over its golden examples", page="deployment")
        return
    apart, kind = found["largest_difference"], str(found.get("float", ""))
    limits = {"float64": EXACT.of(known), "float32": ROUGH.of(known)}
    if kind not in limits and min(limits.values()) < apart <= max(limits.values()):
        yield Needs("a deployment that says whether it computes in float32 or float64", page="deployment")
    elif apart > limits.get(kind, max(limits.values())):
        most = limits.get(kind, max(limits.values()))
        text = (
            f"A golden prediction differs by {apart:.4g}, and may differ by "
            f"{most:g}{f' in {kind}' if kind else ''}."
        )
        yield said(deployment, "high", "golden", text)


def golden_here(known: Operation) -> Iterator[Issue]:
    """What was evaluated here outranks what is declared."""
    for each in known.golden:
        apart = each.data["metrics"]["largest_difference"]
        if apart > ROUGH.of(known):
            text = (
                f"A golden prediction differs by {apart:.4g}, as evaluated here, and may by "
                f"{ROUGH.of(known):g}."
            )
            yield Issue("high", text, f"golden:{each.key}", each.place)


def way_back(deployment: Statement, known: Operation) -> Iterator[Issue | Needs]:
    target = (deployment.data.get("rollback") or {}).get("to")
    if target is None:
        yield Needs("a deployment that says to which version it goes back", page="deployment")
    elif target not in known.before:
        text = f"It goes back to {target[:200]}, which is none of the two versions before that may be used."
        yield said(deployment, "high", "rollback", text)


def canary(deployment: Statement, known: Operation) -> Iterator[Issue | Needs]:
    found = deployment.data.get("canary")
    if found is None:
        yield Needs("a deployment with what its canary showed", page="deployment")
        return
    requests, others = found["requests"], found["other_requests"]
    errors, other_errors = found["errors"], found["other_errors"]
    if not requests or not others or errors > requests or other_errors > others:
        yield Needs(
            "a canary with requests on both sides, and no more errors than requests", page="deployment"
        )
        return
    chance = no_worse(errors, requests, other_errors, others, MARGIN.of(known))
    if chance >= SIGNIFICANT:
        text = (
            f"The canary failed in {percent(errors / requests)} of {requests:,} requests, the other version "
            f"in {percent(other_errors / others)} of {others:,}: it is not shown that it fails less than "
            f"{100 * MARGIN.of(known):g} percentage points more often (p = {chance:.2g})."
        )
        yield said(deployment, "high", "canary", text)
    if not 0 < found.get("planned_share", 0) < 1:
        yield Needs("a canary with the share of requests that it was to get", page="deployment")
        return
    chance = split_as_planned(requests, others, found["planned_share"])
    if chance < MISMATCH:
        text = (
            f"The canary got {percent(requests / (requests + others))} of the requests, and "
            f"{percent(found['planned_share'])} was planned (p = {chance:.2g}): stop, and find out why."
        )
        yield said(deployment, "high", "split", text)
