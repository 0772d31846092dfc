"""The few kernel calls that Python does not offer."""

from __future__ import annotations

import ctypes
import os
from contextlib import suppress
from typing import Any

LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.syscall.restype = ctypes.c_long

PRCTL = 157


def syscall(number: int, *arguments: Any) -> int:
    """Ask the kernel; `OSError` when it refuses. Integers are passed as 64 bits."""
    values = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    result = int(LIBC.syscall(ctypes.c_long(number), *values))
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def prctl(what: int, value: int = 0) -> int:
    return syscall(PRCTL, what, value, 0, 0, 0)


MADVISE, COLLAPSE = 28, 25
HUGE = 2 << 20
TRIM_ABOVE, MAP_ABOVE = -1, -3
LARGE = 32 << 20


def tidy() -> None:
    """Before forks, where there is glibc. What lies free is put together: otherwise each fork does so by
    itself and copies the pages for it. What a fork gives back, up to 32 MiB at once, it keeps for itself: new
    pages cost more than what is done with them."""
    trim, option = getattr(LIBC, "malloc_trim", None), getattr(LIBC, "mallopt", None)
    if trim is not None and option is not None:
        trim(ctypes.c_size_t(0))
        option(MAP_ABOVE, LARGE)
        option(TRIM_ABOVE, 2 * LARGE)
    in_huge_pages()


def in_huge_pages() -> None:
    """What is held, in pages of 2 MiB where the kernel puts them together (Linux 6.1): a fork copies the list
    of pages, and of 110 MiB that took two thirds of its time."""
    for first, last in own_memory():
        for start in range(-(-first // HUGE) * HUGE, last - HUGE + 1, HUGE):
            with suppress(OSError):  # little is held there, or the kernel is older
                syscall(MADVISE, start, HUGE, COLLAPSE)


def own_memory() -> list[tuple[int, int]]:
    """Where memory begins and ends that is no file's and may be written."""
    with open("/proc/self/maps") as file:
        listed = [line.split() for line in file]
    places = [each[0].split("-") for each in listed if each[1] == "rw-p" and each[4] == "0"]
    return [(int(first, 16), int(last, 16)) for first, last in places]
