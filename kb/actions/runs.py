"""Runs begin, pause, are handed over and end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from governance import access, subjects
from governance.actions import saved
from governance.audit import action
from governance.errors import Conflict
from governance.models import Team, User
from governance.sentences import spoken
from kb.actions.run_parts import (
    allowed,
    at_work,
    changed,
    end,
    everybody,
    give_reason,
    locked,
    noted,
    people_now,
    refuse,
    told,
)
from kb.models import Run, RunPerson
from kb.playbooks import ABOUT, FROM_OUTSIDE, ROLES, Playbook, read
from kb.proving import StepNow, playbook_of, steps_of
from kb.shelf import pinned, playbook_for

MOST_PEOPLE = 30
KINDS = {"model": "models/", "dataset": "datasets/", "version": "", "team": "teams/"}

People = Mapping[str, Iterable[User]]


@action("run.start")
def start_run(
    team: Team, code: str, *, subject: str, people: People | None = None, note: str = "", by: User
) -> Run:
    """Begin to work through a playbook, about one thing of the team, by these people for each role."""
    team = Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    access.check(by, "run.start", team)
    playbook = playbook_for(team, code)
    thing = about(team, playbook, subject, by)
    refuse_twin(team, playbook, subject)
    parts = check_people(team, playbook, people or {})
    if playbook.confidential:
        check_heard(parts, by)
        check_there(parts)
    return begun(team, code, thing, parts, note=note, by=by)


def begun(
    team: Team,
    code: str,
    thing: Any,
    parts: list[tuple[str, User]],
    *,
    note: str,
    trigger: str = "",
    by: User,
) -> Run:
    """Write it down and tell those who take part; it keeps the text that holds now."""
    row = pinned(team, code)
    playbook = read(row.text)
    run = saved(
        Run(
            playbook=row,
            team=team,
            subject=thing.label,
            digest=getattr(thing, "digest", ""),
            note=note,
            trigger=f"{trigger}: {thing.label}"[:300] if trigger else "",
            confidential=playbook.confidential,
            started_by=by,
        )
    )
    RunPerson.objects.bulk_create(RunPerson(run=run, role=role, user=user) for role, user in parts)
    after = {"playbook": code, "about": run.subject, "digest": row.digest}
    noted("run.start", run, by=by, after={**after, **({"trigger": trigger} if trigger else {})})
    who = "A trigger" if trigger else by
    said = f"{who} began “{playbook.title}” about {spoken(run.subject)}."
    told(run, {user for _, user in parts} - {by}, said)
    return run


def about(team: Team, playbook: Playbook, label: str, by: User) -> Any:
    """What it is about: seen by who begins, the team's own, and frozen."""
    kind, thing = subjects.find(by, label)
    fits = kind.name == ("team" if playbook.about == "team" else "version")
    if not fits or not thing.label.startswith(KINDS[playbook.about]):
        refuse("subject", f"“{playbook.title}” is about {ABOUT[playbook.about]}.")
    owner = thing if kind.name == "team" else thing.team
    if owner.pk != team.pk:
        refuse("subject", f"{label} is not {team.slug}'s.")
    if kind.name == "version" and thing.is_draft:
        raise Conflict(f"Version {thing.number} is a draft: submit it first.")
    return thing


def refuse_twin(team: Team, playbook: Playbook, subject: str) -> None:
    """Of what is confidential several may be open: whoever begins one may not learn of another."""
    if playbook.confidential:
        return
    twin = twin_of(team, playbook.code, subject)
    if twin is not None:
        raise Conflict(f"Run {twin.pk} of “{playbook.title}” is open about it already.")


def twin_of(team: Team, code: str, subject: str) -> Run | None:
    return Run.objects.open().filter(team=team, playbook__code=code, subject=subject).first()


def check_people(team: Team, playbook: Playbook, people: People) -> list[tuple[str, User]]:
    """Who does what: active members of the team, in roles that the playbook has."""
    parts = [(role, user) for role, users in people.items() for user in users]
    if strange := [role for role in people if role not in playbook.roles]:
        refuse("people", f"“{playbook.title}” has no role {strange[0][:30]}.")
    if len(parts) > MOST_PEOPLE:
        refuse("people", f"At most {MOST_PEOPLE} people take part in a run.")
    able = access.holders(team, "run.put")
    inside = [user for role, user in parts if not (playbook.confidential and role in FROM_OUTSIDE)]
    if away := [user for user in inside if user.pk not in able or not is_there(user)]:
        refuse("people", f"{away[0]} is nobody who may take part in runs of {team.slug}.")
    facilitators = {user.pk for role, user in parts if role == "facilitator"}
    if both := [user for role, user in parts if role == "party" and user.pk in facilitators]:
        refuse("people", f"{both[0]} cannot be facilitator and party: name somebody who is not involved.")
    return [*{(role, user.username): (role, user) for role, user in parts}.values()]


def is_there(user: User) -> bool:
    """Whether it is somebody: a person who has not left."""
    return bool(user.pk) and not user.answered_by_id and user.is_active and user.username != User.SYSTEM


def check_there(parts: list[tuple[str, User]]) -> None:
    """Who may be of another team is looked at last, and not named: otherwise whoever begins one could ask for
    user names one by one, and nobody would hear of it."""
    if not all(is_there(user) for _, user in parts):
        refuse("people", "One of those you named is nobody who may take part: look at their user names.")


