"""The twenty questions that a team has to be able to answer: an answer, its playbook, how things stand."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.fields.json import KT

from governance import access
from governance.models import Membership, Team, User
from governance.templatetags.words import counted
from kb.models import Run
from registry.models import Alias, Artifact, Contract, Kind, Link, Record, Version


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


def standing(person: User) -> dict[str, str]:
    """How things stand for what somebody sees, by figure; as many queries whatever there is."""
    artifacts = Artifact.objects.visible_to(person).filter(archived_at=None).order_by()
    kinds = dict(artifacts.values_list("kind").annotate(number=Count("pk")))
    models, datasets = kinds.get(Kind.MODEL, 0), kinds.get(Kind.DATASET, 0)
    return {
        **of_records(person, models),
        **of_artifacts(artifacts, models, datasets),
        **of_production(person),
        **of_runs(person),
        "roles": of_roles(person),
    }


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
    rows = Record.objects.visible_to(person).standing().filter(version__artifact__kind=Kind.MODEL).order_by()
    seen = rows.filter(version__artifact__archived_at=None)
    found: dict[str, int] = seen.aggregate(
        training=models_with(kind="training"),
        folds=models_with(kind="training", data__has_key="folds"),
        topology=models_with(kind="topology"),
        cost=models_with(kind="cost"),
        phases=models_with(kind="cost", data__rows__contains=[{"phase": "deploy"}]),
        load=models_with(kind="load-test"),
        monitors=models_with(kind="deployment", data__has_key="monitors"),
    )
    measured = Version.objects.visible_to(person).filter(evaluations__outcome="done").order_by()
    scored = measured.filter(artifact__archived_at=None).aggregate(n=Count("artifact", distinct=True))["n"]
    return {
        "training": of(found["training"], models, "model", "have a record of training"),
        "folds": of(found["folds"], models, "model", "have k-fold evidence"),
        "topology": of(found["topology"], models, "model", "have a declared topology"),
        "cost": of(found["cost"], models, "model", "have imported costs"),
        "phases": of(found["phases"], models, "model", "have costs by phase"),
        "load": of(found["load"], models, "model", "have a load test"),
        "monitors": of(found["monitors"], models, "model", "have named monitors"),
        "measured": of(scored, models, "model", "were measured here"),
    }


def models_with(**asked: Any) -> Count:
    return Count("version__artifact", distinct=True, filter=Q(**asked))


def of_artifacts(artifacts: Any, models: int, datasets: int) -> dict[str, str]:
    newest = Contract.objects.filter(artifact=OuterRef("pk")).order_by("-number")
    promised = artifacts.filter(kind=Kind.DATASET).annotate(written=newest.values("written")[:1])
    number = promised.exclude(written=None).exclude(written="").count()
    parents = Link.objects.filter(version__artifact=OuterRef("pk")).order_by()
    several = parents.values("version").annotate(n=Count("parent__artifact", distinct=True)).filter(n__gte=2)
    joined = artifacts.filter(Exists(several), kind=Kind.DATASET).count()
    described = artifacts.filter(kind=Kind.MODEL).exclude(description="").count()
    return {
        "contract": of(number, datasets, "dataset", "have a contract"),
        "sources": of(joined, datasets, "dataset", "come from two sources or more"),
        "card": of(described, models, "model", "have a card"),
    }


def of_production(person: User) -> dict[str, str]:
    """Of the versions that are production: which are declared as deployed by these bytes, which are clean."""
    held = Alias.objects.visible_to(person).filter(name="production", artifact__kind=Kind.MODEL).order_by()
    declared = Record.objects.standing().alias(said=KT("data__digest"))
    same = declared.filter(version=OuterRef("version"), kind="deployment", said=OuterRef("version__digest"))
    ready = Version.objects.with_state().filter(pk=OuterRef("version")).filter(Q(state_now="ready"))
    rows = held.annotate(by_digest=Exists(same), ready=Exists(ready)).values_list("by_digest", "ready")
    found = list(rows[:10_000])
    one = "model in production"
    return {
        "deployed": of(sum(each for each, _ in found), len(found), one, "run by a declared digest"),
        "unblocked": of(sum(each for _, each in found), len(found), one, "have nothing open that blocks"),
    }


def of_runs(person: User) -> dict[str, str]:
    """Of each playbook: how many runs are finished and open. What is confidential is not counted."""
    seen = Run.objects.visible_to(person).filter(confidential=False).order_by()
    done, is_open = Count("pk", filter=Q(outcome="done")), Count("pk", filter=Q(closed_at=None))
    rows = seen.values(code=F("playbook__code")).annotate(done=done, open=is_open)
    counts = {row["code"]: (row["done"], row["open"]) for row in rows}
    codes = {question.code for question in QUESTIONS}
    return {f"runs:{code}": runs_said(*counts.get(code, (0, 0))) for code in codes}


def runs_said(done: int, is_open: int) -> str:
    return f"{counted(done, 'run')} finished, {is_open} open"


def of_roles(person: User) -> str:
    """In how many of somebody's teams all three roles are held."""
    teams = Team.objects.at_work().filter(pk__in=access.teams(person, "team.view")).count()
    held = Membership.objects.filter(team__in=access.teams(person, "team.view"), team__archived_at=None)
    working = held.filter(role__in=WORK, user__is_active=True).order_by().values("team")
    full = working.annotate(n=Count("role", distinct=True)).filter(n=len(WORK)).count()
    return of(full, teams, "team", "have all three roles")
