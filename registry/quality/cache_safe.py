"""Whether answers that are kept are answers of this model, and no older than the data may be."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.evaluating import Statement
from registry.operating import Operation, said
from registry.quality import Needs, operation

HAS_TO = ("model digest", "feature schema")


@operation(
    "Cache",
    "the key holds the digest of the model and the version of the feature schema (high); answers live no "
    "longer than the data may be old, by the contract of the training data where there is one, else as "
    "declared (high); the hit rate is reported",
    "question 12 of the twenty: a cache that survives a release serves the answers of the model before",
    reads=("load-test",),
)
def run(known: Operation) -> Iterator[Issue | Needs]:
    tests = [each for each in known.newest("load-test", "environment") if each.data.get("cache")]
    if not tests:
        yield Needs("a load test that describes the cache", page="load-test")
    for test in tests:
        yield from keyed(test)
        yield from fresh(test, known)


def keyed(test: Statement) -> Iterator[Issue | Needs]:
    contains = test.data["cache"].get("contains")
    if contains is None:
        yield Needs("a load test that says what the key of the cache is made of", page="load-test")
        return
    lacking = [part for part in HAS_TO if part not in contains]
    if lacking:
        text = (
            f"The key of the cache lacks {' and '.join(lacking)}: after a release it gives answers of "
            "another model."
        )
        yield said(test, "high", "key", text)


def fresh(test: Statement, known: Operation) -> Iterator[Issue | Needs]:
    lives, declared = test.data["cache"]["ttl_seconds"], test.data["cache"].get("fresh_seconds")
    limit = known.fresh if known.fresh is not None else declared
    if limit is None:
        yield Needs("how old the data may be: by its contract, or in the load test", page="load-test")
    elif lives > limit:
        by = "by the contract of the training data" if known.fresh is not None else "as declared"
        text = f"Answers live {lives:,.4g} s, and the data may be {limit:,.4g} s old {by}."
        yield said(test, "high", "ttl", text)
