"""Make the blob store and, on a fresh machine, the master key; say once where the key is."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from governance.errors import Problem
from registry import storage


class Command(BaseCommand):
    help = "Make the blob store's folder and the master key if there are none yet."

    def handle(self, **_: Any) -> None:
        fresh = not settings.MASTER_KEYS_FILE.exists()
        try:
            storage.make()
        except Problem as problem:
            raise CommandError(problem.sentence) from problem
        if fresh:
            self.stdout.write(
                f"The master key is {settings.MASTER_KEYS_FILE}. Keep a copy elsewhere: "
                "without it nothing that is stored can be read."
            )
