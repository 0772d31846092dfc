"""Scan files without a server. `manage.py` takes a shortcut to the same, which reads no settings."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from registry import scanning


class Command(BaseCommand):
    help = scanning.DESCRIPTION
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        scanning.add_arguments(parser)

    def handle(self, *args: Any, paths: list[str], format: str, kind: str, **options: Any) -> None:
        code = scanning.scan(paths, format, kind)
        if code:
            raise CommandError("Something was found, or could not be judged.", returncode=code)
