"""What is stored is looked at, and what is broken is said, recorded and told."""

from __future__ import annotations

import hashlib
import io
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from governance.models import Event, Notification
from registry import keys, storage
from registry.keeping import inspecting
from registry.keeping.inspecting import Slice
from registry.keeping.progress import silent
from registry.models import Blob, Inspection, Version
from tests import factories

pytestmark = pytest.mark.django_db
WHOLE = "3 files and 1 version looked at: nothing is broken."


def fsck(*words: str) -> tuple[int, list[str]]:
    out = io.StringIO()
    try:
        call_command("fsck", *words, stdout=out, stderr=io.StringIO())
    except CommandError as error:
        return error.returncode, out.getvalue().splitlines() or [str(error)]
    return 0, out.getvalue().splitlines()


def file_of(blob: Blob) -> Path:
    return Path(settings.BLOBS.removeprefix("file://")) / blob.name[:2] / blob.name[2:4] / blob.name


def flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


@pytest.fixture
def large(lived_in: Version) -> Blob:
    return lived_in.files.get(path="large.txt").blob


@pytest.mark.parametrize("words", [(), ("--quick",)])
def test_a_whole_store_is_whole(lived_in, words):
    assert fsck(*words) == (0, [WHOLE])


def test_a_changed_byte_is_found_recorded_and_told(lived_in, large):
    admin = factories.admin()
    flip(file_of(large), 700_000)

    found = fsck()

    trouble = f"The stored bytes of blob {large.name} are damaged."
    label = "models/fraud/scorer/versions/1/files/large.txt"
    assert found == (1, [f"{trouble} {label}", "3 files and 1 version looked at: 1 broken."])
    event = Event.objects.get(action="blob.damaged")
    assert (event.subject, event.team, event.after) == (
        f"blobs/{large.name}",
        "fraud",
        {"trouble": trouble, "files": [label]},
    )
    told = Notification.objects.get()
    assert (told.user, told.kind, told.sentence) == (admin, "job-failed", trouble)


def test_a_quick_look_reads_the_ends_and_not_the_middle(lived_in, large):
    flip(file_of(large), 700_000)

    assert fsck("--quick") == (0, [WHOLE])


@pytest.mark.slow
@pytest.mark.parametrize("quick", [(), ("--quick",)])
@pytest.mark.parametrize(
    ("harm", "trouble"),
    [
        (lambda file: file.unlink(), "The stored bytes of blob {} are missing."),
        (lambda file: os.truncate(file, 1000), "The stored bytes of blob {} are damaged."),
        (lambda file: flip(file, -1), "The stored bytes of blob {} are damaged."),
    ],
)
def test_what_is_gone_cut_or_changed_at_its_end_is_found(lived_in, large, quick, harm, trouble):
    harm(file_of(large))

    code, said = fsck(*quick)

    assert (code, said[0].partition(" models/")[0]) == (1, trouble.format(large.name))


def test_a_blob_of_other_bytes_is_found(lived_in, large):
    Blob.objects.filter(pk=large.pk).update(sha256=hashlib.sha256(b"other").hexdigest())

    code, said = fsck()

    assert (code, said[0].partition(" models/")[0]) == (
        1,
        f"The stored bytes of blob {large.name} are not those that were sent.",
    )


def test_a_key_that_does_not_open_is_found(lived_in, large):
    other = Blob.objects.exclude(pk=large.pk).first()
    Blob.objects.filter(pk=large.pk).update(wrapped_key=other.wrapped_key)

    code, said = fsck("--quick")

    assert (code, said[0].partition(" models/")[0]) == (
        1,
        f"The key of blob {large.name} is damaged, or belongs to another master key.",
    )


def test_a_version_of_the_master_key_that_is_lost_is_found(lived_in, large):
    Blob.objects.filter(pk=large.pk).update(key_version=7)

    code, said = fsck("--quick")

    assert (code, said[0].partition(" models/")[0]) == (
        1,
        f"The master key has no version 7, which blob {large.name} needs.",
    )


def test_a_frozen_version_with_other_files_is_found(lived_in):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE registry_file DISABLE TRIGGER USER")
        cursor.execute("UPDATE registry_file SET path = 'other.txt' WHERE path = 'large.txt'")
        cursor.execute("ALTER TABLE registry_file ENABLE TRIGGER USER")

    found = fsck("--quick")

    label = "models/fraud/scorer/versions/1"
    assert found == (
        1,
        [
            f"The files of {label} are not those it was frozen with.",
            "3 files and 1 version looked at: 1 broken.",
        ],
    )


def test_blobs_that_belong_to_nothing_are_said_and_break_nothing(lived_in, monkeypatch):
    storage.store(io.BytesIO(b"lost"))
    monkeypatch.setattr(inspecting, "GRACE", timedelta(seconds=-1))

    # The other one came with content that the team had already.
    assert fsck("--quick") == (0, [f"{WHOLE} 2 stored files without a row: the sweep removes what is old."])


def test_blobs_on_their_way_are_not_said(lived_in):
    storage.store(io.BytesIO(b"young"))

    assert fsck("--quick") == (0, [WHOLE])


def test_without_the_key_file_nothing_can_be_told(lived_in):
    settings.MASTER_KEYS_FILE.unlink()

    assert fsck() == (2, ["The master key file is missing. Put it back; until then no file can be opened."])


def test_slices_together_look_at_everything_once(lived_in):
    found = [inspecting.inspect(Slice(number, 3), True, silent) for number in (1, 2, 3)]

    assert [sum(part.blobs for part in found), sum(part.versions for part in found)] == [3, 1]


@pytest.mark.parametrize("words", ["0/3", "4/3", "1", "a/b", "1/0"])
def test_what_is_no_slice_is_refused(words):
    with pytest.raises(CommandError, match="is no slice: 1/30 is the first of thirty"):
        call_command("fsck", f"--slice={words}")


def test_one_that_was_cut_off_goes_on(lived_in, monkeypatch):
    monkeypatch.setattr(inspecting, "BATCH", 1)
    looked, seen = inspecting.trouble_of, []

    def dies(blob, quick):
        seen.append(blob.pk)
        if len(seen) == 2:
            raise KeyboardInterrupt
        return looked(blob, quick)

    monkeypatch.setattr(inspecting, "trouble_of", dies)
    with pytest.raises(KeyboardInterrupt):
        inspecting.inspect(Slice(), False, silent)

    again = inspecting.inspect(Slice(), False, silent)

    first, *others = Blob.objects.order_by("pk").values_list("pk", flat=True)
    assert seen == [first, others[0], *others]
    assert (again.blobs, Inspection.objects.count()) == (3, 1)


def test_a_blob_whose_row_goes_meanwhile_is_no_trouble(lived_in, large):
    kept = Blob(
        pk=10**9, **{name: getattr(large, name) for name in ("name", "size", "sha256", "key_version")}
    )
    kept.wrapped_key = b"x"

    assert inspecting.trouble_of(kept, True) is None


def test_after_a_rotation_everything_still_opens(lived_in):
    call_command("rotate_keys", stdout=io.StringIO())

    assert fsck() == (0, [WHOLE])
    assert keys.load().current == 2
