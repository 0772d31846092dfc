"""Master keys: wrap and unwrap, a file that nobody else may read, rotation, and a file that is away."""

from __future__ import annotations

import base64
import io
import json
import logging
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from governance.errors import Conflict, Unavailable
from registry import keys, storage
from registry.crypto import Damaged
from registry.models import Blob
from tests import factories

DATA_KEY = bytes(range(32))
NAME = "0123456789abcdef" * 2
OTHER = "fedcba9876543210" * 2


@pytest.fixture
def file(settings: LazySettings) -> Path:
    """The key file that every test gets, with one version."""
    return Path(settings.MASTER_KEYS_FILE)


def grow_old(file: Path, days: int = 2) -> None:
    """Let every key be older than it is."""
    found = json.loads(file.read_text())
    for version, key in keys.load().versions.items():
        found["versions"][str(version)]["made"] = (key.made - timedelta(days=days)).isoformat()
    file.write_text(json.dumps(found))


# ------------------------------------------------------------------ wrapping


def test_a_wrapped_key_comes_back() -> None:
    version, wrapped = keys.wrap(DATA_KEY, NAME)

    assert version == 1
    assert keys.unwrap(version, wrapped, NAME) == DATA_KEY


def test_a_wrapped_key_comes_back_from_what_the_database_answers() -> None:
    version, wrapped = keys.wrap(DATA_KEY, NAME)

    assert keys.unwrap(version, memoryview(wrapped), NAME) == DATA_KEY


def test_a_key_is_never_wrapped_alike_twice() -> None:
    assert keys.wrap(DATA_KEY, NAME) != keys.wrap(DATA_KEY, NAME)


def test_a_wrapped_key_opens_no_other_blob() -> None:
    version, wrapped = keys.wrap(DATA_KEY, NAME)

    with pytest.raises(Damaged):
        keys.unwrap(version, wrapped, OTHER)


def test_a_wrapped_key_is_bound_to_its_version(file: Path) -> None:
    _, wrapped = keys.wrap(DATA_KEY, NAME)
    found = json.loads(file.read_text())
    found["versions"]["2"] = found["versions"]["1"]
    file.write_text(json.dumps(found))

    with pytest.raises(Damaged):
        keys.unwrap(2, wrapped, NAME)


def test_a_changed_or_cut_wrapped_key_is_damaged() -> None:
    version, wrapped = keys.wrap(DATA_KEY, NAME)
    flipped = [wrapped[:n] + bytes([wrapped[n] ^ 1]) + wrapped[n + 1 :] for n in range(len(wrapped))]

    for changed in [*flipped, b"", wrapped[:-1], wrapped + b"\0"]:
        with pytest.raises(Damaged):
            keys.unwrap(version, changed, NAME)


def test_a_version_that_is_not_there_may_come_back() -> None:
    _, wrapped = keys.wrap(DATA_KEY, NAME)

    with pytest.raises(Unavailable) as caught:
        keys.unwrap(7, wrapped, NAME)

    assert caught.value.sentence == "The master key has no version 7. Put back the file that has it."


# ------------------------------------------------------------------ the file


def test_the_file_is_made_for_its_owner_alone(file: Path) -> None:
    assert file.stat().st_mode & 0o777 == 0o600
    assert keys.healthy() is None


def test_making_it_again_changes_nothing(file: Path) -> None:
    before = file.read_bytes()

    keys.make()

    assert file.read_bytes() == before


def test_its_folder_is_made_for_its_owner_alone(settings: LazySettings, tmp_path: Path) -> None:
    settings.MASTER_KEYS_FILE = tmp_path / "keys" / "master_keys"

    keys.make()

    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700


def test_in_production_it_is_never_made(settings: LazySettings, file: Path) -> None:
    file.unlink()
    settings.PRODUCTION = True

    with pytest.raises(Unavailable) as caught:
        keys.make()

    assert caught.value.sentence == "The master key file is missing. In production it is given, never made."
    assert not file.exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o700, 0o666, 0o601])
