"""What Prometheus asks for: `/metrics`, behind a token. Without one there is nothing there.

Requests are counted where they are answered: one process answers all. Everything else is read from the
rows when it is asked for, at most every few seconds and each figure for two seconds at most.
"""

from __future__ import annotations

import hmac
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from governance import access, health, standing, tokens
from governance.errors import Absent
from governance.models import Delivery, JobRun, Mail, Notification
from governance.schedule import JOBS

Answer = Callable[[HttpRequest], HttpResponse]
Figures = Callable[[], Iterable[Metric]]

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}
PATIENCE = 2000  # milliseconds that one figure may take
FRESH = 10.0  # seconds for which figures are not asked for again
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
logger = logging.getLogger("steward.metrics")

disable_created_metrics()  # type: ignore[no-untyped-call]  # twice the lines, and nobody asks for them
REGISTRY = CollectorRegistry()
REQUESTS = Counter(
    "steward_requests",
    "Requests answered, by method, status and kind of address.",
    ["method", "status", "group"],
    registry=REGISTRY,
)
SECONDS = Histogram(
    "steward_request_seconds",
    "Seconds until an answer began; a long file goes on after that.",
    ["method", "group"],
    buckets=BUCKETS,
    registry=REGISTRY,
)


# ------------------------------------------------------------------ requests


def measure(answer: Answer) -> Answer:
    """Count what is answered and how long it took. The outermost middleware, so that it sees all."""

    def middleware(request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = answer(request)
        method = request.method if request.method in METHODS else "other"
        group = group_of(request)
        REQUESTS.labels(method, str(response.status_code), group).inc()
        SECONDS.labels(method, group).observe(time.perf_counter() - began)
        return response

    return middleware


def group_of(request: HttpRequest) -> str:
    """The words of an address without what stands for names: as many groups as there are addresses."""
    if request.resolver_match is None:
        return "static" if request.path.startswith(settings.STATIC_URL) else "none"
    parts = request.resolver_match.route.split("/")
    return "/".join(part for part in parts if part and "<" not in part) or "home"


# ------------------------------------------------------------------ figures


_figures: dict[str, Figures] = {}


def figures(read: Figures) -> Figures:
    """Register a function that reads figures from rows; apps above add theirs. Its name is theirs."""
    _figures[read.__name__] = read
    return read


class Rows(Collector):
    """All registered figures, remembered for a moment: two collectors cost no more than one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._read_at = 0.0
        self._known: list[Metric] = []

    def describe(self) -> Iterable[Metric]:
        """Nothing is read before it is asked for."""
        return []

    def collect(self) -> Iterable[Metric]:
        with self._lock:
            if time.monotonic() - self._read_at > FRESH:
                self._known, self._read_at = list(read_all()), time.monotonic()
            return self._known


def read_all() -> Iterator[Metric]:
    """Figures that took too long or whose part is away are left out, and said to be."""
    absent = GaugeMetricFamily(
        "steward_figures_absent", "Figures that could not be read.", labels=["figures"]
    )
    for name, read in _figures.items():
        try:
            found = in_time(read)
        except OperationalError as error:
            logger.warning("%s could not be read: %s", name, type(error).__name__)
            found = []
        absent.add_metric([name], float(not found))
        yield from found
    yield absent


def in_time(read: Figures) -> list[Metric]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(PATIENCE)])
        return list(read())


ROWS = Rows()
REGISTRY.register(ROWS)


def gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"steward_{name}", text, value=value)


def gauges(name: str, text: str, label: str, values: Iterable[tuple[str, float]]) -> Metric:
    family = GaugeMetricFamily(f"steward_{name}", text, labels=[label])
    for word, value in values:
        family.add_metric([word], value)
    return family


@figures
def parts() -> Iterator[Metric]:
    found = health.look_at_all()
    there = ((name, float(seen.ok)) for name, seen in found.items())
    yield gauges("part", "1 for each part of /readyz that is there.", "part", there)
    family = GaugeMetricFamily("steward_info", "Which release this is.", labels=["version"])
    family.add_metric([settings.VERSION], 1)
    yield family


@figures
def jobs() -> Iterator[Metric]:
    now = timezone.now()
    ended = JobRun.objects.filter(outcome="done", job__in=list(JOBS)).values_list("job")
    ages = ((job, (now - at).total_seconds()) for job, at in ended.annotate(at=Max("finished_at")))
    yield gauges("job_age_seconds", "Seconds since a job last had a good end.", "job", sorted(ages))
    stands = standing.standings([JOBS[name] for name in sorted(JOBS)])
    late = ((found.job.name, float(found.trouble is not None)) for found in stands)
    yield gauges("job_overdue", "1 for each job that should have had a good end and has not.", "job", late)


@figures
def notifications() -> Iterator[Metric]:
    unread = Notification.objects.unread().count()
    yield gauge("notifications_unread", "Messages that nobody has read yet.", unread)
    waiting = [("mail", Mail.objects.due().count()), ("webhook", Delivery.objects.due().count())]
    yield gauges("messages_due", "Messages that should be on their way.", "by", waiting)


# ------------------------------------------------------------------ the address


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    if not may_scrape(request.headers.get("Authorization", "")):
        raise Absent("There is nothing here that you may see.")
    return HttpResponse(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)


def may_scrape(header: str) -> bool:
    """The token of the settings, or one of a site administrator's own."""
    scheme, _, text = header.partition(" ")
    if scheme.lower() != "bearer" or not text.strip():
        return False
    given = settings.METRICS_TOKEN
    if given and hmac.compare_digest(text.strip().encode(), given.encode()):
        return True
    token = tokens.recognise(text.strip())
    return token is not None and access.administers(token.user)
