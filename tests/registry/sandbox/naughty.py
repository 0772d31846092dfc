"""Checks that try what hostile bytes would try. The parent of the tests imports them; no server does."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from threading import Thread
from typing import BinaryIO

from registry.checks import CHECKS, MIB, Check, Fact, Issue, Run, library
from registry.parsers.each_part import each_part
from registry.parsers.inside import Part
from registry.sandbox import wire

NAUGHTY: dict[str, Check] = {}


def naughty(timeout: int = 20, memory: int = 64 * MIB, libraries: Sequence[str] = ()) -> Callable[[Run], Run]:
    """Register under the function's name."""

    def register(run: Run) -> Run:
        name = run.__name__
        limits = timeout, memory, ""
        NAUGHTY[name] = Check(name, ("sandbox",), date(2025, 1, 1), *limits, tuple(libraries), run)
        CHECKS[name] = NAUGHTY[name]
        return run

    return register


def tried(attempt: Callable[[], object]) -> Issue:
    """What came of it, as the name of an issue."""
    try:
        return Issue("info", "It went through.", f"done: {attempt()}")
    except OSError as error:
        return Issue("info", "It was refused.", f"{type(error).__name__} {error.errno}")


@naughty()
def reads(file: BinaryIO) -> Iterator[Issue | Fact]:
    yield Fact({"name": file.name, "text": file.read().decode()})


@naughty()
def silent(file: BinaryIO) -> Iterator[Issue | Fact]:
    yield from ()


@naughty()
def unix_socket(file: BinaryIO) -> Iterator[Issue | Fact]:
    path = file.read().decode()
    yield tried(lambda: socket.socket(socket.AF_UNIX).connect(path))


@naughty()
def tcp_socket(file: BinaryIO) -> Iterator[Issue | Fact]:
    yield tried(lambda: socket.socket().connect(("127.0.0.1", int(file.read()))))


@naughty()
def udp_socket(file: BinaryIO) -> Iterator[Issue | Fact]:
    address = ("127.0.0.1", int(file.read()))
    yield tried(lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"out", address))


@naughty()
def socket_pair(file: BinaryIO) -> Iterator[Issue | Fact]:
    yield tried(socket.socketpair)


@naughty()
def forks(file: BinaryIO) -> Iterator[Issue | Fact]:
    yield tried(os.fork)


@naughty()
def executes(file: BinaryIO) -> Iterator[Issue | Fact]:
    yield tried(lambda: os.execv("/bin/true", ["true"]))


@naughty()
def writes_file(file: BinaryIO) -> Iterator[Issue | Fact]:
    yield tried(lambda: os.open("/tmp/steward-was-here", os.O_CREAT | os.O_WRONLY))


@naughty()
def reads_passwd(file: BinaryIO) -> Iterator[Issue | Fact]:
    yield tried(lambda: os.open("/etc/passwd", os.O_RDONLY))


@naughty()
def looks_around(file: BinaryIO) -> Iterator[Issue | Fact]:
    yield tried(lambda: os.stat("/etc/passwd"))


@naughty()
def reads_environment(file: BinaryIO) -> Iterator[Issue | Fact]:
    yield tried(lambda: os.open("/proc/self/environ", os.O_RDONLY))


@naughty()
def reads_parents_environment(file: BinaryIO) -> Iterator[Issue | Fact]:
    yield tried(lambda: os.open(f"/proc/{os.getppid()}/environ", os.O_RDONLY))


@naughty()
def own_environment(file: BinaryIO) -> Iterator[Issue | Fact]:
    first = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
    yield Fact({"python": dict(os.environ), "libc": bool(first and first[0])})


@naughty()
def descriptors(file: BinaryIO) -> Iterator[Issue | Fact]:
    """What is open: a descriptor is when reading its position does not say EBADF."""
    yield Fact({"open": [number for number in range(3, 1000) if is_open(number)]})


def is_open(number: int) -> bool:
    try:
        os.lseek(number, 0, os.SEEK_CUR)
    except OSError as error:
        return error.errno != 9
    return True


@naughty()
def parents_memory(file: BinaryIO) -> Iterator[Issue | Fact]:
    libc = ctypes.CDLL(None, use_errno=True)
    attach, process_vm_readv = 16, 310

    def ask(*arguments: int) -> None:
        if libc.syscall(*arguments) < 0:
            raise OSError(ctypes.get_errno(), "")

    yield tried(lambda: ask(101, attach, os.getppid(), 0, 0))
    yield tried(lambda: ask(process_vm_readv, os.getppid(), 0, 0, 0, 0, 0))


@naughty()
def kills_parent(file: BinaryIO) -> Iterator[Issue | Fact]:
    yield tried(lambda: os.kill(os.getppid(), signal.SIGKILL))


@naughty()
def raw_syscalls(file: BinaryIO) -> Iterator[Issue | Fact]:
    """Each by its number: what came back, as the name of the error."""
    libc = ctypes.CDLL(None, use_errno=True)
    answers = {}
    for number in map(int, file.read().split()):
        ctypes.set_errno(0)
        answers[str(number)] = ctypes.get_errno() if libc.syscall(number, 0, 0, 0, 0, 0, 0) < 0 else 0
    yield Fact(answers)


