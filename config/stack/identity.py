"""PostgreSQL refuses to run as root: lend it a number that is not root's.

First choice is a user namespace: inside it the process has another number and no capability,
outside it still owns this home's files. Where namespaces are forbidden (many containers) it gets a
number of its own, its data folder is handed to that number, and one capability lets it walk to that
folder through folders that only root enters. Setting it up takes a number that has a name.
"""

import ctypes
import errno
import os
import pwd
import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from config.stack.errors import Refusal
from config.stack.processes import libc

CLONE_NEWUSER = 0x10000000
# Not nobody's 65534: that is the sandbox's, and hostile bytes must not reach the database's files.
OWN_UID = 65432
CAP_DAC_OVERRIDE = 1
PR_SET_KEEPCAPS = 8
PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 47, 2
CAPABILITY_VERSION_3 = 0x20080522

Become = Callable[[], None]


@dataclass(frozen=True)
class Identity:
    """What a child does before it sets PostgreSQL up, before it runs it, and who owns the data."""

    setup: Become | None
    server: Become | None
    owner: int


def choose() -> Identity:
    """The first way that works here. An ordinary user with a name needs none."""
    user = os.geteuid()
    if user != 0 and user in _named():
        return Identity(None, None, user)
    if _works(enter_namespace):
        return Identity(enter_namespace, enter_namespace, user)
    setup, server = partial(become, min(_named(), default=OWN_UID)), partial(become, OWN_UID)
    if user == 0 and _works(setup):
        return Identity(setup, server, OWN_UID)
    raise Refusal(
        "PostgreSQL runs neither as root nor as a user without a name, and this container allows neither "
        "user namespaces nor another user: start Steward as an ordinary user, or set DATABASE_URL."
    )


def enter_namespace() -> None:
    """A namespace of its own in which this user has another number."""
    uid, gid = os.geteuid(), os.getegid()
    _called(libc.unshare(CLONE_NEWUSER))
    Path("/proc/self/setgroups").write_text("deny")
    inside = min(_named())  # only an appearance: outside it stays this user
    Path("/proc/self/gid_map").write_text(f"{inside} {gid} 1")
    Path("/proc/self/uid_map").write_text(f"{inside} {uid} 1")


def become(user: int) -> None:
    """Another number for good, keeping one capability: to pass through folders closed to it."""
    _called(libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0))
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    _keep_only(CAP_DAC_OVERRIDE)
    _called(libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0))


def _named() -> list[int]:
    """Numbers with a name: `initdb` asks for one."""
    return [entry.pw_uid for entry in pwd.getpwall() if entry.pw_uid != 0]


def hand_over(folder: Path, uid: int) -> None:
    """Give `folder` and all in it to `uid`, unless it is theirs: the other way to run left it so."""
    if folder.lstat().st_uid == uid:
        return
    for place, folders, files in os.walk(folder):
        for name in [*folders, *files]:
            os.lchown(os.path.join(place, name), uid, uid)
    os.lchown(folder, uid, uid)  # last, so that a cut change is begun again


def _keep_only(capability: int) -> None:
    mask = 1 << capability
    header = struct.pack("=Ii", CAPABILITY_VERSION_3, 0)
    sets = struct.pack("=6I", mask, mask, mask, 0, 0, 0)  # effective, permitted, inheritable; low, high
    _called(libc.capset(ctypes.c_char_p(header), ctypes.c_char_p(sets)))


def _works(attempt: Become) -> bool:
    """Try it in a child: only the kernel knows what this container allows."""
    pid = os.fork()
    if pid == 0:
        try:
            attempt()
            os._exit(0)
        except BaseException:
            os._exit(1)
    return os.waitpid(pid, 0)[1] == 0


def _called(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, errno.errorcode.get(number, str(number)))
