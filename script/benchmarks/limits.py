"""What the figures are held against: the same server, middleware and client, without Steward's work."""

import hashlib
import io
import os
import re
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from config.urls import handler404, handler500
from config.urls import urlpatterns as product
from registry import storage

PIECE = 1 << 20
RANGE = re.compile(r"bytes=(\d+)-(\d+)")
FOLDER = Path(settings.STEWARD_HOME) / "plain"

__all__ = ["handler404", "handler500", "urlpatterns"]


class Plain(io.FileIO):
    """Stands where the product opens a sealed file."""

    def __init__(self, blob: object) -> None:
        super().__init__(FOLDER / "file")
        self.size = os.fstat(self.fileno()).st_size
        self.raw = self

    def read1(self, size: int = -1) -> bytes:
        return self.read(min(PIECE, size))


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def plain(request: HttpRequest) -> StreamingHttpResponse:
    """A plain file in pieces of 1 MiB, whole or one range of it."""
    file = Plain(None)
    found = RANGE.fullmatch(request.headers.get("Range", ""))
    start, stop = (int(found[1]), int(found[2]) + 1) if found else (0, file.size)
    pieces = storage.Pieces(file, start, stop)  # type: ignore[arg-type]
    response = StreamingHttpResponse(pieces, status=206 if found else 200)
    response["Content-Length"] = str(stop - start)
    return response


@csrf_exempt
def receive(request: HttpRequest, name: str) -> HttpResponse:
    """Receive, hash and write, until all of it has reached the disk."""
    digest = hashlib.sha256()
    with (FOLDER / name).open("wb", buffering=0) as file:
        while piece := request.read(PIECE):
            digest.update(piece)
            file.write(piece)
        os.fsync(file.fileno())
    return HttpResponse(digest.hexdigest())


# In this process every address of the product sends the plain file: the same door without the sealing.
storage.open_blob = Plain  # type: ignore[assignment]

urlpatterns = [
    *product,
    path("bench/empty", empty),
    path("bench/plain", plain),
    path("bench/receive/<str:name>", receive),
]
