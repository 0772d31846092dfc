"""Whether a model serves what it has to, fast enough, with room to spare, and more with more nodes."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.evaluating import Statement
from registry.operating import Operation, percent, said
from registry.quality import Needs, operation
from registry.thresholds import threshold

ERRORS = threshold(__name__, "errors", 0.001, "share of requests that fail, at most")
ROOM = threshold(
    __name__, "room", 1.3, "times the target that is to be served", looser="down", least=1, most=10
)
SECONDS = threshold(
    __name__, "seconds", 600, "how long that is to be held", looser="down", least=1, most=86400
)
SCALING = threshold(
    __name__, "scaling", 0.7, "requests of n nodes for n times those of one, at least", looser="down"
)


@operation(
    "Load",
    "at 1.3 times the target, held for 10 minutes: p95 within its limit and at most 0.1 % errors (each "
    "high); scaling efficiency RPS(n) / (n · RPS(1)) at least 0.7 (medium)",
    "Gunther 2007, Guerrilla capacity planning: efficiency of scaling; the thresholds are our own",
    reads=("load-test",),
    team=True,
)
def run(known: Operation) -> Iterator[Issue | Needs]:
    tests = known.newest("load-test", "environment")
    if not tests:
        yield Needs("a record of a load test", page="load-test")
    for test in tests:
        yield from within(test, known)
        yield from enough(test, known)
        yield from scales(test, known)


def within(test: Statement, known: Operation) -> Iterator[Issue | Needs]:
    limit, p95, errors = test.data.get("limit_p95_ms"), test.data["p95_ms"], test.data["error_rate"]
    if limit is None:
        yield Needs("a load test that says what p95 may be", page="load-test")
    elif p95 > limit:
        yield said(test, "high", "p95", f"p95 is {p95:,.4g} ms, and may be {limit:,.4g} ms.")
    if errors > ERRORS.of(known):
        text = f"{percent(errors)} of the requests failed: at most {percent(ERRORS.of(known))} may."
        yield said(test, "high", "errors", text)


def enough(test: Statement, known: Operation) -> Iterator[Issue | Needs]:
    target, served = test.data.get("target_requests_per_second"), test.data["requests_per_second"]
    if not target:
        yield Needs("a load test that says what has to be served", page="load-test")
        return
    if served < target * ROOM.of(known):
        text = (
            f"{served:,.4g} requests a second were served: {ROOM.of(known):g} times the target of "
            f"{target:,.4g} is {target * ROOM.of(known):,.4g}."
        )
        yield said(test, "high", "target", text)
    if test.data["seconds"] < SECONDS.of(known):
        text = f"It was held for {test.data['seconds']:,.4g} s: {SECONDS.of(known):,g} s show what lasts."
        yield said(test, "high", "seconds", text)


def scales(test: Statement, known: Operation) -> Iterator[Issue | Needs]:
    listed = test.data.get("scaling", ())
    one = next((each["requests_per_second"] for each in listed if each["nodes"] == 1), 0)
    more = [each for each in listed if each["nodes"] > 1]
    if not one or not more:
        yield Needs("a load test with what one node serves, and what more of them do", page="load-test")
        return
    efficiency, nodes = min(
        (each["requests_per_second"] / (each["nodes"] * one), each["nodes"]) for each in more
    )
    if efficiency < SCALING.of(known):
        text = (
            f"{nodes:,} nodes serve {efficiency:.2f} of {nodes:,} times what one does: find what they wait "
            "for."
        )
        yield said(test, "medium", "scaling", text)
