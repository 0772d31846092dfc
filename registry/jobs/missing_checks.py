"""Ask for checks that are new since a version was submitted."""

from __future__ import annotations

from governance.models import User
from governance.schedule import every
from registry import actions
from registry.models import Version


@every(seconds=3600)
def missing_checks() -> None:
    for version in Version.objects.lacking_results()[:500]:
        actions.recheck(version, by=User.system())
