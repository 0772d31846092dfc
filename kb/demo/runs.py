"""A release run of the demo, half done: what the registry proves is proved, the rest waits for its people.
And what begins a run by itself.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from governance.models import Team, User
from kb import actions
from kb.models import Entry, Run, Trigger
from kb.proving import PRIOR, steps_of
from registry import actions as registering
from registry.models import Version

DEPLOYED = {
    "environment": "staging",
    "at": "2026-05-12T08:00:00Z",
    "plan": "3e9a55f1",
    "pipeline": "screening/5512",
    "lock_file": True,
    "golden": {"examples": 12, "largest_difference": 3.1e-8, "float": "float64"},
    "monitors": ["p95-screening", "5xx-screening"],
}
INCIDENT, WATCH = "PB-13", "Somebody looks the same day."
LATER = "The team's key is being made: signed before it becomes production."


def release(version: Version, people: dict[str, User]) -> None:
    """Begin it, unless it was begun, and take the steps that were not."""
    mara, jonas, leila, priya = (people[name] for name in ("mara", "jonas", "leila", "priya"))
    about = {"data-scientist": [mara], "devops-engineer": [priya], "steward": [jonas]}
    run = Run.objects.filter(subject=version.label).first() or actions.start_run(
        version.team, "PB-03", subject=version.label, people=about, note="For the screening in June.", by=mara
    )
    accept_checks(run, mara)
    if lacks(run, "package", Entry.WAIVER):
        until = timezone.now() + timedelta(days=14)
        actions.waive_step(run, "package", reason=LATER, ends_at=until, by=leila)
    deploy(version, priya)
    if lacks(run, "pipeline", Entry.STATEMENT):
        text = "214 tests passed. None of them sends what the screening sends on a Monday."
        actions.put(run, "pipeline", 2, text=text, by=priya)
    if lacks(run, "", Entry.COMMENT):
        actions.comment(run, "The pipeline is slow today: its cache was cold.", by=priya)
    actions.notice(run, by=User.system())


def accept_checks(run: Run, by: User) -> None:
    """The checks ran when the version was submitted, before the run began."""
    now = steps_of(Run.objects.select_related("playbook").get(pk=run.pk))[0]
    if now.proofs[0].state == PRIOR:
        actions.accept(run, "package", 0, digest=now.proofs[0].digest, by=by)


def lacks(run: Run, step: str, kind: str) -> bool:
    return not run.entries.filter(step=step, kind=kind).exists()


def deploy(version: Version, by: User) -> None:
    if not version.records.filter(kind="deployment").exists():
        registering.add_record(version, "deployment", {**DEPLOYED, "digest": version.digest}, by=by)


def watch(team: Team, by: User) -> None:
    """What is in use and found to be blocked begins its own run, from now on."""
    if not Trigger.objects.filter(team=team, playbook=INCIDENT).exists():
        about = f"models/{team.slug}/*"
        made = actions.add_trigger(
            team, INCIDENT, kind=Trigger.EVENT, action="incident.open", about=about, note=WATCH, by=by
        )
        actions.switch_on(made, by=by)
