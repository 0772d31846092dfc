"""Evaluations: score what was asked for, seal what quotes the table, sign the rest, for good.

May run twice, beside itself, or be killed half-way: a lock that dies with its connection tells a run that
goes on from one that was cut off, and what has ended does not change.
"""

from __future__ import annotations

import logging
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from threading import Lock, Timer
from time import monotonic
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Min, Q, QuerySet
from django.utils import timezone

from governance import access, audit
from governance.alone import alone
from governance.errors import Problem, Unavailable
from governance.models import User
from governance.prepared import prepared
from registry import checking, measured, storage, trusted
from registry.checks import CHECKS, for_kind
from registry.engines import installed
from registry.models import Alias, Artifact, CheckResult, Evaluation, File, Finding, Link, Version
from registry.models.canaries import missed_now
from registry.models.findings import BLOCKING
from registry.scoring import formats, wording
from registry.scoring.comparing import paired
from registry.scoring.running import Failed, Opened, Scorer

logger = logging.getLogger("steward.evaluations")

SPACE = 0x57E3A2F
MOST_ATTEMPTS = 3
MOST_PAIRS = 20
IDLE = 120.0
"""Seconds."""
SCORER = Scorer()
TURNS: dict[int, float] = {}
"""When this worker last scored something for a person of those that wait."""
AT_ONCE = Lock()
"""One evaluation at a time in a worker: the others wait as rows."""


def run() -> bool:
    """Score the one whose turn it is, and whether another one may wait now. While this worker scores one, or
    the store or the master key is away, others wait as rows: the job `overdue_checks` finds them again."""
    if not AT_ONCE.acquire(blocking=False):
        return False
    try:
        return any(map(tried, in_turn()))
    finally:
        AT_ONCE.release()
        rest()


def in_turn() -> list[int]:
    """The first that each person asked for; first of who has not had one here for longest. So nobody waits
    for a thousand of somebody else."""
    firsts = Evaluation.objects.waiting().order_by().values_list("by").annotate(first=Min("pk"))
    found = sorted(firsts, key=lambda row: (TURNS.get(row[0], 0.0), row[1]))
    for person in TURNS.keys() - {person for person, _ in found}:
        del TURNS[person]
    return [first for _, first in found]


def tried(evaluation_id: int) -> bool:
    """Whether it was scored to its end; not where somebody else is at it, or where it has to wait."""
    with alone(SPACE, evaluation_id % 2**31) as mine:
        evaluation = waiting(evaluation_id) if mine else None
        if evaluation is None:
            return False
        TURNS[evaluation.by_id] = monotonic()
        score(evaluation)
        return evaluation.finished_at is not None


def rest() -> None:
    """The warm parent, 180 MB, goes when nobody asked for it for a while."""
    timer = Timer(IDLE, SCORER.stop_idle, [IDLE])
    timer.daemon = True
    timer.start()


def waiting(evaluation_id: int) -> Evaluation | None:
    return next(iter(unfinished(pk=evaluation_id)), None)


@prepared
def unfinished(*, pk: Any) -> QuerySet[Evaluation]:
    known = Evaluation.objects.select_related(
        "version__artifact__team", "version__artifact__owner", "dataset__artifact__team", "by"
    )
    return known.filter(pk=pk, finished_at=None)


def score(evaluation: Evaluation) -> None:
    if evaluation.attempts >= MOST_ATTEMPTS:
        fail(evaluation, f"It was cut off {MOST_ATTEMPTS} times: its worker was killed each time.")
        return
    begun = Evaluation.objects.filter(pk=evaluation.pk)
    begun.update(started_at=timezone.now(), attempts=F("attempts") + 1, rows=0)
    try:
        with opened(evaluation) as (model, table, file):
            found = SCORER.score(model, table, evaluation.asked, lambda rows: told(begun, rows))
            keep(evaluation, found, file)
    except Unavailable as away:
        begun.update(started_at=None, attempts=F("attempts") - 1)
        logger.warning("evaluation %s waits: %s", evaluation.pk, away.sentence)
    except Failed as failed:
        fail(evaluation, str(failed))
    except Problem as problem:
        fail(evaluation, problem.sentence)


def told(begun: QuerySet[Evaluation], rows: int) -> None:
    """How far it has come, for whoever looks."""
    begun.update(rows=rows)


