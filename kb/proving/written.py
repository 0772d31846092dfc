"""Evidence that people put into a run: what they said, measured, chose or bound."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from governance.prepared import prepared
from governance.sentences import spoken
from governance.templatetags.words import counted
from kb.models import Article, Decision, Entry, Run, RunFile, RunPerson
from kb.playbooks import Need, Step
from kb.proving.found import CHANGED, FAILED, MISSING, NOTHING, PROVED, SILENT, Found, first_line, put
from registry.models import Version
from registry.subjects import versions_called

MOST_ENTRIES = 2_000
OF_FILES = {
    "": (SILENT, "is being checked"),
    RunFile.CLEAN: (PROVED, ""),
    RunFile.BLOCKED: (FAILED, "did not pass its checks"),
    RunFile.FAILED: (FAILED, "could not be checked, and not evaluated is never a pass"),
}


class Written:
    """Of one run."""

    run: Run

    @cached_property
    def people(self) -> list[RunPerson]:
        return parts(run=self.run.pk)

    @cached_property
    def entries(self) -> list[Entry]:
        """Without what is only said."""
        return entries(run=self.run.pk)

    def written(self, step: Step, place: int) -> list[Entry]:
        return [entry for entry in self.entries if entry.step == step.key and entry.need == place]

    def newest(self, step: Step, place: int, *kinds: str) -> Entry | None:
        found = [entry for entry in self.written(step, place) if entry.kind in kinds]
        return found[-1] if found else None

    def of_statement(self, step: Step, place: int, need: Need) -> Found:
        given = {e.by_id: e for e in self.written(step, place) if e.kind == Entry.STATEMENT}
        if need.everybody:
            return self.of_everybody(step, given)
        last = self.newest(step, place, Entry.STATEMENT)
        return put(last, f"“{first_line(last.text)}”") if last else NOTHING

    def of_everybody(self, step: Step, given: dict[int, Entry]) -> Found:
        """A statement by each who has the step's role."""
        asked = {each.user_id: str(each.user) for each in self.people if each.role in step.roles}
        lacking = [name for key, name in asked.items() if key not in given]
        if not asked or not given:
            return NOTHING
        said = f"{len(given)} of {counted(len(asked), 'person', 'people')} have said it"
        last = max(given.values(), key=lambda entry: entry.pk)
        return put(last, said) if not lacking else Found(MISSING, said)

    def of_number(self, step: Step, place: int, need: Need) -> Found:
        last = self.newest(step, place, Entry.NUMBER)
        if last is None or last.number is None:
            return Found(MISSING, f"{need.text}: {need.range}")
        fits = need.takes(last.number)
        said = f"{last.number:g} {need.unit}" + ("" if fits else f": it has to be {need.range}")
        return put(last, said, PROVED if fits else FAILED)

    def of_choice(self, step: Step, place: int, need: Need) -> Found:
        last = self.newest(step, place, Entry.CHOICE)
        return put(last, last.text) if last else NOTHING

    def of_upload(self, step: Step, place: int, need: Need) -> Found:
        last = self.newest(step, place, Entry.BIND)
        if last is None:
            return NOTHING
        state, why = self.bound.get(last.label, (CHANGED, "is not there any more"))
        if state == PROVED and self.digests.get(last.label, "") != last.digest:
            state, why = CHANGED, "is not the one that was bound"
        said = (self.names.get(last.label) or spoken(last.label)) + (f" {why}" if why else "")
        return put(last, said, state, last.label)

    of_article = of_decision = of_upload

    @cached_property
    def bound(self) -> dict[str, tuple[str, str]]:
        """How what was bound stands, by label."""
        self.digests: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.decided: dict[str, datetime] = {}
        labels = {entry.label for entry in self.entries if entry.kind == Entry.BIND}
        found: dict[str, tuple[str, str]] = {}
        versions = Version.objects.filter(versions_called(labels), deleted_at=None)
        for version in versions.select_related("artifact__team") if labels else ():
            self.digests[version.label] = version.digest
            withdrawn = version.withdrawn_at is not None
            found[version.label] = (FAILED, "was withdrawn") if withdrawn else (PROVED, "")
        named = [label.split("/") for label in labels]
        files = RunFile.objects.filter(run=self.run.pk).select_related("blob")
        for file in files if has_files(labels) else ():
            label = f"{self.run.label}/files/{file.pk}"
            self.digests[label], self.names[label] = file.blob.sha256, file.name
            found[label] = OF_FILES[file.outcome]
        slugs = {parts[2] for parts in named if parts[0] == "articles" and len(parts) == 3}
        articles = Article.objects.filter(team=self.run.team_id, slug__in=slugs).select_related("team")
        for article in articles.defer("text", "search") if slugs else ():
            self.digests[article.label] = article.digest
            found[article.label] = (CHANGED, "is archived") if article.archived_at else (PROVED, "")
        numbers = {parts[2] for parts in named if parts[0] == "decisions" and parts[-1].isdecimal()}
        decisions = Decision.objects.filter(team=self.run.team_id, number__in=numbers)
        for decision in decisions.select_related("team", "superseded_by") if numbers else ():
            over = hasattr(decision, "superseded_by")
            self.digests[decision.label], self.decided[decision.label] = "", decision.at
            found[decision.label] = (CHANGED, "was superseded") if over else (PROVED, "")
        return found


def has_files(labels: Iterable[str]) -> bool:
    return any(label.startswith("runs/") for label in labels)


@prepared
def parts(*, run: Any) -> QuerySet[RunPerson]:
    return RunPerson.objects.filter(run=run).select_related("user").order_by("pk")


@prepared
def entries(*, run: Any) -> QuerySet[Entry]:
    """Without what is only said."""
    kept = Entry.objects.filter(run=run).exclude(kind__in=[Entry.COMMENT, Entry.CHANGE])
    return kept.select_related("by").order_by("pk")[:MOST_ENTRIES]
