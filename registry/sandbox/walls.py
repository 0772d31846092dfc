"""The walls around a child, each tried, each reported: what stands is known before any byte is read.

    namespaces    own network, IPC and mounts, an empty root folder    where the machine allows it
    uid           nobody's, when the worker is root
    rlimits       memory, CPU, files, file size, processes             always
    no_new_privs                                                       always
    landlock      nothing of the file system, no TCP                   Linux 5.13
    seccomp       the list in seccomp.py                               always

Processes of their own (a PID namespace) would cost a second process per file and add nothing: the
filter lets a child signal itself only, and there is no /proc to read.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from collections.abc import Callable
from contextlib import suppress

from registry.sandbox import landlock, seccomp
from registry.sandbox.libc import prctl, syscall

ALL = ("namespaces", "uid", "rlimits", "no_new_privs", "landlock", "seccomp")
MINIMUM = frozenset({"rlimits", "no_new_privs", "seccomp"})


def whole() -> frozenset[str]:
    """All that whoever runs this can put up: only root can become somebody else."""
    return frozenset(ALL) if os.geteuid() == 0 else frozenset(ALL) - {"uid"}


def least(level: str) -> frozenset[str]:
    """Without which walls nothing may be run where this level is asked for."""
    return whole() if level == "full" else MINIMUM


NOBODY = 65534
MOST_FILES = 16
MOST_THREADS = 1024  # of all children together: the kernel counts by uid

NEW_MOUNTS, NEW_IPC, NEW_USER, NEW_NETWORK = 0x00020000, 0x08000000, 0x10000000, 0x40000000
UNSHARE, MOUNT, CAPSET = 272, 165, 126
READ_ONLY, NO_SUID, NO_DEVICES, NO_EXEC, RECURSIVE, PRIVATE = 1, 2, 4, 8, 1 << 14, 1 << 18
DIE_WITH_PARENT, DUMPABLE, NO_NEW_PRIVS = 1, 4, 38
CAPABILITIES_VERSION_3 = 0x20080522


def raised(*walls: tuple[str, Callable[[], object]]) -> list[str]:
    """Put walls up, one after the other; the names of those that stand."""
    standing = []
    for name, build in walls:
        with suppress(OSError, ValueError):
            build()
            standing.append(name)
    return standing


def own_namespaces() -> None:
    """No network, no shared memory of others, mounts of its own. An ordinary user needs a user namespace."""
    flags = NEW_MOUNTS | NEW_IPC | NEW_NETWORK
    if os.geteuid() == 0:
        syscall(UNSHARE, flags)
    else:
        uid, gid = os.getuid(), os.getgid()
        syscall(UNSHARE, flags | NEW_USER)
        put("/proc/self/setgroups", "deny")
        put("/proc/self/uid_map", f"{uid} {uid} 1")
        put("/proc/self/gid_map", f"{gid} {gid} 1")
    syscall(MOUNT, None, b"/", None, RECURSIVE | PRIVATE, None)


def empty_root() -> None:
    """An empty folder becomes the root: for what no other wall covers, a path leads nowhere."""
    flags = READ_ONLY | NO_SUID | NO_DEVICES | NO_EXEC
    syscall(MOUNT, b"none", b"/proc", b"tmpfs", flags, b"size=4k,mode=0555")
    os.chroot("/proc")
    os.chdir("/")


def drop_uid() -> None:
    """Become nobody when root, and give up every capability; an ordinary user keeps its uid."""
    try:
        if os.getuid() != 0:
            raise PermissionError("only root can become somebody else")
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    finally:
        header, nothing = (ctypes.c_uint32 * 2)(CAPABILITIES_VERSION_3, 0), (ctypes.c_uint32 * 6)()
        syscall(CAPSET, header, nothing)


def limit(address_space: int, seconds: int) -> None:
    """Limits of the whole child: bytes of address space, seconds of one core."""
    limits = {
        resource.RLIMIT_AS: (address_space, address_space),
        resource.RLIMIT_CPU: (seconds, seconds + 1),
        resource.RLIMIT_NOFILE: (MOST_FILES, MOST_FILES),
        resource.RLIMIT_FSIZE: (0, 0),
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_MEMLOCK: (0, 0),
        resource.RLIMIT_MSGQUEUE: (0, 0),
    }
    if os.getuid() == NOBODY:  # an ordinary user's own programs count too; there the filter stands alone
        limits[resource.RLIMIT_NPROC] = (MOST_THREADS, MOST_THREADS)
    for what, soft_and_hard in limits.items():
        resource.setrlimit(what, soft_and_hard)


def held() -> int:
    """Bytes of address space in use."""
    with open("/proc/self/statm", "rb") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def die_with_parent(parent: int) -> None:
    """No child outlives its parent. A change of uid forgets this, so it is said again after one."""
    prctl(DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def first_to_go() -> None:
    """When memory ends, the kernel takes the child and not its worker."""
    with suppress(OSError):
        put("/proc/self/oom_score_adj", "1000")


def no_new_privileges() -> None:
    """Nothing that is executed or inherited gives rights back; the memory belongs to nobody's debugger."""
    prctl(NO_NEW_PRIVS, 1)
    prctl(DUMPABLE, 0)


def begin(parent: int) -> bool:
    """Before anything is imported for this file. Whether the namespaces are its own."""
    die_with_parent(parent)
    first_to_go()
    return bool(raised(("namespaces", own_namespaces)))


def close(namespaces: bool, memory: int, seconds: int, parent: int) -> list[str]:
    """Put up all walls, for good; the names of those that stand. `memory` counts beyond what it holds now."""
    address_space = held() + memory
    standing = raised(("namespaces", empty_root)) if namespaces else []
    standing += raised(("uid", drop_uid))
    die_with_parent(parent)
    return standing + raised(
        ("rlimits", lambda: limit(address_space, seconds)),
        ("no_new_privs", no_new_privileges),
        ("landlock", landlock.restrict),
        ("seccomp", seccomp.close),
    )


def put(path: str, text: str) -> None:
    with open(path, "w") as file:
        file.write(text)
