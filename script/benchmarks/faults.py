"""`faults`: 300 kill -9 at random moments under a load of pushes and promotions, and what that cost.

Parts of the stack, and processes below them, are killed while people push, ask, approve and promote. What the
server acknowledged is written down, and looked for when all is quiet again. BENCH_KILLS says how many.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from statistics import median, quantiles
from typing import Any

from config.stack import home, ready
from script.benchmarks.figures import Figure
from script.benchmarks.processes import child, family
from script.benchmarks.servers import Servers, inside
from script.benchmarks.trouble import Promoter, Pusher, Trouble

NAMES = ("faults", "faults_lost", "faults_half", "faults_unrecorded", "faults_unforeseen", "faults_recovery")
KILLS = int(os.environ.get("BENCH_KILLS", "300"))
PARTS = {
    "web server": "steward: web server",
    "worker": "[celeryd: ",
    "scheduler": "[celery beat",
    "Redis": "redis-server",
    "PostgreSQL": "postgres",
}
PUSHERS = 3
PAUSE = 3.0  # seconds between two kills, at most
PATIENCE = 120  # seconds until all is ready again
chance = random.Random(11)


def measure(servers: Servers) -> Iterator[Figure]:
    people = inside("faults_seen", "people")
    over, journal = threading.Event(), Trouble()
    load = [Pusher(servers.port, people, number, journal) for number in range(PUSHERS)]
    workers = [*load, Promoter(servers.port, people, load, journal)]
    threads = [threading.Thread(target=each.work, args=[over]) for each in workers]
    for thread in threads:
        thread.start()
    killed, waited = kills(servers)
    over.set()
    for thread in threads:
        thread.join()
    file = home.home() / "acknowledged.json"
    file.write_text(json.dumps(journal.acknowledged))
    found = inside("faults_seen", "look", str(file)) | {"unforeseen": journal.unforeseen}
    tell(killed, waited, journal, found)
    yield Figure("faults", sum(killed.values()), "kills")
    yield Figure("faults_lost", len(found["lost"]), "acknowledged things that are gone", most=0)
    yield Figure("faults_half", len(found["half"]), "half things that show", most=0)
    yield Figure("faults_unrecorded", len(found["unrecorded"]), "actions without event", most=0)
    yield Figure("faults_unforeseen", len(found["unforeseen"]), "answers of 500", most=0)
    spans = [span for each in waited.values() for span in each]
    yield Figure("faults_recovery", quantiles(spans, n=20)[-1], "s from a kill until all is ready, p95")


def kills(servers: Servers) -> tuple[Counter[str], dict[str, list[float]]]:
    """How often each part was hit, and how long it took each time until everything answered again."""
    killed: Counter[str] = Counter()
    waited: dict[str, list[float]] = defaultdict(list)
    while sum(killed.values()) < KILLS:
        time.sleep(chance.uniform(0, PAUSE))
        part = chance.choice(list(PARTS))
        if not kill(servers, part):
            continue
        killed[part] += 1
        began = time.monotonic()
        if chance.random() < 0.7:  # the next one may meet a stack that has not come back
            wait_until_ready(servers.port)
            waited[part].append(time.monotonic() - began)
    return killed, waited


def kill(servers: Servers, part: str) -> bool:
    """End one process of a part: the first, or any below it."""
    try:
        root = child(servers.stack, PARTS[part])
        victim = root if chance.random() < 0.5 else chance.choice(sorted(family(root)))
        os.kill(victim, signal.SIGKILL)
    except (LookupError, ProcessLookupError):
        return False
    return True


def wait_until_ready(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while not ready.ask("127.0.0.1", port, tls=False).ready:
        if time.monotonic() > until:
            raise RuntimeError(f"The stack is not ready {PATIENCE} s after a kill.")
        time.sleep(0.1)


def tell(
    killed: Counter[str], waited: dict[str, list[float]], journal: Trouble, found: dict[str, Any]
) -> None:
    """The table, for people."""
    say("part", "kills", "ready again: median", "longest")
    for part, times in killed.items():
        spans = waited[part] or [0.0]
        say(part, times, f"{median(spans):.1f} s", f"{max(spans):.1f} s")
    counts = Counter(each["what"] for each in journal.acknowledged)
    say("acknowledged:", ", ".join(f"{count:,} {what}" for what, count in counts.items()))
    say("without an answer, or refused for now:", f"{journal.unanswered:,}")
    for kind in ("lost", "half", "unrecorded", "unforeseen"):
        for each in found[kind][:20]:
            say(kind, each)


def say(*words: object) -> None:
    print("  ".join(map(str, words)), file=sys.stderr, flush=True)
