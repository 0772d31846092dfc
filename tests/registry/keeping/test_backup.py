"""A backup and what comes back of it, byte by byte and row by row."""

from __future__ import annotations

import io
import json
import os
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from governance.models import Event, User
from registry import keys, storage
from registry.keeping import making, restoring
from registry.keeping.container import Backup, Draft
from registry.keys import MasterKey
from registry.models import Blob, Inspection, Version
from tests import factories
from tests.registry.keeping.conftest import LARGE, blobs, emptied, head_of, members_of, rows

pytestmark = pytest.mark.django_db(transaction=True)
PASSPHRASE = "correct horse battery 9"


def run(command: str, *words: object) -> list[str]:
    out = io.StringIO()
    call_command(command, *map(str, words), stdout=out, stderr=io.StringIO())
    return out.getvalue().splitlines()


def refusal(command: str, *words: object) -> tuple[int, str]:
    with pytest.raises(CommandError) as refused:
        run(command, *words)
    return refused.value.returncode, str(refused.value)


@pytest.fixture
def passphrase(tmp_path: Path) -> Path:
    file = tmp_path / "passphrase"
    file.write_text(PASSPHRASE + "\n")
    return file


# ------------------------------------------------------------------ whole


def test_everything_comes_back_as_it_was(lived_in, target):
    run("backup", target)
    before, stored = rows(), blobs()
    emptied()

    run("restore", target)

    after = rows()
    for changing in ("registry_inspection", "governance_event"):
        del before[changing], after[changing]
    assert after == before
    assert blobs() == stored


def test_tables_of_the_same_release_stay_and_their_sessions_end(lived_in, target):
    run("backup", target)
    emptied()
    Session.objects.create(session_key="begun", expire_date=timezone.now())
    before = table_numbers()

    run("restore", target)

    assert table_numbers() == before
    assert Session.objects.count() == 0


