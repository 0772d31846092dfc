"""Forget sessions that have run out, browsers whose session has ended, and tries of yesterday."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.db.models.functions import Now
from django.utils import timezone

from governance.models import Browser, Tries
from governance.schedule import at
from governance.templatetags.words import counted


@at(hour=1, minute=35)
def trim_sessions() -> str | None:
    ended, _ = Session.objects.filter(expire_date__lt=Now()).delete()
    Browser.objects.exclude(key__in=Session.objects.values("session_key")).delete()
    Tries.objects.filter(last_at__lt=timezone.now() - timedelta(days=1)).delete()
    return f"Forgot {counted(ended, 'session')}." if ended else None
