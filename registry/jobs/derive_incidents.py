"""Open and close incidents that only time, a setting or a name that a team knows has made or ended."""

from __future__ import annotations

from governance.schedule import every
from governance.templatetags.words import counted
from registry import actions, incidents

MOST = 500


@every(seconds=60)
def derive_incidents() -> str | None:
    changed = sum(actions.derive_incidents(pk) for pk in incidents.artifacts(MOST))
    return f"Changed {counted(changed, 'incident')}." if changed else None
