"""Forget old runs of jobs: the last 200 of each are kept, and those that say since when there is trouble."""

from __future__ import annotations

from django.db.models import Max, Min

from governance.models import JobRun
from governance.schedule import at
from governance.templatetags.words import counted

KEPT = 200


@at(hour=1, minute=10)
def trim_job_runs() -> str | None:
    names = JobRun.objects.order_by().values_list("job", flat=True).distinct()
    gone = sum(trim(name) for name in names)
    return f"Forgot {counted(gone, 'old run')} of jobs." if gone else None


def trim(name: str) -> int:
    """How many rows of a job went. The last good end and what followed it stay, however old."""
    runs = JobRun.objects.filter(job=name)
    oldest = list(runs.values_list("pk", flat=True)[KEPT - 1 : KEPT])
    good = runs.filter(outcome="done").aggregate(last=Max("pk"))["last"] or 0
    after = runs.filter(pk__gt=good).exclude(outcome="skipped").aggregate(first=Min("pk"))["first"]
    old = runs.filter(pk__lt=min(oldest, default=0)).exclude(outcome="")
    gone, _ = old.exclude(pk__in=[good, after or 0]).delete()
    return gone
