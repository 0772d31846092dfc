"""Fill the bench's database with somebody who measures, 50,000 artifacts, or one large sealed file.

Rows are made in bulk, since 50,000 pushes would take an
hour; they are what pushes leave behind, except that the sealed bytes of these versions do not exist.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.db.models import F, Model
from django.utils import timezone

from governance import tokens
from governance.models import Membership, Team, Token, User
from registry import storage
from registry.checks import CHECKS, for_kind
from registry.engines import engine_of
from registry.models import (
    Alias,
    Artifact,
    Blob,
    CheckResult,
    File,
    Finding,
    Kind,
    Move,
    Severity,
    Version,
)

ARTIFACTS = 50_000
TEAMS = 10
EACH = 5_000  # rows of one statement
TAGS = [f"{word}-{number}" for word in ("vision", "text", "tabular", "audio") for number in range(10)]
WORDS = ["churn", "fraud", "price", "demand", "image", "speech", "risk", "click", "route", "crop", "energy"]
chance = random.Random(7)  # the same rows in every run


def main(what: str, size: str = "0") -> dict[str, str]:
    """`person`, `artifacts` or `file SIZE`: what has to be known to use them."""
    person = somebody()
    known = {"token": token(person), "cookie": cookie(person), "team": "team-0"}
    if what == "artifacts":
        known |= {"name": artifacts(person)}
    if what == "file":
        known |= {"name": released_file(person, int(size))}
    return known


def somebody() -> User:
    """A data scientist of every team."""
    person, _ = User.objects.get_or_create(username="bench")
    for number in range(TEAMS):
        slug = f"team-{number}"
        team, _ = Team.objects.get_or_create(slug=slug, defaults={"name": slug, "created_by": User.system()})
        Membership.objects.get_or_create(
            team=team, user=person, role="data-scientist", defaults={"granted_by": User.system()}
        )
    return person


def token(person: User) -> str:
    text = tokens.make()
    Token.objects.create(
        user=person,
        name="bench",
        prefix=text[:8],
        digest=tokens.digest(text),
        expires_at=timezone.now() + timedelta(days=1),
    )
    return text


def cookie(person: User) -> str:
    """A session as signing in leaves it."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


# ------------------------------------------------------------------ rows


