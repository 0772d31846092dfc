"""Which store is in use, and what every store can do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import BinaryIO, Protocol, cast

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from registry.crypto import Source

NAME = re.compile(r"[0-9a-f]{32}")
FULL = "There is no space left for this file. Nothing of it has been kept."
# By name, because boto3 takes 27 MB and a quarter of a second that a folder does not need.
BACKENDS = {"file": "registry.storage.folder.Folder", "s3": "registry.storage.bucket.Bucket"}


class Sink(Protocol):
    """A blob on its way, which nobody sees before `finish`."""

    def write(self, data: memoryview, /) -> int: ...
    def finish(self) -> None: ...
    def abort(self) -> None: ...


class Backend(Protocol):
    """Sealed bytes by name. Whatever is away raises `Unavailable`, a full disk raises `Full`."""

    def create(self, name: str, size: int | None) -> Sink: ...
    def open(self, name: str) -> Source: ...
    def sealed(self, name: str) -> BinaryIO: ...
    def delete(self, name: str) -> None: ...
    def exists(self, name: str) -> bool: ...
    def names(self) -> Iterator[tuple[str, datetime]]: ...
    def make(self) -> None: ...
    def healthy(self) -> str | None: ...


def backend() -> Backend:
    return backend_at(settings.BLOBS)


@lru_cache(maxsize=4)
def backend_at(address: str) -> Backend:
    """`file:///folder` or `s3://bucket/prefix`."""
    scheme, _, place = address.partition("://")
    if scheme not in BACKENDS or not place:
        raise ImproperlyConfigured("STEWARD_BLOBS is file:///folder or s3://bucket/prefix.")
    return cast(Backend, import_string(BACKENDS[scheme]).at(place))
