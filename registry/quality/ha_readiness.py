"""Whether a service stays up when one part of it goes, and comes back in time when all of it does."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import Any

from registry.checks import Issue
from registry.evaluating import Statement
from registry.operating import Operation, days_since, moment, said
from registry.operating.graphs import cutting
from registry.quality import Needs, operation
from registry.quality.ownership_coverage import named
from registry.thresholds import threshold

TESTED = threshold(
    __name__, "restore_days", 90, "days since a restore was tried, at most", least=1, most=3650
)
DRILLED = threshold(
    __name__, "drill_days", 180, "days since a failover was drilled, at most", least=1, most=3650
)
FEWEST = 2
MONTH = 30 * 24 * 60  # minutes
Service = dict[str, Any]


@operation(
    "Readiness for high availability",
    "each service has two replicas or more in two zones or more; availability 1 - (1 - a)ⁿ of n replicas, "
    "times that of all other services, reaches the SLO (error budget (1 - SLO) · 30 d: 43.2 min at 99.9 "
    "%); no replica is an articulation point of the graph of services; the last backup is no older than "
    "the RPO; a restore was tried in the last 90 days, within RTO and RPO (each high); a failover was "
    "drilled in the last 180 days (medium)",
    "Beyer and others 2016, Site reliability engineering, 3; Hopcroft and Tarjan 1973; the times are our own",
    reads=("topology", "restore-test"),
    team=True,
)
def run(known: Operation) -> Iterator[Issue | Needs]:
    listed = known.newest("topology", "environment")
    if not listed:
        yield Needs("a record of the topology", page="topology")
    for topology in listed:
        yield from redundant(topology)
        yield from available(topology)
        yield from cut(topology)
        yield from backed_up(topology)
        yield from restored(topology, known)
        yield from drilled(topology, known)


def redundant(topology: Statement) -> Iterator[Issue]:
    lacking = [
        each["name"]
        for each in topology.data["services"]
        if each["replicas"] < FEWEST or len(set(each.get("zones", ()))) < FEWEST
    ]
    if lacking:
        text = f"{named(lacking)}: fewer than two replicas in two zones. The loss of one stops it."
        yield said(topology, "high", "replicas", text)


def available(topology: Statement) -> Iterator[Issue | Needs]:
    services, slo = topology.data["services"], topology.data.get("slo")
    if slo is None or any("availability" not in each for each in services):
        yield Needs(
            "a topology with the SLO and the availability of one replica of each service", page="topology"
        )
        return
    reached = prod(1 - (1 - each["availability"]) ** each["replicas"] for each in services)
    if reached < slo:
        text = (
            f"All services together reach {100 * reached:.6g} %, and {100 * slo:.6g} % was promised: an "
            f"error budget of {(1 - slo) * MONTH:.4g} minutes in 30 days, of which "
            f"{(1 - reached) * MONTH:.4g} are used up."
        )
        yield said(topology, "high", "availability", text)


def cut(topology: Statement) -> Iterator[Issue | Needs]:
    """Each replica is a node, joined to every replica of what it needs: two of them are as good as ten."""
    services: list[Service] = topology.data["services"]
    copies = {each["name"]: min(each["replicas"], FEWEST) for each in services}
    needed = {other for each in services for other in each.get("needs", ())}
    if not needed:
        if len(services) > 1:
            yield Needs("a topology that says which service needs which", page="topology")
        return
    if strange := sorted(needed - copies.keys()):
        yield Needs(f"a topology that describes {named(strange)} as well", page="topology")
    graph: dict[str, set[str]] = {node: set() for name in copies for node in nodes(name, copies)}
    for each in services:
        for other in each.get("needs", ()):
            for one in nodes(each["name"], copies):
                for two in nodes(other, copies) if other in copies else ():
                    if one != two:
                        graph[one].add(two)
                        graph[two].add(one)
    alone = [node.rpartition("#")[0] for node in cutting(graph)]
    if alone:
        text = f"{named(alone)}: a single point of failure. Without it the rest falls apart."
        yield said(topology, "high", "single_point", text)


def nodes(name: str, copies: dict[str, int]) -> list[str]:
    return [f"{name}#{place}" for place in range(copies[name])]


def backed_up(topology: Statement) -> Iterator[Issue | Needs]:
    """How old it was when that was said: a declared time does not move on by itself."""
    made = moment((topology.data.get("backup") or {}).get("last_at"))
    at, most = moment(topology.data.get("at")) or topology.at, topology.data.get("rpo_minutes")
    if made is None or at is None or most is None or made > at:
        yield Needs("a topology with its RPO and the time of the last backup before it", page="topology")
        return
    age = (at - made).total_seconds() / 60
    if age > most:
        text = f"The last backup was {age:,.4g} minutes old, and at most {most:,.4g} may be lost (RPO)."
        yield said(topology, "high", "backup", text)


def restored(topology: Statement, known: Operation) -> Iterator[Issue | Needs]:
    tests = [
        each
        for each in known.newest("restore-test", "environment")
        if each.about == topology.about
        and each.data.get("environment") in (None, topology.data.get("environment"))
    ]
    if not tests:
        yield Needs("a record of a restore test of this environment", page="restore-test")
        return
    test, limits = tests[0], topology.data
    days = days_since(test.data["at"], known.now)
    if days is None:
        yield Needs("a restore test that has been made", page="restore-test")
        return
    if days > TESTED.of(known):
        text = f"A restore was tried {days:,.0f} days ago: try one every {TESTED.of(known):g} days."
        yield said(test, "high", "restore_old", text)
    if not test.data["succeeded"]:
        yield said(test, "high", "restore_failed", "The restore that was tried failed.")
    for name, key, limit in (("RTO", "minutes", "rto_minutes"), ("RPO", "lost_minutes", "rpo_minutes")):
        took, most = test.data.get(key), limits.get(limit, test.data.get(limit))
        if took is None or most is None:
            yield Needs(
                f"a restore test and a topology that tell whether the {name} was kept", page="restore-test"
            )
        elif took > most:
            text = (
                f"The restore that was tried came to {took:,.4g} minutes, and {most:,.4g} were promised "
                f"({name})."
            )
            yield said(test, "high", f"restore_{name.lower()}", text)


def drilled(topology: Statement, known: Operation) -> Iterator[Issue | Needs]:
    days = days_since(topology.data.get("failover_drill_at"), known.now)
    if days is None:
        yield Needs("a topology that says when a failover was drilled", page="topology")
    elif days > DRILLED.of(known):
        text = f"A failover was drilled {days:,.0f} days ago: drill one every {DRILLED.of(known):g} days."
        yield said(topology, "medium", "drill", text)
