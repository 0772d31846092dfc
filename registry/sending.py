"""Bytes that leave: one opened file as an answer, whole or a range, for pages and API alike."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header, parse_etags

from governance.errors import Problem
from governance.pages import problem_page
from registry.actions.use import Opened
from registry.models import File
from registry.storage import Pieces

ONE_RANGE = re.compile(r"bytes=(\d{0,19})-(\d{0,19})")

Range = tuple[int, int]


class Sent(StreamingHttpResponse):
    """An answer with bytes, and what was opened for it: the next range of its row goes on from there."""

    opened: Opened


class OutOfRange(Problem):
    """The file is shorter than where the range begins."""

    status = 416
    title = "No such range"


def file_response(opened: Opened, request: HttpRequest) -> HttpResponseBase:
    """Send an opened file, at most 1 MiB at a time, and close it. `Range`, `If-Range` and `If-None-Match`
    are answered as RFC 9110 says; of several ranges at once the whole is sent."""
    response = without_bytes(opened.file, request)
    if response is not None:
        opened.stream.close()
        return response
    asked = wanted(request, tag_of(opened.file))
    part = within(asked, opened.file.size) if asked else None
    start, stop = part or (0, opened.file.size)
    response = Sent(Pieces(opened.stream, start, stop))
    response.opened = opened
    return part_of(opened.file, part, response)


def without_bytes(file: File, request: HttpRequest) -> HttpResponseBase | None:
    """The answer to a request that moves no byte of the file: known already, out of range, or HEAD."""
    tag = tag_of(file)
    if known(request, tag):
        return described(HttpResponseNotModified(), file)
    asked = wanted(request, tag)
    part = within(asked, file.size) if asked else None
    if asked and not part:
        return out_of_range(file, request)
    return part_of(file, part, HttpResponse()) if request.method == "HEAD" else None


def is_part(file: File, request: HttpRequest) -> bool:
    """Whether an answer with bytes holds less than the whole file."""
    asked = wanted(request, tag_of(file))
    return asked is not None and within(asked, file.size) != (0, file.size)


def part_of(file: File, part: Range | None, response: HttpResponseBase) -> HttpResponseBase:
    """Say which part of the file an answer holds."""
    start, stop = part or (0, file.size)
    if part:
        response.status_code = 206
        response["Content-Range"] = f"bytes {start}-{stop - 1}/{file.size}"
    response["Content-Length"] = str(stop - start)
    return described(response, file)


def out_of_range(file: File, request: HttpRequest) -> HttpResponseBase:
    response = problem_page(
        request, OutOfRange(f"The file has {file.size:,} bytes, and the range begins later.")
    )
    response["Content-Range"] = f"bytes */{file.size}"
    return response


def tag_of(file: File) -> str:
    return f'"{file.sha256}"'


def described(response: HttpResponseBase, file: File) -> HttpResponseBase:
    """What every file answer carries: people's bytes are no page of ours and are kept nowhere."""
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = tag_of(file)
    return guarded(response, file.path.rpartition("/")[2])


def guarded(response: HttpResponseBase, name: str) -> HttpResponseBase:
    """Saved under this name, never shown."""
    response["Content-Type"] = "application/octet-stream"
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


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
