"""What the web process does not carry: it serves pages and programs, and everything else is loaded late."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SERVES = """
import sys
from django.urls import get_resolver
import config.wsgi
get_resolver().url_patterns
print(*sorted(sys.modules))
"""
# What the descriptions of the API, checks, buckets and tests need.
ABSENT = {
    "boto3", "botocore", "cryptography.x509", "django.test", "drf_spectacular.openapi",
    "drf_spectacular.plumbing", "fido2", "joblib", "jsonschema", "numpy", "pandas", "polars",
    "pyarrow", "pytest", "qrcode", "rapidfuzz",
    "rest_framework.test", "skops", "sklearn", "unittest",
}  # fmt: skip


@pytest.mark.slow
def test_the_web_process_loads_nothing_that_serving_does_not_need(own_home: Path) -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}

    done = subprocess.run(
        [sys.executable, "-c", SERVES], env=environment, capture_output=True, text=True, check=True
    )

    loaded = set(done.stdout.split())
    assert "registry.api.files" in loaded
    assert ABSENT & loaded == set()
