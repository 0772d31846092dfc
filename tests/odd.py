"""Whatever people write, as long and odd as it may be: markup, both directions, nowhere to break a line."""

from __future__ import annotations

from django.apps import apps
from django.db import connection

from tests.registry.large import HTML, MIXED, UNBROKEN

ODD = f"{HTML} {MIXED} {UNBROKEN}"
RAW = ("<script>alert", "<img src=x")
# What is written by people, by model.
WRITTEN = {
    "governance.Approval": ("note",),
    "governance.Browser": ("agent",),
    "governance.Delivery": ("last_error",),
    "governance.Event": ("reason",),
    "governance.JobPause": ("reason",),
    "governance.JobRun": ("said", "error"),
    "governance.Mail": ("last_error",),
    "governance.Notification": ("sentence",),
    "governance.Team": ("name",),
    "governance.Token": ("name",),
    "governance.User": ("first_name", "last_name"),
    "governance.Vote": ("note",),
    "kb.Article": ("title", "text"),
    "kb.ArticleVersion": ("title", "text", "note"),
    "kb.Collection": ("title",),
    "kb.Comment": ("text",),
    "kb.Decision": ("title", "context", "options", "choice", "consequences"),
    "kb.Draft": ("title", "text"),
    "kb.Entry": ("text", "label"),
    "kb.Firing": ("said",),
    "kb.FollowUp": ("text",),
    "kb.Glass": ("reason",),
    "kb.Miss": ("text",),
    "kb.PlaybookVersion": ("note",),
    "kb.Rating": ("reason",),
    "kb.Reading": ("note",),
    "kb.Run": ("note", "trigger", "reason"),
    "kb.Trigger": ("note", "held_why"),
    "kb.Wanted": ("text",),
    "registry.Artifact": ("description", "licence", "held_reason"),
    "registry.CheckResult": ("error",),
    "registry.Contract": ("note",),
    "registry.Declaration": ("target", "split", "group", "time", "source"),
    "registry.Evaluation": ("error",),
    "registry.Finding": ("name", "place", "message"),
    "registry.GateRequest": ("note", "answer"),
    "registry.Grant": ("purpose", "note", "end_reason"),
    "registry.KnownName": ("name", "reason"),
    "registry.Move": ("reason",),
    "registry.Record": ("reason",),
    "registry.Restriction": ("reason", "opened_because"),
    "registry.SigningKey": ("name", "whose", "ended_because"),
    "registry.Triage": ("note",),
    "registry.Version": ("notes", "withdrawn_reason"),
    "registry.Waiver": ("name", "reason"),
}


def write() -> None:
    """Into each field of each row in which somebody has written something."""
    for label, names in WRITTEN.items():
        model = apps.get_model(label)
        for name in names:
            field = model._meta.get_field(name)
            fill(model._meta.db_table, field.column, field.max_length or 2000)


def fill(table: str, column: str, most: int) -> None:
    """Past what keeps records as they are."""
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        words = f"""UPDATE "{table}" SET "{column}" = left(id || %s, %s) WHERE "{column}" != ''"""
        cursor.execute(words, [f" {ODD}", most])
        cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
