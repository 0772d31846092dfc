"""Bytes that arrive: sealed while they are read, kept only when the version takes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, BinaryIO, TypeVar, cast

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.db import DatabaseError

from governance.errors import Absent, Problem, TooLarge
from governance.models import User
from governance.pages import Signed
from registry import actions, storage, subjects
from registry.models import Blob, File, Version
from registry.storage import Stored


def receive(version: Version, path: str, stream: BinaryIO, size: int, *, by: User) -> File:
    """Store `size` bytes of a stream at a path of a draft. Who may not is told before a byte is read;
    what the version does not take is deleted again."""
    actions.expect_file(version, path, by=by)
    return keep(version, path, storage.store(stream, size), by=by)


def keep(version: Version, path: str, stored: Stored, *, by: User) -> File:
    try:
        return actions.add_file(version, path, stored, by=by)
    except BaseException:
        discard(stored)
        raise


def discard(stored: Stored) -> None:
    """Delete bytes that no row took. When the database cannot say (the connection broke while it
    committed), they stay: the job `sweep_blobs` asks again later."""
    try:
        taken = Blob.objects.filter(name=stored.name).exists()
    except DatabaseError:
        return
    if not taken:
        storage.delete(stored.name)


T = TypeVar("T")
Taker = Callable[[Signed, str], int | None]
_takers: dict[str, Taker] = {}


def takes_files(view_name: str, taker: Taker) -> None:
    """Let a page of another app take files: `taker(request, name)` raises for who may not send one, and says
    how many bytes it may have at most."""
    _takers[view_name] = taker


class SealedUpload(UploadedFile):  # type: ignore[type-arg]  # generic in its stubs only
    """A file of a form, sealed already. Django closes it when the request ends: what no version took
    by then is deleted."""

    def __init__(self, name: str, stored: Stored) -> None:
        super().__init__(file=None, name=name, size=stored.size)
        self.stored = stored
        self.taken = False

    def put(self, version: Version, path: str, *, by: User) -> File:
        self.taken = True
        return keep(version, path, self.stored, by=by)

    def hand_over(self, taker: Callable[[Stored], T]) -> T:
        """To something else than a version; what is not taken is deleted again."""
        self.taken = True
        try:
            return taker(self.stored)
        except BaseException:
            discard(self.stored)
            raise

    def close(self) -> None:
        if not self.taken:
            self.taken = True
            discard(self.stored)


def sent_files(request: Signed, name: str) -> list[SealedUpload]:
    """The files of a form's field; raises why one was refused, which is known once they have been read."""
    files = cast(list[SealedUpload], request.FILES.getlist(name))
    if problem := getattr(request, "upload_problem", None):
        raise problem
    return files


class SealingUploadHandler(FileUploadHandler):
    """Files of forms never touch a disk in the plain: only the upload page takes any, and only from
    somebody who may add files to its version. `sent_files` raises `request.upload_problem`."""

    writer: storage.Writer | None = None
    most: int | None = None
    came = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        try:
            self.most, self.came = self.expect(), 0
            self.writer = storage.Writer()
        except Problem as problem:
            self.refuse(problem)

    def expect(self) -> int | None:
        request = self.request
        assert request is not None
        match = request.resolver_match
        if match is None or not request.user.is_authenticated:
            raise Absent("This page takes no files.")
        if taker := _takers.get(match.view_name):
            return taker(cast(Signed, request), self.file_name or "")
        if match.view_name != "registry:upload":
            raise Absent("This page takes no files.")
        version = subjects.find_version(request.user, **match.kwargs)
        if version is None:
            raise Absent("There is no such version that you may see.")
        actions.expect_file(version, self.file_name or "", by=request.user)
        return None

    def refuse(self, problem: Problem) -> None:
        self.note(problem)
        raise SkipFile

    def note(self, problem: Problem) -> None:
        """Keep nothing, and let the view say why: whatever is raised here would be nobody's to show."""
        self.abort()
        self.request.upload_problem = problem  # type: ignore[union-attr]

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        assert self.writer is not None
        self.came += len(raw_data)
        try:
            if self.most is not None and self.came > self.most:
                raise TooLarge(f"A file for this page has at most {self.most >> 20} MiB.")
            self.writer.write(raw_data)
        except Problem as problem:
            self.refuse(problem)

    def file_complete(self, file_size: int) -> SealedUpload | None:
        if self.writer is None:
            return None
        try:
            stored = self.writer.finish()
        except Problem as problem:
            self.note(problem)
            return None
        self.writer = None
        return SealedUpload(self.file_name or "", stored)

    def upload_interrupted(self) -> None:
        self.abort()

    def abort(self) -> None:
        if self.writer is not None:
            self.writer.abort()
            self.writer = None