def table_numbers() -> list[tuple[int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid FROM pg_class WHERE relkind = 'r' AND relname LIKE 'registry%'")
        return sorted(cursor.fetchall())


@pytest.mark.slow
def test_the_trail_goes_on_and_says_that_it_was_restored(lived_in, target):
    run("backup", target)
    events = list(Event.objects.order_by("pk").values_list("pk", "canonical"))
    emptied()

    run("restore", target)

    found = list(Event.objects.order_by("pk").values_list("pk", "canonical"))
    # The event of the backup itself is younger than its snapshot.
    assert found[:-1] == events[:-1]
    assert Event.objects.order_by("-pk").values_list("action", flat=True)[0] == "backup.restore"


@pytest.mark.slow
def test_numbers_that_were_used_are_not_used_again(lived_in, target):
    used = Version.objects.latest("pk").pk
    Version.objects.filter(submitted_at=None).delete()
    run("backup", target)
    emptied()

    run("restore", target)

    again = factories.draft(Version.objects.get().artifact, User.objects.get(username="mara"))
    assert again.pk == used + 1


@pytest.mark.slow
def test_frozen_stays_frozen_and_the_trail_closed(lived_in, target):
    run("backup", target)
    emptied()

    run("restore", target)

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'")
        assert cursor.fetchone()[0] >= 4
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'O'")
        assert cursor.fetchone()[0] == 0


def test_nobody_is_signed_in_by_a_backup(lived_in, target, client):
    client.force_login(User.objects.get(username="mara"))

    run("backup", target)

    assert "django_session" not in head_of(target)["tables"]


def test_a_backup_is_a_tar_and_shows_no_plain_byte(lived_in, target):
    run("backup", target)

    listed = subprocess.run(["tar", "tf", target], capture_output=True, text=True, check=True).stdout.split()

    names = [f"blobs/{name}" for name in Blob.objects.order_by("pk").values_list("name", flat=True)]
    assert listed[:4] == ["steward-backup", *names]
    assert listed[-2:] == ["manifest", "seal"]
    content = target.read_bytes()
    assert [mark for mark in (b"mara", b"plain words", b"Tells fraud", LARGE[:64]) if mark in content] == []
    assert [key for key in keys.load().versions.values() if key.key in content] == []
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_backup_tells_what_it_holds_and_where_the_keys_are(lived_in, target):
    said = run("backup", target)

    assert said[0].startswith("steward.backup holds 3 files and every table, 1.")
    assert said[1].startswith(f"The master keys are not in it: they are in {settings.MASTER_KEYS_FILE}.")
    assert Event.objects.get(action="backup.make").after["blobs"] == 3


@pytest.mark.slow
def test_settings_are_told_and_secrets_are_not_kept(lived_in, target, settings):
    settings.KEPT_SETTINGS = {"STEWARD_HOSTS": "steward.example.org"}
    run("backup", target)
    emptied()

    said = run("restore", target)

    assert "It ran with STEWARD_HOSTS=steward.example.org" in said
    assert settings.SECRET_KEY.encode() not in target.read_bytes()


# ------------------------------------------------------------------ keys


@pytest.mark.slow
def test_keys_lie_apart_under_a_passphrase_and_come_back(lived_in, target, passphrase):
    run("backup", target, "--passphrase-file", passphrase)
    lost = keys.load()
    emptied()
    settings.MASTER_KEYS_FILE.unlink()
    keys.make()

    run("restore", target, "--keys", f"{target}.keys", "--passphrase-file", passphrase)

    assert keys.load() == lost
    assert run("fsck")[-1] == "3 files and 1 version looked at: nothing is broken."
    (replaced,) = settings.MASTER_KEYS_FILE.parent.glob("master_keys.before-*")
    assert replaced.stat().st_mode & 0o777 == 0o600


@pytest.mark.slow
def test_a_keys_file_shows_no_key(lived_in, target, passphrase):
    run("backup", target, "--passphrase-file", passphrase)

    file = target.with_name(f"{target.name}.keys")

    assert file.stat().st_mode & 0o777 == 0o600
    assert sorted(json.loads(file.read_text())) == ["format", "n", "nonce", "p", "r", "salt", "sealed"]
    assert keys.text(keys.load())[40:60] not in file.read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda keys, words: words.write_text("another passphrase\n"),
            "The passphrase does not open this file, or the file is damaged.",
        ),
        (
            lambda keys, words: words.write_text("short\n"),
            "A passphrase has 12 characters or more, in the first line of its file.",
        ),
        (lambda keys, words: words.unlink(), "The passphrase file cannot be read."),
        (
            lambda keys, words: keys.write_text(keys.read_text().replace('"p": 1', '"p": 2')),
            "The passphrase does not open this file, or the file is damaged.",
        ),
        (
            lambda keys, words: keys.write_text(keys.read_text().replace("131072", "1073741824")),
            "{keys} holds no master keys of Steward.",
        ),
        (lambda keys, words: keys.write_text("{}"), "{keys} holds no master keys of Steward."),
    ],
)
def test_keys_that_do_not_open_change_nothing(lived_in, target, passphrase, change, sentence):
    run("backup", target, "--passphrase-file", passphrase)
    emptied()
    held = keys.load()
    apart = target.with_name(f"{target.name}.keys")
    change(apart, passphrase)

    refused = refusal("restore", target, "--keys", apart, "--passphrase-file", passphrase)

    assert refused == (2, sentence.format(keys=apart))
    assert (keys.load(), blobs()) == (held, {})


def test_without_the_keys_nothing_is_restored(lived_in, target):
    run("backup", target)
    emptied()
    settings.MASTER_KEYS_FILE.unlink()

    code, said = refusal("restore", target)

    assert (code, said[:46]) == (2, "The master keys of this backup are not here. P")


def test_with_other_keys_nothing_is_restored(lived_in, target):
    run("backup", target)
    emptied()
    settings.MASTER_KEYS_FILE.unlink()
    keys.make()

    code, said = refusal("restore", target)

    assert (code, said) == (
        2,
        f"{target} was made with other master keys, or was changed by somebody without them.",
    )


# ------------------------------------------------------------------ refusals


def test_an_installation_in_use_is_not_restored_into(lived_in, target):
    run("backup", target)
    before = rows()

    refused = refusal("restore", target)

    assert refused == (2, "This installation is not empty. Restore into one that was never used.")
    assert rows() == before


