"""Start the runs whose schedule has come. What was missed is not made up for; each turn starts one run."""

from __future__ import annotations

from django.utils import timezone

from governance.models import User
from governance.schedule import every
from governance.templatetags.words import counted
from kb import actions
from kb.models import Trigger
from kb.triggering import newest_of


@every(seconds=3600)
def scheduled_runs() -> str | None:
    now, started = timezone.now(), 0
    for trigger in Trigger.objects.at_work().filter(kind=Trigger.SCHEDULE).select_related("team").iterator():
        subject = newest_of(trigger.about)
        if not subject or trigger.firings.filter(window=trigger.window_of(now)).exists():
            continue
        firing = actions.fire(trigger, subject, at=now, by=User.system())
        started += firing is not None and firing.run is not None
    return f"Started {counted(started, 'run')}." if started else None
