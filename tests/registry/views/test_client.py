"""The small client is handed out."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

SOURCE = (Path(__file__).resolve().parents[3] / "registry" / "client" / "steward.py").read_bytes()
TAG = f'"{hashlib.sha256(SOURCE).hexdigest()}"'


def test_anybody_gets_the_client_as_a_file():
    answer = Client().get("/client/steward.py")

    assert (answer.status_code, answer.content) == (200, SOURCE)
    assert (answer["Content-Type"], answer["ETag"]) == ("text/x-python; charset=utf-8", TAG)
    assert answer["Content-Disposition"] == 'attachment; filename="steward.py"'
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "no-cache")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_who_has_it_gets_nothing():
    answer = Client().get("/client/steward.py", HTTP_IF_NONE_MATCH=TAG)

    assert (answer.status_code, answer.content) == (304, b"")


def test_nothing_can_be_sent_to_it():
    assert Client().post("/client/steward.py").status_code == 405
