"""A gate may take only bytes about which a run of a playbook is finished, and whose steps still hold."""

from __future__ import annotations

from django.urls import reverse

from governance.access import Objection, able, policy
from governance.models import User
from kb.models import Run
from kb.proving import steps_of
from registry.models import Version
from registry.models.gates import gates_of
from registry.required_runs import title_of


@policy("version.promote")
def finished_run(
    person: User, version: Version, *, alias: str = "production", **_: object
) -> Objection | None:
    gate = gates_of(version.team).get(alias)
    if gate is None or not gate.run or version.is_draft:
        return None
    found = newest(version, gate.run)
    title = title_of(gate.run)
    needs = f"{alias} needs a finished run of “{title}” about these bytes"
    who = able(version.team, "run.start")
    if found is None:
        link = f"{reverse('kb:run_start', args=[gate.run])}?subject={version.label}"
        return Objection(f"{needs}, and none has begun.", "begin one and finish it.", who=who, link=link)
    link = reverse("kb:run", args=[found.pk])
    if found.outcome != "done":
        return Objection(f"{needs}: run {found.pk} is not finished.", "finish its steps.", who=who, link=link)
    fell = [now.step.title for now in steps_of(found) if not now.finished]
    if not fell:
        return None
    sentence = f"{needs}. Run {found.pk} was finished, but “{fell[0]}” does not hold any more."
    cure = "cure what fell, or begin another run."
    return Objection(sentence, cure, who=who, link=link)


def newest(version: Version, code: str) -> Run | None:
    """The newest finished one, else the newest that is open."""
    about = Run.objects.filter(team=version.team, subject=version.label, digest=version.digest)
    found = (
        about.filter(playbook__code=code)
        .exclude(outcome__in=["cancelled", "passed"])
        .select_related("playbook")
    )
    return max(found.order_by("pk"), key=lambda run: (run.outcome == "done", run.pk), default=None)
