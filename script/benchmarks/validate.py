"""What scoring a small model costs, and the profile of a CSV of 10 million rows. Needs no servers."""

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

from registry import checks
from registry.crypto import Sealer
from registry.sandbox.running import Sandbox
from script.benchmarks import evaluations
from script.benchmarks.figures import Figure, alternately

NAMES = ("validate",)
ROWS = 10_000_000
BLOCK = 100_000  # rows that are made, and written again and again with other keys
KEY = bytes(32)
READ = "import sys, time, polars; begun = time.perf_counter(); polars.read_csv(sys.argv[1]); " + (
    "print(time.perf_counter() - begun)"
)


def measure(_: object = None) -> Iterator[Figure]:
    checks.load()
    yield from evaluations.measure()
    with tempfile.TemporaryDirectory() as folder:
        plain, sealed = Path(folder) / "table.csv", Path(folder) / "sealed"
        write(plain)
        seal(plain, sealed)
        highest: list[int] = []
        profiled, read = alternately(lambda: profile(sealed, highest), lambda: read_once(plain), 3)
        yield Figure("validate_profile", read, "s to read it once", limit=profiled, least=1 / 3)
        yield Figure("validate_profile_memory", max(highest), "MiB", most=1024)


def write(path: Path) -> None:
    """About 1 GB: a key, a time, numbers, words."""
    source = random.Random(1)
    rest = [
        f",2026-{source.randint(1, 12):02d}-{source.randint(1, 28):02d}T12:{source.randint(0, 59):02d}:00,"
        f"{source.lognormvariate(3, 1):.2f},{source.gauss(0, 1):.5f},{source.randint(18, 90)},"
        f"{source.choice(['DE', 'FR', 'ES', 'IT'])},merchant-{source.randint(0, 200_000):06d},"
        f"{int(source.random() < 0.01)},{source.choice(['paid at the terminal', 'online', ''])},"
        f"{source.gauss(5000, 2000):.2f}\n"
        for _ in range(BLOCK)
    ]
    with path.open("w") as sink:
        sink.write("id,booked,amount,score,age,country,merchant,fraud,note,balance\n")
        for first in range(0, ROWS, BLOCK):
            sink.write("".join(f"{first + place}{row}" for place, row in enumerate(rest)))


def seal(plain: Path, sealed: Path) -> None:
    with sealed.open("wb", buffering=0) as sink, plain.open("rb") as source:
        sealer = Sealer(sink, KEY, b"table")
        while piece := source.read(1 << 20):
            sealer.write(piece)
        sealer.close()


def profile(sealed: Path, highest: list[int]) -> float:
    """Seconds; the most memory that the child had goes into `highest`."""
    sandbox, done = Sandbox(), Event()
    begun = time.perf_counter()
    watch = Thread(target=follow, args=(sandbox, done, highest))
    watch.start()
    try:
        with sealed.open("rb") as file:
            (report,) = sandbox.run(file, KEY, "table", "table.csv", ["profile"])
    finally:
        done.set()
        watch.join()
        sandbox.stop()
    if report.fact is None or report.fact.get("rows") != ROWS:
        raise RuntimeError(f"The profile failed: {report.error}")
    return time.perf_counter() - begun


def follow(sandbox: Sandbox, done: Event, highest: list[int]) -> None:
    """Read what the children of the sandbox's parent hold, twenty times a second."""
    while not done.wait(0.05):
        children = Path(f"/proc/{sandbox.pid}/task/{sandbox.pid}/children")
        try:
            for child in children.read_text().split():
                pages = int(Path(f"/proc/{child}/statm").read_text().split()[1])
                highest.append(pages * os.sysconf("SC_PAGE_SIZE") >> 20)
        except (OSError, IndexError):
            continue


def read_once(plain: Path) -> float:
    """By polars with two threads, as the child has."""
    answer = subprocess.run(
        [sys.executable, "-c", READ, str(plain)],
        env={**os.environ, "POLARS_MAX_THREADS": "2"},
        check=True,
        capture_output=True,
        text=True,
    )
    return float(answer.stdout)
