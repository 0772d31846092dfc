"""Once a week, tell each team's stewards what they may want to clean up. It proposes and never acts."""

from __future__ import annotations

from governance import actions
from governance.models import Team, User
from governance.reviewing import number
from governance.schedule import at
from governance.templatetags.words import counted


@at(hour=6, weekday="mon")
def weekly_review() -> str | None:
    system = User.system()
    numbers = [number(actions.review_team(team, by=system).proposals) for team in Team.objects.at_work()]
    said = f"Reviewed {counted(len(numbers), 'team')}: {counted(sum(numbers), 'proposal')}."
    return said if numbers else None
