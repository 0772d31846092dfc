"""A seccomp filter for x86-64: what a child may ask of the kernel once it sees hostile bytes.

An allow-list: whatever is not named here is refused with EPERM, what comes through another
architecture's door kills the process. No open, socket, connect, fork, exec, ptrace or kill of others;
new threads yes (polars), new executable memory no.

Numbers: linux/arch/x86/entry/syscalls/syscall_64.tbl. Instructions: linux/include/uapi/linux/bpf_common.h.
"""

from __future__ import annotations

import ctypes
import os
import platform
from collections.abc import Iterator, Sequence
from errno import ENOSYS, EPERM
from struct import Struct
from typing import Literal

from registry.sandbox.libc import syscall

INSTRUCTION = Struct("<HBBI")
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
KILL_PROCESS, ERRNO, ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data

X86_64 = 0xC000003E
X32 = 0x40000000
SECCOMP, SET_FILTER, ALL_THREADS = 317, 1, 1

PROT_EXEC = 4
# What glibc passes for a thread, exactly: CLONE_VM FS FILES SIGHAND THREAD SYSVSEM SETTLS
# PARENT_SETTID CHILD_CLEARTID. A process, a namespace or a traced child differs in a bit.
THREAD = 0x3D0F00
SET_NAME, GET_NAME, NAME_MEMORY = 15, 16, 0x53564D41
HARMLESS_FCNTL = (1, 3, 1030)  # F_GETFD, F_GETFL, F_DUPFD_CLOEXEC

FREE = {
    "read": 0,
    "write": 1,
    "close": 3,
    "fstat": 5,
    "poll": 7,
    "lseek": 8,
    "munmap": 11,
    "brk": 12,
    "rt_sigaction": 13,
    "rt_sigprocmask": 14,
    "rt_sigreturn": 15,
    "pread64": 17,
    "readv": 19,
    "writev": 20,
    "sched_yield": 24,
    "mremap": 25,
    "madvise": 28,
    "nanosleep": 35,
    "setitimer": 38,  # its own clock, whose signal reaches nobody else
    "getpid": 39,
    "exit": 60,
    "gettimeofday": 96,
    "getrusage": 98,
    "times": 100,
    "getuid": 102,
    "getgid": 104,
    "geteuid": 107,
    "getegid": 108,
    "getppid": 110,
    "sigaltstack": 131,
    "gettid": 186,
    "time": 201,
    "futex": 202,
    "sched_getaffinity": 204,
    "restart_syscall": 219,
    "clock_gettime": 228,
    "clock_getres": 229,
    "clock_nanosleep": 230,
    "exit_group": 231,
    "epoll_wait": 232,  # these five: the runtime inside polars
    "epoll_ctl": 233,
    "epoll_pwait": 281,
    "eventfd2": 290,
    "epoll_create1": 291,
    "set_robust_list": 273,
    "preadv": 295,
    "getcpu": 309,
    "getrandom": 318,
    "membarrier": 324,
    "rseq": 334,
}
CLONE3 = 435  # its flags lie behind a pointer; without it glibc takes clone

Test = tuple[int, Literal["is", "lacks"], int]
Rule = tuple[int, Sequence[Sequence[Test]]]


def rules(own_pid: int) -> list[Rule]:
    """Syscalls allowed when one of their alternatives holds. A test: (argument, "is" or "lacks", bits)."""
    return [
        (9, [[(2, "lacks", PROT_EXEC)]]),  # mmap
        (10, [[(2, "lacks", PROT_EXEC)]]),  # mprotect
        (56, [[(0, "is", THREAD)]]),  # clone
        (62, [[(0, "is", own_pid)]]),  # kill
        (72, [[(1, "is", what)] for what in HARMLESS_FCNTL]),  # fcntl
        (157, [[(0, "is", what)] for what in (SET_NAME, GET_NAME, NAME_MEMORY)]),  # prctl
        (234, [[(0, "is", own_pid)]]),  # tgkill
        (302, [[(0, "is", 0), (2, "is", 0)]]),  # prlimit64: reading one's own
    ]


def program(own_pid: int) -> bytes:
    """The filter as the kernel takes it."""
    return b"".join(
        [
            load(ARCHITECTURE),
            jump(EQUAL, X86_64, 1, 0),
            answer(KILL_PROCESS),
            load(NUMBER),
            jump(AT_LEAST, X32, 0, 1),
            answer(KILL_PROCESS),
            *(jump(EQUAL, number, 0, 1) + answer(ALLOW) for number in FREE.values()),
            *(guarded(rule) for rule in rules(own_pid)),
            jump(EQUAL, CLONE3, 0, 1),
            answer(ERRNO | ENOSYS),
            answer(ERRNO | EPERM),
        ]
    )


def guarded(rule: Rule) -> bytes:
    """If the syscall is this one: allow when an alternative holds, refuse otherwise; else fall through."""
    number, alternatives = rule
    body = b"".join(map(alternative, alternatives)) + answer(ERRNO | EPERM)
    return jump(EQUAL, number, 0, count(body)) + body


def alternative(tests: Sequence[Test]) -> bytes:
    """Allow when every test holds; fall through to what follows otherwise."""
    body = answer(ALLOW)
    for half in reversed([half for test in tests for half in halves(test)]):
        offset, kind, bits = half
        past = count(body)
        test = jump(EQUAL, bits, 0, past) if kind == "is" else jump(ANY_BIT, bits, past, 0)
        body = load(offset) + test + body
    return body


def halves(test: Test) -> Iterator[Test]:
    """The machine looks at 32 bits at a time; a 64-bit argument lies low half first."""
    argument, kind, bits = test
    offset = ARGUMENTS + 8 * argument
    yield offset, kind, bits & 0xFFFFFFFF
    if kind == "is":
        yield offset + 4, kind, bits >> 32


def load(offset: int) -> bytes:
    return INSTRUCTION.pack(LOAD, 0, 0, offset)


def jump(test: int, value: int, then: int, otherwise: int) -> bytes:
    return INSTRUCTION.pack(test, then, otherwise, value)


def answer(value: int) -> bytes:
    return INSTRUCTION.pack(RETURN, 0, 0, value)


def count(instructions: bytes) -> int:
    return len(instructions) // INSTRUCTION.size


class Program(ctypes.Structure):
    """struct sock_fprog"""

    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


def close() -> None:
    """Put the filter over every thread of this process, for good. Needs no_new_privs."""
    if platform.machine() != "x86_64":
        raise OSError(ENOSYS, "this filter is for x86-64")
    code = program(os.getpid())
    if syscall(SECCOMP, SET_FILTER, ALL_THREADS, ctypes.byref(Program(count(code), code))):
        raise OSError(EPERM, "a thread did not take the filter")
