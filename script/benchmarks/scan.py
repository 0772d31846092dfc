"""What `manage.py scan` finds of a corpus that is made here, and what it costs. Needs no servers.

The hostile half is one sample for each technique, the honest half what the installed libraries save
(tests/registry/pickles). `recall` counts files with a critical or high finding, by every check together.
"""

import hashlib
import io
import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from registry import checks
from registry.scanning.looking import Looker
from script.benchmarks.figures import Figure, alternately
from script.benchmarks.processes import Cpu
from tests.registry.pickles import honest, hostile

NAMES = ("scan",)
ROOT = Path(__file__).resolve().parents[2]
FEW = 60  # honest things of a family
LARGE = 1 << 30


def measure(_: object = None) -> Iterator[Figure]:
    checks.load()
    with tempfile.TemporaryDirectory() as folder, Looker("model") as looker:
        yield from recall(looker, Path(folder) / "hostile")
        yield from false_alarms(looker, Path(folder) / "honest")
        yield large(looker, Path(folder) / "large.pt", torch_of)
        yield large(looker, Path(folder) / "large.safetensors", tensors_of)


def recall(looker: Looker, folder: Path) -> Iterator[Figure]:
    blocked, most = defaultdict(list), 0.0
    folder.mkdir()
    for number, (family, name, content) in enumerate(hostile.samples()):
        path = folder / f"{number}-{name}"
        path.write_bytes(content)
        with Cpu(os.getpid()) as used:
            found, _ = looked(looker, path)
        most = max(most, used.seconds)
        blocked[family].append(found)
    for family, found in blocked.items():
        yield Figure(f"scan_recall_{family}", sum(found), "files", limit=len(found), least=0.99)
    yield Figure("scan_slowest_hostile", most, "s of CPU", most=5)


def false_alarms(looker: Looker, folder: Path) -> Iterator[Figure]:
    made = [sys.executable, honest.__file__, str(folder), str(FEW)]
    subprocess.run(made, check=True, stderr=subprocess.DEVNULL)
    times, alarms, total = [], defaultdict(int), defaultdict(int)
    for path in sorted(folder.rglob("*.*")):
        found, seconds = looked(looker, path)
        times.append(seconds)
        total[path.parent.name] += 1
        alarms[path.parent.name] += found
    for family, number in total.items():
        yield Figure(f"scan_false_alarms_{family}", 100 * alarms[family] / number, f"% of {number}", most=0.3)
    yield Figure("scan_small_file_p50", 1000 * median(times), "ms", most=30)


def looked(looker: Looker, path: Path) -> tuple[bool, float]:
    """Whether it is blocked, and the seconds that took."""
    begun = time.perf_counter()
    verdict = looker.look(str(path)).verdict
    return verdict == "findings", time.perf_counter() - begun


def large(looker: Looker, path: Path, write: Callable[[Path, bytes], None]) -> Figure:
    """A file of 1 GiB, against reading and hashing it."""
    write(path, os.urandom(1 << 20))
    scanned, hashed = alternately(lambda: looked(looker, path)[1], lambda: seconds_to_hash(path), 3)
    name = f"scan_{write.__name__.removesuffix('_of')}_1_gib"
    path.unlink()
    return Figure(name, LARGE / scanned / 1e9, "GB/s", limit=LARGE / hashed / 1e9, least=0.5)


def tensors_of(path: Path, block: bytes) -> None:
    """safetensors with one tensor."""
    entry = {"dtype": "U8", "shape": [LARGE], "data_offsets": [0, LARGE]}
    header = json.dumps({"weight": entry}).encode()
    with path.open("wb") as sink:
        sink.write(len(header).to_bytes(8, "little") + header)
        for _ in range(LARGE // len(block)):
            sink.write(block)


def torch_of(path: Path, block: bytes) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", hostile.PLAIN)
        for number in range(64):
            with archive.open(f"archive/data/{number}", "w", force_zip64=True) as sink:
                for _ in range(LARGE // 64 // len(block)):
                    sink.write(block)


def seconds_to_hash(path: Path) -> float:
    begun = time.perf_counter()
    with io.FileIO(path) as file:
        hashlib.file_digest(file, "sha256")
    return time.perf_counter() - begun
