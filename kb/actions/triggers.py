"""Triggers are set up, switched on and off, and start runs: each at most once about one thing in a window."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from governance import access, audit
from governance.actions import cleaned, saved
from governance.audit import action
from governance.errors import Conflict
from governance.models import Team, User
from governance.telling import holding, tell
from kb.actions.run_parts import end, everybody, noted, refuse, told
from kb.actions.runs import People, begun, check_people, twin_of
from kb.models import Firing, Run, Trigger, TriggerPerson
from kb.models.triggers import kept
from kb.playbooks import Playbook
from kb.shelf import playbook_for
from kb.triggering import ACTIONS, ARTIFACT, BEGINS, MOST_AN_HOUR, checks, thing_of

MOST_ON, MOST_KEPT = 20, 200  # triggers of one team
ENOUGH = 2  # passes in a row that close what a failed check started
KIND = "trigger-held"


@action("trigger.add")
def add_trigger(team: Team, /, code: str, *, people: People | None = None, by: User, **cause: Any) -> Trigger:
    """Write down what starts a playbook. It begins switched off."""
    team = Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    access.check(by, "trigger.add", team)
    playbook = playbook_for(team, code)
    if playbook.confidential:
        refuse("playbook", "What is in confidence begins with people, never by itself.")
    if Trigger.objects.filter(team=team).count() >= MOST_KEPT:
        raise Conflict(f"A team keeps at most {MOST_KEPT} triggers.")
    trigger = Trigger(team=team, playbook=code, made_by=by, **cause)
    check_cause(trigger, playbook)
    parts = check_people(team, playbook, people or {})
    saved(cleaned(trigger))
    TriggerPerson.objects.bulk_create(TriggerPerson(trigger=trigger, role=r, user=u) for r, u in parts)
    audit.record("trigger.add", trigger, by=by, after=kept(trigger))
    return trigger


def check_cause(trigger: Trigger, playbook: Playbook) -> None:
    """What it looks at is there, and is what the playbook is about."""
    if trigger.kind == Trigger.EVENT and trigger.action not in ACTIONS:
        refuse("action", "Choose the event that starts a run.")
    if trigger.kind == Trigger.CHECK and trigger.check_name not in checks():
        refuse("check_name", "Choose the check whose failure starts a run.")
    if trigger.kind == Trigger.SCHEDULE:
        check_schedule(trigger, playbook)
    elif playbook.about != "team" and trigger.about and not may_fit(trigger.about, BEGINS[playbook.about]):
        refuse("about", f"“{playbook.title}” is about {BEGINS[playbook.about]}…: this would never match.")


def check_schedule(trigger: Trigger, playbook: Playbook) -> None:
    if not trigger.every_days:
        refuse("every_days", "Say every how many days.")
    if playbook.about == "team":
        trigger.about = trigger.about or trigger.team.label
        fits = trigger.about == trigger.team.label
    else:
        found = ARTIFACT.fullmatch(trigger.about)
        fits = found is not None and found["team"] == trigger.team.slug and "*" not in trigger.about
        fits = fits and trigger.about.startswith(BEGINS[playbook.about])
    if not fits:
        shown = {"team": trigger.team.label}.get(playbook.about, f"models/{trigger.team.slug}/name")
        refuse("about", f"Name the one thing that it is about, such as {shown}: its newest version is taken.")


def may_fit(pattern: str, begins: str) -> bool:
    """Whether a label that begins so can match."""
    fixed = pattern.partition("*")[0]
    return fixed.startswith(begins) or (begins.startswith(fixed) and "*" in pattern)


@action("trigger.switch_on")
def switch_on(trigger: Trigger, *, by: User) -> Trigger:
    """Have it start runs by what happens from now on; one that was held goes on."""
    Team.objects.select_for_update(no_key=True).get(pk=trigger.team_id)
    trigger = locked(trigger)
    access.check(by, "trigger.switch_on", trigger)
    if trigger.state == "on":
        raise Conflict("It is on already.")
    if (
        Trigger.objects.filter(team=trigger.team_id, on_at__isnull=False).exclude(pk=trigger.pk).count()
        >= MOST_ON
    ):
        raise Conflict(f"At most {MOST_ON} triggers of a team are on: switch another one off first.")
    trigger.on_at, trigger.held_at, trigger.held_why = timezone.now(), None, ""
    trigger.save(update_fields=["on_at", "held_at", "held_why"])
    audit.record("trigger.switch_on", trigger, by=by, after=kept(trigger))
    return trigger


@action("trigger.switch_off")
def switch_off(trigger: Trigger, *, by: User) -> Trigger:
    """Have it start nothing more. The runs that it started go on."""
    trigger = locked(trigger)
    access.check(by, "trigger.switch_off", trigger)
    if trigger.state == "off":
        raise Conflict("It is off already.")
    trigger.on_at, trigger.held_at, trigger.held_why = None, None, ""
    trigger.save(update_fields=["on_at", "held_at", "held_why"])
    audit.record("trigger.switch_off", trigger, by=by, before=kept(trigger))
    return trigger


# ------------------------------------------------------------------ starting


@action("run.start")
def fire(
    trigger: Trigger, subject: str, /, *, at: datetime, event: int | None = None, by: User
) -> Firing | None:
    """Start its run about one thing, unless it did in this window; safe to repeat and beside itself. What is
    not started says why."""
    Team.objects.select_for_update(no_key=True).get(pk=trigger.team_id)
    trigger = locked(trigger)
    window = trigger.window_of(at)
    if trigger.state != "on" or trigger.firings.filter(subject=subject, window=window).exists():
        return None
    thing = thing_of(trigger.team, subject)
    if thing is None:
        return None
    since = timezone.now() - timedelta(hours=1)
    if trigger.firings.filter(at__gt=since, at__gte=trigger.on_at).count() >= MOST_AN_HOUR:
        hold(trigger, by)
        return None
    firing = Firing(trigger=trigger, subject=subject, window=window, event=event)
    firing.said = why_not_now(trigger, subject)
    if not firing.said:
        firing.run = start(trigger, thing, by)
    elif not trigger.firings.filter(run=None, at__gt=timezone.now() - timedelta(days=1)).exists():
        tell(KIND, holding(trigger.team, "steward"), trigger, f"A trigger started nothing: {firing.said}")
    return saved(firing)


def why_not_now(trigger: Trigger, subject: str) -> str:
    open_now = Run.objects.open().filter(started_from__trigger=trigger).count()
    if open_now >= trigger.most_open:
        return f"{open_now} of its runs are open, and that is as many as may be."
    twin = twin_of(trigger.team, trigger.playbook, subject)
    return f"Run {twin.pk} is open about it already." if twin is not None else ""


def start(trigger: Trigger, thing: Any, by: User) -> Run:
    """In the name of the system; who has left or lost the right takes no part any more."""
    able = access.holders(trigger.team, "run.put")
    kept_parts = trigger.people.select_related("user").filter(user__in=list(able), user__is_active=True)
    parts = [(part.role, part.user) for part in kept_parts]
    return begun(
        trigger.team, trigger.playbook, thing, parts, note=trigger.note, trigger=trigger.label, by=by
    )


def hold(trigger: Trigger, by: User) -> None:
    """More comes than anybody can look at: nothing is started until a steward lets it go on."""
    trigger.held_at = timezone.now()
    trigger.held_why = (
        f"It met {MOST_AN_HOUR} things within an hour, and would have started a run about each."
    )
    trigger.save(update_fields=["held_at", "held_why"])
    audit.record("trigger.hold", trigger, by=by, reason=trigger.held_why)
    tell(KIND, holding(trigger.team, "steward"), trigger, f"A trigger is held. {trigger.held_why}")


# ------------------------------------------------------------------ closing


@action("run.pass")
def count_pass(firing: Firing, /, *, event: int, at: datetime, passed: bool, by: User) -> Firing:
    """Note how the check that started a run has ended now: two passes in a row close the run. An event that
    was counted before counts no second time."""
    run = Run.objects.select_for_update().select_related("team", "playbook").get(started_from=firing.pk)
    firing = Firing.objects.select_for_update().select_related("trigger").get(pk=firing.pk)
    if event <= firing.passed_by or run.closed_at:
        return firing
    firing.run, firing.passed_by = run, event
    firing.passes = firing.passes + 1 if passed else 0
    firing.passed_at = at
    firing.save(update_fields=["passes", "passed_by", "passed_at"])
    if firing.passes >= ENOUGH:
        close(firing, by)
    return firing


def close(firing: Firing, by: User) -> None:
    run, check = firing.run, firing.trigger.check_name
    assert run is not None
    end(run, "passed", f"{check} passed twice in a row.")
    noted("run.pass", run, by=by, after={"check": check, "playbook": run.playbook.code})
    told(run, everybody(run), f"Run {run.pk} closed itself: {check} passed twice in a row.")


def locked(trigger: Trigger) -> Trigger:
    return Trigger.objects.select_for_update(of=("self",)).select_related("team").get(pk=trigger.pk)
