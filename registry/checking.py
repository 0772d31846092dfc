"""Running checks: one sandboxed child for each file, its reports stored as results and findings.

Everything here may run twice, beside itself, or be killed half-way: rows are upserted, and a lock that
dies with its connection tells a run that goes on from one that was cut off.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from governance import audit
from governance.actions import void_changed
from governance.alone import alone
from governance.errors import Problem, Unavailable
from governance.models import Event, Notification, User
from governance.prepared import prepared
from governance.telling import tell
from governance.templatetags.words import counted
from registry import incidents, judging, measured, sandbox, storage
from registry.checks import CHECKS, Issue
from registry.engines import engine_of
from registry.models import Artifact, CheckResult, File, Finding, Kind, Severity, Version
from registry.models.versions import state_of
from registry.sandbox import Report
from registry.signing import standing

logger = logging.getLogger("steward.checks")

SPACE = 0x57E3A2D
MOST_ATTEMPTS = 3
FAILURE = Finding.NOT_FINISHED


@dataclass(frozen=True, slots=True)
class Said:
    """What one check says of one path; `whole`: what it does not say any more is gone."""

    path: str
    check: str
    issues: Sequence[Issue]
    whole: bool = True


def run(version_id: int) -> bool:
    """Run what has been asked for and not been answered yet, file by file. When the store or the master
    key is away, the round ends with False, and what it did not answer is found again by the job
    `overdue_checks`."""
    with alone(SPACE, version_id % 2**31) as mine:
        if not mine:
            return True
        version = Version.objects.select_related("artifact__team").get(pk=version_id)
        buried = bury(version)
        files = list(version.files.select_related("blob").filter(results__in=waiting(version)).distinct())
        try:
            for file in files:
                check_file(version, file, last=file == files[-1])
        except Unavailable as away:
            logger.warning("the checks of version %s wait: %s", version_id, away.sentence)
            return False
        if buried and not files:
            finish(version)
    return True


def asked() -> Q:
    """Results whose last question has no answer yet, or whose answer was a failure that may be retried."""
    unanswered = Q(finished_at=None) | Q(finished_at__lt=F("asked_at"))
    return (unanswered | Q(outcome="failed")) & Q(attempts__lt=MOST_ATTEMPTS) & Q(check_name__in=list(CHECKS))


def waiting(version: Version) -> QuerySet[CheckResult]:
    return CheckResult.objects.filter(asked(), version=version)


def check_file(version: Version, file: File, *, last: bool) -> None:
    """One child runs all checks that wait for this file; reports are stored as they come, those that come
    at once together, the verdict with the last one of the last file."""
    asked_for = waiting(version).filter(file=file).values_list("pk", flat=True)
    begun = CheckResult.objects.filter(pk__in=list(asked_for))
    begun.update(started_at=timezone.now(), attempts=F("attempts") + 1)
    results = {result.check_name: result for result in begun}
    try:
        answers = []
        for report in reports(file, list(results)):
            answers.append((results.pop(report.check), report))
            if not (report.more and results):
                store(version, file, answers, ends=last and not results)
                answers = []
    except Unavailable as away:
        put_off(begun, away)
        raise


def put_off(begun: QuerySet[CheckResult], away: Unavailable) -> None:
    """As if they had not begun: waiting is no attempt. Those without any answer say what they wait for."""
    begun.filter(outcome="").update(error=away.sentence)
    begun.update(started_at=None, attempts=Greatest(F("attempts") - 1, Value(0)))


def waits_for(version: Version) -> str:
    """What is away, as a sentence, when that is what the checks of a version wait for."""
    return next(iter(why_unanswered(version=version.pk)), "")


@prepared
def why_unanswered(*, version: Any) -> QuerySet[CheckResult, str]:
    rows = CheckResult.objects.filter(version=version, outcome="").exclude(error="")
    return rows.order_by("pk").values_list("error", flat=True)[:1]


def reports(file: File, names: Sequence[str]) -> Iterator[Report]:
    """What the sandbox reports; bytes that cannot be opened are a failure of every check. `Unavailable`
    when waiting helps."""
    try:
        sealed, data_key = storage.sealed(file.blob)
    except Unavailable:
        raise
    except Problem as problem:
        for name in names:
            yield Report(
                check=name, outcome="failed", error=f"{name} could not read the file. {problem.sentence}"
            )
        return
    with sealed:
        declared = judging.travelling(file.version.artifact, file.path)
        yield from sandbox.run(sealed, data_key, file.blob.name, file.path, names, declared)


def store(
    version: Version, file: File, answers: Sequence[tuple[CheckResult, Report]], *, ends: bool = False
) -> None:
    """Replace what these checks said about this file before, in one transaction. A failure says nothing
    about the file: beside it stays what the last finished run said. `ends`: nothing more is to come."""
    facts = [measured.kept(file, report) if report.outcome == "done" else None for _, report in answers]
    said = [heard(version, file, result, report) for result, report in answers]
    with transaction.atomic():
        artifact = Artifact.objects.select_for_update().get(pk=version.artifact_id)
        upsert(version, said)
        for (result, report), fact in zip(answers, facts, strict=True):
            write(result, report, fact)
        void_changed(version, by=User.system())
        incidents.derive(artifact)
        if ends:
            judge(version)
            finish(version)


def heard(version: Version, file: File, result: CheckResult, report: Report) -> Said:
    if report.outcome == "done":
        return Said(file.path, report.check, seen(version, file, report))
    issues = [Issue("critical", failure(report, result), FAILURE)]
    return Said(file.path, report.check, issues, whole=False)


def write(result: CheckResult, report: Report, fact: Any) -> None:
    now = timezone.now()
    CheckResult.objects.filter(pk=result.pk).update(
        outcome=report.outcome,
        error=report.error,
        engine_version=engine_of(CHECKS[report.check]),
        list_version=CHECKS[report.check].list_version,
        seconds=report.seconds,
        finished_at=now,
        started_at=None,
        **({"fact": fact, "done_at": now} if report.outcome == "done" else {}),
    )


def judge(version: Version) -> None:
    """What the checks of quality say of what was measured; the version after it is compared with it."""
    later = judging.following(version)
    for each in (version, later) if later else (version,):
        said = [Said(one.path, one.check.name, one.issues) for one in judging.judgements(each)]
        upsert(each, said)


@transaction.atomic(savepoint=False)
def judge_again(version_id: int) -> None:
    """The same when what is declared has changed. Approvals that were bound to other findings are void."""
    version = Version.objects.select_related("artifact__team").get(pk=version_id)
    artifact = Artifact.objects.select_for_update().get(pk=version.artifact_id)
    artifact.team = version.artifact.team
    judge(version)
    void_changed(version, by=User.system())
    incidents.derive(artifact)


def seen(version: Version, file: File, report: Report) -> list[Issue]:
    """What the check said, and of a signature what only the other files tell."""
    if report.check != standing.CHECK:
        return report.issues
    return [*report.issues, *standing.against(version, file.path, report.fact)]


def failure(report: Report, result: CheckResult) -> str:
    again = "It is tried again by itself"
    if gave_up(result):
        again = f"It was tried {result.attempts} times: check the version again"
    return f"{report.error} {again}; if this stays, tell who runs this server."


def gave_up(result: CheckResult) -> bool:
    """Whether a failure is not tried again until somebody asks."""
    return result.attempts >= MOST_ATTEMPTS


def upsert(version: Version, said: Sequence[Said]) -> None:
    """Open what was found, close what is gone, record both. The artifact is locked."""
    rows = version.findings.filter(
        check_name__in={one.check for one in said}, path__in={one.path for one in said}
    )
    known: dict[tuple[str, str], dict[str, Finding]] = {}
    for found in rows:
        known.setdefault((found.path, found.check_name), {})[found.name] = found
    for one in said:
        replace(version, one, known.get((one.path, one.check), {}))


def replace(version: Version, said: Said, before: dict[str, Finding]) -> None:
    now_found = {issue.name: issue for issue in reversed(said.issues)}
    for name, issue in now_found.items():
        old = before.get(name)
        finding = old or Finding(version=version, check_name=said.check, path=said.path, name=name)
        new = old is None or old.closed_at is not None
        says = Severity[issue.severity.upper()], issue.message, issue.place, None
        if (finding.severity, finding.message, finding.place, finding.closed_at) != says or old is None:
            finding.severity, finding.message, finding.place, finding.closed_at = says
            finding.save()
        if new:
            note("finding.open", version, finding)
    for name in before.keys() - now_found.keys() if said.whole else ():
        if before[name].closed_at is None:
            Finding.objects.filter(pk=before[name].pk).update(closed_at=timezone.now())
            note("finding.close", version, before[name])


def note(action: str, version: Version, finding: Finding) -> None:
    after = {
        "finding": finding.pk,
        "check": finding.check_name,
        "name": finding.name,
        "path": finding.path,
        "severity": finding.severity_word,
    }
    audit.record(action, version, by=User.system(), after=after)


def bury(version: Version) -> int:
    """Runs that were begun and not ended, while nobody holds the lock, were killed: a finding of each."""
    known = CheckResult.objects.filter(version=version, check_name__in=list(CHECKS))
    begun = list(known.exclude(started_at=None).select_related("file"))
    for result in begun:
        sentence = f"{result.check_name} was cut off: its worker was killed."
        report = Report(check=result.check_name, outcome="failed", error=sentence)
        store(version, result.file, [(result, report)])
    return len(begun)


@transaction.atomic(savepoint=False)
def finish(version: Version) -> None:
    """The verdict of this round is an event. What is tried again by itself blocks nothing for good yet."""
    state = state_of(Kind(version.kind), version=version.pk)[0]
    audit.record("version.check", version, by=User.system(), after={"state": state})
    withdrawn = Version.objects.filter(pk=version.pk, withdrawn_at__isnull=False).exists()
    if state == "blocked" and not withdrawn and not waiting(version).exists():
        tell_blocked(version)


def tell_blocked(version: Version) -> None:
    """Whose it is hears of it once in a round that found something new; of what is in use by its incident."""
    if version.incidents.open().exists():
        return
    told = Notification.objects.filter(kind="finding-blocking", subject=version.label)
    opened = Event.objects.filter(subject=version.label, action="finding.open")
    last = told.order_by("-pk").values_list("at", flat=True).first()
    if last is not None and not opened.filter(at__gt=last).exists():
        return
    people = User.objects.filter(pk__in={*version.authors, version.artifact.owner_id})
    number = counted(version.findings.blocking().count(), "finding")
    sentence = f"Version {version.number} of {version.artifact.name} is blocked: {number}."
    tell("finding-blocking", people, version, sentence)


def overdue(limit: int) -> list[int]:
    """Versions with something to check that nobody took up: lost messages, dead workers, failures."""
    late = timezone.now() - timedelta(seconds=20)
    rows = CheckResult.objects.filter(asked(), asked_at__lt=late).values_list("version_id", flat=True)
    return list(rows.order_by("version_id").distinct()[:limit])
