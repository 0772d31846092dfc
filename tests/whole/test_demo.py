"""The demo on the running system, whose worker runs the checks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.whole.stack import Stack

pytestmark = pytest.mark.slow


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Stack]:
    own = Stack(tmp_path / "home")
    own.start()
    yield own
    own.stop()


def test_the_demo_is_made_once_and_its_people_can_work(running):
    first = running.manage("demo")
    second = running.manage("demo")

    *progress, ready = first.splitlines()
    assert len(progress) == 8
    assert second == ready
    assert (running.home / "keys" / "demo_password").read_text() == ready.rpartition(" ")[2]
    jonas, priya = running.person("jonas"), running.person("priya")
    asked = jonas.get("approvals/", params={"open": "true"}).json()["results"][0]
    assert asked["subject"] == "models/lab/tumour-classifier/versions/3"
    assert jonas.post(f"approvals/{asked['id']}/approve").status_code == 200
    moved = priya.put("models/lab/tumour-classifier/aliases/production", {"version": 3})
    assert moved.status_code == 200
