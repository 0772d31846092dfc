"""Sealed blobs as files: `file:///folder`, two levels deep by the first letters of the name.

What is being written is called `<name>.part` and takes its name when all of it has reached the disk.
"""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

from governance.errors import Full, Unavailable
from registry.crypto import Damaged, put
from registry.storage.backends import FULL, NAME

NO_SPACE = {errno.ENOSPC, errno.EDQUOT}


@dataclass(frozen=True)
class Folder:
    """A folder's part of the store; it is made once, by `make`, so that an absent disk is noticed."""

    root: Path
    # The database may lie on the same disk and stops when it cannot write: keep some of it free.
    reserve: int = 1 << 30
    share: float = 0.05

    @classmethod
    def at(cls, place: str) -> Folder:
        return cls(Path(place))

    def create(self, name: str, size: int | None) -> FolderSink:
        """A place to write to; `size` is how many sealed bytes will come, where that is known."""
        self.present()
        with answering():
            self.keep_room(size or 0)
            return FolderSink(self, name)

    def open(self, name: str) -> io.FileIO:
        try:
            return io.FileIO(self.path(name))
        except FileNotFoundError:
            self.present()
            raise Damaged(f"The stored bytes of blob {name} are missing.") from None
        except OSError:
            raise Unavailable("The blob store cannot be read.") from None

    def sealed(self, name: str) -> BinaryIO:
        return cast(BinaryIO, self.open(name))

    def exists(self, name: str) -> bool:
        self.present()
        return self.path(name).exists()

    def delete(self, name: str) -> None:
        """Remove a blob or what is left of an upload; nothing happens when there is none."""
        self.present()
        with answering():
            self.path(name).unlink(missing_ok=True)
            self.part(name).unlink(missing_ok=True)

    def names(self) -> Iterator[tuple[str, datetime]]:
        """Every blob and every unfinished upload with the time of its last written byte."""
        self.present()
        for file in self.root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"):
            if NAME.fullmatch(file.stem):
                with suppress(FileNotFoundError):
                    yield file.stem, datetime.fromtimestamp(file.stat().st_mtime, UTC)

    def make(self) -> None:
        with answering():
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)

    def healthy(self) -> str | None:
        if not self.root.is_dir():
            return "The blob store's folder is missing."
        if not os.access(self.root, os.R_OK | os.W_OK | os.X_OK):
            return "The blob store's folder cannot be written."
        return "The blob store is full." if self.room() < 0 else None

    # -------------------------------------------------------------- inside

    def path(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise ValueError("A blob's name is 32 hexadecimal digits.")
        return self.root / name[:2] / name[2:4] / name

    def part(self, name: str) -> Path:
        return self.path(name).with_suffix(".part")

    def present(self) -> None:
        if not self.root.is_dir():
            raise Unavailable("The blob store's folder is missing. It works again as soon as it is back.")

    def room(self) -> int:
        """Free bytes above the reserve."""
        disk = os.statvfs(self.root)
        kept = min(self.reserve, int(disk.f_blocks * disk.f_frsize * self.share))
        return disk.f_bavail * disk.f_frsize - kept

    def keep_room(self, size: int) -> None:
        if self.room() < size:
            raise Full(FULL)


@dataclass
class FolderSink:
    """One file on its way into the folder."""

    folder: Folder
    name: str
    file: io.FileIO = field(init=False)

    def __post_init__(self) -> None:
        part = self.folder.part(self.name)
        for level in (part.parent.parent, part.parent):
            with suppress(FileExistsError):
                level.mkdir(mode=0o700)
        self.file = io.FileIO(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w")

    def write(self, data: memoryview, /) -> int:
        with answering():
            # Others write too: what fitted when this upload began may not fit any more.
            self.folder.keep_room(len(data))
            put(self.file, data)
        return len(data)

    def finish(self) -> None:
        path = self.folder.path(self.name)
        with answering():
            os.fsync(self.file.fileno())
            self.file.close()
            self.folder.part(self.name).rename(path)
            # Somebody else may have made the folders a moment ago: ours counts when all of it lasts.
            for level in (path.parent, path.parent.parent, self.folder.root):
                sync(level)

    def abort(self) -> None:
        """Leave nothing behind. A disk that does not even let go is left to the sweep."""
        with suppress(OSError):
            self.file.close()
        with suppress(OSError):
            self.folder.part(self.name).unlink(missing_ok=True)
            self.folder.path(self.name).unlink(missing_ok=True)


def sync(folder: Path) -> None:
    """Make the entries of a folder last."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def answering() -> Iterator[None]:
    """What the system refuses, as a sentence that names no path."""
    try:
        yield
    except OSError as refused:
        if refused.errno in NO_SPACE:
            raise Full(FULL) from None
        raise Unavailable("The blob store cannot be written.") from None
