"""What scoring a small model costs: the processor time of both children, both warm parents and the worker."""

from __future__ import annotations

import csv
import io
import os
import tempfile
import time
from collections.abc import Iterator

import joblib
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression

from registry.crypto import Sealer
from registry.scoring.running import Opened, Scorer
from script.benchmarks.figures import Figure

NAMES = ("evaluations",)
TIMES, KEY, ROWS = 50, bytes(32), 143
# A thousand in a minute on one core.
MOST = 60.0


def measure(_: object = None) -> Iterator[Figure]:
    rows, truth = load_breast_cancer(return_X_y=True)
    model = io.BytesIO()
    joblib.dump(LogisticRegression(max_iter=10_000).fit(rows, truth), model)
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow([*map(str, range(rows.shape[1])), "target"])
    writer.writerows([*row, answer] for row, answer in zip(rows[:ROWS].tolist(), truth[:ROWS], strict=True))
    scorer = Scorer()
    try:
        one, other = (
            sealed(model.getvalue(), "model.joblib"),
            sealed(table.getvalue().encode(), "table.csv"),
        )
        scorer.score(one, other, {"target": "target"})
        begun = used(scorer)
        for _ in range(TIMES):
            scorer.score(one, other, {"target": "target"})
        yield Figure("evaluation", 1000 * (used(scorer) - begun) / TIMES, "ms of CPU", most=MOST)
    finally:
        scorer.stop()


def sealed(content: bytes, path: str) -> Opened:
    file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115  it is read until the end
    sealer = Sealer(file, KEY, b"a-blob")
    sealer.write(content)
    sealer.close()
    return Opened(file, KEY, "a-blob", path, len(content))


def used(scorer: Scorer) -> float:
    """Seconds of this process, of both parents and of all children that have ended."""
    return time.process_time() + sum(map(of_process, scorer.pids))


def of_process(pid: int) -> float:
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
