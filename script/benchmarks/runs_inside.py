"""10,000 open runs with ten waiting steps each, triggers that look at every record, and what an event and a
page cost: beside the servers."""

import time
from statistics import median

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from governance import actions as governing
from governance import following
from governance.models import Membership, Notification, Team, User
from kb.models import PlaybookVersion, Run, RunPerson, Trigger
from kb.playbooks import digest_of
from registry import actions
from registry.models import Artifact, CheckResult, Kind, Version
from registry.records import KINDS

RUNS, STEPS, TIMES, TRIGGERS = 10_000, 10, 15, 20
HEAD = """code = "PB-77"
title = "Bench"
questions = [3]
about = "model"
decides = "?"
intro = "."
checks = []
"""
STEP = (
    '[[step]]\nkey = "s{n}"\ntitle = "Step {n}"\ndo = "Do."\nroles = ["data-scientist"]\nafter = []\n'
    'needs = [{{ kind = "record", record = "training", text = "T" }}, '
    '{{ kind = "check", check = "*", text = "C" }}, '
    '{{ kind = "approval", alias = "production", text = "A" }}]\n'
)


def main() -> dict[str, float]:
    team, person = people()
    version = fill(team, person)
    seconds = [reaches(version, person, number) for number in range(TIMES)]
    return {"event_to_step_s": median(seconds), "page_cpu_ms": page(person)}


def people() -> tuple[Team, User]:
    admin = User.objects.filter(is_superuser=True).first() or User.objects.create(
        username="bench-admin", is_superuser=True
    )
    team = Team.objects.filter(slug="bench-runs").first() or governing.add_team("bench-runs", by=admin)
    person = User.objects.filter(username="bench-runner").first()
    if person is None:
        person = User.objects.create(username="bench-runner")
    for role in ("data-scientist", "steward"):
        Membership.objects.get_or_create(team=team, user=person, role=role, granted_by=admin)
    return team, person


def fill(team: Team, person: User) -> Version:
    """The runs are about 10,000 versions of one model; the last of them is real."""
    artifact = Artifact.objects.filter(team=team, name="runner").first() or actions.add_artifact(
        team, kind=Kind.MODEL, name="runner", by=person
    )
    version = artifact.versions.filter(number=RUNS).first() or Version.objects.create(
        artifact=artifact, number=RUNS, added_by=person, submitted_at=timezone.now(), digest="a" * 64
    )
    text = HEAD + "".join(STEP.format(n=n) for n in range(STEPS))
    row, _ = PlaybookVersion.objects.get_or_create(
        team=team, code="PB-77", number=1, defaults={"text": text, "digest": digest_of(text)}
    )
    if Run.objects.filter(playbook=row).count() < RUNS:
        label = f"{artifact.label}/versions/"
        about = {"playbook": row, "team": team, "started_by": person, "digest": "a" * 64}
        runs = Run.objects.bulk_create(
            [Run(**about, subject=f"{label}{number}") for number in range(1, RUNS + 1)], batch_size=2000
        )
        parts = [RunPerson(run=run, role="data-scientist", user=person) for run in runs]
        RunPerson.objects.bulk_create(parts, batch_size=2000)
        CheckResult.objects.filter(version=version).update(outcome="done")
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE kb_run; ANALYZE kb_runperson; ANALYZE governance_event")
    looked_at(team, person)
    following.catch_up()
    return version


def looked_at(team: Team, person: User) -> None:
    """As many triggers as may be on, each of which meets every record: a run about it is open already."""
    about = {"team": team, "playbook": "PB-77", "kind": "event", "action": "record.add", "made_by": person}
    missing = TRIGGERS - Trigger.objects.filter(team=team).count()
    Trigger.objects.bulk_create(
        Trigger(**about, about="models/bench-runs/*", on_at=timezone.now()) for _ in range(missing)
    )
    Trigger.objects.filter(team=team).update(held_at=None, held_why="")


def reaches(version: Version, person: User, number: int) -> float:
    """From the commit of a record to the moment at which its run was looked at."""
    run = Run.objects.get(subject=version.label)
    Run.objects.filter(pk=run.pk).update(told=["gone"])
    data = {**KINDS["training"].example, "notes": f"{time.time()} {number}"}
    with transaction.atomic():
        actions.add_record(version, "training", data, by=person)
    began = time.perf_counter()
    while Run.objects.get(pk=run.pk).told == ["gone"]:
        following.catch_up()
        if time.perf_counter() - began > 30:
            break
    Notification.objects.filter(user=person).delete()
    return time.perf_counter() - began


def page(person: User) -> float:
    client = Client(headers={"host": "localhost"})
    client.force_login(person)
    run = Run.objects.filter(people__user=person).order_by("-pk").first()
    address = reverse("kb:run", args=[run.pk if run else 0])
    client.get(address)
    costs = []
    for _ in range(TIMES):
        began = time.process_time()
        client.get(address)
        costs.append(time.process_time() - began)
    return 1000 * median(costs)
