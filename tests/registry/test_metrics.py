"""What Prometheus is told, and who may ask."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from governance import metrics, telling
from governance.actions import add_token
from governance.models import JobRun
from registry.models import CheckResult
from tests import factories

pytestmark = pytest.mark.django_db
GIVEN = "a-token-of-the-settings"


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch):
    """Figures are read anew, and the token of the settings is ours."""
    monkeypatch.setattr(metrics, "FRESH", -1)


@pytest.fixture
def scrape(client, settings):
    settings.METRICS_TOKEN = GIVEN

    def ask() -> dict[tuple[str, ...], float]:
        answer = client.get("/metrics", headers={"Authorization": f"Bearer {GIVEN}"})
        families = text_string_to_metric_families(answer.content.decode())
        return {
            (sample.name, *(sample.labels[label] for label in sorted(sample.labels))): sample.value
            for each in families
            for sample in each.samples
        }

    return ask


def status(client, *header: str) -> int:
    return client.get("/metrics", headers={"Authorization": header[0]} if header else {}).status_code


# ------------------------------------------------------------------ who may ask


@pytest.mark.parametrize(
    "header", [(), ("Bearer",), ("Bearer wrong",), ("Basic x",), (f"Basic {GIVEN}",), ("Bearer ",)]
)
def test_without_the_token_there_is_nothing(client, settings, header):
    settings.METRICS_TOKEN = GIVEN

    assert status(client, *header) == 404


@pytest.mark.parametrize("header", [(), ("Bearer",), ("Bearer ",)])
def test_where_no_token_is_set_an_empty_one_is_none(client, settings, header):
    settings.METRICS_TOKEN = ""

    assert status(client, *header) == 404


def test_the_token_of_the_settings_opens(client, settings):
    settings.METRICS_TOKEN = GIVEN

    assert status(client, f"Bearer {GIVEN}") == 200


def test_a_token_of_an_administrator_opens_and_of_nobody_else(client, author):
    admin = factories.admin()
    _, theirs = add_token(admin, name="prometheus", by=admin)
    _, another = add_token(author, name="prometheus", by=author)

    assert (status(client, f"Bearer {theirs}"), status(client, f"Bearer {another}")) == (200, 404)


def test_a_session_of_an_administrator_does_not_open(client):
    client.force_login(factories.admin())

    assert status(client) == 404


# ------------------------------------------------------------------ requests


def test_requests_are_counted_by_method_status_and_group(client, scrape):
    before = scrape()
    client.get("/healthz")
    client.get("/healthz")
    client.post("/healthz")

    after = scrape()

    def more(*key: str) -> float:
        return after[key] - before.get(key, 0)

    assert more("steward_requests_total", "healthz", "GET", "200") == 2
    assert more("steward_requests_total", "healthz", "POST", "405") == 1
    assert more("steward_request_seconds_count", "healthz", "GET") == 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "group"),
    [
        ("/models/fraud/scorer/versions/3/files/secret-name.pkl", "versions/files"),
        ("/api/v1/models/fraud/scorer/aliases/production", "api/v1/aliases"),
        ("/", "home"),
        ("/no/such/address", "none"),
        ("/static/steward/nothing.css", "static"),
    ],
)
def test_names_do_not_become_groups(client, scrape, path, group):
    before = scrape()

    client.get(path)

    new = {key for key, value in scrape().items() if before.get(key) != value and "_total" in key[0]}
    assert {key[1] for key in new} == {group, "metrics"}


def test_a_made_up_method_makes_no_series(client, scrape):
    client.generic("BREW", "/healthz")

    methods = {key[2] for key in scrape() if key[0] == "steward_requests_total"}
    assert ("other" in methods, "BREW" in methods) == (True, False)


# ------------------------------------------------------------------ figures


def test_checks_are_told_by_outcome_and_by_how_long_they_wait(waiting, scrape):
    number = CheckResult.objects.count()
    CheckResult.objects.update(asked_at=timezone.now() - timedelta(minutes=5))
    first = CheckResult.objects.first()
    CheckResult.objects.filter(pk=first.pk).update(outcome="done", finished_at=timezone.now())

    found = scrape()

    assert found["steward_checks", "done"] == 1
    assert (found["steward_checks", "none"], found["steward_checks_waiting",]) == (number - 1, number - 1)
    assert 300 <= found["steward_check_queue_age_seconds",] < 310


def test_nothing_waits_when_all_is_done(waiting, scrape):
    CheckResult.objects.update(outcome="done", finished_at=timezone.now())

    found = scrape()

    assert (found["steward_checks_waiting",], found["steward_check_queue_age_seconds",]) == (0, 0)


def test_storage_is_told(waiting, scrape):
    found = scrape()

    assert (found["steward_blobs",], found["steward_blob_bytes",]) == (1, len(b"plain words\n"))


def test_the_age_of_a_job_is_that_of_its_last_good_end(scrape):
    now = timezone.now()
    for outcome, minutes in (("done", 60), ("failed", 5)):
        at = now - timedelta(minutes=minutes)
        JobRun.objects.create(job="sweep_blobs", due_at=at, outcome=outcome, finished_at=at)

    found = scrape()

    assert 3600 <= found["steward_job_age_seconds", "sweep_blobs"] < 3610
    assert found["steward_job_overdue", "sweep_blobs"] in (0, 1)


def test_what_waits_for_people_is_told(author, scrape):
    telling.tell("review", [author], "teams/fraud", "Something waits.")

    assert scrape()["steward_notifications_unread",] == 1


def test_parts_and_release_are_told(scrape, settings):
    found = scrape()

    assert found["steward_part", "database"] == 1
    assert found["steward_info", settings.VERSION] == 1


def test_a_figure_that_takes_too_long_is_left_out_and_said_to_be(scrape, monkeypatch):
    def slow():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(5)")
        return []

    monkeypatch.setattr(metrics, "PATIENCE", 50)
    monkeypatch.setitem(metrics._figures, "storage", slow)

    found = scrape()

    assert found["steward_figures_absent", "storage"] == 1
    assert found["steward_figures_absent", "checks"] == 0
    assert ("steward_blobs",) not in found


def test_more_rows_cost_no_more_queries(client, settings, waiting, django_assert_num_queries):
    settings.METRICS_TOKEN = GIVEN
    with CaptureQueriesContext(connection) as one:
        client.get("/metrics", headers={"Authorization": f"Bearer {GIVEN}"})
    for _ in range(2):
        factories.submitted(waiting.artifact, waiting.added_by)

    with django_assert_num_queries(len(one)):
        client.get("/metrics", headers={"Authorization": f"Bearer {GIVEN}"})


def test_two_scrapes_in_a_row_read_once(scrape, monkeypatch):
    monkeypatch.setattr(metrics, "FRESH", 60)
    monkeypatch.setattr(metrics.ROWS, "_read_at", float("-inf"))
    read: list[int] = []
    monkeypatch.setitem(metrics._figures, "counted", lambda: read.append(1) or [metrics.gauge("x", "x", 1)])

    scrape()
    scrape()

    assert read == [1]
