"""Send known-bad files through the checks, as every night and at each start."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from registry.actions.canaries import send_canaries


class Command(BaseCommand):
    help = "Send known-bad files through the checks: if one comes back clean, nothing is promoted."

    def handle(self, **_: Any) -> None:
        send_canaries()
