"""Data of the first release, moved forward: by migrating in place, and by restoring a backup of it."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from governance.models import Approval, Event, Membership, Notification, Token, User
from registry import storage
from registry.keeping import making, tables
from registry.keeping.progress import silent
from registry.models import Alias, Artifact, Blob, CheckResult, Finding, Version, Waiver
from tests.registry.keeping.conftest import emptied

pytestmark = pytest.mark.django_db(transaction=True)
# The tables of the first release, by the last migration of each app.
FIRST = {"governance": "0003_notifications", "registry": "0003_a_result_knows_its_revision"}
NOW = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
PLAIN = b"plain words\n"


@pytest.fixture
def first_release(transactional_db: None) -> Iterator[None]:
    """A database as that release had it, in the place of this run's, which waits under another name."""
    applied = first(MigrationExecutor(connection))
    with apart():
        with transaction.atomic():
            tables.make_like(applied, "default")
        fill()
        yield


@contextmanager
def apart() -> Iterator[None]:
    """Another database of the same name. Making the tables of today once more takes much longer."""
    name = connection.settings_dict["NAME"]
    ours, kept = tables.quoted(name), tables.quoted(f"{name}_kept")
    statements(f"ALTER DATABASE {ours} RENAME TO {kept}", f"CREATE DATABASE {ours}")
    try:
        yield
    finally:
        statements(f"DROP DATABASE {ours} WITH (FORCE)", f"ALTER DATABASE {kept} RENAME TO {ours}")


def statements(*each: str) -> None:
    """Said from outside: nobody may be connected to a database that is renamed or dropped."""
    connection.close()
    with connection._nodb_cursor() as cursor:
        for statement in each:
            cursor.execute(statement)


def first(executor: MigrationExecutor) -> list[tuple[str, str]]:
    """Every migration that it had, in order: of ours up to FIRST, of other packages all."""
    ours = {"governance", "registry", "kb"}
    others = [key for key in executor.loader.graph.leaf_nodes() if key[0] not in ours]
    return [
        (migration.app_label, migration.name)
        for migration, _ in MigrationExecutor(connection).migration_plan(
            [*others, *FIRST.items()], clean_start=True
        )
    ]


def fill() -> None:
    """Rows as that release wrote them, by its own models."""
    apps = MigrationExecutor(connection).loader.project_state(list(FIRST.items())).apps

    def make(app: str, model: str, /, **values: object) -> Any:
        return apps.get_model(app, model).objects.create(**values)

    stored = storage.store(io.BytesIO(PLAIN))
    mara = make("governance", "User", username="mara", password="!")
    jonas = make("governance", "User", username="jonas", password="!", is_superuser=True)
    team = make("governance", "Team", slug="fraud", name="Fraud", created_by=jonas)
    make("governance", "Membership", team=team, user=mara, role="data-scientist", granted_by=jonas)
    make("governance", "Token", user=mara, name="ci", prefix="stw_abcd", digest="d" * 64, expires_at=NOW)
    make("governance", "Notification", user=mara, kind="review", subject="teams/fraud", sentence="Look.")
    make(
        "governance",
        "Event",
        at=NOW,
        action="team.add",
        outcome="done",
        subject="teams/fraud",
        canonical=b"{}",
        salts={},
    )
    scorer = make("registry", "Artifact", team=team, kind="model", name="scorer", owner=mara, created_by=mara)
    version = make("registry", "Version", artifact=scorer, number=1, added_by=mara, metrics={"auc": 0.9})
    blob = make("registry", "Blob", team=team, **asdict(stored))
    file = make("registry", "File", version=version, path="notes.txt", blob=blob, added_by=mara)
    for name, outcome in (("file_type", "done"), ("pickle_imports", "failed"), ("tabular_facts", "")):
        finished = NOW if outcome else None
        make(
            "registry",
            "CheckResult",
            version=version,
            file=file,
            check_name=name,
            outcome=outcome,
            finished_at=finished,
        )
    finding = make(
        "registry",
        "Finding",
        version=version,
        check_name="file_type",
        path="notes.txt",
        name="odd",
        severity=3,
    )
    make(
        "registry", "Waiver", artifact=scorer, finding=finding, check_name="file_type", path="notes.txt",
        name="odd", severity=3, reason="Known.", by=jonas, ends_at=NOW + timedelta(days=30),
    )  # fmt: skip
    rows = json.dumps([["notes.txt", stored.size, stored.sha256]], separators=(",", ":"))
    digest = hashlib.sha256(rows.encode()).hexdigest()
    apps.get_model("registry", "Version").objects.update(
        submitted_at=NOW, digest=digest, file_count=1, size=stored.size
    )
    make("registry", "Alias", artifact=scorer, name="production", version=version, moved_at=NOW)
    make(
        "registry",
        "Move",
        artifact=scorer,
        alias="production",
        version=version,
        protected=True,
        by=jonas,
        at=NOW,
    )
    make(
        "governance", "Approval", team=team, subject="models/fraud/scorer/versions/1", alias="production",
        digest=digest, evidence={}, requested_by=mara, closed_at=NOW, outcome="used",
    )  # fmt: skip


