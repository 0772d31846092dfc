"""All files of a version as one tar, made while it is sent: nothing of it is kept anywhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from tarfile import BLOCKSIZE, PAX_FORMAT, TarInfo
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse

from governance.api.base import endpoint
from registry import actions, storage
from registry.api import found
from registry.api.below import Below
from registry.api.files import DownloadQuery
from registry.models import File, Version
from registry.sending import guarded

TAR = "application/x-tar"
END = bytes(2 * BLOCKSIZE)


class ArchiveView(Below):
    @endpoint(
        {(200, TAR): OpenApiResponse(OpenApiTypes.BINARY, "The archive.")},
        query=DownloadQuery,
        problems=(403,),
    )
    def retrieve(self, kind: str, team: str, name: str, number: int) -> HttpResponseBase:
        """All files in one tar, by their paths. The same version always gives the same bytes."""
        version = found.version(self.person, kind, team, name, number)
        about: dict[str, Any] = {"acknowledged": self.query["acknowledge"] == "1", "by": self.person}
        response: HttpResponseBase
        if self.request.method == "HEAD":
            files, response = actions.look_at_all(version, **about), HttpResponse()
        else:
            files = actions.download_all(version, **about)
            response = StreamingHttpResponse(blocks(version, files))
        response["Content-Length"] = str(size(version, files))
        guarded(response, f"{name}-{number}.tar")["Content-Type"] = TAR
        return response


def size(version: Version, files: Sequence[File]) -> int:
    return sum(len(head(version, file)) + file.size + padding(file) for file in files) + len(END)


def blocks(version: Version, files: Sequence[File]) -> Iterator[bytes]:
    """A head, the bytes and their padding for each file. One blob is open at a time; one that cannot be
    opened cuts the answer short of its announced length."""
    for file in files:
        pieces = storage.pieces(file.blob)
        try:
            yield head(version, file)
            yield from pieces
        finally:
            pieces.close()
        yield bytes(padding(file))
    yield END


def head(version: Version, file: File) -> bytes:
    info = TarInfo(file.path)
    info.size, info.mtime, info.mode = file.size, int(version.added_at.timestamp()), 0o644
    return info.tobuf(PAX_FORMAT)


def padding(file: File) -> int:
    return -file.size % BLOCKSIZE
