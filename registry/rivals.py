"""Other versions of a model on the same rows: what makes them comparable, what they cost, who is better."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet

from governance.prepared import prepared
from registry import trusted
from registry.evaluating import Rival
from registry.models import Evaluation, Record, Version

MOST = 20
LOWER = ("rmse",)
QUALITY = ("mcc", "balanced_accuracy", "accuracy", *LOWER)


def same_question(one: Evaluation, other: Evaluation) -> bool:
    keys = ("target", "split", "only", "positive")
    return (one.dataset_digest, one.table_path) == (other.dataset_digest, other.table_path) and all(
        one.asked.get(key) == other.asked.get(key) for key in keys
    )


def prices(versions: Iterable[int]) -> dict[int, float]:
    """Declared costs of 1,000 predictions, the newest of each version."""
    return {
        key: 1000 * sum(row["EffectiveCost"] for row in data["rows"]) / data["predictions"]
        for key, data in declared_costs(versions=[*set(versions)])
        if data.get("predictions")
    }


@prepared
def declared_costs(*, versions: Any) -> QuerySet[Record, Any]:
    rows = Record.objects.standing().filter(version__in=versions, kind="cost").order_by("pk")
    return rows.values_list("version_id", "data")


def between(mine: Evaluation, other: Evaluation) -> tuple[dict[str, Any] | None, int]:
    """What the worker found of two when the later one was scored, and 1 where it is of the first one minus
    the other, else -1."""
    for one, two, sign in ((mine, other, 1), (other, mine, -1)):
        for found in (one.measured or {}).get("paired") or ():
            if found["evaluation"] == two.pk:
                return found, sign
    return None, 1


@prepared
def on_same(*, artifact: Any, digests: Any, but: Any) -> QuerySet[Evaluation]:
    """What the newest evaluations of versions of a model on this data were asked; `but` is never empty."""
    rows = Evaluation.objects.done().filter(
        version__artifact=artifact, version__withdrawn_at=None, dataset_digest__in=digests
    )
    others = rows.exclude(version__in=but).order_by("-pk")
    return others.only("version_id", "dataset_digest", "table_path", "asked")[: 5 * MOST]


@prepared
def whole(*, pks: Any) -> QuerySet[Evaluation]:
    return Evaluation.objects.filter(pk__in=pks).select_related("version__artifact__team")


def of(version: Version, here: Iterable[Evaluation]) -> Iterator[Rival]:
    """The newest of each other version on the same rows as each of these, where rows were paired."""
    mine = [each for each in here if any(name in each.metrics for name in QUALITY)]
    if not mine:
        return
    digests = [each.dataset_digest for each in mine]
    rows = on_same(artifact=version.artifact_id, digests=digests, but=[version.pk])
    costs = prices([version.pk, *(row.version_id for row in rows)]) if rows else {}
    pairs = [(one, row.pk) for one in mine for row in newest_of_each(one, rows)]
    known = {row.pk: row for row in whole(pks={pk for _, pk in pairs})} if pairs else {}
    standing = {pk: row for pk, row in known.items() if trusted.holds(row)}
    for one, pk in pairs:
        if pk in standing:
            yield from rival(one, standing[pk], costs)


def newest_of_each(one: Evaluation, rows: Iterable[Evaluation]) -> Iterable[Evaluation]:
    """Of each version the newest that was asked the same."""
    found: dict[int, Evaluation] = {}
    for row in rows:
        if same_question(one, row):
            found.setdefault(row.version_id, row)
    return found.values()


def rival(mine: Evaluation, other: Evaluation, costs: dict[int, float]) -> Iterator[Rival]:
    found, sign = between(mine, other)
    name = next((name for name in QUALITY if name in mine.metrics and name in other.metrics), "")
    if found is None or not name:
        return
    # How much better the other one is. Of numbers the pair is of absolute errors, whose less is better.
    sign *= 1 if found["metric"] == "mae" else -1
    better = other.metrics[name] - mine.metrics[name]
    yield Rival(
        f"e{mine.pk}",
        f"evaluation {mine.pk}",
        other.version.number,
        name,
        -better if name in LOWER else better,
        min(sign * found["low"], sign * found["high"]),
        ((mine.measured or {})["row_p95"], (other.measured or {})["row_p95"]),
        (costs.get(mine.version_id), costs.get(other.version_id)),
    )
