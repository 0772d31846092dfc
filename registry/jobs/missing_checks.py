"""Run checks that are new since a version was submitted, or judge by other code or lists since: of what is in
use first, of the oldest last.

One version after the other and here, not in the queue: however many there are, what people push finds the
queue empty and all but one thread of the worker free.
"""

from __future__ import annotations

import time

from django.db.models import Exists, OuterRef

from config.celery import stopping
from governance.models import User
from governance.schedule import every
from governance.templatetags.words import counted
from registry import actions, checking
from registry.models import Alias, Version

SECONDS = 50
MOST = 500


@every(seconds=60)
def missing_checks() -> str | None:
    until = time.monotonic() + SECONDS
    used = Alias.objects.filter(version=OuterRef("pk"))
    lacking = Version.objects.lacking_results().annotate(in_use=Exists(used))
    done = 0
    for version in lacking.order_by("-in_use", "-pk")[:MOST]:
        if time.monotonic() > until or stopping():
            break
        actions.recheck(version, queued=False, by=User.system())
        done += 1
        if not checking.run(version.pk):
            break  # the store is away: more would only pile up
    return f"Checked {counted(done, 'version')} anew." if done else None