def in_place() -> None:
    call_command("migrate", verbosity=0)


@pytest.mark.slow
def test_data_of_the_first_release_move_forward_in_place(first_release):
    in_place()

    assert what_is_there() == EXPECTED


@pytest.mark.slow
def test_a_backup_of_the_first_release_is_restored_into_this_one(first_release, target):
    making.make(target, silent)
    in_place()
    emptied()

    call_command("restore", str(target), stdout=io.StringIO(), stderr=io.StringIO())

    assert what_is_there() == EXPECTED


@pytest.mark.slow
def test_what_was_moved_forward_can_be_used(first_release):
    in_place()

    version = Version.objects.with_state().get()
    blob = Blob.objects.get()

    assert (version.state, version.released) == ("blocked", True)
    assert b"".join(storage.pieces(blob)) == PLAIN
    assert Version.objects.visible_to(User.objects.get(username="mara")).count() == 1


EXPECTED = {
    "users": ["jonas", "mara"],
    "roles": [("mara", "data-scientist")],
    "tokens": [("ci", "d" * 64)],
    "notifications": ["Look."],
    "events": [("team.add", b"{}")],
    "artifacts": ["models/fraud/scorer"],
    "versions": [(1, {"auc": 0.9}, NOW)],
    "results": [("file_type", "done"), ("pickle_imports", "failed"), ("tabular_facts", "")],
    "findings": ["odd"],
    "waivers": [NOW + timedelta(days=30)],
    "aliases": [("production", 1)],
    "approvals": ["used"],
}


def what_is_there() -> dict[str, list]:
    """What was put in, as the models of today read it; a restore adds an event and the system's account."""
    people = User.objects.exclude(username=User.SYSTEM)
    events = Event.objects.filter(action="team.add")
    return {
        "users": sorted(people.values_list("username", flat=True)),
        "roles": list(Membership.objects.values_list("user__username", "role")),
        "tokens": list(Token.objects.values_list("name", "digest")),
        "notifications": list(Notification.objects.values_list("sentence", flat=True)),
        "events": [(event.action, bytes(event.canonical)) for event in events],
        "artifacts": [artifact.label for artifact in Artifact.objects.all()],
        "versions": list(Version.objects.values_list("number", "metrics", "submitted_at")),
        "results": sorted(CheckResult.objects.values_list("check_name", "outcome")),
        "findings": list(Finding.objects.values_list("name", flat=True)),
        "waivers": list(Waiver.objects.values_list("ends_at", flat=True)),
        "aliases": list(Alias.objects.values_list("name", "version__number")),
        "approvals": list(Approval.objects.values_list("outcome", flat=True)),
    }
