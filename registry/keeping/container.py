"""A backup's file: a tar (`tar tf` lists it) whose last member vouches for all others.

    steward-backup      what this is, so that a foreign file is told at once
    blobs/<name>        the sealed bytes of a blob, as they lie in the store
    database/<table>    the rows of a table, compressed, then sealed
    manifest            a line of JSON about the whole, then one for each member that counts
    seal                512 bytes: where the manifest is, its SHA-256, and an HMAC under the master key

On its way it is called FILE.part, beside FILE.part.members with a line for each member that is whole: what
was cut off goes on behind the last of them.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import io
import json
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from governance.errors import Conflict, Invalid
from registry.crypto import KEY, Bytes, Damaged, put
from registry.keys import MasterKey
from registry.storage.folder import answering, sync
from registry.storage.writing import Digest

FORMAT = 1
FIRST = "steward-backup"
BLOCK = 512
TAIL = 4 * BLOCK  # the seal's header, the seal, and the two empty blocks that end a tar
PIECE = 1 << 20

Told = Callable[[int], None]
"""Is told how many bytes were dealt with since it was told last."""


@dataclass(frozen=True)
class Member:
    """`at` is where its bytes begin; the tar's header lies in the block before."""

    name: str
    at: int
    size: int
    sha256: str

    @property
    def end(self) -> int:
        return self.at + -(-self.size // BLOCK) * BLOCK


def header(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info.tobuf(tarfile.GNU_FORMAT, "utf-8", "strict")


def vouched(master: MasterKey, digest: bytes) -> str:
    """Proves that who made the manifest with this digest holds the master key."""
    key = HKDF(SHA256(), KEY, None, b"steward backup").derive(master.key)
    return hmac.new(key, digest, "sha256").hexdigest()


# ------------------------------------------------------------------ writing


class MemberSink:
    """Takes the bytes of one member; its header is written when its size is known."""

    def __init__(self, file: io.FileIO) -> None:
        self._file = file
        self.digest = Digest()
        self.size = 0

    def write(self, piece: Bytes, /) -> int:
        self.digest.update(piece)
        with answering():
            put(self._file, memoryview(piece))
        if not isinstance(piece, bytes):
            self.digest.wait()  # whoever wrote it may use its buffer again
        self.size += len(piece)
        return len(piece)


class Draft:
    """A backup on its way. Only one process writes it; a cut one is taken up where it is still whole."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.part = target.with_name(f"{target.name}.part")
        self.list = target.with_name(f"{target.name}.part.members")
        with answering():
            self._file = io.FileIO(os.open(self.part, os.O_RDWR | os.O_CREAT, 0o600), "r+")
        alone(self._file)
        self.members = {member.name: member for member in self._whole()}
        self._end = max((member.end for member in self.members.values()), default=0)
        self._file.truncate(self._end)
        self._write_list()
        if not self.members:
            self.add(FIRST, json.dumps({"format": FORMAT}).encode())

    def add(self, name: str, content: bytes) -> Member:
        with self.member(name) as sink:
            sink.write(content)
        return self.members[name]

    @contextmanager
    def member(self, name: str) -> Iterator[MemberSink]:
        """A member to write to. When this is left by an error, the next one is written over it."""
        start = self._end
        self._file.seek(start + BLOCK)
        sink = MemberSink(self._file)
        try:
            yield sink
        finally:
            sink.digest.close()
        with answering():
            os.pwrite(self._file.fileno(), header(name, sink.size), start)
            member = Member(name, start + BLOCK, sink.size, sink.digest.hex())
            self._file.truncate(member.end)
            self._list.write(json.dumps(asdict(member)) + "\n")
            self._list.flush()
        self.members[name], self._end = member, member.end

    def finish(self, head: dict[str, Any], names: list[str], version: int, master: MasterKey) -> int:
        """Write manifest and seal, and give the file its name. Returns its size in bytes."""
        lines = [json.dumps(head), *(json.dumps(asdict(self.members[name])) for name in names)]
        manifest = self.add("manifest", "\n".join(lines).encode())
        seal = {
            "at": manifest.at,
            "size": manifest.size,
            "sha256": manifest.sha256,
            "key_version": version,
            "hmac": vouched(master, bytes.fromhex(manifest.sha256)),
        }
        end = header("seal", BLOCK) + json.dumps(seal).encode().ljust(BLOCK) + bytes(2 * BLOCK)
        with answering():
            self._file.seek(self._end)
            put(self._file, memoryview(end))
            os.fsync(self._file.fileno())
            self.part.rename(self.target)
            sync(self.target.parent)
        self.list.unlink()
        return self._end + len(end)

    def close(self) -> None:
        self._list.close()
        self._file.close()

    def discard(self) -> None:
        self.close()
        self.part.unlink(missing_ok=True)
        self.list.unlink(missing_ok=True)

    def _whole(self) -> Iterator[Member]:
        """The members of an earlier run up to the first one that the disk did not keep."""
        for member in self._listed():
            if digest(self._file.fileno(), member) != member.sha256:
                return
            yield member

    def _listed(self) -> Iterator[Member]:
        try:
            for line in self.list.read_text().splitlines():
                yield Member(**json.loads(line))
        except (OSError, ValueError, TypeError):
            return

    def _write_list(self) -> None:
        with answering():
            listing = os.open(self.list, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            self._list = open(listing, "w")  # noqa: SIM115 - as long as the draft
            self._list.writelines(json.dumps(asdict(member)) + "\n" for member in self.members.values())
            self._list.flush()


def alone(file: io.FileIO) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise Conflict("Another backup is writing this file. Wait until it has ended.") from None


# ------------------------------------------------------------------ reading


class Section(io.RawIOBase):
    """The bytes of one member as a file of its own; several may be read at once."""

    def __init__(self, descriptor: int, member: Member) -> None:
        self._descriptor, self._member, self._position = descriptor, member, 0

    def readinto(self, buffer: Any, /) -> int:
        view = memoryview(buffer).cast("B")[: max(0, self._member.size - self._position)]
        count = os.preadv(self._descriptor, [view], self._member.at + self._position) if view else 0
        self._position += count
        return count

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._member.size}[whence]
        self._position = base + offset
        return self._position

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True


def digest(descriptor: int, member: Member, told: Told = lambda count: None) -> str:
    """What the bytes of a member are now; a cut one has another digest."""
    found = hashlib.sha256()
    buffer = memoryview(bytearray(PIECE))
    section = Section(descriptor, member)
    while count := section.readinto(buffer):
        found.update(buffer[:count])
        told(count)
    return found.hexdigest()


class Backup:
    """A finished backup. Opening it proves its beginning, its end and its manifest; `check` each member."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._file = io.FileIO(path)
        except OSError as refused:
            raise Invalid(f"{path} cannot be read: {refused.strerror}.") from None
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    def _open(self) -> None:
        self._recognise()
        self.seal = self._seal()
        manifest = Member("manifest", self.seal["at"], self.seal["size"], self.seal["sha256"])
        if digest(self.descriptor, manifest) != manifest.sha256:
            raise Damaged(f"{self.path} is damaged: its manifest is not what was written.")
        first, *lines = Section(self.descriptor, manifest).read().splitlines()
        self.head: dict[str, Any] = json.loads(first)
        self.members = {member.name: member for member in (Member(**json.loads(line)) for line in lines)}

    @property
    def descriptor(self) -> int:
        return self._file.fileno()

    def blobs(self) -> dict[str, Member]:
        return {
            name.removeprefix("blobs/"): found for name, found in self.members.items() if name[:6] == "blobs/"
        }

    def section(self, name: str) -> Section:
        return Section(self.descriptor, self.members[name])

    def vouch(self, master: MasterKey) -> None:
        """Raise unless whoever made this backup held the same master key."""
        if not hmac.compare_digest(self.seal["hmac"], vouched(master, bytes.fromhex(self.seal["sha256"]))):
            raise Invalid(
                f"{self.path} was made with other master keys, or was changed by somebody without them."
            )

    def check(self, member: Member, told: Told) -> None:
        if digest(self.descriptor, member, told) != member.sha256:
            raise Damaged(f"{self.path} is damaged: {member.name} is not what was written.")

    def close(self) -> None:
        self._file.close()

    def _recognise(self) -> None:
        block = self._file.read(2 * BLOCK) or b""
        try:
            info = tarfile.TarInfo.frombuf(block[:BLOCK], "utf-8", "strict")
            found = json.loads(block[BLOCK : BLOCK + info.size]) if info.name == FIRST else {}
        except (tarfile.HeaderError, ValueError):
            found = {}
        if not isinstance(found, dict) or not isinstance(found.get("format"), int):
            raise Invalid(f"{self.path} is no backup of Steward.")
        if found["format"] > FORMAT:
            raise Invalid(f"{self.path} was made by a newer release. Restore it with that release.")

    def _seal(self) -> dict[str, Any]:
        size = os.fstat(self.descriptor).st_size
        tail = os.pread(self.descriptor, TAIL, max(0, size - TAIL))
        try:
            seal: dict[str, Any] = json.loads(tail[BLOCK : 2 * BLOCK])
            intact = tail == header("seal", BLOCK) + tail[BLOCK : 2 * BLOCK] + bytes(2 * BLOCK)
        except (ValueError, UnicodeDecodeError):
            intact = False
        if not intact or not isinstance(seal, dict):
            raise Damaged(f"{self.path} has been cut: its end is missing.")
        return seal
