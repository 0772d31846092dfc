"""Every night, ask each team for articles that several of its people searched for in vain."""

from __future__ import annotations

from governance.models import Team
from governance.schedule import at
from governance.templatetags.words import counted
from kb import actions


@at(hour=4, minute=50)
def missing_articles() -> str | None:
    """Each text is asked for once. What was missed long ago is forgotten."""
    actions.forget_misses()
    asked = sum(actions.ask_for_articles(team) for team in Team.objects.at_work().order_by("pk"))
    return f"Asked for {counted(asked, 'article')}." if asked else None
