"""The child: walls first, then the bytes of one file, then nothing else ever again."""

from __future__ import annotations

import io
import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib import import_module
from typing import Any, BinaryIO, NoReturn, cast

from registry import checks
from registry.checks import SEVERITIES, Check, Fact, Issue
from registry.crypto import KEY, Damaged, SealedFile, Sealer
from registry.formats import ends as ends_of
from registry.formats import recognise
from registry.formats.names import PACKED, ZIPS
from registry.parsers.each_part import EachPart, together
from registry.parsers.inside import Closed, Part, everything
from registry.sandbox import clock, walls, wire
from registry.sandbox.wire import Job

MOST_ISSUES = 1000
THREADS = "2"
# Read by polars when it is imported: few threads, none that only tidies its allocator.
LIBRARY_SETTINGS = {"POLARS_MAX_THREADS": THREADS, "_RJEM_MALLOC_CONF": "background_thread:false,narenas:2"}
# Text codecs are modules too, and nothing can be imported later. Names in ZIP archives are in cp437.
CODECS = (
    *("latin-1", "ascii", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "raw_unicode_escape"),
    "cp437",
)


def become(run: int, parent: int) -> NoReturn:
    """The forked process: nothing of the parent's stays open but `run`; whatever happens, it ends here."""
    try:
        keep_only(run)
        work(run, parent)
        os._exit(0)
    finally:
        os._exit(1)


def keep_only(run: int) -> None:
    """Standard streams lead nowhere, every other descriptor but `run` is closed."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2 and int(name) != run:
            with suppress(OSError):  # the listing's own
                os.close(int(name))


def work(run: int, parent: int) -> None:
    namespaces = walls.begin(parent)
    job, sealed, line = receive(run)
    asked = [found for name in job.checks if (found := checks.named(name))]
    prepare(job)
    memory = max((check.memory for check in asked), default=0)
    seconds = sum(check.timeout for check in asked) * int(THREADS) + 1
    standing = walls.close(namespaces, memory, seconds, parent)
    wire.send(run, wire.pack({"walls": standing}))
    for answer in answers(job, asked, sealed, Ends(run, line)):
        wire.send(run, answer)


@dataclass(frozen=True, slots=True)
class Ends:
    """Where a child may write: to its worker, and over a line to one other child if it was given one."""

    run: int
    line: int | None = None

    def tell(self, message: dict[str, Any]) -> None:
        """Something on the way, before the answer."""
        wire.send(self.run, wire.pack(message))


def receive(run: int) -> tuple[Job, int | None, int | None]:
    """The job and, with it, the sealed file and a line to another child."""
    source = socket.socket(fileno=os.dup(run))
    with source:
        begun, descriptors, _, _ = socket.recv_fds(source, wire.BLOCK, 2)
        message = wire.Reader(source, begun).next(10)
    sealed, line = (*descriptors, None, None)[:2]
    return Job(**(message or {})), sealed, line


def warm_up() -> None:
    """What children would have to import or set up one by one: done once, in the parent."""
    for codec in CODECS:
        "".encode(codec)
    sink = io.BytesIO()
    sealer = Sealer(sink, bytes(KEY), b"")  # OpenSSL reads its own tables before its first cipher
    sealer.close()
    SealedFile(sink, bytes(KEY), b"").read()


def prepare(job: Job) -> None:
    """Import what the checks asked for."""
    if job.libraries:
        os.environ.update(LIBRARY_SETTINGS)
    for name in job.libraries:
        import_module(name)


def answers(job: Job, asked: list[Check], sealed: int | None, ends: Ends) -> Iterator[bytes]:
    """One message for each check, in the order in which they were asked for."""
    if sealed is None:
        return
    try:
        file = plain(sealed, job.path) if job.plain else unsealed(sealed, job)
    except Damaged as damaged:
        yield from [wire.pack({"failed": "damaged", "detail": damaged.sentence}) for _ in asked]
        return
    file.declared = job.declared  # type: ignore[attr-defined]  # beside its name
    file.ends = ends  # type: ignore[attr-defined]
    if not job.libraries and all(check.name in checks.CHECKS for check in asked):
        start_clock(file)  # libraries measure what is large, previews judge nothing
    sharing, said = together(asked), dict[str, bytes]()
    for check in asked:
        if check in sharing and not said:
            said = at_once(sharing, file)
        yield said.get(check.name) or answer(check, file)


def start_clock(file: BinaryIO) -> None:
    found = ends_of(file)
    clock.start(found.size, recognise(found) in ZIPS | PACKED | {"tar"})


def unsealed(sealed: int, job: Job) -> BinaryIO:
    return cast(BinaryIO, SealedFile(sealed, bytes.fromhex(job.key), job.blob.encode(), name=job.path))


def plain(descriptor: int, path: str, *, keep: bool = False) -> BinaryIO:
    """A file as it lies on disk, under the name it is to be judged by. `keep`: it is not ours to close."""
    raw = io.FileIO(descriptor, closefd=not keep)
    raw.name = path
    return io.BufferedReader(raw, wire.BLOCK)


def at_once(sharing: list[Check], file: BinaryIO) -> dict[str, bytes]:
    """What each of these says after one way through the file. One that fails ends for itself alone."""
    looking = [Looking(check) for check in sharing]
    try:
        with clock.looking():
            for part in everything(file):
                for one in looking:
                    one.look(part)
    except clock.Over:
        looking[0].add(clock.costly())  # once, and always in the name of the same
    except BaseException as error:
        for one in looking:
            one.fail(error)
    return {one.check.name: one.answer() for one in looking}


class Looking:
    """One check on its way through a file with others."""

    def __init__(self, check: Check) -> None:
        self.check = check
        self._look = cast(EachPart, check.run).look
        self._found = Found()
        self._failed: bytes | None = None

    def look(self, part: Part | Closed) -> None:
        if self._failed is None:
            try:
                for item in self._look(part):
                    self._found.add(item)
            except clock.Over:
                raise
            except BaseException as error:
                self.fail(error)

    def add(self, issue: Issue) -> None:
        self._found.add(issue)

    def fail(self, error: BaseException) -> None:
        self._failed = self._failed or refusal(self.check, error)
        self._found = Found()

    def answer(self) -> bytes:
        return self._failed or self._found.pack()


def answer(check: Check, file: BinaryIO) -> bytes:
    """What one check yields, or why it could not. Nothing it does, `sys.exit` included, ends the others."""
    found = Found()
    try:
        with clock.looking():
            file.seek(0)
            for item in check.run(file):
                found.add(item)
        return found.pack()
    except clock.Over:
        found.add(clock.costly())
        return found.pack()
    except BaseException as error:
        del found
        return refusal(check, error)


def refusal(check: Check, error: BaseException) -> bytes:
    """Why a check could not come to its end."""
    match error:
        case Damaged():
            return wire.pack({"failed": "damaged", "detail": error.sentence})
        case MemoryError():
            return wire.pack({"failed": "memory"})
        case ModuleNotFoundError() if error.name in check.libraries:
            return wire.pack(wire.LIBRARY)
    return wire.pack({"failed": "error", "detail": whereabouts(error)})


def whereabouts(error: BaseException) -> str:
    """The kind of error and its line of code. Not its text: that may quote the file."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    if place is None:
        return type(error).__name__
    file = os.path.basename(place.tb_frame.f_code.co_filename)
    return f"{type(error).__name__} at {file}:{place.tb_lineno}"


