"""A backup each night: kept, dropped, gone on with, and loud when something is wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from governance.errors import Unavailable
from registry import storage
from registry.jobs.nightly_backup import backups, drop_old, nightly_backup
from registry.keeping.container import Backup, Draft
from registry.models import Blob


@pytest.fixture
def folder(tmp_path, settings):
    folder = tmp_path / "backups"
    folder.mkdir()
    settings.BACKUPS = str(folder)
    return folder


def today(folder):
    return folder / f"steward-{datetime.now(UTC):%Y-%m-%d}.backup"


def test_without_a_folder_there_is_none(settings):
    settings.BACKUPS = ""

    assert nightly_backup() is None


def test_a_folder_that_is_away_is_told(folder):
    folder.rmdir()

    with pytest.raises(Unavailable) as refused:
        nightly_backup()

    assert refused.value.sentence == "The folder for backups is missing. The next turn tries again."


@pytest.mark.django_db(transaction=True)
def test_a_night_has_one_backup(waiting, folder):
    said = nightly_backup()

    assert said.startswith("Backed up 1 file, ")
    assert said.endswith("; dropped 0 old ones.")
    assert nightly_backup() is None
    assert list(folder.iterdir()) == [today(folder)]


@pytest.mark.django_db(transaction=True)
def test_what_last_night_did_not_finish_is_gone_on_with(waiting, folder):
    left = Draft(folder / "steward-2020-01-01.backup")
    left.add("blobs/" + "a" * 32, b"copied already")
    left.close()

    nightly_backup()

    assert list(folder.iterdir()) == [today(folder)]
    assert b"copied already" in today(folder).read_bytes()


@pytest.mark.django_db(transaction=True)
def test_a_file_that_is_missing_makes_the_job_fail_and_the_backup_stay(waiting, folder):
    storage.delete(Blob.objects.get().name)

    with pytest.raises(Unavailable) as refused:
        nightly_backup()

    assert refused.value.sentence == "The store has lost 1 file, which the backup lacks too. Run fsck."
    Backup(today(folder)).close()


def test_seven_days_and_four_weeks_are_kept(folder):
    days = [date(2026, 11, 27) - timedelta(days=number) for number in range(60)]
    for day in days:
        (folder / f"steward-{day}.backup").touch()
    other = folder / "steward-by-hand.backup"
    other.touch()

    dropped = drop_old(folder)

    # The newest seven; of the weeks of 23, 16, 9 and 2 November, the newest day: 27, 22, 15 and 8.
    kept = [*days[:7], date(2026, 11, 15), date(2026, 11, 8)]
    assert (list(backups(folder)), dropped, other.exists()) == (kept, 51, True)


def test_what_is_too_old_stays_when_there_is_nothing_newer(folder):
    (folder / "steward-2020-01-01.backup").touch()

    assert drop_old(folder) == 0
