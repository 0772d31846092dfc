"""Archives: which kind of zip, what a tar is, and a zip that hides behind something else."""

from __future__ import annotations

import re
from collections.abc import Iterator

LOCAL, CENTRAL, END = b"PK\3\4", b"PK\1\2", b"PK\5\6"
MOST_NAMES = 2000
KINDS = (
    (re.compile(r"(^|/)data\.pkl$|(^|/)constants\.pkl$"), "torch"),
    (re.compile(r"^model\.weights\.h5$|^metadata\.json$"), "keras"),
    (re.compile(r"^META-INF/MANIFEST\.MF$|\.class$"), "jar"),
    (re.compile(r"\.dist-info/"), "wheel"),
    (re.compile(r"^\[Content_Types\]\.xml$|^mimetype$"), "office"),
    (re.compile(r"\.npy$"), "npz"),
)


def kind_of_zip(head: bytes, tail: bytes) -> str:
    """What the names inside say, as far as they are at the two ends; `zip` for any other."""
    names = [*names_after(head, LOCAL, 26, 30), *names_after(tail, CENTRAL, 28, 46)]
    for pattern, kind in KINDS:
        if any(pattern.search(name) for name in names):
            return kind
    return "zip"


def names_after(data: bytes, signature: bytes, length_at: int, name_at: int) -> Iterator[str]:
    """The names in headers of one kind. A name that the end cuts off is as good as any."""
    place = -1
    for _ in range(MOST_NAMES):
        place = data.find(signature, place + 1)
        if place < 0:
            return
        length = int.from_bytes(data[place + length_at : place + length_at + 2], "little")
        yield data[place + name_at : place + name_at + length].decode("utf-8", "replace")


def ends_as_zip(tail: bytes) -> bool:
    """Whether a reader that looks from the end, as all do, finds a zip here, whatever stands before it.

    Source: APPNOTE.TXT 4.3.16; the comment must reach the end of the file exactly.
    """
    place = tail.rfind(END)
    while place >= 0:
        comment = int.from_bytes(tail[place + 20 : place + 22], "little")
        size = int.from_bytes(tail[place + 12 : place + 16], "little")
        if place + 22 + comment == len(tail):
            return size > place or tail.startswith(CENTRAL, place - size)
        place = tail.rfind(END, 0, place)
    return False


def is_tar(head: bytes) -> bool:
    """By its checksum, which the oldest kind has too. Source: POSIX pax, "ustar Interchange Format"."""
    if len(head) < 512:
        return False
    said = head[148:156].strip(b"\0 ")
    if not re.fullmatch(rb"[0-7]{1,7}", said):
        return False
    return int(said, 8) == sum(head[:148]) + sum(head[156:512]) + 8 * ord(" ")
