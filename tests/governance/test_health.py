"""Alive and ready, from outside."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from governance import health
from governance.health import Health


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A register with nothing in it but what the test adds."""
    monkeypatch.setattr(health, "PARTS", {})
    monkeypatch.setattr(health, "_looking", {})
    monkeypatch.setattr(health, "_away", set())

    def add(name: str, look: health.Look, **about: Any) -> None:
        health.part(name, **about)(look)

    return add


def test_alive_asks_no_part(client: Client) -> None:
    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


@pytest.mark.django_db
def test_ready_names_every_part(client: Client) -> None:
    found = client.get("/readyz").json()["parts"]

    parts = {"database", "broker", "workers", "scheduler", "blobs", "master key", "sandbox level"}
    assert parts <= set(found)
    assert found["database"] == {"ok": True, "says": ""}


def test_ready_when_all_are_there(client: Client, only: Callable[..., None]) -> None:
    only("glue", Health)

    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {"status": "ready", "parts": {"glue": {"ok": True, "says": ""}}}


def test_not_ready_when_a_needed_part_is_away(client: Client, only: Callable[..., None]) -> None:
    only("glue", lambda: Health.of("The pot is empty."))

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["parts"] == {"glue": {"ok": False, "says": "The pot is empty."}}


def test_ready_without_a_part_that_is_not_needed(client: Client, only: Callable[..., None]) -> None:
    only("glue", lambda: Health.of("The pot is empty."), needed=False)

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["status"]) == (200, "ready")


def test_what_went_wrong_inside_is_not_told(client: Client, only: Callable[..., None]) -> None:
    def fail() -> Health:
        raise RuntimeError("postgresql://steward:secret@/steward?host=/var/steward")

    only("glue", fail)

    assert client.get("/readyz").json()["parts"] == {"glue": {"ok": False, "says": "It is away."}}


def test_a_part_that_hangs_is_away_after_a_second_and_costs_one_thread(
    client: Client, only: Callable[..., None]
) -> None:
    release = threading.Event()

    def hang() -> Health:
        release.wait()
        return Health()

    only("glue", hang)
    before, began = threading.active_count(), time.monotonic()

    first, second = client.get("/readyz"), client.get("/readyz")

    assert time.monotonic() - began < 2 * health.PATIENCE + 1
    assert first.json() == second.json()
    assert first.json()["parts"]["glue"]["says"] == "It did not answer within 1 s."
    assert threading.active_count() == before + 1
    release.set()


def test_parts_that_ask_the_same_are_looked_at_by_one_thread_each_for_itself(
    client: Client, only: Callable[..., None]
) -> None:
    threads = []

    def fail() -> Health:
        threads.append(threading.get_ident())
        raise RuntimeError

    def there() -> Health:
        threads.append(threading.get_ident())
        return Health()

    only("glue", fail, asks="pot")
    only("paste", there, asks="pot")

    parts = client.get("/readyz").json()["parts"]

    assert (parts["glue"]["ok"], parts["paste"]["ok"], len(set(threads))) == (False, True, 1)


def test_nobody_stores_the_answer(client: Client, only: Callable[..., None]) -> None:
    assert "no-store" in client.get("/readyz").headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_nothing_can_be_sent_there(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