def test_other_blobs_in_the_store_stop_a_restore(lived_in, target):
    run("backup", target)
    emptied()
    storage.store(io.BytesIO(b"somebody else's"))

    refused = refusal("restore", target)

    assert refused == (2, "The blob store of this installation holds other files. Give it an empty one.")


def test_a_file_that_is_there_is_not_written_over(lived_in, target):
    target.write_text("the only copy of something")

    refused = refusal("backup", target)

    assert refused == (2, f"{target} exists already: choose another name, or move it away.")
    assert target.read_text() == "the only copy of something"


@pytest.mark.parametrize("content", [b"", b"x", b"\0" * 4096, b"PK\3\4" * 500, b'{"format": 1}' * 100])
def test_a_foreign_file_is_told(target, content):
    target.write_bytes(content)

    assert refusal("restore", target) == (2, f"{target} is no backup of Steward.")


def test_a_missing_file_is_told(target):
    assert refusal("restore", target) == (2, f"{target} cannot be read: No such file or directory.")


def test_a_file_cut_anywhere_is_told_before_anything_is_changed(lived_in, target):
    run("backup", target)
    emptied()
    before, whole = rows(), target.read_bytes()

    said = set()
    for size in [1100, *range(1536, len(whole), len(whole) // 40), len(whole) - 1]:
        target.write_bytes(whole[:size])
        said.add(refusal("restore", target))

    assert said == {(2, f"{target} has been cut: its end is missing.")}
    assert (rows(), blobs()) == (before, {})


@pytest.mark.slow
def test_a_changed_byte_anywhere_is_told_before_anything_is_changed(lived_in, target):
    run("backup", target)
    emptied()
    before, whole = rows(), target.read_bytes()
    inside = [member.at + member.size // 2 for member in members_of(target).values() if member.size]

    said = []
    for place in [*inside, len(whole) - 2048 + 520]:
        target.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        said.append(refusal("restore", target)[1])

    assert [sentence for sentence in said if "damaged" not in sentence and "cut" not in sentence] == []
    assert (rows(), blobs()) == (before, {})


def test_who_lacks_the_key_cannot_change_a_backup_and_its_digests_too(lived_in, target):
    """Make another manifest and seal over the same members, as somebody without the master key can."""
    run("backup", target)
    emptied()
    backup = Backup(target)
    forged = target.with_name("forged")
    draft = Draft(forged)
    for name in backup.members:
        draft.add(name, backup.section(name).read())
    draft.finish(backup.head, list(backup.members), 1, MasterKey(bytes(32), keys.load().versions[1].made))
    draft.close()
    backup.close()

    assert refusal("restore", forged) == (
        2,
        f"{forged} was made with other master keys, or was changed by somebody without them.",
    )


def test_a_newer_release_is_told(lived_in, target, monkeypatch):
    known = restoring.tables.migrations
    monkeypatch.setattr(
        restoring.tables, "migrations", lambda cursor: [*known(cursor), ("registry", "0999_later")]
    )
    run("backup", target)
    emptied()

    assert refusal("restore", target) == (
        2,
        "This backup was made by a newer release: this one does not know registry.0999_later. "
        "Restore it with that release.",
    )


def test_a_newer_format_is_told(lived_in, target, monkeypatch):
    monkeypatch.setattr("registry.keeping.container.FORMAT", 2)
    run("backup", target)
    monkeypatch.undo()

    assert refusal("restore", target)[1].endswith(
        "was made by a newer release. Restore it with that release."
    )


def test_keys_and_passphrase_belong_together(target):
    assert refusal("restore", target, "--keys", target) == (
        2,
        "--keys and --passphrase-file belong together.",
    )


# ------------------------------------------------------------------ cut off


class Cut(BaseException):
    """As kill -9: nothing that catches exceptions sees it."""


@pytest.mark.slow
def test_a_backup_that_was_killed_goes_on_where_it_was(lived_in, target, monkeypatch):
    read, seen = storage.read_sealed, []

    def dies(name):
        seen.append(name)
        if len(seen) == 2:
            raise Cut
        return read(name)

    monkeypatch.setattr(storage, "read_sealed", dies)
    with pytest.raises(Cut):
        run("backup", target)
    assert not target.exists()
    later = factories.draft(lived_in.artifact, lived_in.added_by, {"late.txt": b"later\n"})

    run("backup", target)

    first, *others = Blob.objects.order_by("pk").values_list("name", flat=True)
    assert seen == [first, others[0], *others]
    assert sorted(target.parent.glob("*.part*")) == []
    emptied()
    run("restore", target)
    assert Version.objects.get(pk=later.pk).files.get().path == "late.txt"


def test_what_the_disk_did_not_keep_is_written_again(lived_in, target):
    draft = Draft(target)
    draft.add("blobs/" + "a" * 32, b"kept")
    draft.add("blobs/" + "b" * 32, b"lost")
    draft.close()
    part = target.with_name(f"{target.name}.part")
    part.write_bytes(part.read_bytes().replace(b"lost", b"\0\0\0\0"))

    found = Draft(target)

    assert list(found.members) == ["steward-backup", "blobs/" + "a" * 32]
    found.close()


def test_two_backups_do_not_write_one_file(lived_in, target):
    draft = Draft(target)

    assert refusal("backup", target) == (2, "Another backup is writing this file. Wait until it has ended.")
    draft.close()


def test_a_full_disk_leaves_nothing(lived_in, target, monkeypatch):
    nothing_left = os.statvfs_result((4096, 4096, 1000, 0, 0, 0, 0, 0, 0, 255))
    monkeypatch.setattr(os, "statvfs", lambda path: nothing_left)

    assert refusal("backup", target) == (
        2,
        "There is no space left for this backup. Nothing of it has been kept.",
    )
    assert sorted(target.parent.glob("steward.backup*")) == []


@pytest.mark.slow
def test_a_restore_that_was_killed_goes_on_where_it_was(lived_in, target, monkeypatch):
    run("backup", target)
    stored = blobs()
    emptied()
    monkeypatch.setattr(restoring, "load", lambda *_: (_ for _ in ()).throw(Cut()))
    with pytest.raises(Cut):
        run("restore", target)
    monkeypatch.undo()
    half, *_ = stored
    storage.delete(half)
    cut = storage.write_sealed(half, 9)
    cut.write(memoryview(b"unfinished"))
    cut.file.close()

    run("restore", target)

    assert blobs() == stored
    assert Version.objects.count() == 2


@pytest.mark.slow
def test_a_restore_that_fails_at_its_end_leaves_the_tables_as_they_were(lived_in, target, monkeypatch):
    run("backup", target)
    emptied()
    before = rows()
    monkeypatch.setattr(restoring, "note", lambda backup: (_ for _ in ()).throw(Cut()))

    with pytest.raises(Cut):
        run("restore", target)

    assert rows() == before


# ------------------------------------------------------------------ while everything runs


@pytest.mark.slow
def test_what_comes_before_the_snapshot_is_in_the_backup_with_its_bytes(lived_in, target, monkeypatch):
    copied = making.copy_tables

    def pushes(draft, cursor, say):
        factories.draft(lived_in.artifact, lived_in.added_by, {"late.txt": b"just in time\n"})
        return copied(draft, cursor, say)

    monkeypatch.setattr(making, "copy_tables", pushes)
    run("backup", target)
    emptied()

    run("restore", target)

    file = Version.objects.latest("pk").files.get()
    assert b"".join(storage.pieces(file.blob)) == b"just in time\n"
    assert run("fsck")[-1].endswith("nothing is broken.")


def test_a_blob_that_the_store_lost_does_not_stop_the_backup_of_the_others(lived_in, target):
    lost = Blob.objects.earliest("pk").name
    storage.delete(lost)

    code, said = refusal("backup", target)

    assert (code, said) == (1, f"The backup is not complete: {lost}")
    assert len(members_of(target, "blobs/")) == 2
    assert head_of(target)["missing"] == [lost]


def test_a_backup_copies_each_content_of_a_team_once(lived_in, target):
    run("backup", target)

    assert len(members_of(target, "blobs/")) == Blob.objects.count() == 3


@pytest.mark.slow
def test_the_inspection_of_the_restore_is_there(lived_in, target):
    run("backup", target)
    emptied()

    said = run("restore", target)

    assert said[0].endswith("3 files and 1 version looked at: nothing is broken.")
    assert Inspection.objects.get().quick is True
