"""Forget sessions that have run out, and browsers whose session has ended."""

from __future__ import annotations

from django.contrib.sessions.models import Session
from django.db.models.functions import Now

from governance.models import Browser
from governance.schedule import at
from governance.templatetags.words import counted


@at(hour=1, minute=35)
def trim_sessions() -> str | None:
    ended, _ = Session.objects.filter(expire_date__lt=Now()).delete()
    Browser.objects.exclude(key__in=Session.objects.values("session_key")).delete()
    return f"Forgot {counted(ended, 'session')}." if ended else None
