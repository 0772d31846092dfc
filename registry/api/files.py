"""Files of versions: put in, fetched by number or by alias, taken out. Bytes are streamed both ways."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, BinaryIO, cast

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers
from rest_framework.response import Response

from governance.api.base import WRITES, Strict, Text, Whole, endpoint
from governance.errors import Absent, LengthRequired
from governance.models import User
from governance.names import check_path
from governance.prepared import prepared
from registry import actions
from registry.actions.use import file_at
from registry.api import found
from registry.api.below import Below
from registry.api.versions import FileAnswer
from registry.models import File, Version
from registry.receiving import receive
from registry.sending import file_response, is_part, without_bytes

BYTES = "application/octet-stream"
# Who is refused with a body on its way has it read up to here, so that the answer arrives; more than
# that costs more than the connection, which is closed.
MOST_DROPPED = 8 << 20
PIECE = 1 << 16


class DownloadQuery(Strict):
    acknowledge = serializers.ChoiceField(
        ["0", "1"],
        required=False,
        default="0",
        help_text="1: I know what is wrong with it. It goes on the record.",
    )


class HeldFile(Strict):
    path = Text(max_length=255)
    size = Whole(min_value=0)
    sha256 = Text(max_length=64)


class HeldForm(Strict):
    files = HeldFile(many=True, max_length=1000)  # type: ignore[call-arg]  # the list takes max_length


class HeldAnswer(serializers.Serializer[Any]):
    files = FileAnswer(many=True, help_text="Those that need not be sent: they are in the draft now.")


def header(name: str, description: str) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, description=description)


RANGES = [
    header("Range", "bytes=FIRST-LAST; of several ranges the whole is sent."),
    header("If-Range", "An ETag: the range counts only when it is still that file."),
    header("If-None-Match", "ETags, which are the SHA-256 in quotes."),
]
FETCHED = {
    (200, BYTES): OpenApiResponse(OpenApiTypes.BINARY, "The bytes."),
    (206, BYTES): OpenApiResponse(OpenApiTypes.BINARY, "The range."),
    304: OpenApiResponse(description="You have it already."),
}
FETCH: dict[str, Any] = {"query": DownloadQuery, "problems": (403, 416), "answer": FETCHED, "headers": RANGES}


class FileView(Below):
    @endpoint(**FETCH)
    def retrieve(self, kind: str, team: str, name: str, number: int, path: str) -> HttpResponseBase:
        """Fetch a file. The ETag is its SHA-256. HEAD says the same without the bytes and the event."""
        return self.send(found.version(self.person, kind, team, name, number), path)

    @endpoint(**FETCH)
    def by_alias(self, kind: str, team: str, name: str, alias: str, path: str) -> HttpResponseBase:
        """Fetch a file of the version that an alias points at."""
        asked = {"team": team, "lowered": name.lower(), "alias": alias}
        version = next(iter(pointed_at(self.person, kind, **asked)), None) if alias.isprintable() else None
        if version is None:
            raise Absent(f"{name} has no {alias[:60]} that you may see.")
        return self.send(version, path, alias)

    @endpoint(
        {200: OpenApiResponse(FileAnswer, "Replaced."), 201: OpenApiResponse(FileAnswer, "New.")},
        body=None,
        problems=(*WRITES, 507),
        request={BYTES: OpenApiTypes.BINARY},
    )
    def update(self, kind: str, team: str, name: str, number: int, path: str) -> Response:
        """Put a file into a draft, or another one in its place. The body is the file; Content-Length says
        how long it is."""
        version, path = found.version(self.person, kind, team, name, number), check_path(path)
        existed = version.files.filter(path=path).exists()
        file = receive(version, path, self.bytes(), self.announced(), by=self.person)
        return Response(answer(file), status=200 if existed else 201)

    @endpoint(HeldAnswer, body=HeldForm, problems=WRITES)
    def add_held(self, kind: str, team: str, name: str, number: int) -> dict[str, Any]:
        """Put files into a draft by their digests alone: those whose bytes you could fetch from a version of
        this team, or put into a draft of yours. The others have to be sent."""
        version = found.version(self.person, kind, team, name, number)
        wanted = [(file["path"], file["size"], file["sha256"]) for file in self.body["files"]]
        return {"files": [answer(file) for file in actions.add_held_files(version, wanted, by=self.person)]}

    @endpoint(status=204, problems=WRITES)
    def destroy(self, kind: str, team: str, name: str, number: int, path: str) -> None:
        """Take a file out of a draft."""
        version = found.version(self.person, kind, team, name, number)
        actions.remove_file(version, check_path(path), by=self.person)

    # -------------------------------------------------------------- inside

    def send(self, version: Version, path: str, alias: str = "") -> HttpResponseBase:
        """A request that moves no byte needs the same right and writes no event."""
        path, request = check_path(path), self.request._request
        about = {"alias": alias, "acknowledged": self.query["acknowledge"] == "1", "by": self.person}
        file = file_at(version, path)
        response = without_bytes(file, request) if file else None
        if response is not None:
            actions.look(version, path, **about)
            return response
        opened = actions.download(version, path, is_part=lambda file: is_part(file, request), **about)
        return file_response(opened, request)

    def announced(self) -> int:
        length: str = self.request.META.get("CONTENT_LENGTH", "")
        if not length.isdecimal():
            raise LengthRequired("Announce how long the file is, with Content-Length.")
        return int(length)

    def bytes(self) -> BinaryIO:
        """The body itself: nothing may read it as a form or a document."""
        return cast(BinaryIO, self.request._request)

    def refused(self, error: Exception) -> Response:
        drop_body(self.request._request)
        return super().refused(error)


@prepared
def pointed_at(person: User, kind: str, *, team: Any, lowered: Any, alias: Any) -> QuerySet[Version]:
    """The version that an alias points at, if this person may see it, with all that a right may ask of it."""
    rows = found.of_one(person, kind, team, lowered).filter(aliases__name=alias)
    return rows.select_related("added_by").order_by()


def drop_body(request: HttpRequest) -> None:
    """Read the rest of a small body that was refused. Who asked first (Expect) has not sent any."""
    length: str = request.META.get("CONTENT_LENGTH", "")
    if request.method not in {"PUT", "PATCH"} or "HTTP_EXPECT" in request.META or not length.isdecimal():
        return
    if int(length) <= MOST_DROPPED:
        with suppress(OSError):
            while request.read(PIECE):
                pass


def answer(file: File) -> dict[str, Any]:
    return {"path": file.path, "size": file.size, "sha256": file.sha256}
