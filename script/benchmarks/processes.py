"""What processes use up, as the kernel counts it."""

import os
import threading
import time
from contextlib import suppress
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def family(root: int) -> set[int]:
    """A process and everything below it."""
    found = {root}
    parents = dict(pair for pid in everyone() if (pair := (pid, parent(pid)))[1])
    while more := {pid for pid, above in parents.items() if above in found} - found:
        found |= more
    return found


def child(root: int, word: str) -> int:
    """The child of `root` with this word on its command line."""
    for pid in family(root) - {root}:
        if parent(pid) == root and word in command(pid):
            return pid
    raise LookupError(f"nothing below {root} runs {word}")


def everyone() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdecimal()]


def parent(pid: int) -> int:
    return int(stat(pid)[1])


def command(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return ""


def stat(pid: int) -> list[str]:
    """The fields from the third on; zeros for a process that has just ended."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    return ["0"] * 50


def cpu(pids: set[int]) -> float:
    """Seconds of user and system time, with those of children that were waited for."""
    return sum(sum(map(int, stat(pid)[11:15])) for pid in pids) / TICK


class Cpu:
    """The CPU seconds of a family of processes inside a `with`."""

    def __init__(self, root: int) -> None:
        self._root = root
        self.seconds = 0.0

    def __enter__(self) -> "Cpu":
        self._before = cpu(family(self._root))
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds = cpu(family(self._root)) - self._before


class Memory:
    """The most memory that a process and those below it have inside a `with`, in MiB: `most` is that of each
    by PSS, the process itself first, looked at ten times a second; `growth` is what the kernel's peak of RSS
    exceeds RSS before by."""

    def __init__(self, root: int) -> None:
        self._pids = [root, *sorted(family(root) - {root})]
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._look)
        self.most = dict.fromkeys(self._pids, 0.0)
        self.growth = 0.0

    def __enter__(self) -> "Memory":
        self._before = {pid: memory(pid, "status", "VmRSS") for pid in self._pids}
        for pid in self._pids:
            Path(f"/proc/{pid}/clear_refs").write_text("5")  # forget the peak so far
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._watch.join()
        peaks = {pid: memory(pid, "status", "VmHWM") for pid in self._pids}
        self.growth = sum(max(0, peak - self._before[pid]) for pid, peak in peaks.items()) / 1024

    def _look(self) -> None:
        while not self._over.wait(0.1):
            for pid in self._pids:
                self.most[pid] = max(self.most[pid], memory(pid, "smaps_rollup", "Pss") / 1024)


def memory(pid: int, file: str, name: str) -> int:
    """One line of what the kernel says about a process, in KiB."""
    lines = Path(f"/proc/{pid}/{file}").read_text().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith(f"{name}:")), 0)


def settle(root: int, patience: float = 20) -> None:
    """Wait until a family of processes has nothing left to do, so that it does not meddle."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        with Cpu(root) as used:
            time.sleep(0.5)
        if used.seconds <= 0.02:
            return