@naughty()
def new_executable_memory(file: BinaryIO) -> Iterator[Issue | Fact]:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mmap.restype = ctypes.c_long
    for protection in (3, 7):
        got = libc.mmap(None, ctypes.c_size_t(4096), protection, 0x22, -1, ctypes.c_long(0))
        yield Issue("info", "Asked for memory.", f"{protection}: {'refused' if got == -1 else 'given'}")


@naughty()
def who(file: BinaryIO) -> Iterator[Issue | Fact]:
    yield Fact({"uid": [os.getuid(), os.geteuid()], "gid": [os.getgid(), os.getegid()]})


@naughty()
def starts_threads(file: BinaryIO) -> Iterator[Issue | Fact]:
    threads = [Thread(target=time.sleep, args=(0.01,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    yield Fact({"threads": len(threads)})


@naughty(memory=1024 * MIB, libraries=("polars",))
def counts_rows(file: BinaryIO) -> Iterator[Issue | Fact]:
    polars = library("polars")
    frame = polars.read_csv(file.read())
    yield Fact({"rows": frame.lazy().select(polars.col("a").sum()).collect(engine="streaming").item()})


@naughty()
def wants_what_it_did_not_declare(file: BinaryIO) -> Iterator[Issue | Fact]:
    library("polars")
    yield from ()


@naughty()
def memory_bomb(file: BinaryIO) -> Iterator[Issue | Fact]:
    kept = []
    while True:
        kept.append(bytearray(MIB))
    yield from ()


@naughty(timeout=1)
def cpu_loop(file: BinaryIO) -> Iterator[Issue | Fact]:
    while True:
        pass
    yield from ()


@naughty(timeout=1)
def prints_without_end(file: BinaryIO) -> Iterator[Issue | Fact]:
    while True:
        os.write(1, b"x" * MIB)
        os.write(2, b"x" * MIB)
    yield from ()


@naughty(timeout=1)
def sleeps(file: BinaryIO) -> Iterator[Issue | Fact]:
    time.sleep(3600)
    yield from ()


@naughty(timeout=1)
def burns_all_cores(file: BinaryIO) -> Iterator[Issue | Fact]:
    """Ends by its own limit, however slow whoever waits for it is."""
    os.kill(os.getpid(), signal.SIGXCPU)
    yield from ()


@naughty()
def floods_with_issues(file: BinaryIO) -> Iterator[Issue | Fact]:
    for number in range(5000):
        yield Issue("low", "x" * 1000, f"low {number}")
    yield Issue("critical", "The last one.", "critical")


@naughty()
def floods_with_fact(file: BinaryIO) -> Iterator[Issue | Fact]:
    yield Fact({"text": "x" * (2 * MIB)})


@naughty()
def floods_the_socket(file: BinaryIO) -> Iterator[Issue | Fact]:
    while True:
        os.write(socket_number(), b"\xff" * MIB)
    yield from ()


@naughty()
def lies(file: BinaryIO) -> Iterator[Issue | Fact]:
    """Says what the file holds instead of what the interface would say; then goes on."""
    wire.send(socket_number(), wire.LENGTH.pack(len(said := file.read())) + said)
    yield from ()


def socket_number() -> int:
    """The one descriptor besides the standard streams that cannot be positioned."""
    for number in range(3, 1000):
        try:
            os.lseek(number, 0, os.SEEK_CUR)
        except OSError as error:
            if error.errno == 29:
                return number
    raise AssertionError


@naughty()
def dies_while_speaking(file: BinaryIO) -> Iterator[Issue | Fact]:
    os.write(socket_number(), b"\0\0\1\0{")
    os._exit(0)
    yield from ()


@naughty()
def segfaults(file: BinaryIO) -> Iterator[Issue | Fact]:
    ctypes.string_at(0)
    yield from ()


@naughty()
def aborts(file: BinaryIO) -> Iterator[Issue | Fact]:
    os.abort()
    yield from ()


@naughty()
def exits(file: BinaryIO) -> Iterator[Issue | Fact]:
    sys.exit(0)
    yield from ()


@naughty()
def exits_at_once(file: BinaryIO) -> Iterator[Issue | Fact]:
    os._exit(0)
    yield from ()


@naughty()
def raises(file: BinaryIO) -> Iterator[Issue | Fact]:
    raise KeyError("a secret value")
    yield from ()


@naughty()
def yields_nonsense(file: BinaryIO) -> Iterator[Issue | Fact]:
    yield Fact({"number": float("nan")})


@naughty()
def stays(file: BinaryIO) -> Iterator[Issue | Fact]:
    """Tells its pid and says nothing more until it is killed."""
    wire.send(socket_number(), wire.pack({"issues": [], "fact": {"pid": os.getpid()}}))
    time.sleep(3600)
    yield from ()


@naughty()
@each_part
def looks_at_parts(part: Part) -> Iterator[Issue]:
    yield Issue("info", "It is here.", part.path or "the file")


@naughty()
@each_part
def stumbles_over_a_part(part: Part) -> Iterator[Issue]:
    if part.path:
        raise KeyError("a secret value")
    yield from ()


@naughty()
@each_part
def dies_at_a_part(part: Part) -> Iterator[Issue]:
    if part.path:
        os._exit(3)
    yield from ()


@naughty()
@each_part
def searches_without_end(part: Part) -> Iterator[Issue]:
    re.match(r"(a+)+b", part.ends.head.decode())
    yield from ()