def test_a_file_that_others_may_read_is_refused(file: Path, mode: int) -> None:
    keys.load()
    file.chmod(mode)

    with pytest.raises(Unavailable) as caught:
        keys.wrap(DATA_KEY, NAME)

    assert caught.value.sentence == (
        f"The master key file has mode {mode:04o} and may be read by others. Set it to 0600."
    )


def test_a_file_that_cannot_be_written_is_good_enough(file: Path) -> None:
    file.chmod(0o400)

    assert keys.healthy() is None


def test_a_lost_file_is_noticed_at_once_and_cures_itself(file: Path) -> None:
    version, wrapped = keys.wrap(DATA_KEY, NAME)
    content = file.read_bytes()

    file.unlink()
    with pytest.raises(Unavailable) as caught:
        keys.unwrap(version, wrapped, NAME)
    assert caught.value.sentence == (
        "The master key file is missing. Put it back; until then no file can be opened."
    )
    assert keys.healthy() == caught.value.sentence
    assert not file.exists()

    with open(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as back:
        back.write(content)
    assert keys.unwrap(version, wrapped, NAME) == DATA_KEY
    assert keys.healthy() is None


def test_a_replaced_file_is_read_again(file: Path) -> None:
    version, wrapped = keys.wrap(DATA_KEY, NAME)
    file.unlink()
    keys.make()

    with pytest.raises(Damaged):
        keys.unwrap(version, wrapped, NAME)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"current": 1, "versions": {}}',
        '{"current": 1, "versions": {"1": {"key": "c2hvcnQ=", "made": "2026-01-01T00:00:00+00:00"}}}',
        '{"current": 1, "versions": {"1": {"key": "!!", "made": "2026-01-01T00:00:00+00:00"}}}',
        '{"current": 1, "versions": {"1": 5}}',
        "\xff\xfe",
    ],
)
def test_a_broken_file_is_a_sentence(file: Path, text: str) -> None:
    file.write_text(text, "latin-1")

    assert keys.healthy() == "The master key file is not understood. Put back an intact copy."


def test_a_folder_in_its_place_is_a_sentence(file: Path) -> None:
    file.unlink()
    file.mkdir()

    assert keys.healthy() == "The master key file cannot be read by the server."


