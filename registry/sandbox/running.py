"""The worker's side: ask the parent for a child, give it one file, read what it reports."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict, replace
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any, BinaryIO

from registry.checks import Check, named
from registry.parsers.each_part import together
from registry.sandbox import walls, wire
from registry.sandbox.reports import Report, ended, failed, read
from registry.sandbox.wire import Job, Lies

ROOT = Path(__file__).resolve().parents[2]
PYTHON = [sys.executable, "-I", "-X", "utf8", "-c"]
PROGRAM = "import sys; sys.path.insert(0, sys.argv[1]); from registry.sandbox.parent import main; main()"
SECONDS_TO_START = 30
SECONDS_TO_END = 10
AT_ONCE = 0.02  # seconds


class Broken(Exception):
    """A child that will say nothing more. `sentence` follows the name of the check that it was at."""

    def __init__(self, sentence: str, again: bool = False) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.again = again  # nobody's fault: worth one more try


class TooOpen(Broken):
    """This machine cannot put up the walls without which nothing is run."""


class Unclear(Broken):
    """A child that ended while several checks looked at once. Each runs alone then, and is heard."""


def wanted(name: str) -> Check:
    check = named(name)
    assert check is not None
    return check


def demand(standing: Sequence[str], level: str) -> None:
    """Below the level that is asked for no byte is read."""
    missing = [wall for wall in walls.ALL if wall in walls.least(level) and wall not in standing]
    if missing:
        raise TooOpen(f"did not run: this machine's sandbox lacks {', '.join(missing)}.")


def sentence(error: Exception) -> str:
    """What follows a check's name."""
    match error:
        case Broken():
            return error.sentence
        case Lies():
            return f"failed. {error}"
        case _:
            return f"could not be given its file ({type(error).__name__})."


def said(child: Child, checks: Sequence[Check]) -> Iterator[tuple[Check, dict[str, Any], float]]:
    """What a child says of each check, and how long it took; several that look at once share the time."""
    sharing, share = together(checks), 0.0
    for check in checks:
        begun = monotonic()
        if check in sharing and not share:
            try:
                message = child.listen(max(check.timeout for check in sharing))
            except Broken as error:
                raise Unclear(error.sentence) from error
            share = (monotonic() - begun) / len(sharing)
        else:
            message = child.listen(check.timeout)
        yield check, message, share if check in sharing else monotonic() - begun


def follows(left: Sequence[str]) -> bool:
    """Whether a report of this child comes next; what needs a library may need a child of its own."""
    return bool(left) and not wanted(left[0]).libraries


