"""Archives: what unpacks outside of its folder, what two readers would see differently, what never ends.

What archives hold is judged by the other checks, member by member; here are the containers, and what in them
cannot be opened. Sources: CWE-22, CWE-59 and CWE-409, snyk.io/research/zip-slip-vulnerability, D. Fifield, "A
better zip bomb" (2019), and the advisories of picklescan on archives that it and PyTorch read differently
(GHSA-w8jq-xcqf-f792, GHSA-7q5r-7gvp-wc82).
"""

from __future__ import annotations

import re
import tarfile
import zlib
from collections.abc import Iterator
from datetime import date
from itertools import islice

from registry.checks import MIB, Issue, check
from registry.formats.archives import ends_as_zip
from registry.formats.names import PACKED, ZIPS
from registry.parsers import paths, zips
from registry.parsers.each_part import each_part_and_closed
from registry.parsers.inside import BROKEN, Closed, Part
from registry.parsers.inside import PACKED as UNPACKED
from registry.parsers.windows import MOST_LISTED, Window

CANNOT = frozenset({"7z", "rar", "zstd", "lz4"})
WEIRD = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
LINKS = {tarfile.SYMTYPE, tarfile.LNKTYPE}
DEVICES = {tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE}
LARGEST_TO_SUM = 16 * MIB
MOST_TO_SUM = 64 * MIB
BOMB_SIZE, BOMB_TIMES = 64 * MIB, 100
LARGE, LARGE_TIMES = 1 << 30, 30
SYMLINK, KINDS, REGULAR = 0o120000, 0o170000, {0, 0o100000, 0o040000}
SPECIAL = 0o6000  # set user, set group
STREAMS = re.compile(r"[^/\\:]+:[^/\\:]+\.(?:exe|dll|com|scr|bat|cmd|ps1|vbs|js|hta|py)$", re.IGNORECASE)
AGAIN = "pack it again with an ordinary program."


def closed(found: Closed) -> Iterator[Issue]:
    where = found.path or "The file"
    said = f"{where} {found.because}, so that it was not checked"
    cure = "put them into several archives." if found.too_much else AGAIN
    yield Issue("high", f"{said}: {cure}", "closed", found.path)


@check("model", "dataset", "asset", since=date(2026, 11, 27), timeout=120, memory=512 * MIB)
@each_part_and_closed(closed)
def run(part: Part) -> Iterator[Issue]:
    """A part that is an archive is broken for `everything` too, which says so."""
    try:
        if part.format in ZIPS or (part.format not in PACKED and ends_as_zip(part.ends.tail)):
            yield from in_zip(part)
        elif part.format == "tar":
            yield from in_tar(part)
        elif part.format in UNPACKED:
            yield from in_packed(part)
        elif part.format in CANNOT:
            said = f"It is packed as {part.format}, which nobody here can look into"
            yield Issue("medium", f"{said}: pack it as zip or gzip, or not at all.", "cannot_open", part.path)
    except BROKEN:
        return


def in_zip(part: Part) -> Iterator[Issue]:
    directory = part.directory
    yield from of_whole(part, directory)
    names: set[str] = set()
    for member in directory.members:
        yield from of_member(part, member)
        plain = member.name.replace("\\", "/").removeprefix("./")
        if plain in names:
            yield twice(part, plain)
        names.add(plain)
    yield from of_sums(part, directory)


def twice(part: Part, name: str) -> Issue:
    said = "It holds two files of the same name, of which readers take different ones"
    return Issue("high", f"{said}: {AGAIN}", "same_name", place(part, name))


def of_whole(part: Part, directory: zips.Directory) -> Iterator[Issue]:
    if directory.overlaps:
        yield Issue("high", f"Its files share bytes, as bombs do: {AGAIN}", "overlap", part.path)
    if directory.after:
        yield Issue("high", f"Behind its end are bytes that are no part of it: {AGAIN}", "after", part.path)
    if directory.before and part.format in ZIPS:
        yield Issue(
            "high", f"Before its beginning are bytes that are no part of it: {AGAIN}", "before", part.path
        )
    for begin, size in directory.gaps:
        carrier = begin == 0 and part.format not in ZIPS  # what the archive was put behind
        if not carrier and hidden(part, begin, size):
            said = "Between its files are bytes that its directory does not list"
            yield Issue("high", f"{said}: {AGAIN}", "gap", part.path)
            return
    packed = sum(member.packed for member in directory.members) or 1
    size = sum(member.size for member in directory.members if not is_array(member.name))
    if is_bomb(size, packed):
        yield bomb(part)


def is_array(name: str) -> bool:
    """Numbers pack as well as they repeat: zeros are no bomb, and their header says how many there are."""
    return name.endswith((".npy", ".npz"))


def is_bomb(size: int, packed: int) -> bool:
    times = size // max(1, packed)
    return (size > BOMB_SIZE and times > BOMB_TIMES) or (size > LARGE and times > LARGE_TIMES)


def bomb(part: Part) -> Issue:
    said = "It unpacks to a great deal more than it is, as bombs do"
    return Issue("high", f"{said}: push what it holds unpacked.", "bomb", part.path)


def hidden(part: Part, begin: int, size: int) -> bool:
    """Whether a gap holds something: the few bytes that may follow a member's data are its sizes again."""
    part.file.seek(begin)
    data = part.file.read(min(size, 1 << 20))
    if size <= 24 and size in {12, 16, 20, 24}:
        return False
    return bool(data.strip(b"\0"))


