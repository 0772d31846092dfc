"""What docs/operations.md, the unit and the compose file say exists, and they parse."""

from __future__ import annotations

import re
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands
from django.urls import resolve
from prometheus_client import generate_latest

from governance import metrics

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = ("operations.md", "steward.service", "compose.yaml", "Dockerfile")


def text(name: str) -> str:
    return (DOCS / name).read_text()


def code() -> str:
    """Where settings are read: our own wiring, and the package that reads those of the bucket."""
    return "\n".join(path.read_text() for path in (ROOT / "config").rglob("*.py"))


@pytest.mark.parametrize("page", PAGES)
def test_every_setting_that_is_named_exists(page):
    named = set(re.findall(r"\b(STEWARD_[A-Z_]+|DATABASE_URL|REDIS_URL)\b", text(page)))

    # The proxy's own: compose asks for it, Steward does not read it.
    assert {name for name in named if f'"{name}"' not in code()} - {"STEWARD_NAME"} == set()


def test_every_setting_that_exists_is_named():
    read = set(re.findall(r'"(STEWARD_[A-Z_]+|DATABASE_URL|REDIS_URL)"', code()))

    # --behind-proxy sets the one that is not.
    assert read - set(re.findall(r"[A-Z_]{5,}", text("operations.md"))) == {"STEWARD_BEHIND_PROXY"}


def test_every_command_that_is_named_exists():
    named = set(re.findall(r"manage\.py (\w+)", text("operations.md")))

    assert named >= {"backup", "restore", "fsck", "rotate_keys", "confirm_key_copy", "make_store"}
    assert named - get_commands().keys() == set()


@pytest.mark.parametrize(
    "address", ["/healthz", "/readyz", "/metrics", "/system/", "/api/v1/system/key-copy"]
)
def test_every_address_that_is_named_exists(address):
    resolve(address)


@pytest.mark.django_db
def test_every_figure_that_is_named_exists(client, settings):
    settings.METRICS_TOKEN = "for this test"
    client.get("/metrics")
    told = set(re.findall(r"^# TYPE (\w+)", generate_latest(metrics.REGISTRY).decode(), re.MULTILINE))

    named = set(re.findall(r"\bsteward_\w+", text("operations.md")))

    assert named - told == set()


def test_every_file_that_is_linked_exists():
    linked = re.findall(r"\]\(([\w.]+)\)", text("operations.md"))

    assert [name for name in linked if not (DOCS / name).exists()] == []


# ------------------------------------------------------------------ systemd


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="There is no systemd here.")
def test_systemd_understands_the_unit(tmp_path):
    unit = text("steward.service").replace("/opt/steward/.venv/bin/python", shutil.which("python3") or "")
    unit = unit.replace("/opt/steward", str(ROOT)).replace("=steward\n", "=root\n")
    (tmp_path / "steward.service").write_text(unit)

    done = subprocess.run(
        ["systemd-analyze", "verify", tmp_path / "steward.service"],
        capture_output=True,
        text=True,
        check=False,
    )

    said = [line for line in done.stderr.splitlines() if "steward.service" in line]
    assert (done.returncode, said) == (0, [])


def test_the_unit_runs_what_exists_and_leaves_the_sandbox_its_walls():
    unit = ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read_string(text("steward.service"))

    service = unit["Service"]

    assert service["ExecStart"].split()[1:] == [
        "-m",
        "config.stack",
        "serve",
        "--behind-proxy",
        "--port",
        "8000",
    ]
    walls = {"RestrictNamespaces", "ProtectProc", "ProtectKernelTunables", "SystemCallFilter"}
    assert walls & set(service) == set()
    assert (service["OOMPolicy"], service["KillMode"]) == ("continue", "mixed")


# ------------------------------------------------------------------ compose


@pytest.fixture
def compose() -> dict:
    return yaml.safe_load(text("compose.yaml"))


def test_every_service_waits_for_services_and_mounts_what_is_declared(compose):
    services = compose["services"]
    waited_for = {name for service in services.values() for name in service.get("depends_on", {})}
    mounted = {mount.split(":")[0] for service in services.values() for mount in service.get("volumes", [])}
    handed = {name for service in services.values() for name in service.get("secrets", [])}

    assert waited_for <= services.keys()
    assert mounted == compose["volumes"].keys()
    assert handed == compose["secrets"].keys()


def test_only_the_proxy_is_reached_from_outside(compose):
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["proxy"]


def test_no_secret_stands_in_the_compose_file(compose):
    values = [
        (name, value)
        for service in compose["services"].values()
        for name, value in service.get("environment", {}).items()
    ]

    secret = [
        name
        for name, value in values
        if re.search("PASSWORD|KEY|TOKEN", name) and not value.startswith("/run/")
    ]
    assert secret == []


def test_the_image_holds_every_app_and_installs_by_hash(compose):
    built = compose["services"]["steward"]["build"]
    lines = (DOCS / built["context"] / built["dockerfile"]).read_text().splitlines()
    copied = {line.split()[1] for line in lines if line.startswith("COPY")}

    assert copied == {"requirements.txt", "manage.py", "config", "governance", "registry", "kb", "templates"}
    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert any("--require-hashes" in line for line in lines)
    assert lines[-2] == "USER steward"
