"""The twenty questions that a team has to be able to answer: an answer, its playbook, how things stand."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT

from governance import access
from governance.models import Team, User
from governance.prepared import prepared
from governance.templatetags.words import counted
from kb.models import Run
from kb.playbooks import PLAYBOOKS
from registry.checks import CHECKS
from registry.models import Alias, Artifact, Contract, Finding, Kind, Link, Record, Version
from registry.models.artifacts import ArtifactQuerySet


@dataclass(frozen=True)
class Question:
    number: int
    asked: str
    answer: str
    code: str
    figure: str
    """Which of the figures of `standing` says how things stand."""


ONE = {"have": "has", "were": "was", "come": "comes", "run": "runs"}
WORK = ("data-engineer", "data-scientist", "devops-engineer")


def load() -> tuple[Question, ...]:
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    return tuple(Question(**each) for each in tomllib.loads(text)["question"])


QUESTIONS = load()
MOST_FINDINGS = 10_000


def standing(person: User) -> dict[str, str]:
    """How things stand for what somebody sees, by figure; as many queries whatever there is."""
    kinds = dict(how_many(person))
    models, datasets = kinds.get(Kind.MODEL, 0), kinds.get(Kind.DATASET, 0)
    return {
        **of_records(person, models),
        **of_datasets(person, datasets),
        **of_checks(person),
        **of_artifacts(person, models, datasets),
        **of_production(person),
        **of_runs(person),
        "roles": of_roles(person),
    }


def artifacts(person: User) -> ArtifactQuerySet:
    return Artifact.objects.visible_to(person).filter(archived_at=None).order_by()


@prepared
def how_many(person: User) -> QuerySet[Artifact, tuple[str, int]]:
    return artifacts(person).values_list("kind").annotate(number=Count("pk"))


def of(number: int, all_of: int, one: str, has: str) -> str:
    """“14 of 17 models have k-fold evidence”."""
    if not all_of:
        return f"no {one} that you see"
    if all_of == 1:
        return f"{number:,} of 1 {one} {ONE.get(has.split()[0], '')}{has[has.index(' ') :]}"
    many = one.replace(" ", "s ", 1) if " " in one else f"{one}s"
    return f"{number:,} of {all_of:,} {many} {has}"


def of_records(person: User, models: int) -> dict[str, str]:
    """Of how many models a record of each kind stands."""
    found = next(iter(declared(person)), (0,) * 12)[1:]
    training, folds, topology, cost, phases, load, monitors, levels, protection, ownership, rare = found
    scored = next(iter(measured(person)), ("", 0))[1]
    return {
        "training": of(training, models, "model", "have a record of training"),
        "folds": of(folds, models, "model", "have k-fold evidence"),
        "topology": of(topology, models, "model", "have a declared topology"),
        "cost": of(cost, models, "model", "have imported costs"),
        "phases": of(phases, models, "model", "have costs by phase"),
        "load": of(load, models, "model", "have a load test"),
        "monitors": of(monitors, models, "model", "have named monitors"),
        "levels": of(levels, models, "model", "have a burn rate that is judged"),
        "protection": of(protection, models, "model", "have a declared protection"),
        "ownership": of(ownership, models, "model", "have a cost of ownership"),
        "rare": of(rare, models, "model", "have a record of resampling"),
        "measured": of(scored, models, "model", "were measured here"),
    }


@prepared
def declared(person: User) -> QuerySet[Record, Any]:
    """At most one row: of how many models each kind is declared."""
    rows = Record.objects.visible_to(person).standing().filter(version__artifact__kind=Kind.MODEL).order_by()
    seen = rows.filter(version__artifact__archived_at=None)
    return seen.values_list("version__artifact__kind").annotate(
        training=models_with(kind="training"),
        folds=models_with(kind="training", data__has_key="folds"),
        topology=models_with(kind="topology"),
        cost=models_with(kind="cost"),
        phases=models_with(kind="cost", data__rows__contains=[{"phase": "deploy"}]),
        load_tests=models_with(kind="load-test"),
        monitors=models_with(kind="deployment", data__has_key="monitors"),
        levels=models_with(kind="service-level"),
        protection=models_with(kind="protection"),
        ownership=models_with(kind="ownership-cost"),
        rare=models_with(kind="training", data__has_key="resampling"),
    )


def of_datasets(person: User, datasets: int) -> dict[str, str]:
    """Of how many datasets a stream, or a reconciliation with its source, is declared and judged."""
    streams, alike = next(iter(declared_of_data(person)), (0,) * 3)[1:]
    return {
        "streams": of(streams, datasets, "dataset", "have a stream that is judged"),
        "alike": of(alike, datasets, "dataset", "have a source that they were held against"),
    }


@prepared
def declared_of_data(person: User) -> QuerySet[Record, Any]:
    rows = Record.objects.visible_to(person).standing().filter(version__artifact__kind=Kind.DATASET)
    seen = rows.filter(version__artifact__archived_at=None).order_by()
    return seen.values_list("version__artifact__kind").annotate(
        streams=models_with(kind="stream"), alike=models_with(kind="reconciliation")
    )


def of_checks(person: User) -> dict[str, str]:
    """Of each playbook: in how many artifacts its checks have found something that blocks, now."""
    shown = [playbook for playbook in PLAYBOOKS.values() if not playbook.confidential]
    names = sorted({name for playbook in shown for name in playbook.checks})
    found: dict[str, set[int]] = defaultdict(set)
    for check, artifact in blocked_by(person, tuple(names)):
        found[check].add(artifact)
    return {f"checks:{playbook.code}": said_of_checks(playbook.checks, found) for playbook in shown}


def said_of_checks(checks: tuple[str, ...], found: dict[str, set[int]]) -> str:
    """“load and cache_safe: 2 artifacts blocked”; nothing where none is."""
    mine = [name for name in checks if found.get(name)]
    artifacts = set().union(*(found[name] for name in mine))
    return f"{' and '.join(mine)}: {counted(len(artifacts), 'artifact')} blocked" if mine else ""


@prepared
def blocked_by(person: User, checks: tuple[str, ...]) -> QuerySet[Finding, tuple[str, int]]:
    rows = Finding.objects.visible_to(person).filter(check_name__in=checks, version__withdrawn_at=None)
    open_now = rows.blocking().filter(version__artifact__archived_at=None).order_by()
    return open_now.values_list("check_name", "version__artifact").distinct()[:MOST_FINDINGS]


@prepared
def measured(person: User) -> QuerySet[Version, Any]:
    done = Version.objects.visible_to(person).filter(evaluations__outcome="done").order_by()
    at_work = done.filter(artifact__archived_at=None)
    return at_work.values_list("artifact__kind").annotate(number=Count("artifact", distinct=True))


def models_with(**asked: Any) -> Count:
    return Count("version__artifact", distinct=True, filter=Q(**asked))


def of_artifacts(person: User, models: int, datasets: int) -> dict[str, str]:
    number, joined, carded = (
        next(iter(rows(person)), ("", 0))[1] for rows in (promised, from_several, described)
    )
    return {
        "contract": of(number, datasets, "dataset", "have a contract"),
        "sources": of(joined, datasets, "dataset", "come from two sources or more"),
        "card": of(carded, models, "model", "have a card"),
    }


@prepared
def promised(person: User) -> QuerySet[Artifact, Any]:
    newest = Contract.objects.filter(artifact=OuterRef("pk")).order_by("-number")
    found = artifacts(person).filter(kind=Kind.DATASET).alias(written=newest.values("written")[:1])
    held = found.exclude(written=None).exclude(written="")
    return held.values_list("kind").annotate(number=Count("pk"))


@prepared
def from_several(person: User) -> QuerySet[Artifact, Any]:
    parents = Link.objects.filter(version__artifact=OuterRef("pk")).order_by()
    several = parents.values("version").annotate(n=Count("parent__artifact", distinct=True)).filter(n__gte=2)
    found = artifacts(person).filter(Exists(several), kind=Kind.DATASET)
    return found.values_list("kind").annotate(number=Count("pk"))


@prepared
def described(person: User) -> QuerySet[Artifact, Any]:
    found = artifacts(person).filter(kind=Kind.MODEL).exclude(description="")
    return found.values_list("kind").annotate(number=Count("pk"))


def of_production(person: User) -> dict[str, str]:
    """Of the versions that are production: which are declared as deployed by these bytes, which are clean."""
    found = in_production(person, tuple(CHECKS))
    one = "model in production"
    return {
        "deployed": of(sum(each for each, _ in found), len(found), one, "run by a declared digest"),
        "unblocked": of(sum(each for _, each in found), len(found), one, "have nothing open that blocks"),
    }


@prepared
def in_production(person: User, known: tuple[str, ...]) -> QuerySet[Alias, Any]:
    """A state depends on which checks there are."""
    held = Alias.objects.visible_to(person).filter(name="production", artifact__kind=Kind.MODEL).order_by()
    said = Record.objects.standing().alias(said=KT("data__digest"))
    same = said.filter(version=OuterRef("version"), kind="deployment", said=OuterRef("version__digest"))
    ready = Version.objects.with_state().filter(pk=OuterRef("version")).filter(Q(state_now="ready"))
    return held.values_list(Exists(same), Exists(ready))[:10_000]


def of_runs(person: User) -> dict[str, str]:
    """Of each playbook: how many runs are finished and open. What is confidential is not counted."""
    counts = {code: (done, is_open) for code, done, is_open in ran(person)}
    codes = {question.code for question in QUESTIONS}
    return {f"runs:{code}": runs_said(*counts.get(code, (0, 0))) for code in codes}


@prepared
def ran(person: User) -> QuerySet[Run, Any]:
    seen = Run.objects.visible_to(person).filter(confidential=False).order_by()
    done, is_open = Count("pk", filter=Q(outcome="done")), Count("pk", filter=Q(closed_at=None))
    return seen.values_list("playbook__code").annotate(done=done, open=is_open)


def runs_said(done: int, is_open: int) -> str:
    return f"{counted(done, 'run')} finished, {is_open} open"


def of_roles(person: User) -> str:
    """In how many of somebody's teams all three roles are held."""
    held = teams_and_roles(person)
    full = sum(number == len(WORK) for _, number in held)
    return of(full, len(held), "team", "have all three roles")


@prepared
def teams_and_roles(person: User) -> QuerySet[Team, Any]:
    """How many of the three are held in each."""
    seen = Team.objects.at_work().filter(pk__in=access.teams(person, "team.view")).order_by()
    working = Q(memberships__role__in=WORK, memberships__user__is_active=True)
    number = Count("memberships__role", distinct=True, filter=working)
    return seen.values_list("pk").annotate(number=number)