def of_member(part: Part, member: zips.Member) -> Iterator[Issue]:
    where = place(part, member.name)
    yield from of_name(member.name, where)
    if member.is_encrypted:
        said = "It holds a file that is encrypted, so that nobody can check it"
        yield Issue("high", f"{said}: push it without a password.", "encrypted", where)
    elif member.method not in zips.METHODS:
        said = "It holds a file that is packed in a way nobody here can read"
        yield Issue("high", f"{said}: {AGAIN}", "method", where)
    for what in sorted(set(member.odd)):
        said = f"Its directory and a file's own header do not agree on the {what}, so that readers differ"
        yield Issue("high", f"{said}: {AGAIN}", f"differs:{what}", where)
    kind = member.mode & KINDS
    if kind == SYMLINK:
        yield Issue("high", f"It holds a link to another file: {AGAIN}", "link", where)
    elif member.mode & SPECIAL:
        said = "It holds a file that would run with the rights of its owner"
        yield Issue("high", f"{said}: {AGAIN}", "set_user", where)
    elif kind not in REGULAR:
        yield Issue("high", f"It holds a device or a pipe: {AGAIN}", "device", where)


def of_name(name: str, where: str) -> Iterator[Issue]:
    if paths.unpacks_elsewhere(name):
        said = "It holds a file that unpacks outside of its folder"
        yield Issue("critical", f"{said}: do not unpack it; ask who made it.", "outside", where)
    if STREAMS.search(name):
        said = "It holds a file that hides another one behind its name on Windows"
        yield Issue("high", f"{said}: {AGAIN}", "stream", where)
    if WEIRD.search(name):
        said = "It holds a file whose name has signs that cannot be seen"
        yield Issue("high", f"{said}: {AGAIN}", "hidden_name", where)


def of_sums(part: Part, directory: zips.Directory) -> Iterator[Issue]:
    """Checksums of what is small: readers differ in whether they mind a wrong one."""
    left = MOST_TO_SUM
    for member in sorted(directory.members, key=lambda member: member.size):
        left -= member.size
        if member.size > LARGEST_TO_SUM or left < 0:
            return
        if member.is_encrypted or member.method not in zips.METHODS or member.is_folder:
            continue
        data = zips.open_member(part.file, member, part.budget).read(member.size + 1)
        if len(data) != member.size or zlib.crc32(data) != member.crc:
            said = "A file in it has another checksum or size than the archive says, so that readers differ"
            yield Issue("high", f"{said}: {AGAIN}", "checksum", place(part, member.name))
            return


def in_tar(part: Part) -> Iterator[Issue]:
    names: set[str] = set()
    part.file.seek(0)
    with tarfile.TarFile(fileobj=part.file) as archive:
        for member in islice(archive, MOST_LISTED):
            yield from of_tar_member(part, member)
            plain = member.name.removeprefix("./")
            if plain in names and not member.isdir():
                yield twice(part, plain)
            names.add(plain)
        end = archive.offset
    part.file.seek(end)
    if part.file.read(MIB).strip(b"\0"):
        yield Issue("high", f"Behind its end are bytes that are no part of it: {AGAIN}", "after", part.path)


def of_tar_member(part: Part, member: tarfile.TarInfo) -> Iterator[Issue]:
    where = place(part, member.name)
    yield from of_name(member.name, where)
    if member.type in DEVICES:
        yield Issue("high", f"It holds a device or a pipe: {AGAIN}", "device", where)
    elif member.type in LINKS:
        if paths.leaves(member.linkname) and not stays(member):
            said = "It holds a link that leads outside of its folder"
            yield Issue("critical", f"{said}: do not unpack it; ask who made it.", "link_outside", where)
        else:
            yield Issue(
                "low", "It holds a link, which not every reader follows: put the file itself.", "link", where
            )


def stays(member: tarfile.TarInfo) -> bool:
    """Whether an upward link still ends within the archive."""
    if member.type == tarfile.LNKTYPE or paths.ELSEWHERE.search(member.linkname):
        return False
    depth = member.name.removeprefix("./").count("/")
    for step in re.split(r"[/\\]", member.linkname):
        depth += -1 if step == ".." else 0 if step in {"", "."} else 1
        if depth < 0:
            return False
    return True


def in_packed(part: Part) -> Iterator[Issue]:
    """How much a compressed file becomes, as far as it takes to know."""
    if part.format == "gzip" and paths.unpacks_elsewhere(name_in(part.ends.head)):
        said = "It says that it unpacks outside of its folder"
        yield Issue("critical", f"{said}: do not unpack it; ask who made it.", "outside", part.path)
    packed = Window(part.file, 0, part.ends.size)
    stream, size = UNPACKED[part.format](packed), 0
    while size <= BOMB_SIZE and (block := stream.read(MIB)):
        size += len(block)
    read = max(1, packed.tell())
    if size > BOMB_SIZE and size // read > BOMB_TIMES:
        yield bomb(part)
    elif stream.rest.strip(b"\0"):
        yield Issue("high", f"Behind its end are bytes that are no part of it: {AGAIN}", "after", part.path)


def name_in(head: bytes) -> str:
    """The name that a gzip file keeps of what it was made from. Source: RFC 1952, 2.3."""
    if len(head) < 12 or not head[3] & 8:
        return ""
    at = 10 + (2 + int.from_bytes(head[10:12], "little") if head[3] & 4 else 0)
    return head[at : at + 1024].partition(b"\0")[0].decode("latin-1")


def place(part: Part, name: str) -> str:
    return f"{part.path}!{name}" if part.path else name
