"""Ask for checks that are new since a version was submitted."""

from __future__ import annotations

from governance.models import User
from governance.schedule import every
from governance.templatetags.words import counted
from registry import actions
from registry.models import Version


@every(seconds=300)
def missing_checks() -> str | None:
    versions = Version.objects.lacking_results()[:500]
    for version in versions:
        actions.recheck(version, by=User.system())
    return f"Asked for new checks of {counted(len(versions), 'version')}." if versions else None
