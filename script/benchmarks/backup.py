"""`backup`: stored files into a backup, and back into an empty installation, against copying them.

2 GiB of them, or as many as BENCH_GIB says.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from config.stack import home, parts
from script.benchmarks.figures import Figure, alternately
from script.benchmarks.servers import Servers, inside

NAMES = ("backup", "restore")
MIB = 1 << 20
LARGE, SMALL = 64 * MIB, 1 * MIB
GIB = int(os.environ.get("BENCH_GIB", "2"))
LARGES, SMALLS = 14 * GIB, 128 * GIB
TIMES = 3


def measure(servers: Servers) -> Iterator[Figure]:
    inside("backup", "fill")
    folder = Path(tempfile.mkdtemp(prefix="backups-", dir=home.home()))
    copying = Copying(home.home() / "blobs", folder)
    value, best = alternately(lambda: speed(make(folder)), copying.speed, TIMES)
    yield Figure("backup", value, "MiB/s", best, least=0.5)
    made = folder / "kept.backup"
    make(folder, made)
    value, best = alternately(lambda: speed(restore(made, folder)), copying.speed, TIMES)
    yield Figure("restore", value, "MiB/s", best, least=0.5)
    shutil.rmtree(folder)


def speed(seconds: float) -> float:
    return (LARGES * LARGE + SMALLS * SMALL) / MIB / seconds


class Copying:
    """The limit: the same files, copied to the same disk until they are on it."""

    def __init__(self, blobs: Path, folder: Path) -> None:
        self.blobs, self.folder = blobs, folder

    def speed(self) -> float:
        copy = self.folder / "copy"
        began = time.monotonic()
        shutil.copytree(self.blobs, copy)
        for file in copy.rglob("*"):
            handle = os.open(file, os.O_RDONLY)
            os.fsync(handle)
            os.close(handle)
        taken = time.monotonic() - began
        shutil.rmtree(copy)
        return speed(taken)


def make(folder: Path, target: Path | None = None) -> float:
    """Seconds that `manage.py backup` works."""
    file = target or folder / "made.backup"
    seconds: float = inside("backup", "make", str(file))["seconds"]
    if target is None:
        file.unlink()
    return seconds


def restore(file: Path, folder: Path) -> float:
    """Seconds that `manage.py restore` works, in a home of its own whose servers run already."""
    place = Path(tempfile.mkdtemp(prefix="empty-", dir=folder))
    env = parts.environment() | {"STEWARD_HOME": str(place), "DATABASE_URL": "", "REDIS_URL": ""}
    work = [sys.executable, "-m", "script.benchmarks.backup", "restore", str(file)]
    command = [sys.executable, "-m", "config.stack", "run", *work]
    done = subprocess.run(command, env=env, cwd=home.PROJECT, stdout=subprocess.PIPE, check=True)
    shutil.rmtree(place, ignore_errors=True)
    return float(done.stdout.split()[-1])


# ------------------------------------------------------------------ inside


def main(what: str, file: str = "") -> dict[str, float]:
    """`fill`, `make FILE` or `restore FILE`, with Django set up."""
    from django.core.management import call_command

    if what == "fill":
        fill()
        return {}
    began = time.monotonic()
    with open(os.devnull, "w") as nowhere:
        call_command({"make": "backup"}.get(what, what), file, stdout=nowhere)
    return {"seconds": time.monotonic() - began}


def fill() -> None:
    """Stored files with their rows, as pushes leave them."""
    from governance.models import Team
    from registry import storage
    from registry.models import Blob
    from script.benchmarks.fill import chance, somebody

    somebody()
    team = Team.objects.get(slug="team-0")
    for size, number in ((LARGE, LARGES), (SMALL, SMALLS)):
        for _ in range(number):
            with storage.Writer(size) as writer:
                for _ in range(size // MIB):
                    writer.write(chance.randbytes(MIB))
                stored = writer.finish()
            Blob.objects.create(team=team, **asdict(stored))


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    print(main(*sys.argv[1:])["seconds"])
