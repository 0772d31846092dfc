"""Make the first administrator, once: `admin`, with the given password or one made up and printed."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from governance import audit
from governance.models import User


class Command(BaseCommand):
    help = "Make the user admin if nobody administers this site yet."

    def handle(self, **_: Any) -> None:
        with transaction.atomic():
            system = User.system()
            if User.objects.select_for_update().filter(is_superuser=True).exists():
                return
            password = settings.ADMIN_PASSWORD or secrets.token_urlsafe(12)
            admin = User(username="admin", is_superuser=True, created_by=system)
            admin.set_password(password)
            admin.save()
            audit.record(
                "user.add", admin, by=system, after={"username": "admin", "site administrator": True}
            )
        if not settings.ADMIN_PASSWORD:
            self.stdout.write(f"First administrator: admin, password {password} (shown this once)")