def test_nothing_shows_a_key_or_a_path(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secret = json.loads(file.read_text())["versions"]["1"]["key"]
    shown = [repr(keys.load())]
    for spoil in (lambda: file.chmod(0o644), lambda: file.write_text(secret), file.unlink):
        spoil()
        shown.append(keys.healthy() or "")

    for text in [*shown, caplog.text]:
        assert secret not in text
        assert repr(base64.b64decode(secret)) not in text
        assert str(file) not in text


# ------------------------------------------------------------------ rotation


def test_a_new_version_wraps_and_the_old_one_still_opens() -> None:
    old = keys.wrap(DATA_KEY, NAME)

    version = keys.add_version()

    assert version == 2
    assert keys.wrap(DATA_KEY, NAME)[0] == 2
    assert keys.unwrap(*old, NAME) == DATA_KEY


def test_a_rotation_leaves_one_file_with_its_mode(file: Path) -> None:
    keys.add_version()

    assert file.stat().st_mode & 0o777 == 0o600
    assert [found.name for found in file.parent.iterdir() if "master" in found.name] == ["master_keys"]


def test_a_link_to_the_file_stays_a_link(file: Path, settings: LazySettings) -> None:
    link = file.with_name("link")
    link.symlink_to(file)
    settings.MASTER_KEYS_FILE = link

    keys.add_version()

    assert link.is_symlink()
    assert keys.load().current == 2


def test_without_a_file_there_is_nothing_to_rotate(file: Path) -> None:
    file.unlink()

    with pytest.raises(Unavailable):
        keys.add_version()

    assert not file.exists()


def test_old_versions_are_dropped_a_day_later(file: Path) -> None:
    keys.add_version()
    with pytest.raises(Conflict) as caught:
        keys.drop_old()
    grow_old(file)

    dropped = keys.drop_old()

    assert dropped == [1]
    assert set(keys.load().versions) == {2}
    assert caught.value.sentence == (
        "The last rotation is less than a day old: an upload on its way may need an older key."
    )


def test_a_number_is_never_used_again(file: Path) -> None:
    keys.add_version()
    grow_old(file)
    keys.drop_old()

    assert keys.add_version() == 3


# ------------------------------------------------------------------ the command


def blob(team: Any, content: bytes) -> Blob:
    stored = storage.store(io.BytesIO(content))
    return Blob.objects.create(
        team=team,
        name=stored.name,
        sha256=stored.sha256,
        size=stored.size,
        key_version=stored.key_version,
        wrapped_key=stored.wrapped_key,
    )


def content_of(row: Blob) -> bytes:
    return b"".join(storage.pieces(Blob.objects.get(pk=row.pk)))


def sealed_of(row: Blob) -> bytes:
    file, _data_key = storage.sealed(row)
    with file:
        return file.read()


def rotate(*arguments: str) -> str:
    out = io.StringIO()
    call_command("rotate_keys", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_rotation_wraps_every_key_again_and_moves_no_data() -> None:
    rows = [blob(factories.team(), b"content %d" % n) for n in range(3)]
    sealed = [sealed_of(row) for row in rows]

    said = rotate()

    assert list(Blob.objects.values_list("key_version", flat=True)) == [2, 2, 2]
    assert [content_of(row) for row in rows] == [b"content 0", b"content 1", b"content 2"]
    assert [sealed_of(row) for row in Blob.objects.order_by("pk")] == sealed
    assert said.splitlines()[-1] == "Version 2 wraps from now on: 3 keys wrapped again."


@pytest.mark.django_db
def test_rotation_goes_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.management.commands.rotate_keys.BATCH", 2)
    for n in range(5):
        blob(factories.team(), b"content %d" % n)

    said = rotate()

    assert said.splitlines()[:3] == ["2 keys wrapped again", "4 keys wrapped again", "5 keys wrapped again"]


@pytest.mark.django_db
def test_a_stopped_rotation_is_finished_first() -> None:
    row = blob(factories.team(), b"content")
    keys.add_version()

    said = rotate()

    assert keys.load().current == 2
    assert Blob.objects.get(pk=row.pk).key_version == 2
    assert "An earlier rotation has been finished; no other version was added." in said


@pytest.mark.django_db
def test_a_damaged_key_is_named_and_stops_no_other() -> None:
    bad, good = blob(factories.team(), b"bad"), blob(factories.team(), b"good")
    Blob.objects.filter(pk=bad.pk).update(wrapped_key=bytes(60))

    with pytest.raises(CommandError) as caught:
        rotate()

    assert str(caught.value) == f"These could not be opened and were left alone: {bad.name}"
    assert content_of(good) == b"good"
    assert Blob.objects.get(pk=good.pk).key_version == 2


@pytest.mark.django_db
def test_old_versions_stay_while_a_row_needs_one(file: Path) -> None:
    blob(factories.team(), b"content")
    keys.add_version()
    grow_old(file)

    with pytest.raises(CommandError) as caught:
        rotate("--drop-old")

    assert str(caught.value) == "1 blobs still need an old version. Run rotate_keys first."
    assert set(keys.load().versions) == {1, 2}


@pytest.mark.django_db
def test_old_versions_go_when_no_row_needs_them(file: Path) -> None:
    row = blob(factories.team(), b"content")
    rotate()
    grow_old(file)

    said = rotate("--drop-old")

    assert said == "Versions dropped: 1.\n"
    assert content_of(row) == b"content"


@pytest.mark.django_db
def test_rotation_without_the_file_is_a_sentence(file: Path) -> None:
    file.unlink()

    with pytest.raises(CommandError) as caught:
        rotate()

    assert (
        str(caught.value) == "The master key file is missing. Put it back; until then no file can be opened."
    )
