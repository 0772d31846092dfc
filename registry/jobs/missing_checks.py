"""Ask for checks that are new since a version was submitted, or judge by other lists since: of what is in
use first, of the oldest last."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from governance.models import User
from governance.schedule import every
from governance.templatetags.words import counted
from registry import actions
from registry.models import Alias, Version


@every(seconds=300)
def missing_checks() -> str | None:
    used = Alias.objects.filter(version=OuterRef("pk"))
    lacking = Version.objects.lacking_results().annotate(in_use=Exists(used))
    versions = lacking.order_by("-in_use", "-pk")[:500]
    for version in versions:
        actions.recheck(version, by=User.system())
    return f"Asked for new checks of {counted(len(versions), 'version')}." if versions else None
