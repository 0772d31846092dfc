"""Looking at what is attached to articles: by every check for files, in the sandbox, as for any other file.

Everything here may run twice, beside itself, or be killed half-way: a lock that dies with its connection
keeps two apart, and what has no outcome yet is found again by the job `unchecked_attachments`.
"""

from __future__ import annotations

import base64
import io
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db import transaction
from django.db.models import Value

from governance.alone import alone
from governance.errors import Problem, Unavailable
from governance.telling import tell
from kb.models import Attachment, RunFile
from kb.models.attachments import SEARCHED
from registry import checks, previewing, sandbox, storage
from registry.actions.blobs import holds_blobs, keep_blob
from registry.checks import Issue
from registry.receiving import discard
from registry.sandbox import Report
from registry.storage import Stored

logger = logging.getLogger("steward.checks")

SPACE = 0x57E3A32
KIND = "asset"
BLOCKING = {"critical", "high"}
TEXTS = (".txt", ".md", ".csv", ".tsv", ".json", ".yaml", ".yml", ".toml", ".log", ".py", ".sql", ".ini")

holds_blobs(Attachment, "blob", "shown")


@dataclass(frozen=True)
class Seen:
    """What looking at the bytes of an attachment yielded."""

    outcome: str
    issues: list[dict[str, str]] = field(default_factory=list)
    picture: Stored | None = None
    width: int = 0
    height: int = 0
    text: str = ""


def look(pk: int) -> bool:
    """Check one of them; False when what it takes is away, and a job will ask again."""
    with alone(SPACE, pk % 2**31) as mine:
        attachment = (
            Attachment.objects.waiting().select_related("blob", "article__team").filter(pk=pk).first()
        )
        if not mine or attachment is None:
            return True
        try:
            seen = looked_at(attachment)
        except Unavailable as away:
            logger.warning("attachment %s waits: %s", pk, away.sentence)
            return False
        if not note_seen(attachment, seen) and seen.picture:
            discard(seen.picture)
    return True


def looked_at(attachment: Attachment) -> Seen:
    outcome, issues = judged(attachment)
    if outcome != Attachment.CLEAN:
        return Seen(outcome, issues)
    picture, width, height = pictured(attachment)
    return Seen(outcome, issues, picture, width, height, text_of(attachment))


def judged(file: Attachment | RunFile) -> tuple[str, list[dict[str, str]]]:
    """The outcome of all checks for files, and what they said."""
    try:
        reports = reported(file, [check.name for check in checks.for_kind(KIND)])
    except Unavailable:
        raise
    except Problem as problem:
        return Attachment.FAILED, [said("storage", "critical", problem.sentence)]
    issues = [*found(reports)]
    if any(report.outcome != "done" for report in reports) or not reports:
        return Attachment.FAILED, issues
    blocked = any(issue["severity"] in BLOCKING for issue in issues)
    return (Attachment.BLOCKED if blocked else Attachment.CLEAN), issues


def reported(file: Attachment | RunFile, names: list[str]) -> list[Report]:
    sealed, data_key = storage.sealed(file.blob)
    with sealed:
        return list(sandbox.run(sealed, data_key, file.blob.name, file.name, names))


def found(reports: Iterable[Report]) -> Iterable[dict[str, str]]:
    for report in reports:
        if report.outcome != "done":
            yield said(report.check, "critical", report.error)
        for issue in report.issues:
            yield said(report.check, issue.severity, issue.message)


def said(check: str, severity: str, message: str) -> dict[str, str]:
    return {"check": check, "severity": severity, "message": Issue("info", message).message}


def pictured(attachment: Attachment) -> tuple[Stored | None, int, int]:
    """A picture as it was read behind the walls and drawn again, sealed. Nothing for what is none by its
    bytes, whatever its name says."""
    if not attachment.name.lower().endswith(PICTURES):
        return None, 0, 0
    for part in previewing.made_of(attachment.blob, attachment.name):
        if part["kind"] == "picture":
            content = base64.b64decode("".join(part["data"]))
            return storage.store(io.BytesIO(content), len(content)), part["width"], part["height"]
    return None, 0, 0


PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp")


def text_of(attachment: Attachment) -> str:
    """The beginning of what is a text by its name and by its bytes."""
    if not attachment.name.lower().endswith(TEXTS):
        return ""
    with storage.open_blob(attachment.blob) as file:
        content = file.read(4 * SEARCHED)
    try:
        text = content.decode("utf-8-sig", "strict" if len(content) == attachment.blob.size else "ignore")
    except UnicodeDecodeError:
        return ""
    return "" if "\0" in text else text[:SEARCHED]


def note_seen(attachment: Attachment, seen: Seen) -> bool:
    """Keep it, once: whether the attachment still waited for it."""
    with transaction.atomic():
        rows = Attachment.objects.select_for_update(of=("self",)).waiting().filter(pk=attachment.pk)
        for found in rows.select_related("article__team", "article__collection", "added_by"):
            changes: dict[str, Any] = {"outcome": seen.outcome, "issues": seen.issues}
            if seen.picture is not None:
                shown = keep_blob(found.article.team, seen.picture)
                changes |= {"shown": shown, "width": seen.width, "height": seen.height}
            if seen.text:
                changes["search"] = SearchVector(Value(seen.text), config="english")
            Attachment.objects.filter(pk=found.pk).update(**changes)
            if seen.outcome != Attachment.CLEAN:
                said = (
                    f"{found.name} at {found.article.label} did not pass its checks: others cannot fetch it."
                )
                tell(
                    "attachment-blocked",
                    [found.added_by],
                    found.article,
                    said,
                )
            return True
    return False
