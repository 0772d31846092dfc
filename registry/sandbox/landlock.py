"""Landlock: nothing of the file system, no TCP, no abstract sockets, no signals to others.

A ruleset that handles everything and allows nothing. Source: linux/include/uapi/linux/landlock.h.
"""

from __future__ import annotations

import ctypes
import os

from registry.sandbox.libc import syscall

CREATE_RULESET, RESTRICT_SELF = 444, 446
ASK_VERSION = 1
# How many access rights to files each version of the interface knows, from version 1 on.
FILE_RIGHTS = (13, 14, 15, 15, 16)
NETWORK_SINCE, SCOPES_SINCE = 4, 6
BOTH = 3  # bind and connect of TCP; abstract sockets and signals


class Ruleset(ctypes.Structure):
    """struct landlock_ruleset_attr"""

    _fields_ = [("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scopes", ctypes.c_uint64)]


def restrict() -> None:
    """Close it for this thread and all to come. Needs no_new_privs; `OSError` where the kernel lacks it."""
    version = syscall(CREATE_RULESET, None, 0, ASK_VERSION)
    rights = FILE_RIGHTS[min(version, len(FILE_RIGHTS)) - 1]
    network, scopes = version >= NETWORK_SINCE, version >= SCOPES_SINCE
    asked = Ruleset((1 << rights) - 1, BOTH * network, BOTH * scopes)
    size = 8 * (1 + network + scopes)
    ruleset = syscall(CREATE_RULESET, ctypes.byref(asked), size, 0)
    syscall(RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)
