"""Sealed blobs in an S3-compatible bucket: `s3://bucket/prefix`; its address and keys come from AWS_*.

What is being written is a multipart upload, which the bucket shows to nobody before it is complete.
"""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, BinaryIO, TypedDict, cast

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from urllib3.exceptions import HTTPError

from governance.errors import Full, Problem, TooLarge, Unavailable
from registry.crypto import Damaged
from registry.storage.backends import FULL, NAME

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

# S3 takes 10,000 parts of an upload, each of 5 MiB or more but for the last.
PART = 16 << 20
PARTS = 10_000
# How far one request reads ahead: a download needs few, a look at a header does not fetch everything.
AHEAD = 8 << 20
NO_BUCKET = "The blob store's bucket is missing. It works again as soon as it is back."


class Place(TypedDict):
    """Where one object lies, as every request wants to be told."""

    Bucket: str
    Key: str


@lru_cache(maxsize=4)
def client(process: int) -> S3Client:
    """One client for a process: it may be shared by threads, not by a fork."""
    config = Config(
        connect_timeout=3,
        read_timeout=30,
        retries={"mode": "standard", "max_attempts": 3},
        max_pool_connections=64,
        # Newer checksums by default are refused by many S3-compatible stores; the segments have tags.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    return boto3.Session().client("s3", config=config)  # the default session is not for several threads


@dataclass(frozen=True)
class Bucket:
    bucket: str
    prefix: str

    @classmethod
    def at(cls, place: str) -> Bucket:
        bucket, _, prefix = place.partition("/")
        return cls(bucket, prefix.strip("/") + "/" if prefix.strip("/") else "")

    def create(self, name: str, size: int | None) -> BucketSink:
        return BucketSink(self, name, max(PART, -(-(size or 0) // PARTS)))

    def open(self, name: str) -> BucketFile:
        return BucketFile(self, name)

    def sealed(self, name: str) -> BinaryIO:
        """Fetched, still sealed, into a file without a name: the sandbox needs a real descriptor."""
        file = cast(BinaryIO, tempfile.TemporaryFile(buffering=0))  # noqa: SIM115 - handed on open
        try:
            with self.open(name) as source:
                while piece := source.read(1 << 20):
                    file.write(piece)
            file.seek(0)
        except OSError:
            file.close()
            raise Full("There is no space left to check this file.") from None
        except BaseException:
            file.close()
            raise
        return file

    def exists(self, name: str) -> bool:
        return self.size(name) is not None

    def delete(self, name: str) -> None:
        """Remove a blob or what is left of an upload; nothing happens when there is none."""
        with answering():
            self.s3.delete_object(**self.at_name(name))
            for key, upload, _ in self.uploads(self.key(name)):
                if key == self.key(name):
                    self.s3.abort_multipart_upload(Bucket=self.bucket, Key=key, UploadId=upload)

    def names(self) -> Iterator[tuple[str, datetime]]:
        """Every blob with the time it was finished, every unfinished upload with that of its start."""
        with answering():
            pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self.prefix)
            found = (
                (entry["Key"], entry["LastModified"]) for page in pages for entry in page.get("Contents", [])
            )
            begun = ((key, started) for key, _, started in self.uploads(self.prefix))
            for entries in (found, begun):
                for key, time in entries:
                    if NAME.fullmatch(name := key.removeprefix(self.prefix)):
                        yield name, time

    def make(self) -> None:
        """A bucket is made by whoever pays for it."""

    def healthy(self) -> str | None:
        try:
            self.present()
        except Problem as away:
            return away.sentence
        return None

    # -------------------------------------------------------------- inside

    @property
    def s3(self) -> S3Client:
        return client(os.getpid())

    def key(self, name: str) -> str:
        if not NAME.fullmatch(name):
            raise ValueError("A blob's name is 32 hexadecimal digits.")
        return self.prefix + name

    def at_name(self, name: str) -> Place:
        return {"Bucket": self.bucket, "Key": self.key(name)}

    def size(self, name: str) -> int | None:
        """Sealed bytes, or nothing."""
        try:
            with answering():
                return self.s3.head_object(**self.at_name(name))["ContentLength"]
        except Missing:
            self.present()
            return None

    def present(self) -> None:
        """An answer about an object does not tell that its bucket is missing."""
        try:
            with answering():
                self.s3.head_bucket(Bucket=self.bucket)
        except Missing:
            raise Unavailable(NO_BUCKET) from None

    def uploads(self, prefix: str) -> Iterator[tuple[str, str, datetime]]:
        pages = self.s3.get_paginator("list_multipart_uploads").paginate(Bucket=self.bucket, Prefix=prefix)
        for page in pages:
            for upload in page.get("Uploads", []):
                yield upload["Key"], upload["UploadId"], upload["Initiated"]


@dataclass
class BucketSink:
    """One object on its way into the bucket, in parts of a fixed size; a small one goes at once."""

    bucket: Bucket
    name: str
    part: int
    upload: str = ""
    tags: list[str] = field(default_factory=list)
    filled: int = 0

    def __post_init__(self) -> None:
        self.buffer = bytearray()

    def write(self, data: memoryview, /) -> int:
        taken = 0
        while taken < len(data):
            piece = data[taken : taken + self.part - len(self.buffer)]
            self.buffer += piece
            taken += len(piece)
            if len(self.buffer) == self.part:
                self.send()
        return taken

    def finish(self) -> None:
        place = self.bucket.at_name(self.name)
        with answering():
            if not self.upload:
                self.bucket.s3.put_object(Body=bytes(self.buffer), **place)
                return
            if self.buffer:
                self.send()
            parts: Any = [
                {"ETag": tag, "PartNumber": number} for number, tag in enumerate(self.tags, start=1)
            ]
            self.bucket.s3.complete_multipart_upload(
                UploadId=self.upload, MultipartUpload={"Parts": parts}, **place
            )

    def send(self) -> None:
        if len(self.tags) == PARTS:
            raise TooLarge("A file of unannounced length may have 156 GiB in this blob store.")
        place = self.bucket.at_name(self.name)
        with answering():
            self.upload = self.upload or self.bucket.s3.create_multipart_upload(**place)["UploadId"]
            answer = self.bucket.s3.upload_part(
                Body=bytes(self.buffer), PartNumber=len(self.tags) + 1, UploadId=self.upload, **place
            )
        self.tags.append(answer["ETag"])
        self.buffer.clear()

    def abort(self) -> None:
        """Leave nothing behind. What a bucket that is away still holds is left to the sweep."""
        place = self.bucket.at_name(self.name)
        with suppress(Problem), answering():
            if self.upload:
                self.bucket.s3.abort_multipart_upload(UploadId=self.upload, **place)
        with suppress(Problem), answering():
            self.bucket.s3.delete_object(**place)


class BucketFile(io.RawIOBase):
    """A sealed object, read by ranges: one request goes on as long as it is read in order."""

    def __init__(self, bucket: Bucket, name: str) -> None:
        size = bucket.size(name)
        if size is None:
            raise Damaged(f"The stored bytes of blob {name} are missing.")
        self._bucket, self._name, self._size = bucket, name, size
        self._position = self._next = self._end = 0
        self._body: Any = None

    def readinto(self, buffer: Any, /) -> int:
        view = memoryview(buffer).cast("B")[: max(0, self._size - self._position)]
        if not view:
            return 0
        with answering():
            self._turn_to(self._position, len(view))
            piece = self._body.read(min(len(view), self._end - self._position))
        view[: len(piece)] = piece
        self._position += len(piece)
        self._next = self._position
        return len(piece)

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        self._position = base + offset
        return self._position

    def tell(self) -> int:
        return self._position

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        self._hang_up()
        super().close()

    def _turn_to(self, start: int, wanted: int) -> None:
        """Have a body that continues at `start`; the first one of a place fetches only what is wanted."""
        if self._body is not None and self._next == start < self._end:
            return
        ahead = AHEAD if self._next == start else wanted
        self._hang_up()
        self._end = min(self._size, start + max(wanted, ahead))
        answer = self._bucket.s3.get_object(
            Range=f"bytes={start}-{self._end - 1}", **self._bucket.at_name(self._name)
        )
        self._body = answer["Body"]

    def _hang_up(self) -> None:
        if getattr(self, "_body", None) is not None:
            self._body.close()
            self._body = None


class Missing(Damaged):
    """The bucket answers that there is no such object."""


@contextmanager
def answering() -> Iterator[None]:
    """What the bucket refuses, as a sentence that names no address."""
    try:
        yield
    except ClientError as refused:
        raise sentence(refused) from None
    except (BotoCoreError, HTTPError, OSError):
        raise Unavailable("The blob store does not answer. It works again as soon as it is back.") from None


def sentence(refused: ClientError) -> Problem:
    code = refused.response.get("Error", {}).get("Code", "")
    status = refused.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code == "NoSuchBucket":
        return Unavailable(NO_BUCKET)
    if status == 404:
        return Missing("The stored bytes of this blob are missing.")
    if status == 507 or code == "QuotaExceeded":
        return Full(FULL)
    return Unavailable("The blob store refuses the request. Its keys or its rights are wrong, or it is busy.")
