"""Something as large and as odd as it may be, for tests that look at every page of it."""

from __future__ import annotations

from django.db import connection
from django.db.models import F
from django.utils import timezone

from governance import actions as governing
from governance.models import Team, User
from registry import actions
from registry.models import Artifact, Blob, CheckResult, File, Finding, Kind, Link, Severity, Version
from registry.records import KINDS
from tests import factories

HTML = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&amp;"
MIXED = "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628 a\u200cb\u200dc \U0001f469\u200d\U0001f52c"
RIGHT_TO_LEFT = MIXED[:8]
UNBROKEN = "w" * 255
VERSIONS, FINDINGS, PARENTS, FOLDERS = 10_000, 5_000, 200, 40
DEEP = "/".join([*(f"d{number:02}" for number in range(FOLDERS)), f"{'x' * 80}\u05e9\u05dc\U0001f600.txt"])
WIDE = f"<b>{'y' * 240}</b>.txt"


def make(team: Team, author: User, steward: User) -> Version:
    """The newest of 10,000 versions: 5,000 findings, 200 parents, names as long as they may be."""
    author.first_name, author.last_name = "<b>Mara</b>" + "n" * 120, MIXED
    author.save(update_fields=["first_name", "last_name"])
    Team.objects.filter(pk=team.pk).update(name=f"{HTML}{'t' * 60}")
    text = f"{HTML}\n\n{MIXED}\n\n{UNBROKEN}"
    said = {"description": text, "tags": ["t" * 40, "other"], "licence": "LicenseRef-" + "l" * 100}
    artifact = factories.artifact(team, author, name="s" * 100, **said)
    data = factories.artifact(team, author, Kind.DATASET, name="d" * 100)
    parents = many(data, author, PARENTS)
    many(artifact, author, VERSIONS - 1)
    files = {path: path.encode() for path in (DEEP, WIDE, "notes.txt")}
    version = factories.draft(
        artifact,
        author,
        files,
        notes=text,
        metrics={HTML[:60]: 0.5, UNBROKEN[:60]: 1e-300},
        parameters={HTML[:60]: HTML, UNBROKEN[:60]: UNBROKEN, RIGHT_TO_LEFT: MIXED},
    )
    Link.objects.bulk_create(
        Link(version=version, parent=parent, relation=Link.Relation.TRAINED_ON) for parent in parents
    )
    version = actions.submit(version, by=author)
    CheckResult.objects.filter(version=version).update(outcome="done", finished_at=timezone.now())
    Finding.objects.bulk_create(finding(version, number) for number in range(FINDINGS))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum does
    actions.move_alias(version, "a" * 60, by=author)
    actions.add_record(version, "decision", KINDS["decision"].example, by=author)
    governing.request_approval(version.label, alias="production", note=text, by=author)
    return version


def many(artifact: Artifact, author: User, number: int) -> list[Version]:
    """Frozen ones in bulk, each with a file."""
    key = f"{artifact.pk:032}"
    blob = Blob.objects.create(team=artifact.team, sha256=2 * key, size=1, name=key, **KEY)
    made = Version.objects.bulk_create(
        Version(artifact=artifact, number=place, added_by=author, metrics={"f1": place / number})
        for place in range(1, number + 1)
    )
    added = {"added_by": author, "added_at": timezone.now()}
    File.objects.bulk_create(File(version=version, path="model.bin", blob=blob, **added) for version in made)
    frozen = {"submitted_at": F("added_at"), "digest": "5" * 64, "file_count": 1, "size": 1}
    Version.objects.filter(artifact=artifact).update(**frozen)
    return made


KEY = {"key_version": 1, "wrapped_key": bytes(60)}


def finding(version: Version, number: int) -> Finding:
    names = (f"{number}.{HTML}", f"{number}.{UNBROKEN}"[:200], f"{number}.{MIXED}")
    return Finding(
        version=version,
        check_name="pickle_imports",
        path=(DEEP, WIDE, "notes.txt")[number % 3],
        name=names[number % 3],
        place=f"line {number} {HTML}"[:200],
        severity=Severity.HIGH if number % 2 else Severity.LOW,
        message=f"{HTML} {MIXED} {UNBROKEN}",
    )