class Sandbox:
    """A warm parent process, started when it is first needed, and again when it has died.

    For several threads at once. `modules` are imported by the parent too: checks that only tests have.
    `least` is the level below which nothing is run.
    """

    least = "minimum"

    def __init__(self, modules: Sequence[str] = ()) -> None:
        self._modules = modules
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._owner = 0

    def run(
        self,
        sealed: BinaryIO,
        data_key: bytes,
        blob_name: str,
        path: str,
        checks: Sequence[str],
        declared: dict[str, Any] | None = None,
    ) -> Iterator[Report]:
        """Exactly one report for each check that was asked for, as it becomes known."""
        job = Job(path, blob_name, data_key.hex(), declared=declared or {})
        yield from self._reports(job, sealed, checks)

    def run_plain(self, file: BinaryIO, path: str, checks: Sequence[str]) -> Iterator[Report]:
        """The same for a file that was never sealed: somebody's own, outside of the store."""
        yield from self._reports(Job(path, plain=True), file, checks)

    def _reports(self, job: Job, file: BinaryIO, checks: Sequence[str]) -> Iterator[Report]:
        names = dict.fromkeys(checks)
        known = tuple(name for name in names if named(name))
        yield from (failed(name, "is not a check of this server.") for name in names if not named(name))
        jobs = [replace(job, checks=known)] if known else []
        tried: set[str] = set()
        while jobs:
            jobs += yield from self._attempt(jobs.pop(0), file, tried)

    def _attempt(self, job: Job, sealed: BinaryIO, tried: set[str]) -> Generator[Report, None, list[Job]]:
        """One child's reports; returns what is left to be done, each check alone in a child of its own."""
        left = list(job.checks)
        heavy: list[str] = []
        begun = monotonic()
        try:
            with self.child() as child:
                demand(child.begin(job, sealed), self.least)
                for check, message, seconds in said(child, [*map(wanted, left)]):
                    if message == wire.LIBRARY and check.libraries and not job.libraries:
                        heavy.append(check.name)
                    else:
                        yield read(check, message, seconds, follows(left[1:]) and child.more())
                    left.pop(0)
                    begun = monotonic()
        except TooOpen as error:
            yield from (failed(name, error.sentence) for name in left)
            return []
        except Unclear:
            pass  # each tries alone
        except (Broken, Lies, OSError, ValueError) as error:
            if not isinstance(error, Broken) or not error.again or tried.issuperset(left):
                yield failed(left.pop(0), sentence(error), monotonic() - begun)
            else:
                tried.update(left)
        alone = [replace(job, checks=(name,), libraries=()) for name in left]
        return alone + [replace(job, checks=(name,), libraries=wanted(name).libraries) for name in heavy]

    def walls(self) -> list[str]:
        """Which walls stand around a child on this machine; none when there can be no child."""
        with suppress(Broken, OSError), self.child() as child:
            return child.begin(Job())
        return []

    def child(self) -> Child:
        """A fresh child that waits for its job. A parent that has died is started once more."""
        with self._lock:
            for _ in range(2):
                if self._control is None or self._owner != os.getpid():
                    self._start()
                with suppress(OSError):
                    return self._ask()
                self._stop()
        raise Broken("could not be started: the sandbox's parent process does not run.")

    def stop(self) -> None:
        """End the parent, and with it every child."""
        with self._lock:
            self._stop()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def _start(self) -> None:
        self._owner = os.getpid()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            number = theirs.fileno()
            self._process = subprocess.Popen(
                [*PYTHON, PROGRAM, str(ROOT), str(number), *self._modules],
                env={},
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[number],
                start_new_session=True,
            )

    def _stop(self) -> None:
        if self._owner != os.getpid():  # a fork of the one that started it
            return
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            try:
                self._process.wait(SECONDS_TO_END)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    def _ask(self) -> Child:
        assert self._control is not None
        with ExitStack() as both:
            ours, theirs = map(both.enter_context, socket.socketpair())
            line, their_line = map(both.enter_context, socket.socketpair())
            socket.send_fds(self._control, [b"!"], [theirs.fileno(), their_line.fileno()])
            theirs.close()
            their_line.close()
            both.pop_all()
        return Child(ours, line)


class Child:
    """One forked child, to be used in a `with`: leaving it kills the child."""

    def __init__(self, run: socket.socket, lifeline: socket.socket) -> None:
        self._run = run
        self._lifeline = lifeline
        self._reader = wire.Reader(run)

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *_: object) -> None:
        self._run.close()
        self._lifeline.close()

    def begin(self, job: Job, sealed: BinaryIO | None = None, line: socket.socket | None = None) -> list[str]:
        """Hand over the job, and a line to another child; the names of the walls that stand."""
        descriptors = [each.fileno() for each in (sealed, line) if each is not None]
        with suppress(OSError):  # a child that died is noticed by what it does not say
            socket.send_fds(self._run, [wire.pack(asdict(job))], descriptors)
        standing = self.listen(SECONDS_TO_START).get("walls")
        return standing if isinstance(standing, list) else []

    def listen(self, seconds: float) -> dict[str, Any]:
        """Its next message; `Broken` when there is none."""
        try:
            message = self._reader.next(seconds)
        except TimeoutError:
            raise Broken(f"stopped after {seconds:g} s.") from None
        except Lies as lies:
            raise Broken(f"failed. {lies}") from None
        if message is None:
            status = self._status()
            raise Broken(ended(status), again=status is None)
        return message

    def more(self) -> bool:
        """Whether it says more at once."""
        return self._reader.more(AT_ONCE)

    def _status(self) -> int | None:
        """How a dead child ended; `None` when the parent is dead too, or had no child to give."""
        self._lifeline.settimeout(SECONDS_TO_END)
        with suppress(OSError):
            said = self._lifeline.recv(wire.STATUS.size)
            if len(said) == wire.STATUS.size:
                return int(wire.STATUS.unpack(said)[0])
        return None
