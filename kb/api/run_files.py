"""Files that are put into runs as evidence, for programs."""

from __future__ import annotations

from typing import BinaryIO, cast

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse
from rest_framework.response import Response

from governance.api.base import WRITES, Strict, Whole, endpoint, in_path
from kb import actions
from kb.api.attachments import BYTES, announced
from kb.api.runs import EntryAnswer, OfRuns, shown
from kb.views.run_files import found, sent
from registry import storage
from registry.receiving import discard

in_path("file", "A file's key in its run.", pattern="[1-9][0-9]*")


class NeedQuery(Strict):
    need = Whole(min_value=0, default=0, required=False, help_text="Which of the step's needs, from 0.")


class RunFileView(OfRuns):
    parser_classes = ()

    @endpoint({(200, BYTES): OpenApiResponse(OpenApiTypes.BINARY, "The bytes.")}, problems=(403, 409))
    def retrieve(self, pk: int, file: int) -> HttpResponseBase:
        """Fetch one. Until its checks have found nothing, who put it in and stewards alone may; of a
        confidential run who put it in alone."""
        return sent(found(self.person, pk, file), by=self.person)

    @endpoint(
        {201: OpenApiResponse(EntryAnswer, "Put in, or there already with these bytes.")},
        body=None,
        query=NeedQuery,
        problems=(*WRITES, 507),
        request={BYTES: OpenApiTypes.BINARY},
    )
    def update(self, pk: int, key: str, filename: str) -> Response:
        """Put a file in as evidence. The body is the file; Content-Length says how long it is. It proves the
        step once its checks have found nothing."""
        run, size, need = self.find(pk), announced(self.request), self.query["need"]
        name, *_ = actions.expect_file(run, key, need, filename, size, by=self.person)
        stored = storage.store(cast(BinaryIO, self.request._request), size)
        try:
            entry = actions.put_file(run, key, need, name, stored, by=self.person)
        except BaseException:
            discard(stored)
            raise
        return Response(shown(entry), status=201)