def artifacts(person: User) -> str:
    """50,000 models; the name of one in the middle of them, whose version 3 is in production."""
    with transaction.atomic():
        made = rows(Artifact, models(person))
        made_versions = rows(Version, versions(made))
        files = rows(File, with_blobs(made_versions))
        freeze(made_versions)
        rows(CheckResult, results(files))
        rows(Finding, findings(made_versions))
        released = [version for version in made_versions if version.artifact_id % 3 == 0]
        rows(Alias, aliases(released))
        rows(Move, moves(released))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # as autovacuum would, only now instead of while it is measured
    team = Team.objects.get(slug="team-0")
    return next(
        artifact.name
        for artifact in made[ARTIFACTS // 2 :]
        if artifact.team_id == team.pk and artifact.pk % 3 == 0 and artifact.versions.count() == 3
    )


def released_file(person: User, size: int) -> str:
    """A model in production whose one file is in the store, sealed, and beside it in the plain."""
    with transaction.atomic():
        large = next(models(person))
        large.name = "large"  # the first of the 50,000 may be there already
        (model,) = rows(Artifact, [large])
        (version,) = rows(Version, [next(versions([model]))])
        with (settings.STEWARD_HOME / "plain" / "file").open("wb") as plain, storage.Writer(size) as writer:
            for _ in range(size >> 20):
                plain.write(piece := chance.randbytes(1 << 20))
                writer.write(piece)
            stored = writer.finish()
        (blob,) = rows(Blob, [Blob(team_id=model.team_id, **asdict(stored))])
        files = rows(
            File,
            [File(version=version, path="model.pkl", blob=blob, added_by=person, added_at=timezone.now())],
        )
        freeze([version])
        rows(CheckResult, results(files))
        rows(Alias, aliases([version]))
        rows(Move, moves([version]))
    return model.name


def rows(model: type[Model], made: Iterable[Any]) -> list[Any]:
    return model._default_manager.bulk_create(list(made), batch_size=EACH)


def models(person: User) -> Iterator[Artifact]:
    teams = list(Team.objects.filter(slug__startswith="team-").order_by("slug"))
    now = timezone.now()
    for number in range(ARTIFACTS):
        words = chance.sample(WORDS, 3)
        yield Artifact(
            team=teams[number % TEAMS],
            kind=Kind.MODEL,
            name=f"{words[0]}-{words[1]}-{number:05}",
            description=f"Tells {words[2]} from {words[0]}; the {words[1]} of last year is in it.",
            owner=person,
            tags=chance.sample(TAGS, 3),
            licence="Apache-2.0",
            created_by=person,
            created_at=now,
            updated_at=now - timedelta(seconds=chance.randrange(10**7)),
        )


def versions(made: Sequence[Artifact]) -> Iterator[Version]:
    """One each, three of every seventh."""
    for artifact in made:
        for number in range(1, 4 if artifact.pk % 7 == 0 else 2):
            yield Version(
                artifact=artifact,
                number=number,
                notes="Trained anew.",
                metrics={"auc": round(chance.random(), 4), "loss": round(chance.random(), 4)},
                parameters={"depth": chance.randrange(12), "seed": chance.randrange(10**6)},
                added_by_id=artifact.owner_id,
                added_at=artifact.created_at,
            )


def with_blobs(made: Sequence[Version]) -> Iterator[File]:
    blobs = rows(Blob, (blob(version) for version in made))
    return map(file, made, blobs)


def file(version: Version, stored: Blob) -> File:
    added = {"added_by_id": version.added_by_id, "added_at": version.added_at}
    return File(version=version, path="model.pkl", blob=stored, **added)


def blob(version: Version) -> Blob:
    name = hashlib.sha256(str(version.pk).encode()).hexdigest()
    return Blob(
        team_id=version.artifact.team_id,
        sha256=name,
        size=chance.randrange(10**8),
        name=name[:32],
        key_version=1,
        wrapped_key=bytes(60),
    )


def freeze(made: Sequence[Version]) -> None:
    Version.objects.filter(pk__in=[version.pk for version in made]).update(
        submitted_at=F("added_at"), digest="5" * 64, file_count=1, size=1_000_000
    )


def results(files: Sequence[File]) -> Iterator[CheckResult]:
    for file in files:
        for check in for_kind(Kind.MODEL):
            yield CheckResult(
                version_id=file.version_id,
                file=file,
                check_name=check.name,
                outcome="done",
                engine_version=engine_of(check),
                list_version=CHECKS[check.name].list_version,
                attempts=1,
                asked_at=file.added_at,
                finished_at=timezone.now(),
                seconds=0.01,
            )


def findings(made: Sequence[Version]) -> Iterator[Finding]:
    """Something to read in every fifth version, something that blocks in every fiftieth."""
    for place, version in enumerate(made[::5]):
        severity = Severity.LOW if place % 10 else Severity.HIGH
        yield Finding(
            version=version,
            check_name="pickle_imports",
            path="model.pkl",
            name="a.b",
            severity=severity,
            message="Look at it.",
        )


def aliases(released: Sequence[Version]) -> Iterator[Alias]:
    newest = {version.artifact_id: version for version in released}
    now = timezone.now()
    for version in newest.values():
        yield Alias(artifact_id=version.artifact_id, name="production", version=version, moved_at=now)


def moves(released: Sequence[Version]) -> Iterator[Move]:
    for version in released:
        yield Move(
            artifact_id=version.artifact_id,
            alias="production",
            version=version,
            before=None,
            protected=True,
            by_id=version.added_by_id,
            at=timezone.now(),
        )
