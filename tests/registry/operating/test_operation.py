"""What each check of operation says: nothing, something, or what it needs; of hostile records, too."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from registry import records
from registry.checks import Issue
from registry.evaluating import Statement
from registry.operating import Operation, Served, Stored
from registry.quality import QUALITY, Needs, asked
from registry.quality.encryption import OTHERS
from registry.records import KINDS

NOW = datetime(2026, 5, 15, tzinfo=UTC)
DIGEST = "a" * 64
Data = dict[str, Any]
OPERATION = [name for name, each in QUALITY.items() if each.about == "operation"]


def example(kind: str, **changes: Any) -> Data:
    """The example of a kind, with fields changed, by their names with dots; None takes one away."""
    data = copy.deepcopy(KINDS[kind].example)
    for path, value in changes.items():
        *way, last = path.split("__")
        inner = data
        for name in way:
            inner = inner[int(name)] if name.isdecimal() else inner.setdefault(name, {})
        if value is None:
            inner.pop(last, None)
        else:
            inner[last] = value
    records.checked(KINDS[kind], data)  # what no record may hold is no case
    return data


def of(*listed: tuple[str, Data], kind: Any = "model", **more: Any) -> Operation:
    found: dict[str, tuple[Statement, ...]] = {}
    for name, data in listed:
        found[name] = (*found.get(name, ()), Statement(7, data, "d", at=NOW))
    return Operation(kind, NOW, found, digest=DIGEST, **more)


def said(check: str, known: Operation) -> list[str]:
    """“severity name” of each issue, and “needs” with the page that cures it."""
    return [
        f"{item.severity} {item.name.removesuffix(':7')}"
        if isinstance(item, Issue)
        else f"needs {item.page}".strip()
        for item in QUALITY[check].run(known)
    ]


# ------------------------------------------------------------------ all of them


@pytest.mark.parametrize("check", OPERATION)
def test_without_a_record_nothing_is_a_pass_and_the_kind_that_cures_it_is_named(check: str) -> None:
    found = list(QUALITY[check].run(of()))

    assert found
    assert all(isinstance(item, Needs) for item in found)
    assert {item.page for item in found if isinstance(item, Needs)} <= set(KINDS)
    assert any(item.page for item in found if isinstance(item, Needs))


@pytest.mark.parametrize("check", OPERATION)
def test_what_a_check_reads_are_kinds_of_records(check: str) -> None:
    each = QUALITY[check]

    assert set(each.reads) <= set(KINDS)
    assert each.reads
    assert each.of


def hostile(data: Any) -> Any:
    """The same with every number as large as a record takes, every list empty, every time absurd."""
    if isinstance(data, dict):
        return {name: hostile(value) for name, value in data.items()}
    if isinstance(data, bool):
        return data
    if isinstance(data, int | float):
        return 9.2e18
    if isinstance(data, list):
        return []
    return "9999-12-31T23:59:59-23:59" if data[:2] == "20" else data


@pytest.mark.parametrize("change", ["huge", "nothing", "long"])
@pytest.mark.parametrize("check", OPERATION)
def test_absurd_records_are_judged_and_no_check_falls_over(check: str, change: str) -> None:
    """Beyond what the schemas take: a record of another installation, or of a schema that has changed."""
    listed = []
    for kind in QUALITY[check].reads:
        data = copy.deepcopy(KINDS[kind].example)
        if change == "huge":
            data = hostile(data)
        elif change == "nothing":
            data = zeroed(data)
        else:
            data = lengthened(data)
        listed.append((kind, data))

    found = asked(QUALITY[check], of(*listed, kind=QUALITY[check].of[0]))

    assert [item for item in found if isinstance(item, Issue) and item.name == "not_finished"] == []
    assert all(len(item.message) <= 1000 for item in found if isinstance(item, Issue))


def zeroed(data: Any) -> Any:
    if isinstance(data, dict):
        return {name: zeroed(value) for name, value in data.items()}
    if isinstance(data, list):
        return [zeroed(each) for each in data]
    return 0 if isinstance(data, int | float) and not isinstance(data, bool) else data


def lengthened(data: Any) -> Any:
    """Every list with 1,000 entries, which is more than any takes."""
    if isinstance(data, dict):
        return {name: lengthened(value) for name, value in data.items()}
    if isinstance(data, list) and data and not isinstance(data[0], dict):
        return (data * 1000)[:1000]
    return (data * 1000)[:1000] if isinstance(data, list) else data


# ------------------------------------------------------------------ streams and copies


SAME = KINDS["reconciliation"].example
PART = SAME["partitions"][0]


@pytest.mark.parametrize(
    ("check", "data", "expected"),
    [
        pytest.param("stream_health", example("stream"), [], id="healthy"),
        pytest.param("stream_health", example("stream", p95_lag_seconds=10.1), ["high lag"], id="lags"),
        pytest.param("stream_health", example("stream", events=1000, late=10, dead_letters=1, duplicates=0),
                     [], id="at the limits"),
        pytest.param("stream_health", example("stream", events=1000, late=11, dead_letters=2, duplicates=1),
                     ["high late", "high dead_letters", "high duplicates"], id="beyond the limits"),
        pytest.param("stream_health", example("stream", events=0, late=0, dead_letters=0, duplicates=0),
                     ["needs stream"] * 3, id="no events"),
        pytest.param("stream_health", example("stream", events=10, late=11, dead_letters=0, duplicates=0),
                     ["needs stream"], id="more late than there are"),
        pytest.param("sync_coverage", SAME, [], id="alike"),
        pytest.param("sync_coverage", example("reconciliation", only_in_source=12, older_missing=9),
                     ["high only_in_source", "high backfill"], id="without a backfill"),
        pytest.param("sync_coverage", example("reconciliation", edited_on_both=1), ["high both_ways"],
                     id="both sides write"),
        pytest.param("sync_coverage", example("reconciliation", edited_on_both=1, between="both ways"), [],
                     id="both ways"),
        pytest.param("sync_coverage", example("reconciliation", older_missing=None, edited_on_both=None),
                     ["needs reconciliation"], id="not said"),
        pytest.param("sync_coverage", example("reconciliation", older_missing=4),
                     ["needs reconciliation", "high backfill"], id="more older ones than are missing"),
        pytest.param("cdc_reconcile", SAME, [], id="same sums"),
        pytest.param("cdc_reconcile", example("reconciliation", partitions__0__target_rows=51199),
                     ["high rows"], id="a row is lost"),
        pytest.param("cdc_reconcile", example("reconciliation", partitions__0__target_checksum="0" * 16),
                     ["high checksum"], id="one lost, one twice"),
        pytest.param("cdc_reconcile", example("reconciliation", partitions__0__target_checksum=None),
                     ["needs reconciliation"], id="no checksum"),
        pytest.param("cdc_reconcile", example("reconciliation", partitions=[PART, PART]),
                     ["needs reconciliation"], id="one twice"),
        pytest.param("cdc_reconcile", example("reconciliation", table="a.csv"), ["high measured"],
                     id="measured otherwise"),
        pytest.param("cdc_reconcile", example("reconciliation", table="b.csv"), [], id="measured the same"),
        pytest.param("cdc_reconcile", example("reconciliation", table="c.csv"), ["needs"], id="not measured"),
    ],
)  # fmt: skip
def test_streams_and_copies(check: str, data: Data, expected: list[str]) -> None:
    kind = QUALITY[check].reads[0]
    known = of((kind, data), kind="dataset", rows={"a.csv": 51_199, "b.csv": 51_200})

    assert said(check, known) == expected


# ------------------------------------------------------------------ serving

LOAD = {"scaling": [{"nodes": 1, "requests_per_second": 75}, {"nodes": 4, "requests_per_second": 210}]}
CACHE = {"key": "k", "hit_rate": 0.4, "ttl_seconds": 60, "fresh_seconds": 60,
         "contains": ["model digest", "feature schema", "features"]}  # fmt: skip


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (example("load-test", **LOAD), []),
        (example("load-test", p95_ms=101), ["high p95"]),
        (example("load-test", error_rate=0.0011), ["high errors"]),
        (example("load-test", requests_per_second=259), ["high target"]),
        (example("load-test", seconds=599), ["high seconds"]),
        (example("load-test", scaling=[*LOAD["scaling"], {"nodes": 8, "requests_per_second": 400}]),
         ["medium scaling"]),
        (example("load-test", limit_p95_ms=None, target_requests_per_second=None, scaling=[]),
         ["needs load-test"] * 3),
    ],
    ids=["bears it", "slow", "fails", "too little room", "too short", "does not scale", "no targets"],
)  # fmt: skip
def test_load(data: Data, expected: list[str]) -> None:
    assert said("load", of(("load-test", data))) == expected


@pytest.mark.parametrize(
    ("cache", "fresh", "expected"),
    [
        (CACHE, None, []),
        ({**CACHE, "contains": ["features"]}, None, ["high key"]),
        ({**CACHE, "ttl_seconds": 61}, None, ["high ttl"]),
        (CACHE, 30.0, ["high ttl"]),
        ({"key": "k", "hit_rate": 0.4, "ttl_seconds": 60}, None, ["needs load-test"] * 2),
    ],
    ids=["safe", "of any model", "too old", "the contract is stricter", "not said"],
)
def test_cache(cache: Data, fresh: float | None, expected: list[str]) -> None:
    assert said("cache_safe", of(("load-test", example("load-test", cache=cache)), fresh=fresh)) == expected


GOLDEN = {"examples": 200, "largest_difference": 1e-7, "float": "float64"}
CANARY = {"requests": 5000, "errors": 12, "other_requests": 5000, "other_errors": 10, "planned_share": 0.5}
BEFORE = ("models/fraud/scorer/versions/2", "models/fraud/scorer/versions/1")


def deployed(**changes: Any) -> Data:
    back = {"to": BEFORE[0], "rehearsed_at": "2026-05-01T00:00:00Z"}
    base = {"digest": DIGEST, "lock_file": True, "golden": GOLDEN, "rollback": back, "canary": CANARY}
    return example("deployment", **{**base, **changes})


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (deployed(), []),
        (deployed(digest="b" * 64), ["high digest"]),
        (deployed(lock_file=False), ["high lock_file"]),
        (deployed(golden={**GOLDEN, "largest_difference": 2e-6}), ["high golden"]),
        (deployed(golden={**GOLDEN, "largest_difference": 9e-5, "float": "float32"}), []),
        (deployed(golden={"examples": 9, "largest_difference": 9e-5}), ["needs deployment"]),
        (deployed(golden={"examples": 9, "largest_difference": 2e-4}), ["high golden"]),
        (deployed(golden={"examples": 0, "largest_difference": 0}), ["needs deployment"]),
        (deployed(rollback={"to": "models/fraud/scorer/versions/9"}), ["high rollback"]),
        (deployed(canary={**CANARY, "errors": 60}), ["high canary"]),
        (deployed(canary={"requests": 10, "errors": 0, "other_requests": 10, "other_errors": 0,
                          "planned_share": 0.5}), ["high canary"]),
        (deployed(canary={**CANARY, "other_requests": 5250}), []),
        (deployed(canary={**CANARY, "other_requests": 5500}), ["high split"]),
        (deployed(canary={**CANARY, "errors": 5001}), ["needs deployment"]),
        (deployed(lock_file=None, golden=None, rollback=None, canary=None),
         ["needs deployment"] * 4),
    ],
    ids=["as it should be", "other bytes", "not pinned", "golden differ", "float32", "float unsaid",
         "more than any float", "no golden", "no way back", "canary fails more", "canary too small",
         "split by chance", "split is off", "errors beyond requests", "not said"],
)  # fmt: skip
def test_release(data: Data, expected: list[str]) -> None:
    assert said("release_gate", of(("deployment", data), before=BEFORE)) == expected


def test_a_release_waits_for_its_checks_and_falls_with_what_they_find() -> None:
    assert said("release_gate", of(("deployment", deployed()), before=BEFORE, unsafe=None)) == ["needs"]
    assert said(
        "release_gate", of(("deployment", deployed()), before=BEFORE, unsafe=("m.pkl: os.system",))
    ) == ["high unsafe"]


def test_a_draft_has_no_digest_yet() -> None:
    known = replace(of(("deployment", deployed()), before=BEFORE), digest="")

    assert said("release_gate", known) == ["needs"]


def test_golden_predictions_that_were_evaluated_here_outrank_declared_ones() -> None:
    declared = deployed(golden={**GOLDEN, "largest_difference": 1.0})

    def with_golden(apart: float) -> Operation:
        here = Statement(3, {"metrics": {"largest_difference": apart}}, evaluated=True)
        return of(("deployment", declared), before=BEFORE, golden=(here,))

    assert said("release_gate", with_golden(1e-5)) == []
    assert said("release_gate", with_golden(2e-4)) == ["high golden:e3"]


# ------------------------------------------------------------------ high availability


def service(name: str, *needs: str, replicas: int = 2, zones: str = "ab", availability: float = 0.99) -> Data:
    return {"name": name, "replicas": replicas, "zones": list(zones), "availability": availability,
            "needs": list(needs)}  # fmt: skip


def topology(*services: Data, **changes: Any) -> Data:
    base = {
        "at": "2026-05-14T00:00:00Z",
        "slo": 0.999,
        "services": list(services) or [service("gateway", "scorer"), service("scorer")],
        "backup": {"last_at": "2026-05-13T23:30:00Z"},
        "failover_drill_at": "2026-03-02T08:00:00Z",
    }
    return example("topology", **{**base, **changes})


def restored(**changes: Any) -> tuple[str, Data]:
    return "restore-test", example("restore-test", **changes)


@pytest.mark.parametrize(
    ("data", "test", "expected"),
    [
        (topology(), restored(), []),
        (topology(service("a", "b"), service("b", replicas=1)), restored(),
         ["high replicas", "high availability", "high single_point"]),
        (topology(service("a", "b"), service("b", "c", replicas=1), service("c")), restored(),
         ["high replicas", "high availability", "high single_point"]),
        (topology(service("a", "b"), service("b", zones="a")), restored(), ["high replicas"]),
        (topology(slo=0.9999), restored(), ["high availability"]),
        (topology(service("a", "z"), service("b")), restored(), ["needs topology"]),
        (topology(backup={"last_at": "2026-05-13T22:59:00Z"}), restored(), ["high backup"]),
        (topology(), restored(at="2026-02-13T00:00:00Z"), ["high restore_old"]),
        (topology(), restored(succeeded=False, minutes=31, lost_minutes=61),
         ["high restore_failed", "high restore_rto", "high restore_rpo"]),
        (topology(), restored(at="2027-01-01T00:00:00Z"), ["needs restore-test"]),
        (topology(), restored(at="2026-19-39T00:00:00Z"), ["needs restore-test"]),
        (topology(failover_drill_at="2025-11-15T00:00:00Z"), restored(), ["medium drill"]),
        (topology(slo=None, backup=None, failover_drill_at=None), restored(environment="elsewhere"),
         ["needs topology", "needs topology", "needs restore-test", "needs topology"]),
    ],
    ids=["ready", "one replica at the end", "one replica in the middle", "one zone", "promised more",
         "needs what nobody knows", "backup too old", "restore too long ago", "restore failed",
         "restore to come", "restore on no day", "drill too long ago", "not said"],
)  # fmt: skip
def test_high_availability(data: Data, test: tuple[str, Data], expected: list[str]) -> None:
    assert said("ha_readiness", of(("topology", data), test)) == expected


def test_two_replicas_of_99_percent_are_99_99_percent_and_two_such_services_in_series_less() -> None:
    one = topology(service("scorer"), slo=0.9999)
    two = topology(service("gateway", "scorer"), service("scorer"), slo=0.9999)

    texts = [
        item.message for item in QUALITY["ha_readiness"].run(of(("topology", two))) if isinstance(item, Issue)
    ]

    assert said("ha_readiness", of(("topology", one), restored())) == []
    assert texts == [
        "All services together reach 99.98 %, and 99.99 % was promised: an error budget of 4.32 minutes in "
        "30 days, of which 8.64 are used up. Declared in record 7."
    ]


# ------------------------------------------------------------------ watching


def windows(**errors: int) -> Data:
    """With 10,000 requests in each window, and these errors by “m” and its minutes: 0.1 % may fail."""
    listed = [
        {"minutes": minutes, "requests": 10_000, "errors": errors.get(f"m{minutes}", 0)}
        for minutes in (5, 30, 60, 360, 4320)
    ]
    return example("service-level", slo=0.999, windows=listed)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (windows(), []),
        (windows(m60=145, m5=145), ["high burn"]),
        (windows(m60=145, m5=144), []),
        (windows(m360=61, m30=61), ["high burn"]),
        (windows(m4320=11, m360=11), ["medium burn"]),
        (windows(m4320=10, m360=11), []),
        (example("service-level", windows=[{"minutes": 60, "requests": 0, "errors": 0}]),
         ["needs service-level"] * 3),
    ],
    ids=["quiet", "fast", "over already", "slower", "slow", "at the limit", "nobody asked"],
)  # fmt: skip
def test_burn_rates(data: Data, expected: list[str]) -> None:
    assert said("slo_burn", of(("service-level", data))) == expected


NOISE = Random(3)
STEADY = [100 + 10 * (day % 7) + NOISE.gauss(0, 3) for day in range(56)]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (STEADY, []),
        ([*STEADY[:-2], STEADY[-2] + 30, STEADY[-1]], ["high newest:p95_ms", "info earlier:p95_ms"]),
        ([*STEADY[:20], STEADY[20] + 60, *STEADY[21:]], ["info earlier:p95_ms"]),
        ([5.0] * 56, []),
        ([9.2e18, -9.2e18] * 28, []),
        (STEADY[:13], ["needs series"]),
    ],
    ids=["steady", "odd now", "odd before", "constant", "huge", "too short"],
)
def test_anomalies(values: list[float], expected: list[str]) -> None:
    assert said("metric_anomaly", of(("series", example("series", period=7, values=values)))) == expected


def profile(name: str, shift: float, rows: int = 2000) -> Data:
    points = [shift + place / 100 for place in range(101)]
    return {"rows": rows, "columns": [{"name": name, "type": "number", "held": rows, "missing": 0,
                                       "quantiles": points}]}  # fmt: skip


def served(shift: float, rows: int = 2000, columns: list[Data] | None = None, **more: Any) -> Operation:
    data = example("served", **({"columns": columns} if columns else {}))
    statement = Statement(7, data, "d", at=NOW)
    pair = profile("amount", shift, rows), profile("amount", 0.0)
    records = {"served": (statement,), **more.pop("records", {})}
    return Operation("model", NOW, records, served=(Served(statement, (pair,), "payments 3"),), **more)


def declared(psi: float, name: str = "country", rows: int = 5000) -> list[Data]:
    return [{"name": name, "psi": psi, "rows": rows, "reference_rows": 5000}]


@pytest.mark.parametrize(
    ("known", "skew", "drift"),
    [
        (served(0.0), [], []),
        (served(0.07), ["high column:amount"], ["low column:amount"]),
        (served(0.5), ["high column:amount"], ["high column:amount"]),
        (served(0.5, rows=999), ["needs served"], ["needs served"]),
        (served(0.0, columns=declared(0.3)), ["high column:country"], ["high column:country"]),
        (served(0.0, columns=declared(9.0, "amount")), [], []),
        (served(0.0, rows=9, columns=declared(0.3, rows=999)), ["needs served"], ["needs served"]),
        (served(0.0, columns=declared(9.0, rows=999)), ["needs served"], ["needs served"]),
    ],
    ids=["the same", "a little", "far", "too few rows", "declared", "measured outranks declared",
         "declared of too few", "one of them of too few"],
)  # fmt: skip
def test_what_is_served_against_what_was_trained_on(
    known: Operation, skew: list[str], drift: list[str]
) -> None:
    assert said("train_serve_skew", known) == skew
    assert said("drift_monitor", known) == drift


def live(recall: list[float], evaluated: bool = False, part: str = "live", **more: Any) -> Statement:
    data = {"part": part, "metrics": {"Recall": sum(recall) / 2}, "intervals": {"Recall": recall}, **more}
    return Statement(3 if evaluated else 7, data, evaluated=evaluated)


ACCEPTED = ("decision", example("decision", metric="recall", threshold=0.75))
MAE = ("decision", example("decision", metric="mae", threshold=2.0))
PINBALL = ("decision", example("decision", metric="pinball_90", threshold=2.0))


@pytest.mark.parametrize(
    ("decision", "evaluations", "expected"),
    [
        (ACCEPTED, [live([0.70, 0.76])], []),
        (ACCEPTED, [live([0.60, 0.74])], ["high recall"]),
        (ACCEPTED, [live([0.60, 0.74], evaluated=True)], ["high recall:e3"]),
        (ACCEPTED, [live([0.5, 0.6], estimated_by="CBPE"), live([0.7, 0.8])], []),
        (ACCEPTED, [live([0.5, 0.6], estimated_by="CBPE")], ["high recall"]),
        (ACCEPTED, [live([0.5, 0.6], part="test")], ["needs evaluation"]),
        (ACCEPTED, [Statement(7, {"part": "live", "metrics": {"recall": 0.1}})], ["needs evaluation"]),
        (MAE, [Statement(7, {"part": "live", "metrics": {"mae": 3}, "intervals": {"mae": [2.1, 4]}})],
         ["high mae"]),
        (MAE, [live([0.1, 0.2])], ["needs evaluation"]),
        (PINBALL, [live([0.1, 0.2], metrics={"pinball_90": 3}, intervals={"pinball_90": [2.1, 4]})],
         ["high pinball_90"]),
    ],
    ids=["may still be as good", "worse", "worse here", "labels before an estimate", "estimated",
         "not live", "no interval", "an error is better small", "another metric",
         "an error of ours"],
)  # fmt: skip
def test_decay(decision: tuple[str, Data], evaluations: list[Statement], expected: list[str]) -> None:
    assert said("perf_decay", of(decision, evaluations=tuple(evaluations))) == expected


def test_decay_of_a_metric_that_nobody_looks_at_is_not_evaluated() -> None:
    assert said("perf_decay", of(ACCEPTED, MAE, evaluations=(live([0.8, 0.9]),))) == ["needs evaluation"]


def trained(days: float) -> tuple[Statement, ...]:
    return (Statement(2, {"metric": "auc", "ended_at": (NOW - timedelta(days=days)).isoformat()}),)


RULE = {"retraining": (Statement(7, example("retraining", important=["amount"]), at=NOW),)}
FULL_RULE = {"retraining": (Statement(7, example("retraining"), at=NOW),)}


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (served(0.0, trainings=trained(90), records=RULE), []),
        (served(0.0, trainings=trained(91), records=RULE), ["high age"]),
        (served(0.5, trainings=trained(1), records=RULE), ["high column:amount"]),
        (served(0.0, columns=declared(9.0, "of no matter"), trainings=trained(1), records=RULE), []),
        (served(0.0, trainings=trained(-1), records=RULE), ["needs training"]),
        (of(("retraining", {"max_age_days": 9})), ["needs training", "needs retraining"]),
        (served(0.0, trainings=trained(90), records=FULL_RULE), ["needs served"]),
    ],
    ids=[
        "in time",
        "too old",
        "an important input",
        "an unimportant one",
        "trained tomorrow",
        "not said",
        "important ones that nobody compared",
    ],
)
def test_training_again(known: Operation, expected: list[str]) -> None:
    assert said("retrain_due", known) == expected


PAIR = {"version": 2, "evaluation": 5, "metric": "accuracy", "difference": -0.02, "p": 0.001}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (example("experiment"), []),
        (example("experiment", planned_at="2026-04-22T09:00:00Z"), ["high planned"]),
        (example("experiment", planned_at="2026-19-32T09:00:00Z"), ["needs experiment"]),
        (example("experiment", this__units=16_000), ["high split"]),
        (example("experiment", planned_units=9000), ["medium power"]),
        (example("experiment", planned_units=20_000), ["needs experiment"]),
        (example("experiment", this__successes=3900), ["high worse"]),
        (example("experiment", this__successes=4230), ["info no_difference"]),
        (example("experiment", this__successes=15_101), ["needs experiment"]),
    ],
    ids=["better", "planned too late", "planned on no day", "split is off", "underpowered", "read too early",
         "worse", "no difference", "more than all"],
)  # fmt: skip
def test_experiments(data: Data, expected: list[str]) -> None:
    assert said("ab", of(("experiment", data))) == expected


def test_pairs_that_were_evaluated_here_count_without_an_experiment() -> None:
    here = Statement(3, {"metrics": {}, "paired": {5: PAIR}}, evaluated=True)
    better = Statement(4, {"metrics": {}, "paired": {6: {**PAIR, "difference": 0.02}}}, evaluated=True)

    assert said("ab", of(evaluations=(here, better))) == ["high pairs:2:e3"]


# ------------------------------------------------------------------ protection


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (example("protection"), []),
        (example("protection", channels__0__tls="1.1"), ["high tls"]),
        (example("protection", channels__1__sslmode="require"), ["high sslmode"]),
        (example("protection", stores__0__encrypted=False), ["high at_rest"]),
        (example("protection", stores__0__public=True), ["high public"]),
        (example("protection", channels=[], stores=[]), ["needs protection"] * 2),
    ],
    ids=["kept", "old TLS", "anybody may answer", "plain", "open", "nothing said"],
)
def test_encryption(data: Data, expected: list[str]) -> None:
    assert said("encryption", of(("protection", data))) == expected


@pytest.mark.parametrize(("tls", "expected"), [("TLSv1.3", []), ("1.2", []), ("1.0", ["high tls:tls"])])
def test_tls_of_a_deployment_counts_too(tls: str, expected: list[str]) -> None:
    known = of(("protection", example("protection")), ("deployment", deployed(tls=tls)))

    assert OTHERS[1] == ("deployment", ("tls",))
    assert said("encryption", known) == expected


# ------------------------------------------------------------------ money

DAYS = [
    {"EffectiveCost": 100 + day % 7, "ServiceCategory": "Compute", "Tags": {"asset": "x"}, "phase": "deploy",
     "ChargePeriodStart": (datetime(2026, 4, 1, tzinfo=UTC) + timedelta(days=day)).isoformat()}
    for day in range(35)
]  # fmt: skip


def costs(rows: list[Data] | None = None, **changes: Any) -> Data:
    used = [{"resource": "scorer-4", "days": 14, "p95_cpu": 0.55}]
    base = {"to": "2026-04-15", "budget": 1e6, "rows": rows or DAYS, "used": used, "savings": []}
    return example("cost", predictions=None, **{**base, **changes})


def row(cost: float, **more: Any) -> Data:
    return {
        "EffectiveCost": cost,
        "ServiceCategory": "Compute",
        "Tags": {"team": "x"},
        "phase": "build",
        **more,
    }


def last_day(cost: float) -> list[Data]:
    return [*DAYS[:-1], {**DAYS[-1], "EffectiveCost": cost}]


def at_no_cost(then: float) -> list[Data]:
    """Weeks without a cost on one weekday, and then one."""
    return [
        {**each, "EffectiveCost": 0 if place % 7 == 6 else 100} for place, each in enumerate(DAYS[:-1])
    ] + [{**DAYS[-1], "EffectiveCost": then}]


TASK = {"task": "resize", "fixed_per_month": 50, "per_request": 0.001, "requests_per_month": 49_999}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (costs(), []),
        (costs([*DAYS, row(500, Tags={})]), ["medium allocation"]),
        (costs([*DAYS, row(500, ServiceCategory="Networking")]), ["low egress"]),
        (costs(used=[{"resource": "a", "days": 14, "p95_cpu": 0.39, "p95_gpu": 0.1}]), ["low right_size"]),
        (costs(used=[{"resource": "a", "days": 13, "p95_cpu": 0.1}]), ["needs cost"]),
        (costs(used=[{"resource": "a", "days": 14, "p95_cpu": 0.5, "idle_days": 4}]), ["medium idle"]),
        (costs(serverless=[TASK]), ["low serverless:resize"]),
        (costs(serverless=[{**TASK, "requests_per_month": 50_000}]), []),
        (costs(last_day(200)), ["medium day:2026-05-05"]),
        (costs(last_day(106.5)), []),
        (costs(at_no_cost(1000)), ["medium day:2026-05-05"]),
        (costs(at_no_cost(0)), []),
        (costs([row(100)]), ["needs cost"]),
        (costs([row(-100)]), ["needs cost", "needs cost"]),
    ],
    ids=["in order", "nobody's", "network", "too large", "too short", "idle", "without a machine",
         "at break-even", "an odd day", "within one per cent", "cost out of nothing", "nothing again",
         "no days", "only credits"],
)  # fmt: skip
def test_where_cost_can_be_saved(data: Data, expected: list[str]) -> None:
    assert said("cost_areas", of(("cost", data))) == expected


def test_what_a_search_lost_and_a_team_stores_unused_is_told() -> None:
    trials = [{"state": "complete", "score": score, "hours": 2, "stopped_at_step": 9} for score in (1, 2, 3)]
    training = Statement(2, {"metric": "auc", "trials": trials})
    stored = Stored(("datasets/fraud/old/versions/1",), 4096, 10)

    found = said("cost_areas", of(("cost", costs()), trainings=(training,), stored=stored))

    assert found == ["info trials:2", "low unused", "info again"]


IN_PHASES = [row(90), row(5, phase=None), row(5, Tags={"phase": "deploy"}, phase=None)]
IN_PHASES = [{name: value for name, value in each.items() if value is not None} for each in IN_PHASES]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (costs(IN_PHASES), []),
        (costs([row(94), IN_PHASES[1], row(1)]), []),
        (costs([row(90), {**IN_PHASES[1], "EffectiveCost": 6}]), ["medium unmapped"]),
        (costs(IN_PHASES, budget=199), ["medium budget"]),
        (costs(IN_PHASES, budget=200), []),
        (costs(IN_PHASES, to="2026-05-01"), ["needs cost"]),
        (costs(IN_PHASES, to="2026-04-31"), ["needs cost"]),
        (costs(IN_PHASES, used=[{"resource": "n", "days": 1, "is": "notebook", "idle_minutes": 60}]),
         ["medium notebook"]),
        (costs(IN_PHASES, used=[{"resource": "e", "days": 7, "is": "endpoint", "requests_per_hour": 0.9}]),
         ["medium endpoint"]),
        (costs(IN_PHASES, used=[{"resource": "e", "days": 7, "is": "endpoint"}]), ["needs cost"]),
        (costs(IN_PHASES, used=None), ["needs cost"]),
        (costs(IN_PHASES, savings=[{"what": "spot", "metric": "auc", "lower": -0.01}]), ["medium saving"]),
        (costs(IN_PHASES, savings=[{"what": "spot", "metric": "auc", "lower": -0.5, "reverted": True}]), []),
        (costs(IN_PHASES, savings=None), ["needs cost"]),
        (costs([row(-5)]), ["needs cost"]),
        (costs(IN_PHASES, versions=4), ["info unit_cost"]),
    ],
    ids=["in order", "five per cent", "unmapped", "over the budget", "within", "two months", "no such day",
         "a notebook", "an endpoint", "an endpoint unsaid", "use unsaid",
         "a saving that cost quality", "reverted", "savings unsaid",
         "only credits", "unit cost"],
)  # fmt: skip
def test_cost_by_phase(data: Data, expected: list[str]) -> None:
    assert said("phase_cost", of(("cost", data))) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"chosen": "on premises"}, ["medium dearer:3", "medium dearer:5"]),
        ({"chosen": "on premises", "notes": "The data may not leave."}, []),
        ({"factors__setup__cloud": " "}, ["medium empty"]),
        ({"reservations": {"coverage": 0.79, "utilisation": 0.8}}, ["medium coverage"]),
        ({"cloud__per_hour": 35}, ["medium turns:5"]),
        ({"cloud__per_hour": 35, "notes": "Close, and decided."}, []),
        ({"on_premises": dict.fromkeys(KINDS["ownership-cost"].example["on_premises"], 0) | {"pue": 1},
          "cloud": dict.fromkeys(KINDS["ownership-cost"].example["cloud"], 0)}, ["needs ownership-cost"]),
    ],
    ids=["clear", "the dearer one", "for a reason", "an empty cell", "reservations", "turns round", "noted",
         "nothing costs anything"],
)  # fmt: skip
def test_cost_of_ownership(changes: Data, expected: list[str]) -> None:
    assert said("tco", of(("ownership-cost", example("ownership-cost", **changes)))) == expected


def test_what_is_declared_says_so() -> None:
    (issue,) = QUALITY["slo_burn"].run(of(("service-level", windows(m60=145, m5=145))))

    assert isinstance(issue, Issue)
    assert issue.place == "record 7"
    assert issue.message == (
        "The error budget burns 14.5 times as fast as it may over 60 minutes, and 14.5 times over 5: page "
        "somebody. Declared in record 7."
    )


def test_a_team_that_asks_for_more_gets_it() -> None:
    data = example("load-test", **LOAD)
    known = of(("load-test", data))
    stricter = Operation(known.kind, NOW, known.records, {"load.room": 1.5})

    assert said("load", stricter) == ["high target"]
