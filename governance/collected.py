"""Static files under hashed names that browsers keep for ever, compressed once, before the server starts."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from whitenoise.storage import CompressedManifestStaticFilesStorage


class Collected(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # it has no types
    """Where nothing was collected, as in tests, files keep their names and come from their packages."""

    def stored_name(self, name: str) -> str:
        return str(super().stored_name(name)) if self.hashed_files else name


class CompressedPages(GZipMiddleware):
    """Pages travel compressed; what is streamed does not: files are, and stay as they are.

    Django adds a random length to each answer and writes each token in it anew, so that its length tells
    nothing of what it holds (BREACH).
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        page = not response.streaming and response.get("Content-Type", "").startswith("text/html")
        return super().process_response(request, response) if page else response
