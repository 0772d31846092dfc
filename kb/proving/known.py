"""Evidence that the registry has: checks, records, lineage, approvals, aliases. Each kind is looked up once
for a run, and only when a step asks for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from governance.models import Approval, Vote
from governance.prepared import prepared
from governance.templatetags.words import counted
from kb.models import Run
from kb.playbooks import EVERY, Need, Playbook, Step, digest_of
from kb.proving.found import FAILED, MISSING, NOTHING, PROVED, SILENT, WAIVED, Found, of
from registry import judging, trusted
from registry.checks import CHECKS, Issue
from registry.models import (
    KINDS,
    Alias,
    CheckResult,
    Evaluation,
    Finding,
    Link,
    Profile,
    Record,
    Severity,
    Version,
)
from registry.models.records import RecordQuerySet
from registry.quality import QUALITY, About, Quality
from registry.scoring import GOLDEN
from registry.signing.standing import standing

MOST_RECORDS = 300
MOST_DATASETS = 20
MOST_THINGS = 2_000


class Known:
    """Of one run."""

    run: Run
    playbook: Playbook
    needs: list[Need]

    @cached_property
    def version(self) -> Version | None:
        """What the run is about, when that is a version."""
        if self.playbook.about == "team":
            return None
        kind, team, name, _, number = self.run.subject.split("/")
        asked = {"kind": KINDS[kind], "team": team, "name": name, "number": number}
        found = next(iter(called(tuple(CHECKS), **asked)), None)
        if found is not None and found.artifact.team_id == self.run.team_id:
            found.artifact.team = self.run.team  # what is known of it is known once
        return found

    def of_check(self, step: Step, place: int, need: Need) -> Found:
        about = QUALITY.get(need.check)
        if about and (not about.is_of_version or (about.also == "team" and self.version is None)):
            return self.of_team(need.check)
        if self.version is None:
            return self.of_all(need, about)
        if need.check == EVERY:
            return self.of_every_check(self.version)
        if need.check in CHECKS:
            return self.of_byte_check(self.version, need.check)
        if about and about.about == "table" and self.version.kind == "model":
            return self.of_training_data(self.version, need.check)
        if about:
            return self.of_quality(self.version, need.check)
        return absent(need)

    def of_all(self, need: Need, about: Quality | None) -> Found:
        """A check in a run about a team."""
        if need.check in CHECKS:
            return self.of_bytes(need.check)
        return self.of_datasets(need) if about and about.about == "table" else absent(need)

    def of_bytes(self, name: str) -> Found:
        """A check of bytes in a run about a team: of the newest version of each thing that it looks at. None
        is named: not everybody may see each."""
        about: dict[str, Any] = {"label": self.run.team.label, "digest": self.run.digest, "by": "Steward"}
        newest = dict(newest_of_kinds(CHECKS[name].kinds, team=self.run.team_id))
        if not newest or len(newest) > MOST_THINGS:
            which = f"more than {MOST_THINGS:,} things at once" if newest else "anything: nothing is there"
            return Found(SILENT, f"{name} is not evaluated of {which}")
        rows = {key: (done, failed) for key, done, failed in passed(check=name, versions=list(newest))}
        held = set(held_up(check=name, versions=list(newest)))
        bad = {key for key, waived in held if not waived}
        bad |= {key for key, (_, failed) in rows.items() if failed}
        late = [key for key, files in newest.items() if rows.get(key, (0, 0))[0] < files]
        all_of = counted(len(newest), "thing")
        if bad:
            return Found(FAILED, f"{name} found something in {len(bad)} of {all_of}, or failed", **about)
        if late:
            return Found(SILENT, f"{name} has not finished in {len(late)} of {all_of}")
        said = f"{name} found nothing that blocks in {all_of}" + (", with waivers" if held else "")
        return Found(WAIVED if held else PROVED, said, at=timezone.now(), **about)

    def of_every_check(self, version: Version) -> Found:
        about: dict[str, Any] = {"label": version.label, "digest": version.digest, "by": "Steward"}
        names, _, at = self.results_of(None)
        if version.withdrawn_at is not None:
            return Found(FAILED, "The version was withdrawn", **about)
        if version.is_draft or version.state == "checking":
            return Found(MISSING, "The checks have not finished")
        if version.state == "blocked":
            return Found(FAILED, "A check has found something that blocks, or has failed", **about)
        waived = any(found.waived for found in self.findings)
        said = f"{counted(names, 'check')} passed on {counted(version.file_count, 'file')}"
        return Found(
            WAIVED if waived else PROVED, f"{said}{', with waivers' if waived else ''}", at=at, **about
        )

    def results_of(self, check: str | None) -> tuple[int, int, datetime | None]:
        """How many checks, how many results that are done, and when the last was."""
        rows = [row for row in self.results if check in (None, row["check_name"])]
        ended = [row["at"] for row in rows if row["at"]]
        return len(rows), sum(row["done"] for row in rows), max(ended, default=None)

    @cached_property
    def results(self) -> list[Any]:
        names = ("check_name", "done", "failed", "at")
        rows = ended(tuple(CHECKS), version=self.version.pk) if self.version else []
        return [dict(zip(names, row, strict=True)) for row in rows]

    @cached_property
    def findings(self) -> list[Finding]:
        """What is open and would block, waived or not."""
        return grave(version=self.version.pk) if self.version else []

    def of_byte_check(self, version: Version, name: str) -> Found:
        about: dict[str, Any] = {"label": version.label, "digest": version.digest, "by": "Steward"}
        _, done, at = self.results_of(name)
        mine = [found for found in self.findings if found.check_name == name]
        if any(row["failed"] for row in self.results if row["check_name"] == name):
            return Found(FAILED, f"{name} failed", **about)
        if any(not found.waived for found in mine):
            return Found(FAILED, f"{name}: {mine[0].message[:200]}", **about)
        if not done or done < version.file_count:
            return Found(SILENT, f"{name} has not finished")
        said = f"{name} passed on {counted(version.file_count, 'file')}"
        return Found(WAIVED if mine else PROVED, said + (", with waivers" if mine else ""), at=at, **about)

    @cached_property
    def judged(self) -> list[judging.Judgement]:
        return list(judging.judgements(self.version, self.asked)) if self.version else []

    @cached_property
    def asked(self) -> set[str]:
        """The checks of quality that the steps ask for."""
        return {need.check for need in self.needs} & QUALITY.keys()

    def of_quality(self, version: Version, name: str) -> Found:
        """A check of tables, or of what was declared of a model."""
        said = [each for each in self.judged if each.check.name == name]
        bad = blocking(said)
        waived = covered(bad, name, self.findings)
        evidence = self.evidence_of(name)
        digest = evidence.digest if evidence else self.run.digest
        about: dict[str, Any] = {"label": version.label, "digest": digest, "by": "Steward"}
        if bad and not waived:
            return Found(FAILED, f"{name}: {bad[0][1].message[:200]}", **about)
        if needs := [need.what for each in said for need in each.needs]:
            return Found(SILENT, f"{name} is not evaluated: it needs {needs[0]}")
        if not said:
            return Found(SILENT, f"{name} is not evaluated: nothing was measured")
        told = f"{name} found nothing that blocks"
        at = evidence.at if evidence else self.results_of(None)[2]
        return Found(WAIVED if bad else PROVED, told, at=at, **about)

    @cached_property
    def of_the_team(self) -> dict[About, list[judging.Judgement]]:
        """By what checks look at, as far as one of them was asked."""
        return {}

    def of_team(self, name: str) -> Found:
        """A check about the team, as it is now."""
        seen = judging.seen_by(QUALITY[name])
        if seen not in self.of_the_team:
            self.of_the_team[seen] = list(judging.of_team(self.run.team, seen, self.asked))
        said = next(each for each in self.of_the_team[seen] if each.check.name == name)
        about: dict[str, Any] = {"label": self.run.team.label, "digest": self.run.digest, "by": "Steward"}
        if grave := [each for each in said.issues if each.severity in ("critical", "high", "medium")]:
            return Found(FAILED, f"{name}: {grave[0].message[:200]}", **about)
        if said.needs:
            return Found(SILENT, f"{name} is not evaluated: it needs {said.needs[0].what}")
        declared = self.evidence_of(name) if QUALITY[name].about == "operation" else None
        if declared is not None:
            about["digest"] = declared.digest
        at = declared.at if declared else timezone.now()
        return Found(PROVED, f"{name} found nothing to do", at=at, **about)

    def of_datasets(self, need: Need) -> Found:
        """A check of tables in a run about a team: of the newest version of each of its datasets. None is
        named: not everybody may see each."""
        about = {"label": self.run.team.label, "digest": self.run.digest, "by": "Steward"}
        return self.together(need.check, newest_datasets(team=self.run.team_id), timezone.now(), about)

    def of_training_data(self, version: Version, name: str) -> Found:
        """A check of tables in a run about a model: of the datasets that it was trained on."""
        trained = [link.parent_id for link in self.links if link.relation == Link.Relation.TRAINED_ON]
        rows = Version.objects.filter(pk__in=trained).select_related("artifact__team")
        about = {"label": version.label, "digest": self.run.digest, "by": "Steward"}
        return self.together(name, rows, self.profiled, about)

    def together(
        self, name: str, versions: Iterable[Version], at: datetime | None, about: dict[str, Any]
    ) -> Found:
        found = [self.of_tables(each, name) for each in versions]
        all_of = counted(len(found), "dataset")
        if len(found) > MOST_DATASETS:
            return Found(SILENT, f"{name} is not evaluated of more than {MOST_DATASETS} datasets at once")
        if failed := found.count(FAILED):
            return Found(FAILED, f"{name} found something in {failed} of {all_of}", **about)
        if not found or SILENT in found:
            return Found(SILENT, f"{name} is not evaluated in {found.count(SILENT)} of {all_of}")
        state = WAIVED if WAIVED in found else PROVED
        return Found(state, f"{name} found nothing that blocks in {all_of}", at=at, **about)

    def of_tables(self, version: Version, name: str) -> str:
        said = [each for each in judging.judgements(version, {name}) if each.check.name == name]
        bad = blocking(said)
        if bad and not covered(bad, name, grave(version=version.pk)):
            return FAILED
        if not said or any(each.needs for each in said):
            return SILENT
        return WAIVED if bad else PROVED

    def evidence_of(self, name: str) -> Record | None:
        """The newest record that a check of quality judged; none where it judged what was measured."""
        kinds = {*QUALITY[name].reads, *(() if QUALITY[name].about == "operation" else judging.EVIDENCE)}
        newest = [self.records[kind] for kind in kinds if kind in self.records]
        return max(newest, key=lambda record: record.pk, default=None)

    @cached_property
    def standing_records(self) -> list[Record]:
        """Of the version, or the newest of the whole team; the newest comes last."""
        found = of_version(version=self.version.pk) if self.version else of_team(team=self.run.team_id)
        return found[::-1]

    @cached_property
    def records(self) -> dict[str, Record]:
        if self.version is None and self.playbook.about != "team":
            return {}
        return {record.kind: record for record in self.standing_records}

    def of_record(self, step: Step, place: int, need: Need) -> Found:
        """The newest that says what is asked for. A deployment of other bytes proves nothing."""
        kept = self.standing_records if self.records else []
        of_kind = [record for record in kept if record.kind == need.record]
        said = [record for record in of_kind if not need.field or told(record, need.field) is not None]
        if not said:
            lacks = f"{need.text}: no {need.record} record says {need.field}" if of_kind else ""
            return Found(MISSING, lacks)
        newest = said[-1]
        if self.version and newest.data.get("digest", self.version.digest) != self.version.digest:
            return Found(FAILED, "It is deployed with other bytes", newest.version.label, newest.digest)
        value = told(newest, need.field) if need.field else None
        words = f"{need.record} record {newest.pk}" + (f": {need.field} {shown(value)}" if need.field else "")
        if value is False:
            return Found(FAILED, words, newest.version.label, newest.digest)
        if isinstance(value, int | float) and not isinstance(value, bool) and not need.takes(value):
            words = f"{words}, and has to be {need.range}"
            return Found(FAILED, words, newest.version.label, newest.digest, str(newest.by), newest.at)
        return of(newest, words)

    @cached_property
    def measured(self) -> list[Evaluation]:
        if self.version is None:
            return []
        return trusted.newest(self.version)

    def of_evaluation(self, step: Step, place: int, need: Need) -> Found:
        """What was measured here, on the part that is asked for, counts before what was declared."""
        here = [
            each
            for each in self.measured
            if need.part in ((each.part,) if each.part == GOLDEN else ("", each.part))
        ]
        if here:
            newest = here[0]
            said, label = f"measured here, evaluation {newest.pk}", newest.version.label
            return Found(PROVED, said, label, newest.dataset_digest, str(newest.by), newest.finished_at)
        if not self.records:
            return NOTHING
        of_part = [
            record
            for record in self.standing_records
            if record.kind == "evaluation" and need.part in ("", record.data.get("part"))
        ]
        if not of_part:
            return NOTHING
        metrics = list(of_part[-1].data.get("metrics", {}).items())[:2]
        said = ", ".join(f"{name} {value:g}" for name, value in metrics)
        return of(of_part[-1], f"evaluation on the {of_part[-1].data.get('part', 'data')}: {said}")

    @cached_property
    def profiled(self) -> datetime | None:
        """Since when every file that can be measured is: of the version, or of what it was trained on."""
        lineage = Q(file__version=self.version) | Q(file__version__children__version=self.version)
        found = Profile.objects.filter(lineage).aggregate(at=Max("made_at"))
        at: datetime | None = found["at"]
        return at

    def of_profile(self, step: Step, place: int, need: Need) -> Found:
        if self.version is None or self.profiled is None:
            return NOTHING
        digest, label = self.version.digest, self.version.label
        return Found(PROVED, "Its tables were measured", label, digest, "Steward", self.profiled)

    @cached_property
    def links(self) -> list[Link]:
        if self.version is None:
            return []
        return list(Link.objects.filter(version=self.version).select_related("parent").order_by("pk")[:100])

    def of_lineage(self, step: Step, place: int, need: Need) -> Found:
        """What it came from is not named: not everybody may see that."""
        found = [link for link in self.links if need.relation in ("", link.relation)]
        if not found or self.version is None:
            return NOTHING
        if any(link.parent.withdrawn_at for link in found):
            return Found(
                FAILED, "What it came from was withdrawn", self.version.label, found[0].parent.digest
            )
        said = f"{counted(len(found), 'version')} it came from"
        at = self.version.submitted_at or self.version.added_at
        by = str(self.version.added_by)
        return Found(PROVED, said, self.version.label, found[0].parent.digest, by, at)

    def of_card(self, step: Step, place: int, need: Need) -> Found:
        if self.version is None or not self.version.artifact.description.strip():
            return NOTHING
        artifact = self.version.artifact
        digest = digest_of(artifact.description)
        return Found(
            PROVED, f"The card of {artifact.name}", artifact.label, digest, str(self.version.added_by)
        )

    def of_signature(self, step: Step, place: int, need: Need) -> Found:
        if self.version is None:
            return NOTHING
        said = standing(self.version, but=self.version.authors)
        state = {"signed": PROVED, "none": MISSING, "waiting": SILENT}.get(said.state, FAILED)
        at = self.version.submitted_at if state == PROVED else None
        return Found(state, said.said.rstrip("."), self.version.label, self.version.digest, "", at)

    @cached_property
    def approvals(self) -> list[Approval]:
        return approvals_of(subject=self.run.subject)

    def of_approval(self, step: Step, place: int, need: Need) -> Found:
        asked = [each for each in self.approvals if each.alias == need.alias]
        if not asked:
            return NOTHING
        last = asked[-1]
        votes = votes_on(approval=last.pk)
        state = last.state_by(votes)
        if state in ("approved", "used") and votes:
            by = str(votes[-1].by)
            return Found(PROVED, f"approved for {need.alias}", last.label, last.digest, by, votes[-1].at)
        if state in ("void", "rejected"):
            return Found(FAILED, f"The request for {need.alias} is {state}", last.label, last.digest)
        return Found(MISSING, f"asked for {need.alias}, not decided")

    @cached_property
    def aliases(self) -> dict[str, Alias]:
        if self.version is None:
            return {}
        return {alias.name: alias for alias in Alias.objects.filter(version=self.version)}

    def of_alias(self, step: Step, place: int, need: Need) -> Found:
        found = self.aliases.get(need.alias)
        if found is None or self.version is None:
            return NOTHING
        said = f"{need.alias} points at it"
        return Found(PROVED, said, self.version.label, self.version.digest, "", found.moved_at)

    @cached_property
    def other_runs(self) -> dict[str, Run]:
        codes = [need.playbook for need in self.needs if need.playbook]
        about = Run.objects.filter(subject=self.run.subject, playbook__code__in=codes, confidential=False)
        done = about.filter(team=self.run.team_id, digest=self.run.digest, outcome="done")
        return {run.playbook.code: run for run in done.select_related("playbook").order_by("pk")}

    def of_run(self, step: Step, place: int, need: Need) -> Found:
        found = self.other_runs.get(need.playbook)
        if found is None:
            return NOTHING
        return Found(
            PROVED, f"run {found.pk} is finished", found.label, found.playbook.digest, "", found.closed_at
        )


def blocking(said: Iterable[judging.Judgement]) -> list[tuple[str, Issue]]:
    """What of it is grave, each with its path."""
    issues = [(each.path, issue) for each in said for issue in each.issues]
    return [(path, issue) for path, issue in issues if issue.severity in ("critical", "high")]


def covered(bad: Iterable[tuple[str, Issue]], name: str, findings: Iterable[Finding]) -> bool:
    """Whether each of what a check found is waived. A waiver covers its own finding and no other."""
    known = {(each.path, each.name) for each in findings if each.check_name == name and each.waived}
    return {(path, issue.name) for path, issue in bad} <= known


def absent(need: Need) -> Found:
    """What no check here judges is not evaluated: a record alone proves no check."""
    return Found(SILENT, f"{need.text}. Not evaluated: no check {need.check} judges this here")


@prepared
def called(known: tuple[str, ...], *, kind: Any, team: Any, name: Any, number: Any) -> QuerySet[Version]:
    """The version of this name. Its state depends on which checks there are."""
    rows = Version.objects.filter(artifact__kind=kind, artifact__team__slug=team, artifact__name=name)
    seen = rows.filter(number=number, deleted_at=None).with_state().order_by()
    return seen.select_related("artifact__team", "added_by").defer("artifact__search")


@prepared
def newest_datasets(*, team: Any) -> QuerySet[Version]:
    """Frozen and not withdrawn, of the first datasets by name."""
    usable = Version.objects.filter(
        artifact__team=team, artifact__kind=KINDS["datasets"], artifact__archived_at=None, withdrawn_at=None
    ).exclude(submitted_at=None)
    newest = usable.order_by("artifact__name", "artifact", "-number").distinct("artifact__name", "artifact")
    return newest.select_related("artifact__team")[: MOST_DATASETS + 1]


@prepared
def newest_of_kinds(kinds: tuple[str, ...], *, team: Any) -> QuerySet[Version, tuple[int, int]]:
    """Frozen and not withdrawn, each with the number of its files."""
    usable = Version.objects.filter(
        artifact__team=team, artifact__kind__in=kinds, artifact__archived_at=None, withdrawn_at=None
    ).exclude(submitted_at=None)
    newest = usable.filter(deleted_at=None).order_by("artifact", "-number").distinct("artifact")
    return newest.values_list("pk", "file_count")[: MOST_THINGS + 1]


@prepared
def passed(*, check: Any, versions: Any) -> QuerySet[CheckResult, Any]:
    """Of one check: by version how many results are done and failed."""
    rows = CheckResult.objects.filter(check_name=check, version__in=versions).order_by()
    done, failed = Count("pk", filter=Q(outcome="done")), Count("pk", filter=Q(outcome="failed"))
    return rows.values_list("version").annotate(done=done, failed=failed)


@prepared
def held_up(*, check: Any, versions: Any) -> QuerySet[Finding, tuple[int, bool]]:
    """The versions in which one check found what blocks, or would if it were not waived."""
    open_: Any = Finding.objects.open().filter(check_name=check, version__in=versions).with_waived()
    grave = open_.filter(severity__gte=Severity.HIGH).order_by()
    found: QuerySet[Finding, tuple[int, bool]] = grave.values_list("version", "waived_now").distinct()
    return found


@prepared
def approvals_of(*, subject: Any) -> QuerySet[Approval]:
    return Approval.objects.filter(subject=subject).order_by("pk")[:200]


@prepared
def votes_on(*, approval: Any) -> QuerySet[Vote]:
    return Vote.objects.filter(approval=approval).select_related("by").order_by("pk")


@prepared
def grave(*, version: Any) -> QuerySet[Finding]:
    """What is open and would block, waived or not."""
    found = Finding.objects.open().filter(version=version, severity__gte=Severity.HIGH)
    return found.with_waived()[:200]


@prepared
def of_version(*, version: Any) -> QuerySet[Record]:
    return newest_of(Record.objects.filter(version=version))


@prepared
def of_team(*, team: Any) -> QuerySet[Record]:
    return newest_of(Record.objects.filter(version__artifact__team=team))


def newest_of(rows: RecordQuerySet) -> QuerySet[Record]:
    seen = rows.standing().select_related("by", "version__artifact__team").order_by("-pk")
    return seen.defer("version__artifact__search", "version__artifact__description")[:MOST_RECORDS]


def told(record: Record, path: str) -> Any:
    """What a record says in a field, by its names with dots between; None where it says nothing."""
    found: Any = record.data
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found or None if isinstance(found, list | dict | str) else found


def shown(value: Any) -> str:
    if isinstance(value, list):
        return counted(len(value), "entry", "entries")
    if isinstance(value, dict):
        return "is told"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)[:80]


@prepared
def ended(known: tuple[str, ...], *, version: Any) -> QuerySet[CheckResult, Any]:
    """Of each check of a version: how many results are done and failed, and when the last was."""
    rows = CheckResult.objects.filter(version=version, check_name__in=known).order_by()
    done, failed = Count("pk", filter=Q(outcome="done")), Count("pk", filter=Q(outcome="failed"))
    return rows.values_list("check_name").annotate(done=done, failed=failed, at=Max("done_at"))