def check_heard(parts: list[tuple[str, User]], by: User) -> None:
    """In confidence there is somebody who is not involved, and two sides; who begins it is one of them."""
    roles = [role for role, _ in parts]
    if roles.count("facilitator") != 1 or roles.count("party") < 2:
        refuse("people", "Name one facilitator who is not involved, and at least two parties.")
    if by.pk not in {user.pk for _, user in parts}:
        refuse("people", "Only who is named in it may begin it: nobody else sees it.")


# ------------------------------------------------------------------ the run as a whole


@action("run.hand_over")
def hand_over(run: Run, role: str, people: Iterable[User], *, by: User) -> Run:
    """Other people in one role from now on. What the others did stays theirs."""
    run = at_work(run)
    allowed(by, "run.hand_over", run)
    parts = check_people(run.team, playbook_of(run), {**people_now(run, but=role), role: list(people)})
    new = [user for each, user in parts if each == role]
    if run.confidential:
        keep_heard(run, parts, role, {user for user in new if user.pk})
        check_there(parts)
    run.people.filter(role=role).exclude(user__in=new).delete()
    for user in new:
        RunPerson.objects.get_or_create(run=run, role=role, user=user)
    names = ", ".join(sorted(str(user) for user in new)) or "nobody"
    changed(run, f"{ROLES[role]}: {names}", by)
    noted("run.hand_over", run, by=by, after={"role": ROLES[role].lower(), "people": names})
    told(run, {*new} - {by}, f"{by} made you {ROLES[role].lower()} of run {run.pk}.")
    return run


def keep_heard(run: Run, parts: list[tuple[str, User]], role: str, new: set[User]) -> None:
    """A party stays a party: whoever was to be heard is heard."""
    if role == "party" and not set(people_now(run).get("party", [])) <= new:
        raise Conflict("A party stays a party: nobody is taken out before they were heard.")
    check_heard(parts, next(user for _, user in parts))


@action("run.pause")
def pause_run(run: Run, *, reason: str, by: User) -> Run:
    """Nothing is due and nobody is asked until it goes on."""
    run = at_work(run)
    allowed(by, "run.pause", run)
    give_reason(reason)
    run.paused_at = timezone.now()
    run.save(update_fields=["paused_at"])
    changed(run, f"Paused: {reason}", by)
    noted("run.pause", run, by=by, reason=reason)
    return run


@action("run.resume")
def resume_run(run: Run, *, by: User) -> Run:
    run = locked(run)
    allowed(by, "run.resume", run)
    if run.paused_at is None or run.closed_at:
        raise Conflict("This run does not pause.")
    run.paused_at = None
    run.save(update_fields=["paused_at"])
    changed(run, "Went on", by)
    noted("run.resume", run, by=by)
    return run


@action("run.cancel")
def cancel_run(run: Run, *, reason: str, by: User) -> Run:
    """End it without an outcome. What was put in stays."""
    run = locked(run)
    allowed(by, "run.cancel", run)
    if run.closed_at:
        raise Conflict(f"This run is closed already: {run.outcome}.")
    give_reason(reason)
    end(run, "cancelled", reason)
    changed(run, f"Cancelled: {reason}", by)
    noted("run.cancel", run, by=by, reason=reason)
    told(
        run, {part.user for part in run.people.select_related("user")} - {by}, f"{by} cancelled run {run.pk}."
    )
    return run


@action("run.end")
def notice(run: Run, *, by: User) -> Run:
    """Compare what is proved with what people were told: say what came and what fell, and close a run that is
    finished. Safe to repeat."""
    run = locked(run)
    if run.closed_at or run.paused_at:
        Run.objects.filter(pk=run.pk, stirred=True).update(stirred=False)
        if run.outcome == "done" and not run.confidential:
            look_back(run, by)
        return run
    steps = steps_of(run)
    proved = [now.step.key for now in steps if now.finished]
    new = [now for now in steps if now.step.key in proved and now.step.key not in run.told]
    came = [now for now in new if now.state != "skipped"]
    fell = [now for now in steps if now.step.key in run.told and now.step.key not in proved]
    run.told = proved
    run.save(update_fields=["told"])
    for now in came:
        noted("run.prove", run, by=by, after={"step": now.step.title, "state": now.state})
    for now in fell:
        noted("run.fall", run, by=by, after={"step": now.step.title})
        told(run, set(now.people), f"The evidence of “{now.step.title}” does not hold any more.", "run-fell")
    if all(now.finished for now in steps):
        end(run, "done", "")
        noted("run.end", run, by=by, after={"playbook": run.playbook.code, "digest": run.digest})
        told(run, everybody(run), f"Run {run.pk} is finished.")
    elif new:
        tell_next(run, steps, new)
    if run.confidential:
        Run.objects.filter(pk=run.pk).update(stirred=False)
    return run


def look_back(run: Run, by: User) -> None:
    """Of a finished run only what fell since is told, once, to whose step it is and to who began it: it was
    finished by that, and a gate that asks for it is closed again."""
    steps = steps_of(run)
    for now in steps:
        if now.step.key in run.told and not now.finished:
            noted("run.fall", run, by=by, after={"step": now.step.title})
            sentence = f"Run {run.pk} was finished, and “{now.step.title}” of it does not hold any more."
            told(run, {*now.people, run.started_by}, sentence, "run-fell")
    run.told = [now.step.key for now in steps if now.finished]
    run.save(update_fields=["told"])


def tell_next(run: Run, steps: list[StepNow], new: list[StepNow]) -> None:
    """Those whose step has become possible by what was just finished."""
    keys = {now.step.key for now in new}
    for now in steps:
        if now.state == "open" and keys & set(now.step.after):
            told(run, set(now.people), f"“{now.step.title}” waits for you.", "run-step")
