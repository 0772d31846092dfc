"""The registry's figures for /metrics: what waits to be checked, how checks ended, what is stored."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Min, Sum
from django.utils import timezone
from prometheus_client.core import Metric

from governance.metrics import figures, gauge, gauges
from registry import checking
from registry.models import Blob, CheckResult, Inspection

OUTCOMES = {"done": "done", "failed": "failed", "": "none"}


@figures
def checks() -> Iterator[Metric]:
    ended = dict(CheckResult.objects.order_by().values_list("outcome").annotate(number=Count("pk")))
    found = [(word, ended.get(outcome, 0)) for outcome, word in OUTCOMES.items()]
    yield gauges("checks", "Results of checks, by how they last ended.", "outcome", found)
    waiting = CheckResult.objects.filter(checking.asked()).aggregate(
        number=Count("pk"), oldest=Min("asked_at")
    )
    yield gauge("checks_waiting", "Checks that were asked for and have not answered.", waiting["number"])
    age = (timezone.now() - waiting["oldest"]).total_seconds() if waiting["oldest"] else 0
    yield gauge("check_queue_age_seconds", "How long the oldest of them has waited.", age)


@figures
def storage() -> Iterator[Metric]:
    size = Blob.objects.aggregate(size=Sum("size"))["size"] or 0
    yield gauge("blob_bytes", "Plain bytes of what is stored.", size)
    yield gauge("blobs", "Files that are stored, each content once for a team.", Blob.objects.count())


@figures
def inspections() -> Iterator[Metric]:
    last = Inspection.objects.whole().first()
    ended = last.finished_at if last else None
    age = (timezone.now() - ended).total_seconds() if ended else float("nan")
    yield gauge("inspection_age_seconds", "Seconds since stored files were last looked at.", age)
    yield gauge("inspection_troubles", "How many were broken then.", len(last.troubles) if last else 0)
