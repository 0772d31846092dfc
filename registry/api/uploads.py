"""Files sent in pieces into a draft, with the words of the IETF's draft “Resumable Uploads for HTTP”."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers
from rest_framework.response import Response

from governance.api.base import WRITES, Paged, Strict, Text, Whole, endpoint
from governance.errors import Absent, Conflict, Invalid, LengthRequired, Problem
from registry import actions
from registry.api import found
from registry.api.below import Below
from registry.api.files import drop_body
from registry.going_on import go_on
from registry.models import Upload, Version

PARTIAL = "application/partial-upload"
OFFSET = OpenApiParameter(
    "Upload-Offset", int, OpenApiParameter.HEADER, description="Where these bytes begin: 0 when not said."
)


class UploadForm(Strict):
    path = Text(max_length=255)
    size = Whole(min_value=0, max_value=1 << 50)
    sha256 = Text(
        max_length=64, required=False, allow_blank=True, default="", help_text="What it shall be, if known."
    )
    mark = Text(
        max_length=64,
        required=False,
        allow_blank=True,
        default="",
        help_text="What tells it from another content of this size: without sha256, when it was changed.",
    )


class UploadAnswer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    path = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")
    offset = serializers.IntegerField(help_text="Bytes that are here: go on from there.")
    complete = serializers.BooleanField(help_text="Whether it is in the draft.")
    sha256 = serializers.CharField(allow_blank=True, help_text="What came, once it is complete.")


class UploadView(Below):
    search_fields = ("path",)

    @endpoint(UploadAnswer(many=True), query=Paged)
    def list(self, kind: str, team: str, name: str, number: int) -> dict[str, Any]:
        """What you have begun to send and not ended. After a week without a byte it is forgotten."""
        version = found.version(self.person, kind, team, name, number)
        rows = Upload.objects.visible_to(self.person).filter(version=version, done="")
        return self.listed(rows, "-pk", answer)

    @endpoint(
        {200: OpenApiResponse(UploadAnswer, "It goes on."), 201: OpenApiResponse(UploadAnswer, "New.")},
        body=UploadForm,
        problems=WRITES,
    )
    def create(self, kind: str, team: str, name: str, number: int) -> Response:
        """Begin to send a file into a draft in pieces, or learn how much of the same file is here already: by
        its path, size, SHA-256 and mark."""
        version = found.version(self.person, kind, team, name, number)
        upload, new = actions.begin_upload(version, **self.body, by=self.person)
        return told(upload, 201 if new else 200)

    @endpoint(UploadAnswer)
    def retrieve(self, kind: str, team: str, name: str, number: int, pk: int) -> Response:
        """How much is here. HEAD says it in Upload-Offset."""
        return told(self.upload(kind, team, name, number, pk))

    @endpoint(
        {200: OpenApiResponse(UploadAnswer, "Kept.")},
        body=None,
        headers=[OFFSET],
        problems=(*WRITES, 507),
        request={PARTIAL: OpenApiTypes.BINARY},
    )
    def partial_update(self, kind: str, team: str, name: str, number: int, pk: int) -> Response:
        """Send bytes from Upload-Offset on, as many as you like; what came before a cut is kept. The last of
        them put the file into the draft. Another offset than the one that is due is refused with 409, and
        Upload-Offset says which one is."""
        upload = self.upload(kind, team, name, number, pk)
        start = self.number("Upload-Offset", Invalid("Upload-Offset is a whole number of bytes."), "0")
        length = self.number("Content-Length", LengthRequired("Announce how many bytes come."))
        return told(go_on(upload, start, self.bytes(), length, by=self.person))

    @endpoint(status=204, problems=WRITES)
    def destroy(self, kind: str, team: str, name: str, number: int, pk: int) -> None:
        """Forget what came of it."""
        actions.drop_upload(self.upload(kind, team, name, number, pk), by=self.person)

    # -------------------------------------------------------------- inside

    def upload(self, kind: str, team: str, name: str, number: int, pk: int) -> Upload:
        version: Version = found.version(self.person, kind, team, name, number)
        upload = Upload.objects.visible_to(self.person).filter(version=version, pk=pk).first()
        if upload is None:
            raise Absent("There is no such upload of yours: begin it again.")
        upload.version = version
        return upload

    def number(self, header: str, problem: Problem, usual: str = "") -> int:
        given: str = self.request.headers.get(header, usual)
        if not (given.isascii() and given.isdecimal() and len(given) < 18):
            raise problem
        return int(given)

    def bytes(self) -> BinaryIO:
        return cast(BinaryIO, self.request._request)

    def refused(self, error: Exception) -> Response:
        drop_body(self.request._request)
        response = super().refused(error)
        if isinstance(error, Conflict) and "pk" in self.kwargs:
            due = Upload.objects.visible_to(self.person).filter(pk=self.kwargs["pk"]).first()
            for name, value in headers(due).items() if due else ():
                response[name] = value
        return response


def answer(upload: Upload) -> dict[str, Any]:
    return {
        "id": upload.pk,
        "path": upload.path,
        "size": upload.size,
        "offset": upload.received,
        "complete": bool(upload.done),
        "sha256": upload.done,
    }


def headers(upload: Upload) -> dict[str, str]:
    complete = "?1" if upload.done else "?0"
    return {"Upload-Offset": str(upload.received), "Upload-Complete": complete}


def told(upload: Upload, status: int = 200) -> Response:
    return Response(answer(upload), status=status, headers=headers(upload))
