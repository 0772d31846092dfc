"""A new master key for every blob: wraps the data keys again, moves no data, may be stopped at any time."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from governance import audit
from governance.errors import Problem
from governance.models import User
from registry import keys
from registry.crypto import Damaged
from registry.models import Blob

BATCH = 500


class Command(BaseCommand):
    help = (
        "Add a version to the master key file and wrap the key of every blob again. A rotation that was "
        "stopped is finished first, without another version. Old versions stay until --drop-old."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--drop-old",
            action="store_true",
            help="only remove the versions that no blob needs any more; backups made before need them still",
        )

    def handle(self, *args: Any, drop_old: bool, **options: Any) -> None:
        try:
            self.drop() if drop_old else self.rotate()
        except Problem as problem:
            raise CommandError(problem.sentence) from None

    def rotate(self) -> None:
        version = keys.load().current
        wrapped, damaged = self.wrap_all(version)
        if wrapped:
            self.stdout.write("An earlier rotation has been finished; no other version was added.")
        else:
            version = keys.add_version()
            wrapped, damaged = self.wrap_all(version)
        rotated(version, wrapped)
        self.stdout.write(f"Version {version} wraps from now on: {wrapped} keys wrapped again.")
        if damaged:
            raise CommandError("These could not be opened and were left alone: " + " ".join(damaged))

    def wrap_all(self, version: int) -> tuple[int, list[str]]:
        """Batch by batch, each in a transaction of its own, until none is left under another version."""
        wrapped, last, damaged = 0, 0, list[str]()
        while batch := wrap_batch(version, after=last):
            last, done, failed = batch
            wrapped += done
            damaged += failed
            self.stdout.write(f"{wrapped} keys wrapped again")
        return wrapped, damaged

    def drop(self) -> None:
        current = keys.load().current
        if used := Blob.objects.exclude(key_version=current).count():
            raise CommandError(f"{used} blobs still need an old version. Run rotate_keys first.")
        dropped = keys.drop_old()
        self.stdout.write(f"Versions dropped: {', '.join(map(str, dropped)) or 'none'}.")


def wrap_batch(version: int, after: int) -> tuple[int, int, list[str]] | None:
    """The next rows above `after`: the last one's key, how many were wrapped, which are damaged."""
    with transaction.atomic():
        rows = Blob.objects.select_for_update().exclude(key_version=version).filter(pk__gt=after)
        batch = list(rows.order_by("pk")[:BATCH])
        damaged = [blob.name for blob in batch if not wrap_again(blob)]
        good = [blob for blob in batch if blob.name not in damaged]
        Blob.objects.bulk_update(good, ["key_version", "wrapped_key"])
    return (batch[-1].pk, len(good), damaged) if batch else None


def wrap_again(blob: Blob) -> bool:
    try:
        data_key = keys.unwrap(blob.key_version, blob.wrapped_key, blob.name)
    except Damaged:
        return False
    blob.key_version, blob.wrapped_key = keys.wrap(data_key, blob.name)
    return True


def rotated(version: int, wrapped: int) -> None:
    """A finished rotation is on the record: which version wraps, and how many keys it wrapped again."""
    after = {"version": version, "wrapped": wrapped}
    audit.record("key.rotate", "site/master-keys", by=User.system(), after=after)
