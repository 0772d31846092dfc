"""Back everything up while it runs: database, blobs, settings; the master keys apart, under a passphrase."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from governance.errors import Problem
from registry.actions import keeping
from registry.keeping import apart
from registry.keeping.making import in_a_sentence


class Command(BaseCommand):
    help = (
        "Write a backup of everything into FILE while Steward runs. One that was cut off goes on when it is "
        "begun again with the same FILE."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument(
            "--passphrase-file",
            metavar="F",
            help="also write the master keys into FILE.keys, under the passphrase in the first line of F",
        )

    def handle(self, *args: Any, file: Path, passphrase_file: str | None, **options: Any) -> None:
        try:
            passphrase = apart.read_passphrase(passphrase_file) if passphrase_file else None
            made = keeping.back_up(file.absolute(), say=self.stderr.write)
            self.stdout.write(in_a_sentence(made))
            self.stdout.write(self.keys(file, passphrase))
        except Problem as problem:
            raise CommandError(problem.sentence, returncode=2) from None
        if made.missing:
            raise CommandError("The backup is not complete: " + ", ".join(made.missing))

    def keys(self, file: Path, passphrase: str | None) -> str:
        """Keys never share a file with what they open."""
        if passphrase is None:
            return (
                f"The master keys are not in it: they are in {settings.MASTER_KEYS_FILE}. Without a copy "
                "of them it cannot be restored; --passphrase-file writes one beside it."
            )
        place = file.with_name(f"{file.name}.keys")
        apart.write(place, passphrase)
        return f"The master keys and the secret key are in {place}, under the passphrase. Keep the two apart."
