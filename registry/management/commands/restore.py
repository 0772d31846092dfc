"""Restore a backup into an installation that was never used."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from governance.errors import Problem
from registry.keeping import apart, inspecting
from registry.keeping.inspecting import Slice
from registry.keeping.restoring import restore


class Command(BaseCommand):
    help = (
        "Restore the backup FILE into an empty installation. FILE is verified before anything is changed; a "
        "restore that was cut off goes on when it is begun again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument(
            "--keys", metavar="FILE.keys", type=Path, help="the master keys, if they are not here"
        )
        parser.add_argument("--passphrase-file", metavar="F", help="its first line opens FILE.keys")

    def handle(
        self, *args: Any, file: Path, keys: Path | None, passphrase_file: str | None, **options: Any
    ) -> None:
        if bool(keys) != bool(passphrase_file):
            raise CommandError("--keys and --passphrase-file belong together.", returncode=2)
        try:
            words = apart.read_passphrase(passphrase_file) if passphrase_file else ""
            handed = apart.read(keys, words) if keys else None
            backup = restore(file.absolute(), handed.master if handed else None, self.stderr.write)
            left = apart.take_over(handed.secret_key) if handed else ""
            found = inspecting.inspect(Slice(), True, self.stderr.write)
        except Problem as problem:
            raise CommandError(problem.sentence, returncode=2) from None
        self.stdout.write(f"Restored as of {backup.head['made_at']}. {found.sentence}")
        if left:
            self.stdout.write(left)
        for name, value in backup.head["settings"].items():
            self.stdout.write(f"It ran with {name}={value}")
        if found.troubles:
            raise CommandError("\n".join(trouble["trouble"] for trouble in found.troubles))
