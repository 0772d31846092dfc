"""Attachments of articles, for programs."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from governance.api.base import WRITES, Paged, View, endpoint, in_path
from governance.errors import LengthRequired
from kb import actions
from kb.api.articles import found
from kb.models import Attachment
from kb.views.attachments import found as attached
from kb.views.attachments import sent
from registry import storage
from registry.receiving import discard

Values = dict[str, Any]
BYTES = "application/octet-stream"

in_path("filename", "The attachment's name.")


class AttachmentIssue(serializers.Serializer[Any]):
    check = serializers.CharField()
    severity = serializers.CharField()
    message = serializers.CharField()


class AttachmentAnswer(serializers.Serializer[Any]):
    name = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    outcome = serializers.ChoiceField(
        ["", Attachment.CLEAN, Attachment.BLOCKED, Attachment.FAILED],
        help_text="Of its checks; empty: they have not finished. Others fetch what is clean alone.",
    )
    issues = AttachmentIssue(many=True)
    picture = serializers.BooleanField(help_text="Whether it is a picture, by its bytes.")
    by = serializers.CharField()
    at = serializers.DateTimeField()


class AttachmentsView(View):
    search_fields = ("name", "added_by__username")

    @endpoint(AttachmentAnswer(many=True), query=Paged)
    def list(self, team: str, slug: str) -> Values:
        """What is attached to an article, the newest first."""
        rows = Attachment.objects.filter(article=found(self.person, team, slug))
        return self.listed(rows.select_related("blob", "added_by"), "-pk", row)


class AttachmentView(View):
    parser_classes = ()

    @endpoint({(200, BYTES): OpenApiResponse(OpenApiTypes.BINARY, "The bytes.")}, problems=(403,))
    def retrieve(self, team: str, slug: str, filename: str) -> HttpResponseBase:
        """Fetch one. Until its checks have found nothing, who attached it and stewards alone may."""
        return sent(attached(found(self.person, team, slug), filename), by=self.person)

    @endpoint(
        {201: OpenApiResponse(AttachmentAnswer, "Attached, or there already with these bytes.")},
        body=None,
        problems=(*WRITES, 507),
        request={BYTES: OpenApiTypes.BINARY},
    )
    def update(self, team: str, slug: str, filename: str) -> Response:
        """Attach a file. The body is the file; Content-Length says how long it is."""
        article, size = found(self.person, team, slug), announced(self.request)
        name = actions.expect_attachment(article, filename, size, by=self.person)
        stored = storage.store(cast(BinaryIO, self.request._request), size)
        try:
            made = actions.attach(article, name, stored, by=self.person)
        except BaseException:
            discard(stored)
            raise
        return Response(row(made), status=201)

    @endpoint(status=204, problems=WRITES)
    def destroy(self, team: str, slug: str, filename: str) -> None:
        """Take one away."""
        article = found(self.person, team, slug)
        actions.detach(article, attached(article, filename).name, by=self.person)


def announced(request: Request) -> int:
    length: str = request.META.get("CONTENT_LENGTH", "")
    if not length.isdecimal():
        raise LengthRequired("Announce how long the file is, with Content-Length.")
    return int(length)


def row(attachment: Attachment) -> Values:
    return {
        "name": attachment.name,
        "size": attachment.blob.size,
        "sha256": attachment.blob.sha256,
        "outcome": attachment.outcome,
        "issues": attachment.issues,
        "picture": attachment.shown_id is not None,
        "by": attachment.added_by.username,
        "at": attachment.added_at,
    }