@contextmanager
def opened(evaluation: Evaluation) -> Iterator[tuple[Opened, Opened, File]]:
    """Model and table, sealed, with what opens them; asked again whether the model may be loaded."""
    reason = blind() or fit_to_be_loaded(evaluation.version) or not_allowed(evaluation)
    if reason:
        raise Failed(reason)
    beside = formats.beside(evaluation.model_path)
    model_files = {
        file.path: file
        for file in named(version=evaluation.version_id, paths=[evaluation.model_path, beside])
    }
    table = table_of(evaluation)
    if table is None:
        raise Failed("The dataset is not here any more.")
    said = said_beside(model_files.get(beside))
    with as_sealed(model_files[evaluation.model_path], said) as one, as_sealed(table) as other:
        yield one, other, table


@prepared
def named(*, version: Any, paths: Any) -> QuerySet[File]:
    return File.objects.select_related("blob").filter(version=version, path__in=paths)


def table_of(evaluation: Evaluation) -> File | None:
    found = named(version=evaluation.dataset_id, paths=[evaluation.table_path])
    return next(iter(found), None)


@contextmanager
def as_sealed(file: File, beside: str = "") -> Iterator[Opened]:
    sealed, key = storage.sealed(file.blob)
    with sealed:
        yield Opened(sealed, key, file.blob.name, file.path, file.size, beside)


def said_beside(file: File | None) -> str:
    """What is said of a model in the file beside it, for its child to read; nothing where there is none."""
    if file is None:
        return ""
    if file.size > wording.LARGEST:
        raise Failed(f"{file.path} is larger than {wording.LARGEST >> 10} KiB.")
    with storage.open_blob(file.blob) as opened:
        return opened.read().decode("utf-8", "replace")


def not_allowed(evaluation: Evaluation) -> str:
    """Whether who asked has lost a right meanwhile, such as a grant that ended, and which; or nothing."""
    by, data = evaluation.by, evaluation.dataset
    found = access.role_objections(by, "version.evaluate", evaluation.version)
    if data is not None:
        found += access.objections(by, "version.download", data, acknowledged=True)
    said = " ".join(objection.sentence for objection in found)
    return f"{by.username} may not have it evaluated any more: {said}" if found else ""


def blind() -> str:
    """Whether what the checks said of a model that waits is worth nothing by now; or nothing."""
    return "The scanner let a known-bad file pass: no model is loaded meanwhile." if missed_now() else ""


def fit_to_be_loaded(version: Version) -> str:
    """Why nobody loads this model, or nothing: only what every check of bytes has cleared is loaded. What is
    said of its quality does not count here: evaluations are how that is cured."""
    if version.is_draft:
        return f"Version {version.number} is a draft: submit it, then it is checked."
    done = sum(finished(version=version.pk, checks=list(CHECKS)))
    if done < version.file_count * len(for_kind(version.artifact.kind)):
        return f"The checks of version {version.number} have not finished: no model is loaded before."
    if grave(version=version.pk, checks=list(CHECKS)):
        rows = Finding.objects.filter(version=version, check_name__in=list(CHECKS))
        for found in rows.blocking()[:1]:  # and not waived
            return f"No model with an open finding that blocks is loaded: {found.path}: {found.message}"
    return ""


@prepared
def finished(*, version: Any, checks: Any) -> QuerySet[CheckResult, int]:
    rows = CheckResult.objects.filter(version=version, outcome="done", check_name__in=checks)
    return rows.order_by().values("outcome").values_list(Count("pk"), flat=True)


@prepared
def grave(*, version: Any, checks: Any) -> QuerySet[Finding, int]:
    rows = Finding.objects.filter(version=version, check_name__in=checks).open()
    return rows.filter(severity__gte=BLOCKING).values_list("pk", flat=True)[:1]


# ------------------------------------------------------------------ the end of one


