"""Bytes that leave: one opened file as an answer, whole or a range, for pages and API alike."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header, parse_etags

from governance.errors import Problem
from governance.pages import problem_page
from registry.actions.use import Opened
from registry.storage import Pieces

ONE_RANGE = re.compile(r"bytes=(\d{0,19})-(\d{0,19})")

Range = tuple[int, int]


class OutOfRange(Problem):
    """The file is shorter than where the range begins."""

    status = 416
    title = "No such range"


def file_response(opened: Opened, request: HttpRequest) -> HttpResponseBase:
    """Send an opened file, at most 1 MiB at a time, and close it. `Range`, `If-Range` and `If-None-Match`
    are answered as RFC 9110 says; of several ranges at once the whole is sent."""
    etag, size = f'"{opened.file.sha256}"', opened.stream.size
    if known(request, etag):
        response: HttpResponseBase = HttpResponseNotModified()
    elif (asked := wanted(request, etag)) is None:
        response = body(opened, request, 0, size)
    elif (part := within(asked, size)) is None:
        response = problem_page(
            request, OutOfRange(f"The file has {size:,} bytes, and the range begins later.")
        )
        response["Content-Range"] = f"bytes */{size}"
    else:
        response = body(opened, request, *part)
        response.status_code = 206
        response["Content-Range"] = f"bytes {part[0]}-{part[1] - 1}/{size}"
    if not response.streaming:
        opened.stream.close()
    if response.status_code != OutOfRange.status:
        describe(response, opened, etag)
    return response


def body(opened: Opened, request: HttpRequest, start: int, stop: int) -> HttpResponseBase:
    """The bytes from `start` to `stop`, or for HEAD what would be said about them."""
    if request.method == "HEAD":
        response: HttpResponseBase = HttpResponse()
    else:
        response = StreamingHttpResponse(Pieces(opened.stream, start, stop))
    response["Content-Length"] = str(stop - start)
    return response


def describe(response: HttpResponseBase, opened: Opened, etag: str) -> None:
    """What every file answer carries: people's bytes are no page of ours and are kept nowhere."""
    response["Content-Type"] = "application/octet-stream"
    response["Content-Disposition"] = content_disposition_header(True, opened.file.path.rpartition("/")[2])
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = etag


def known(request: HttpRequest, etag: str) -> bool:
    tags = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in tags or etag in (tag.removeprefix("W/") for tag in tags)


def wanted(request: HttpRequest, etag: str) -> re.Match[str] | None:
    """The one range that was asked for, unless it was asked of another file than this one."""
    if request.headers.get("If-Range", etag) != etag:
        return None
    found = ONE_RANGE.fullmatch(request.headers.get("Range", "").strip())
    if found is None or not (found[1] or found[2]):
        return None
    backwards = found[1] and found[2] and int(found[2]) < int(found[1])
    return None if backwards else found


def within(asked: re.Match[str], size: int) -> Range | None:
    """From where to where in a file of this size, or None when nothing of it is there."""
    first, last = asked[1], asked[2]
    if not first:
        start, stop = max(0, size - int(last)), size
    else:
        start, stop = int(first), min(size, int(last) + 1) if last else size
    return (start, stop) if start < min(stop, size) else None
