"""Gates get other settings: one asks, a second person confirms, and approvals of the old gate are void."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from governance import access, audit
from governance.access import listed
from governance.actions import saved, void_changed
from governance.audit import action
from governance.errors import Conflict, Invalid
from governance.models import Approval, Team, User
from governance.names import check_slug
from governance.policies.other_person import kept_out
from governance.roles import APPROVERS
from governance.telling import settle, tell
from registry.actions.artifacts import lock
from registry.checks import CHECKS
from registry.gate_changes import changes, of_thresholds, said
from registry.licences import check_one
from registry.models import GateRequest, GateSettings, Kind, Version
from registry.models.gates import DEFAULTS, Gate, Gates, read, settings_of, written
from registry.quality import QUALITY
from registry.required_runs import TITLES
from registry.subjects import versions_called
from registry.tasks import enqueue_judging
from registry.thresholds import checked

MOST_APPROVALS = 5
MOST_ALIASES = 12
MOST_PARTS, LONGEST_PART = 20, 100
MOST_LICENCES = 50
MOST_JUDGED = 200


@action("gate.request")
def request_gates(
    team: Team,
    gates: Gates,
    *,
    thresholds: Mapping[str, Any] | None = None,
    based_on: int | None = None,
    note: str = "",
    by: User,
) -> GateRequest:
    """Ask a second person for other gates, and other thresholds of checks of quality; None: as they are.
    `based_on` is the number of the settings that one was shown."""
    team = lock_team(team)
    access.check(by, "gate.request", team)
    now = settings_of(team)
    if based_on not in {None, now.number}:
        raise Conflict("The settings have changed since you were shown them. Load the page again.")
    check_gates(gates)
    limits = now.thresholds if thresholds is None else checked(thresholds)
    if gates == now.by_alias and limits == now.thresholds:
        raise Conflict("This is how the gates are already: nothing would change.")
    if limits != now.thresholds and not note.strip():
        refuse("note", "Say why the thresholds shall be others: it stays on the record.")
    asked = GateRequest(
        team=team,
        based_on=now.number,
        gates=written(gates),
        thresholds=limits,
        note=note,
        requested_by=by,
    )
    asked = saved(asked)
    after = {"request": asked.pk, "gates": asked.gates, "thresholds": limits}
    audit.record("gate.request", asked, by=by, reason=note, before=as_recorded(now), after=after)
    tell("settings-asked", deciders(asked), asked, f"{by} asks you to confirm {about(asked)}: {what(asked)}.")
    return asked


@action("gate.confirm")
def confirm_gates(asked: GateRequest, *, note: str = "", by: User) -> GateSettings:
    """Say yes: from now on the gates are like this. Other requests about the settings before are void."""
    asked = locked(asked)
    access.check(by, "gate.confirm", asked)
    still_open(asked)
    before = settings_of(asked.team)
    close(asked, "confirmed", note=note, by=by)
    made = GateSettings.objects.create(
        team=asked.team,
        number=before.number + 1,
        gates=asked.gates,
        thresholds=asked.thresholds,
        request=asked,
        set_by=by,
    )
    audit.record("gate.confirm", asked, by=by, reason=note, after={"request": asked.pk})
    if by == asked.requested_by:
        audit.record("gate.alone", asked, by=by, after={"request": asked.pk})
    audit.record("gate.set", made, by=by, before=as_recorded(before), after=as_recorded(made))
    for other in asked.team.gate_requests.open().select_related("requested_by", "team"):
        void(other, by=by)
    void_approvals(asked.team, by=by)
    if made.thresholds != before.thresholds:
        judge_again(asked.team)
    tell_asker(asked, f"{by} confirmed {about(asked)}.", by=by)
    return made


@action("gate.reject")
def reject_gates(asked: GateRequest, *, note: str = "", by: User) -> GateRequest:
    """Say no, or take it back: the request is closed and nothing changes."""
    asked = locked(asked)
    access.check(by, "gate.reject", asked)
    still_open(asked)
    close(asked, "rejected", note=note, by=by)
    audit.record("gate.reject", asked, by=by, reason=note, after={"request": asked.pk})
    tell_asker(asked, f"{by} rejected {about(asked)}.", by=by)
    return asked


# ------------------------------------------------------------------ what may be asked for


def check_gates(gates: Gates) -> None:
    """Raise what nobody may ask for."""
    missing = [name for name in DEFAULTS if name not in gates]
    if missing:
        refuse("aliases", f"{' and '.join(missing)} always has a gate: say what it asks for.")
    if len(gates) > MOST_ALIASES:
        refuse("aliases", f"At most {MOST_ALIASES} aliases have a gate.")
    for name, gate in gates.items():
        check_gate(name, gate)


def check_gate(name: str, gate: Gate) -> None:
    try:
        check_slug(name)
    except ValidationError as error:
        refuse("alias", f"{name[:60]}: {error.messages[0]}")
    if len(name) > 60:
        refuse("alias", "The name of an alias has at most 60 characters.")
    if not 0 <= gate.approvals <= MOST_APPROVALS:
        refuse(f"{name}.approvals", f"A gate asks for 0 to {MOST_APPROVALS} approvals.")
    if name == "production" and gate.approvals < 1:
        refuse("production.approvals", "Production never needs fewer than one approval.")
    strange = [role for role in gate.approvers if role not in APPROVERS]
    if strange or not gate.approvers:
        refuse(f"{name}.approvers", f"Approvals come from {listed(APPROVERS)}: name at least one of them.")
    for check in gate.not_required:
        check_spared(name, check)
    if gate.run and gate.run not in TITLES:
        refuse(f"{name}.run", f"There is no playbook {gate.run[:20]}.")
    check_licences(name, gate)
    if len(gate.card) > MOST_PARTS or any(not 0 < len(part) <= LONGEST_PART for part in gate.card):
        refuse(f"{name}.card", f"A gate asks for at most {MOST_PARTS} headings of {LONGEST_PART} letters.")


def check_spared(alias: str, name: str) -> None:
    """What looks for danger is required everywhere."""
    check = CHECKS.get(name)
    if name in QUALITY:
        return
    if check is None:
        refuse(f"{alias}.not_required", f"There is no check {name[:60]}.")
    elif not check.may_be_spared:
        refuse(f"{alias}.not_required", f"{name} looks for danger: every gate requires it.")


def check_licences(alias: str, gate: Gate) -> None:
    if len(gate.licences) > MOST_LICENCES:
        refuse(f"{alias}.licences", f"A gate names at most {MOST_LICENCES} licences.")
    for licence in gate.licences:
        try:
            check_one(licence)
        except ValidationError as error:
            refuse(f"{alias}.licences", f"{licence[:60]}: {error.messages[0]}")


def refuse(field: str, sentence: str) -> None:
    raise Invalid(sentence, errors={field: [sentence]})


# ------------------------------------------------------------------ parts


def lock_team(team: Team) -> Team:
    """Requests, decisions and changes of who is in the team take turns. Whatever only refers to the team,
    such as a new approval, goes on."""
    return Team.objects.select_for_update(no_key=True).get(pk=team.pk)


def locked(asked: GateRequest) -> GateRequest:
    team = lock_team(asked.team)
    found = GateRequest.objects.select_for_update(of=("self",)).select_related("requested_by")
    asked = found.get(pk=asked.pk)
    asked.team = team
    return asked


def still_open(asked: GateRequest) -> None:
    if asked.closed_at is not None:
        raise Conflict(f"This request is closed already: {asked.outcome}.")
    if asked.based_on != settings_of(asked.team).number:
        raise Conflict("The settings have changed since this was asked for: ask again.")


def close(asked: GateRequest, outcome: str, *, note: str = "", by: User) -> None:
    asked.closed_at, asked.closed_by, asked.outcome, asked.answer = timezone.now(), by, outcome, note
    asked.clean_fields()
    asked.save(update_fields=["closed_at", "closed_by", "outcome", "answer"])
    settle("settings-asked", asked)


def void(asked: GateRequest, *, by: User) -> None:
    close(asked, "void", by=by)
    audit.record("gate.void", asked, by=by, after={"request": asked.pk})
    tell_asker(asked, f"{about(asked).capitalize()} became void: other settings came first.", by=by)


def void_approvals(team: Team, *, by: User) -> None:
    """Close every open request for an approval at a gate that asks for something else now."""
    labels = set(Approval.objects.open().filter(team=team).values_list("subject", flat=True))
    found = Version.objects.filter(versions_called(labels)).select_related("artifact__team", "added_by")
    for version in found.order_by("artifact", "number"):
        lock(version.artifact_id)
        void_changed(version, by=by)


def judge_again(team: Team) -> None:
    """The newest datasets and models by the new thresholds, after commit, those in use first."""
    frozen = Version.objects.filter(artifact__team=team).exclude(submitted_at=None)
    frozen = frozen.filter(artifact__kind__in=[Kind.DATASET, Kind.MODEL])
    used = frozen.filter(aliases__isnull=False).distinct()
    keys = [*used.values_list("pk", flat=True)[:MOST_JUDGED]]
    keys += frozen.order_by("-pk").values_list("pk", flat=True)[:MOST_JUDGED]
    for pk in dict.fromkeys(keys):
        enqueue_judging(pk)


def as_recorded(settings: GateSettings) -> dict[str, object]:
    return {"number": settings.number, "gates": settings.gates, "thresholds": settings.thresholds}


# ------------------------------------------------------------------ telling


def about(asked: GateRequest) -> str:
    return f"the change of the gates of {asked.team.slug}"


def what(asked: GateRequest) -> str:
    now = settings_of(asked.team)
    found = changes(now.by_alias, read(asked.gates))
    return said([*found, *of_thresholds(now.thresholds, asked.thresholds)])


def deciders(asked: GateRequest) -> QuerySet[User]:
    """Who could confirm: neither who asked nor whom they made."""
    able = access.holders(asked.team, "gate.confirm").keys()
    people: QuerySet[User] = User.objects.filter(pk__in=able - kept_out(asked))
    return people


def tell_asker(asked: GateRequest, sentence: str, *, by: User) -> None:
    tell("settings-decided", {asked.requested_by} - {by}, asked, sentence)
