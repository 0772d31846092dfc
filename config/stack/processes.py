"""Start a process that cannot outlive its parent, find what an earlier start left, and end it."""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Protocol

from config.stack.errors import Refusal

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
libc = ctypes.CDLL(None, use_errno=True)


class Process(Protocol):
    """What the parent of everything does with its children: a program's, or one forked from it."""

    @property
    def pid(self) -> int: ...
    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def send_signal(self, sent: int, /) -> None: ...
    def terminate(self) -> None: ...


def spawn(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    cwd: Path | None,
    output: IO[bytes] | None = None,
    death: signal.Signals = signal.SIGKILL,
    become: Callable[[], None] | None = None,
    session: bool = True,
    stdin: int | None = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    """Start `command`; when this process dies, the kernel sends it `death`.

    `become` changes the identity first, because a change of identity forgets that signal.
    Call it from the main thread only: the kernel watches the thread that forked.
    """
    parent = os.getpid()

    def prepare() -> None:
        if become:
            become()
        die_with(parent, death)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())

    return subprocess.Popen(
        [str(word) for word in command],
        env=env,
        cwd=cwd,
        stdin=stdin,
        stdout=output,
        stderr=output,
        preexec_fn=prepare,
        start_new_session=session,
    )


def die_with(parent: int, death: signal.Signals = signal.SIGKILL) -> None:
    """Have the kernel end this process when `parent` ends, also if that has just happened."""
    libc.prctl(PR_SET_PDEATHSIG, int(death), 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def adopt_orphans() -> None:
    """Grandchildren whose parent died become ours instead of init's, so that they can be found."""
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end(process: Process, stop: signal.Signals, patience: float) -> None:
    """Ask `process` to stop; after `patience` seconds end it and all of its session."""
    if process.poll() is None:
        process.send_signal(stop)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(patience)
    end_session(process.pid)
    process.wait()


def end_session(leader: int) -> None:
    """Kill whatever still runs in the session that `leader` opened."""
    for pid, stat in _processes():
        if int(stat[3]) == leader:
            _send(pid, signal.SIGKILL)


def end_leftovers(folder: Path, stop: signal.Signals, patience: float = 20) -> None:
    """Wait until nothing works inside `folder`; ask it to stop after a while, then end it.

    A server of an earlier start is known by its working directory, not by a file with its
    number: the number may be another program's by now.
    """
    asked = False
    began = time.monotonic()
    while pids := _working_in(folder):
        waited = time.monotonic() - began
        if waited > patience + 10:
            raise Refusal(f"Process {min(pids)} still works in {folder} and cannot be ended.")
        if waited > patience:
            for pid in pids:
                _send(pid, signal.SIGKILL)
        elif waited > 2 and not asked:
            asked = True
            for pid in pids - {child for child in pids if _parent(child) in pids}:
                _send(pid, stop)
        time.sleep(0.05)


def reap_orphans(known: set[int]) -> None:
    """Collect adopted grandchildren that ended; children in `known` are waited for by their owner."""
    for pid, stat in _processes():
        if stat[0] == "Z" and int(stat[1]) == os.getpid() and pid not in known:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)


def _working_in(folder: Path) -> set[int]:
    inside = set()
    target = os.path.realpath(folder)
    for pid, stat in _processes():
        with contextlib.suppress(OSError):
            if stat[0] != "Z" and pid != os.getpid() and os.readlink(f"/proc/{pid}/cwd") == target:
                inside.add(pid)
    return inside


def _processes() -> list[tuple[int, list[str]]]:
    """Every process with the fields of its stat line from the third on: state, parent, group, session."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdecimal():
            with contextlib.suppress(OSError):
                line = Path("/proc", name, "stat").read_text(errors="replace")
                found.append((int(name), line.rpartition(")")[2].split()))
    return found


def _parent(pid: int) -> int:
    return next((int(stat[1]) for number, stat in _processes() if number == pid), 0)


def _send(pid: int, sent: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, sent)
