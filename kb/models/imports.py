"""Zips of Markdown on their way in: sent, read by a worker, looked at by who sent them, and taken in."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, Self

from django.db import connection, models
from django.db.models import F, Func, Q
from django.utils import timezone

from governance import access
from governance.models import Team, User
from registry.models import Blob

TASK = "kb.take_imports"  # the worker's
NEW, CHANGED, SAME, LEFT = "new", "changed", "same", "left"
STORED = {NEW, CHANGED}
KEPT = timedelta(days=7)  # one that nobody takes in, and what is told of one that was
# A plan may have ten thousand entries: the database counts them, and gives the few that are shown.
COUNTED = """
    SELECT entry->>'what', count(*) FROM kb_import, jsonb_array_elements(plan) AS entry
    WHERE id = %s GROUP BY 1
"""
SHOWN = """
    SELECT entry::text FROM kb_import, jsonb_array_elements(plan) AS entry
    WHERE id = %(pk)s AND (%(what)s = '' OR entry->>'what' = %(what)s) AND (entry->>'place')::int > %(after)s
    ORDER BY (entry->>'place')::int LIMIT %(most)s
"""


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, person: User) -> Self:
        """Who sent it, alone, where they still read: like a draft, it says nothing to anybody yet."""
        return self.filter(by=person.pk, team__in=access.teams(person, "article.view"))

    def to_read(self) -> Self:
        return self.filter(plan__isnull=True, problem="")

    def to_take(self) -> Self:
        return self.filter(finished_at=None).exclude(confirmed_at=None)

    def over(self) -> Self:
        """Nothing is done with them any more."""
        old = Q(at__lt=timezone.now() - KEPT)
        return self.filter(old).filter(Q(confirmed_at=None) | ~Q(finished_at=None))


class Import(models.Model):
    """One zip. `plan` has an entry for each file in it: its place, path, slug and title, what becomes of it
    (new, changed, same or left) and why it is left out; of an article that is there the digest that it had.
    `taken` is how many of these are done, of `files`."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=255)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    plan: Any = models.JSONField(null=True, blank=True)
    files = models.GeneratedField(
        expression=Func(F("plan"), function="jsonb_array_length"),
        output_field=models.PositiveIntegerField(null=True),
        db_persist=True,
    )
    problem = models.TextField(blank=True, help_text="Why it cannot be taken in at all.")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    taken = models.PositiveIntegerField(default=0)
    done: Any = models.JSONField(
        default=dict, blank=True, help_text="How many were added, changed and so on."
    )
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["by", "-id"], name="import_by_person"),
            models.Index(fields=["at"], condition=Q(finished_at=None), name="import_open"),
        ]

    @property
    def label(self) -> str:
        return f"imports/{self.pk}"

    @property
    def state(self) -> str:
        """reading, refused, read, taking or done."""
        if self.problem:
            return "refused"
        if self.files is None:
            return "reading"
        if self.confirmed_at is None:
            return "read"
        return "taking" if self.finished_at is None else "done"

    def counts(self) -> dict[str, int]:
        """How many files become what."""
        with connection.cursor() as cursor:
            cursor.execute(COUNTED, [self.pk])
            return dict(cursor.fetchall())

    def entries(self, most: int, what: str = "", after: int = -1) -> list[dict[str, Any]]:
        """Of its plan those that become this, at most so many, behind a place."""
        with connection.cursor() as cursor:
            cursor.execute(SHOWN, {"pk": self.pk, "what": what, "after": after, "most": most})
            return [json.loads(entry) for (entry,) in cursor.fetchall()]