class Found:
    """Issues and the fact of one run, within bounds: the gravest stay, the rest is counted."""

    def __init__(self) -> None:
        self._issues: dict[str, list[Issue]] = {severity: [] for severity in SEVERITIES}
        self._left_out = dict.fromkeys(SEVERITIES, 0)
        self._fact: dict[str, Any] | None = None

    def __len__(self) -> int:
        return sum(map(len, self._issues.values()))

    def add(self, item: Issue | Fact) -> None:
        if isinstance(item, Fact):
            self._fact = item.data
            return
        self._issues[item.severity].append(item)
        if len(self) > MOST_ISSUES:
            self._leave_out(1)

    def _leave_out(self, number: int) -> None:
        for _ in range(number):
            severity = next(severity for severity in reversed(SEVERITIES) if self._issues[severity])
            self._issues[severity].pop()
            self._left_out[severity] += 1

    def pack(self) -> bytes:
        """As a message. Halves the issues until it is small enough."""
        while True:
            try:
                return wire.pack({"issues": list(self._listed()), "fact": self._fact})
            except wire.TooLarge:
                if not self:
                    return wire.pack({"failed": "error", "detail": "a fact of more than 1 MiB"})
                self._leave_out((len(self) + 1) // 2)

    def _listed(self) -> Iterator[dict[str, str]]:
        for severity in SEVERITIES:
            yield from map(asdict, self._issues[severity])
        left_out = [severity for severity in SEVERITIES if self._left_out[severity]]
        if left_out:
            number = sum(self._left_out.values())
            text = f"{number} more were found; solve the ones that are listed, then look again."
            yield asdict(Issue(left_out[0], text, "more"))
