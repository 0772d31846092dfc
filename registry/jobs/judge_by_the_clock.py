"""Judge again what only time changes, of what an alias points at: a restore that was tried too long ago, a
training that is due again.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from governance.schedule import at
from governance.templatetags.words import counted
from registry import checking
from registry.models import Alias, Record

KINDS = ("topology", "restore-test", "retraining", "training")
MOST = 500


@at(hour=4, minute=15)
def judge_by_the_clock() -> str | None:
    told = Record.objects.standing().filter(version=OuterRef("version"), kind__in=KINDS)
    used = Alias.objects.filter(Exists(told), version__withdrawn_at=None, artifact__deleted_at=None)
    versions = sorted(set(used.order_by("moved_at").values_list("version", flat=True)[:MOST]))
    for version in versions:
        checking.judge_again(version)
    return f"Judged {counted(len(versions), 'version')} again." if versions else None
