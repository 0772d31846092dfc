"""Sessions as Django keeps them, with kept SQL: every request reads one."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.db.models.functions import Now

from governance.prepared import prepared


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Session | None:
        for found in going_on(key=self.session_key):
            return found
        self._session_key = None
        return None


@prepared
def going_on(*, key: Any) -> QuerySet[Session]:
    """The session of a key, unless it has ended."""
    return Session.objects.filter(session_key=key, expire_date__gt=Now())
