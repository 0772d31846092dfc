"""Blobs in a folder and in a bucket: whole or absent, sealed, in constant memory, away and back."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import os
import random
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured
from moto.server import ThreadedMotoServer

from governance.errors import Conflict, Full, Invalid, TooLarge, Unavailable
from registry import keys, storage
from registry.crypto import HEADER, SEGMENT, TAG, Damaged, SealedFile, sealed_size
from registry.storage import backends, bucket
from registry.storage.folder import Folder

MARK = b"these plain words must never reach the store "
SIZES = [0, 1, SEGMENT - HEADER - TAG, SEGMENT, 3 * SEGMENT + 7]


def content(size: int) -> bytes:
    return random.Random(size).randbytes(size)


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """A real S3-compatible server on this machine."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def folder(settings: LazySettings) -> Path:
    return Path(settings.BLOBS.removeprefix("file://"))


@pytest.fixture
def in_bucket(s3: str, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The store is a bucket of this test's own."""
    for name, value in {
        "AWS_ENDPOINT_URL": s3,
        "AWS_ACCESS_KEY_ID": "steward",
        "AWS_SECRET_ACCESS_KEY": "steward",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    name = f"blobs-{os.urandom(4).hex()}"
    bucket.client.cache_clear()
    bucket.client(os.getpid()).create_bucket(Bucket=name)
    settings.BLOBS = f"s3://{name}/some/prefix"
    yield name
    bucket.client(os.getpid()).close()
    bucket.client.cache_clear()


@pytest.fixture(params=["folder", "bucket"])
def everywhere(request: pytest.FixtureRequest) -> None:
    """The same promise in both kinds of store."""
    if request.param == "bucket":
        request.getfixturevalue("in_bucket")


def left() -> list[str]:
    return sorted(name for name, _ in storage.names())


class Broken(io.BytesIO):
    """A connection that breaks after what it has."""

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        if not piece:
            raise ConnectionResetError("gone")
        return piece


# ------------------------------------------------------------------ in and out


@pytest.mark.usefixtures("everywhere")
@pytest.mark.parametrize("size", SIZES)
def test_what_was_stored_comes_back(size: int) -> None:
    plain = content(size)

    stored = storage.store(io.BytesIO(plain), size)

    assert b"".join(storage.pieces(stored)) == plain
    assert stored.size == size
    assert stored.sha256 == hashlib.sha256(plain).hexdigest()
    assert left() == [stored.name]
    assert storage.exists(stored.name)


@pytest.mark.usefixtures("everywhere")
def test_the_length_need_not_be_announced() -> None:
    stored = storage.store(io.BytesIO(content(SEGMENT)))

    assert stored.size == SEGMENT


@pytest.mark.parametrize("step", [1009, 64 << 10, 200_000, SEGMENT])
def test_pushed_pieces_of_any_size_and_kind_are_the_same_blob(step: int) -> None:
    plain = content(2 * SEGMENT + 7)
    reused = bytearray(step)

    with storage.Writer(len(plain)) as writer:
        for number, start in enumerate(range(0, len(plain), step)):
            piece = plain[start : start + step]
            reused[: len(piece)] = piece
            writer.write([piece, memoryview(reused)[: len(piece)]][number % 2])
            reused[:] = bytes(step)
        stored = writer.finish()

    assert stored.sha256 == hashlib.sha256(plain).hexdigest()
    assert b"".join(storage.pieces(stored)) == plain


@pytest.mark.slow
@pytest.mark.usefixtures("everywhere")
def test_ranges_are_those_of_the_plain_bytes() -> None:
    plain = content(3 * SEGMENT + 7)
    stored = storage.store(io.BytesIO(plain))
    edges = [
        0,
        1,
        SEGMENT - 57,
        SEGMENT - 56,
        SEGMENT,
        2 * SEGMENT,
        len(plain) - 1,
        len(plain),
        len(plain) + 9,
    ]

    for start in edges:
        for stop in [*edges, None]:
            assert b"".join(storage.pieces(stored, start, stop)) == plain[start:stop]


def test_pieces_are_at_most_a_mebibyte() -> None:
    stored = storage.store(io.BytesIO(content(3 * SEGMENT)))

    assert max(len(piece) for piece in storage.pieces(stored)) <= SEGMENT


def test_pieces_close_the_file_at_the_end_and_when_asked() -> None:
    stored = storage.store(io.BytesIO(content(3 * SEGMENT)))
    before = len(os.listdir("/proc/self/fd"))

    read = storage.pieces(stored)
    list(read)
    stopped = storage.pieces(stored)
    next(stopped)
    stopped.close()
    unread = storage.pieces(stored)
    unread.close()

    assert list(stopped) == []
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.usefixtures("everywhere")
def test_a_blob_can_be_sought_in() -> None:
    plain = content(3 * SEGMENT + 7)
    stored = storage.store(io.BytesIO(plain))

    with storage.open_blob(stored) as file:
        file.seek(-10, os.SEEK_END)
        assert file.read() == plain[-10:]
        file.seek(5)
        assert file.read(2 * SEGMENT) == plain[5 : 5 + 2 * SEGMENT]


@pytest.mark.usefixtures("everywhere")
def test_the_sandbox_gets_a_sealed_descriptor_and_its_key() -> None:
    stored = storage.store(io.BytesIO(MARK * 50_000))

    file, data_key = storage.sealed(stored)

    with file:
        sealed = os.pread(file.fileno(), 10 * SEGMENT, 0)
        with SealedFile(os.dup(file.fileno()), data_key, stored.name.encode()) as plain:
            assert plain.read() == MARK * 50_000
    assert len(sealed) == sealed_size(stored.size)
    assert MARK not in sealed


def test_no_plain_byte_reaches_the_folder(folder: Path) -> None:
    stored = storage.store(io.BytesIO(MARK * 50_000))

    (file,) = (found for found in folder.rglob("*") if found.is_file())

    assert MARK not in file.read_bytes()
    assert file.relative_to(folder) == Path(stored.name[:2], stored.name[2:4], stored.name)
    assert file.stat().st_mode & 0o777 == 0o600


def test_what_is_being_written_is_sealed_and_not_there_yet(folder: Path) -> None:
    with storage.Writer() as writer:
        writer.write(MARK * 50_000)
        (part,) = (found for found in folder.rglob("*") if found.is_file())

        assert MARK not in part.read_bytes()
        assert part.name == f"{writer.name}.part"
        assert not storage.exists(writer.name)


def test_nothing_prints_the_wrapped_key() -> None:
    stored = storage.store(io.BytesIO(b"plain"))

    assert repr(stored.wrapped_key) not in repr(stored)


# ------------------------------------------------------------------ whole or absent


@pytest.mark.usefixtures("everywhere")
@pytest.mark.parametrize("size", [0, 100, 2 * SEGMENT])
def test_fewer_bytes_than_announced_leave_nothing(size: int) -> None:
    with pytest.raises(Invalid) as caught:
        storage.store(io.BytesIO(content(size)), size + 1)

    assert caught.value.sentence == f"{size + 1} bytes were announced, {size} were received."
    assert left() == []


@pytest.mark.usefixtures("everywhere")
@pytest.mark.parametrize("size", [0, 100, 2 * SEGMENT])
def test_more_bytes_than_announced_leave_nothing(size: int) -> None:
    with pytest.raises(Invalid) as caught:
        storage.store(io.BytesIO(content(size + 1)), size)

    assert caught.value.sentence == f"{size} bytes were announced, more were received."
    assert left() == []


@pytest.mark.usefixtures("everywhere")
def test_a_broken_connection_leaves_nothing() -> None:
    with pytest.raises(ConnectionResetError):
        storage.store(Broken(content(20 * SEGMENT)))

    assert left() == []


@pytest.mark.usefixtures("everywhere")
def test_a_writer_that_is_left_leaves_nothing() -> None:
    with storage.Writer() as writer:
        writer.write(content(20 * SEGMENT))

    assert left() == []
    with pytest.raises(Conflict):
        writer.finish()


def test_a_finished_writer_takes_no_more() -> None:
    with storage.Writer() as writer:
        writer.write(b"plain")
        writer.finish()

        with pytest.raises(Conflict):
            writer.write(b"more")

    assert len(left()) == 1


def test_no_thread_and_no_descriptor_outlives_an_upload() -> None:
    before = threading.active_count(), len(os.listdir("/proc/self/fd"))

    storage.store(io.BytesIO(content(3 * SEGMENT)))
    with pytest.raises(ConnectionResetError):
        storage.store(Broken(content(3 * SEGMENT)))

    assert (threading.active_count(), len(os.listdir("/proc/self/fd"))) == before


def test_a_killed_upload_is_absent_and_can_be_swept(folder: Path, settings: LazySettings) -> None:
    code = (
        "import django, os; from django.conf import settings\n"
        f"settings.configure(BLOBS={settings.BLOBS!r}, MASTER_KEYS_FILE={str(settings.MASTER_KEYS_FILE)!r})\n"
        "from registry import storage; writer = storage.Writer(); writer.write(bytes(3 << 20))\n"
        "print(writer.name, flush=True); os.kill(os.getpid(), 9)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    name = done.stdout.strip()

    assert done.returncode == -9
    assert not storage.exists(name)
    assert left() == [name]
    storage.delete(name)
    assert left() == []
    assert not [found for found in folder.rglob("*") if found.is_file()]


def test_a_lost_master_key_refuses_before_reading(settings: LazySettings) -> None:
    Path(settings.MASTER_KEYS_FILE).unlink()
    stream = io.BytesIO(b"plain")

    with pytest.raises(Unavailable):
        storage.store(stream)

    assert stream.tell() == 0
    assert left() == []


def test_a_master_key_lost_on_the_way_leaves_nothing(settings: LazySettings) -> None:
    with storage.Writer() as writer:
        writer.write(content(2 * SEGMENT))
        Path(settings.MASTER_KEYS_FILE).unlink()

        with pytest.raises(Unavailable):
            writer.finish()

    assert left() == []


def test_a_key_that_was_turned_on_the_way_does_no_harm() -> None:
    with storage.Writer() as writer:
        writer.write(b"plain")
        keys.add_version()
        stored = writer.finish()

    assert stored.key_version == 2
    assert b"".join(storage.pieces(stored)) == b"plain"


# ------------------------------------------------------------------ damage


@pytest.mark.usefixtures("everywhere")
def test_missing_bytes_are_damage() -> None:
    stored = storage.store(io.BytesIO(b"plain"))
    storage.delete(stored.name)

    with pytest.raises(Damaged) as caught:
        storage.pieces(stored)

    assert caught.value.sentence == f"The stored bytes of blob {stored.name} are missing."


def test_one_blob_cannot_stand_in_for_another(folder: Path) -> None:
    one, other = storage.store(io.BytesIO(b"one")), storage.store(io.BytesIO(b"two"))
    shutil.copy(Folder(folder).path(one.name), Folder(folder).path(other.name))

    with pytest.raises(Damaged):
        storage.open_blob(other)
    with pytest.raises(Damaged):
        storage.open_blob(dataclasses.replace(other, wrapped_key=one.wrapped_key))
    with pytest.raises(Damaged):
        storage.open_blob(dataclasses.replace(one, name=other.name))


def test_a_row_with_another_size_is_damage() -> None:
    stored = storage.store(io.BytesIO(b"plain"))

    with pytest.raises(Damaged) as caught:
        storage.open_blob(dataclasses.replace(stored, size=4))

    assert caught.value.sentence == f"Blob {stored.name} has 5 bytes instead of 4."


def test_a_cut_file_is_refused_before_the_first_piece(folder: Path) -> None:
    stored = storage.store(io.BytesIO(content(3 * SEGMENT)))
    os.truncate(Folder(folder).path(stored.name), 2 * SEGMENT)

    with pytest.raises(Damaged):
        storage.pieces(stored)


@pytest.mark.usefixtures("everywhere")
@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "A" * 32, "0" * 31, "0" * 32 + "\n"])
def test_a_name_that_is_none_goes_nowhere(name: str) -> None:
    for act in (storage.delete, storage.exists):
        with pytest.raises(ValueError):
            act(name)


# ------------------------------------------------------------------ sweeping


@pytest.mark.usefixtures("everywhere")
def test_every_blob_is_named_with_its_time() -> None:
    stored = storage.store(io.BytesIO(b"plain"))

    ((name, written_at),) = storage.names()

    assert name == stored.name
    assert abs(datetime.now(UTC) - written_at) < timedelta(minutes=1)


@pytest.mark.usefixtures("everywhere")
def test_deleting_twice_is_deleting() -> None:
    stored = storage.store(io.BytesIO(b"plain"))

    storage.delete(stored.name)
    storage.delete(stored.name)

    assert left() == []
    assert not storage.exists(stored.name)


def test_other_files_in_the_folder_are_nobodys_business(folder: Path) -> None:
    (folder / "ab" / "cd").mkdir(parents=True)
    (folder / "ab" / "cd" / "lost+found").touch()
    (folder / "README").touch()

    assert left() == []


# ------------------------------------------------------------------ away and back


def test_a_missing_folder_is_503_and_cures_itself(folder: Path) -> None:
    stored = storage.store(io.BytesIO(b"plain"))
    aside = folder.with_name("aside")

    folder.rename(aside)
    for act in (
        lambda: storage.store(io.BytesIO(b"more")),
        lambda: storage.pieces(stored),
        lambda: storage.sealed(stored),
        lambda: storage.exists(stored.name),
        lambda: storage.delete(stored.name),
        left,
    ):
        with pytest.raises(Unavailable) as caught:
            act()
        assert (
            caught.value.sentence
            == "The blob store's folder is missing. It works again as soon as it is back."
        )
    assert storage.healthy() == "The blob store's folder is missing."

    aside.rename(folder)
    assert storage.healthy() is None
    assert b"".join(storage.pieces(stored)) == b"plain"


@pytest.mark.usefixtures("in_bucket")
def test_a_missing_bucket_is_503(settings: LazySettings) -> None:
    stored = storage.store(io.BytesIO(b"plain"))
    there = settings.BLOBS

    settings.BLOBS = "s3://not-there/prefix"
    for act in (
        lambda: storage.store(io.BytesIO(b"more")),
        lambda: storage.pieces(stored),
        lambda: storage.sealed(stored),
        lambda: storage.exists(stored.name),
        left,
    ):
        with pytest.raises(Unavailable) as caught:
            act()
        assert caught.value.sentence == bucket.NO_BUCKET
    assert storage.healthy() == bucket.NO_BUCKET

    settings.BLOBS = there
    assert storage.healthy() is None
    assert b"".join(storage.pieces(stored)) == b"plain"


def test_a_store_that_does_not_answer_is_503(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "steward")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    bucket.client.cache_clear()
    settings.BLOBS = "s3://bucket/prefix"

    said = storage.healthy()
    bucket.client.cache_clear()

    assert said == "The blob store does not answer. It works again as soon as it is back."


@pytest.mark.parametrize("address", ["", "/var/blobs", "ftp://host/x", "file://", "s3://"])
def test_an_address_of_no_kind_is_a_sentence(address: str) -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        backends.backend_at(address)

    assert str(caught.value) == "STEWARD_BLOBS is file:///folder or s3://bucket/prefix."


def test_a_fresh_machine_gets_a_folder_and_a_key(settings: LazySettings, tmp_path: Path) -> None:
    settings.BLOBS = f"file://{tmp_path}/fresh/blobs"
    settings.MASTER_KEYS_FILE = tmp_path / "fresh" / "keys" / "master_keys"

    storage.make()
    storage.make()

    assert (storage.healthy(), keys.healthy()) == (None, None)
    assert (tmp_path / "fresh" / "blobs").stat().st_mode & 0o777 == 0o700


def test_a_lost_key_is_not_replaced_while_blobs_need_it(settings: LazySettings) -> None:
    storage.store(io.BytesIO(b"plain"))
    Path(settings.MASTER_KEYS_FILE).unlink()

    with pytest.raises(Unavailable):
        storage.make()

    assert not Path(settings.MASTER_KEYS_FILE).exists()


# ------------------------------------------------------------------ a full disk


@pytest.fixture
def small_disk(tmp_path: Path, settings: LazySettings) -> Iterator[Path]:
    """A real file system of 8 MiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(disk)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("mounting a small disk needs root")
    settings.BLOBS = f"file://{disk}"
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_what_cannot_fit_is_refused_before_reading(small_disk: Path) -> None:
    stream = io.BytesIO(content(9 * SEGMENT))

    with pytest.raises(Full) as caught:
        storage.store(stream, 9 * SEGMENT)

    assert caught.value.sentence == "There is no space left for this file. Nothing of it has been kept."
    assert caught.value.status == 507
    assert stream.tell() == 0
    assert list(small_disk.iterdir()) == []


def test_a_disk_that_fills_up_on_the_way_keeps_nothing(small_disk: Path) -> None:
    with pytest.raises(Full):
        storage.store(io.BytesIO(content(9 * SEGMENT)))

    assert left() == []
    assert not [found for found in small_disk.rglob("*") if found.is_file()]


def test_a_write_that_the_system_refuses_for_space_keeps_nothing(small_disk: Path) -> None:
    believes_in_room = Folder(small_disk, reserve=-(1 << 40), share=-(1 << 20))
    sink = believes_in_room.create("0" * 32, None)

    with pytest.raises(Full):
        sink.write(memoryview(bytes(9 * SEGMENT)))
    sink.abort()

    assert not [found for found in small_disk.rglob("*") if found.is_file()]


def test_after_a_full_disk_what_fits_is_stored(small_disk: Path) -> None:
    kept = storage.store(io.BytesIO(content(3 * SEGMENT)))
    with pytest.raises(Full):
        storage.store(io.BytesIO(content(6 * SEGMENT)))

    more = storage.store(io.BytesIO(content(SEGMENT)))

    assert b"".join(storage.pieces(kept)) == content(3 * SEGMENT)
    assert left() == sorted([kept.name, more.name])


def test_a_full_disk_is_not_healthy(small_disk: Path) -> None:
    (small_disk / "filler").write_bytes(bytes(8 * SEGMENT - 4096))

    assert storage.healthy() == "The blob store is full."


# ------------------------------------------------------------------ buckets


@pytest.mark.usefixtures("in_bucket")
def test_a_large_blob_goes_in_parts_and_comes_back() -> None:
    plain = content(bucket.PART * 2 + 5)

    stored = storage.store(io.BytesIO(plain), len(plain))

    assert b"".join(storage.pieces(stored)) == plain
    assert b"".join(storage.pieces(stored, bucket.PART - 5, bucket.PART + 5)) == plain[bucket.PART - 5 :][:10]


def test_an_unfinished_upload_to_a_bucket_is_swept(in_bucket: str) -> None:
    writer = storage.Writer()
    writer.write(content(bucket.PART + SEGMENT))  # and then the process is gone

    assert left() == [writer.name]
    assert not storage.exists(writer.name)
    storage.delete(writer.name)
    assert left() == []
    assert "Uploads" not in bucket.client(os.getpid()).list_multipart_uploads(Bucket=in_bucket)
    writer.abort()


@pytest.mark.usefixtures("in_bucket")
def test_too_many_parts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bucket, "PARTS", 1)

    with pytest.raises(TooLarge):
        storage.store(io.BytesIO(content(bucket.PART * 2)))

    assert left() == []


def test_a_bucket_without_a_prefix_will_do(in_bucket: str, settings: LazySettings) -> None:
    settings.BLOBS = f"s3://{in_bucket}"

    stored = storage.store(io.BytesIO(b"plain"))

    keys_there = boto3.client("s3").list_objects_v2(Bucket=in_bucket)["Contents"]
    assert [entry["Key"] for entry in keys_there] == [stored.name]
    assert left() == [stored.name]


# ------------------------------------------------------------------ memory

# Peak memory comes from VmHWM: ru_maxrss would count what the starting process had.
GIGABYTES = """
import sys
from django.conf import settings
settings.configure(BLOBS=sys.argv[1], MASTER_KEYS_FILE=sys.argv[2])
size = int(sys.argv[3])
from registry import storage

class Endless:
    left = size
    def read(self, wanted):
        count = min(wanted, self.left, 1 << 20)
        self.left -= count
        return b"x" * count

def peak():
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))

with storage.Writer() as writer:
    writer.write(b"x")
    writer.finish()
before = peak()
stored = storage.store(Endless(), size)
print(sum(len(piece) for piece in storage.pieces(stored)), peak() - before)
"""


def passed_and_grown(settings: LazySettings, size: int) -> tuple[int, int]:
    """Bytes that came back and mebibytes of memory it took, in a process of its own."""
    command = [sys.executable, "-c", GIGABYTES, settings.BLOBS, str(settings.MASTER_KEYS_FILE), str(size)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    received, grown = map(int, done.stdout.split())
    return received, grown


@pytest.mark.slow
def test_two_gibibytes_pass_through_a_few_mebibytes_of_memory(settings: LazySettings) -> None:
    received, grown = passed_and_grown(settings, 2 << 30)

    assert received == 2 << 30
    assert grown < 16


@pytest.mark.slow
@pytest.mark.usefixtures("in_bucket")
def test_a_bucket_takes_a_few_parts_of_memory_however_large_a_file_is(settings: LazySettings) -> None:
    received, grown = passed_and_grown(settings, 512 << 20)

    assert received == 512 << 20
    assert grown < 6 * (bucket.PART >> 20)
