"""Looking into a confidential run in need: an administrator asks, somebody else lets them, the parties hear
of it at once, and after a day it is over."""

from __future__ import annotations

from django.utils import timezone

from governance import access, audit
from governance.actions import cleaned, saved
from governance.audit import action
from governance.errors import Absent, Conflict
from governance.models import User
from governance.telling import holding, tell
from kb.actions.run_parts import CONFIDENTIAL, changed, everybody, refuse
from kb.models import Glass, Run
from kb.models.glass import LASTS

HOURS = int(LASTS.total_seconds() // 3600)


@action("glass.ask")
def ask_glass(about: str, /, number: int, *, reason: str, by: User) -> Glass:
    """Ask to read one of those of which one sees only that they exist; `about` is what the trail calls it."""
    access.check(by, "glass.ask", about)
    if not reason.strip():
        refuse("reason", "Say why somebody has to look into it.")
    rows = Run.objects.select_for_update(of=("self",)).filter(pk=number, confidential=True)
    run = rows.select_related("team").first()
    if run is None:
        raise Absent("There is no confidential run of this number.")
    if run.people.filter(user=by).exists():
        raise Conflict("You are named in it and see it already.")
    if run.glasses.waiting().exists() or run.glasses.open().exists():
        raise Conflict("Somebody has asked for it already.")
    glass = saved(cleaned(Glass(run=run, asked_by=by, reason=reason)))
    audit.record("glass.ask", glass.label, by=by, reason=reason)
    named = {person.pk for person in everybody(run)}
    stewards = [each for each in holding(run.team, "steward") if each.pk not in named]
    tell("glass-asked", stewards, glass, f"{by} asks to look into a confidential run of {run.team.slug}.")
    return glass


@action("glass.confirm")
def open_glass(glass: Glass, /, *, by: User) -> Glass:
    """Let who asked read it for a day."""
    glass = undecided(glass)
    access.check(by, "glass.confirm", glass)
    if access.role_objection(glass.asked_by, "glass.ask", CONFIDENTIAL) is not None:
        raise Conflict(f"{glass.asked_by} is no administrator any more: nobody is let in.")
    glass.opened_by, glass.opened_at = by, timezone.now()
    glass.ends_at = glass.opened_at + LASTS
    glass.save(update_fields=["opened_by", "opened_at", "ends_at"])
    words = f"Opened to {glass.asked_by} until {glass.ends_at:%-d %B %Y %H:%M} UTC"
    changed(glass.run, f"{words}: {glass.reason}"[:5000], by)
    audit.record("glass.confirm", glass.label, by=by, after={"who": glass.asked_by.username, "hours": HOURS})
    sentence = f"A confidential run that you are named in was opened to {glass.asked_by} for {HOURS} hours."
    people = sorted(everybody(glass.run), key=lambda each: each.pk)
    tell("run-confidential", people, glass.run, sentence)
    return glass


@action("glass.reject")
def reject_glass(glass: Glass, /, *, by: User) -> Glass:
    glass = undecided(glass)
    access.check(by, "glass.reject", glass)
    glass.refused_by, glass.refused_at = by, timezone.now()
    glass.save(update_fields=["refused_by", "refused_at"])
    audit.record("glass.reject", glass.label, by=by, after={"who": glass.asked_by.username})
    return glass


def undecided(glass: Glass) -> Glass:
    rows = Glass.objects.select_for_update(of=("self",)).select_related("run__team", "asked_by")
    glass = rows.get(pk=glass.pk)
    if glass.opened_at or glass.refused_at:
        raise Conflict("This was decided already.")
    return glass
