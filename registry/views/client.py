"""What anybody may have, for nothing in it is a secret: the small client, and the public half of the key by
which this server signs."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import etag, require_safe

from registry.sending import guarded
from registry.signing import installation

NAME = "steward.py"
SOURCE = (Path(__file__).parent.parent / "client" / NAME).read_bytes()
TAG = f'"{hashlib.sha256(SOURCE).hexdigest()}"'


@require_safe
@etag(lambda request: TAG)
def client(request: HttpRequest) -> HttpResponseBase:
    response = guarded(HttpResponse(SOURCE), NAME)
    response["Content-Type"] = "text/x-python; charset=utf-8"
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def signing_key(request: HttpRequest) -> HttpResponseBase:
    response = guarded(HttpResponse(installation.public_pem()), "signing-key.pem")
    response["Content-Type"] = "application/x-pem-file"
    response["Cache-Control"] = "no-cache"
    return response