@transaction.atomic
def keep(evaluation: Evaluation, found: dict[str, Any], table: File) -> None:
    """What was measured, once and for good, and what the checks of evidence make of it."""
    Artifact.objects.select_for_update().get(pk=evaluation.version.artifact_id)
    evaluation.measured = {**found["measured"], "libraries": libraries(evaluation.model_path)}
    evaluation.measured["paired"] = list(beside(evaluation, found["sealed"]["kept"], table))
    evaluation.sealed = measured.seal(table.blob, found["sealed"], what_of(evaluation))
    evaluation.finished_at, evaluation.outcome = timezone.now(), "done"
    evaluation.rows = int(found["measured"]["rows"])
    evaluation.bundle = trusted.signed(evaluation)
    ended(evaluation)


def beside(evaluation: Evaluation, kept: dict[str, Any], table: File) -> Iterator[dict[str, Any]]:
    """This one against the newest of each other version on the same rows, asked the same."""
    about = {"artifact": evaluation.version.artifact_id, "version": evaluation.version_id}
    for other in on_the_same(**about, dataset=evaluation.dataset_id, path=evaluation.table_path):
        if not trusted.holds(other):
            continue
        theirs = measured.unseal(table.blob, other.sealed or b"", what_of(other))["kept"]
        found = paired((evaluation.measured or {}, kept), (other.measured or {}, theirs))
        if found is not None:
            is_mine = other.version.artifact_id == evaluation.version.artifact_id
            number = other.version.number if is_mine else None
            yield {"version": number, "evaluation": other.pk, **found}


@prepared
def on_the_same(*, artifact: Any, version: Any, dataset: Any, path: Any) -> QuerySet[Evaluation]:
    """The newest of each other version of the model, and of those that this one comes from."""
    parents = Link.objects.filter(version=version, relation=Link.Relation.DERIVED_FROM).values("parent")
    others = Evaluation.objects.done().filter(Q(version__artifact=artifact) | Q(version__in=parents))
    rows = others.filter(~Q(version=version), dataset=dataset, table_path=path)
    newest = rows.order_by("-version_id", "-pk").distinct("version_id")
    return newest.select_related("version__artifact__team")[:MOST_PAIRS]


@transaction.atomic
def fail(evaluation: Evaluation, sentence: str) -> None:
    Artifact.objects.select_for_update().get(pk=evaluation.version.artifact_id)
    evaluation.finished_at, evaluation.outcome, evaluation.error = timezone.now(), "failed", sentence
    ended(evaluation)


def ended(evaluation: Evaluation) -> None:
    fields = ["finished_at", "outcome", "error", "rows", "measured", "sealed", "bundle"]
    evaluation.save(update_fields=fields)
    after = {
        "evaluation": evaluation.pk,
        "dataset": evaluation.in_events,
        "outcome": evaluation.outcome,
        "sha256": sha256(evaluation.bundle.encode()).hexdigest() if evaluation.bundle else "",
    }
    audit.record("evaluation.finish", evaluation.version, by=User.system(), after=after)
    checking.judge_again(evaluation.version_id)
    for version_id in in_use_beside(evaluation):
        checking.judge_again(version_id)


def in_use_beside(evaluation: Evaluation) -> list[int]:
    """Versions in use that this one was held against: it may be the better one."""
    others = [pair["version"] for pair in (evaluation.measured or {}).get("paired") or ()]
    if not others:
        return []
    artifact = evaluation.version.artifact_id
    known = Alias.objects.filter(artifact=artifact, version__number__in=others).order_by("version")
    return list(known.values_list("version", flat=True).distinct())


def libraries(path: str) -> dict[str, str]:
    """The versions by which it was scored."""
    found = formats.format_of(path)
    names = ("numpy", *(found.packages if found else ()))
    return {"python": platform.python_version(), **{name: installed(name) for name in names}}


def overdue(limit: int) -> list[int]:
    """What nobody took up: lost messages, dead workers, a worker that was at another one."""
    late = timezone.now() - timedelta(seconds=20)
    rows = Evaluation.objects.waiting().filter(asked_at__lt=late).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:limit])


# ------------------------------------------------------------------ sealed


def what_of(evaluation: Evaluation) -> str:
    return f"evaluation {evaluation.pk}"


def unsealed(evaluation: Evaluation) -> dict[str, Any]:
    """What quotes the table: slices by their values, names of classes, answers of rows. Nothing where the
    dataset is gone."""
    file = table_of(evaluation) if evaluation.sealed else None
    if file is None or evaluation.sealed is None:
        return {}
    return measured.unseal(file.blob, evaluation.sealed, what_of(evaluation))
