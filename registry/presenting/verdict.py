"""How a version stands before the gate of production, and what each person can do about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils import timezone

from governance import access
from governance.access import Objection
from governance.models import User
from registry.checking import waits_for
from registry.models import Version
from registry.models.gates import gates_of
from registry.presenting.addresses import of_version
from registry.presenting.listing import progress
from registry.presenting.objecting import (
    APPROVALS,
    CHECKS,
    FINDINGS,
    GATE,
    PERSONAL,
    Standing,
    approval_missing,
    blocked_by,
    objection_said,
    to_person,
)
from registry.presenting.parts import Action, Verdict, role_says_no

NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
AGREED = {
    CHECKS: "Every check has finished on every file.",
    "digest_unchanged": "The files are the ones that were submitted.",
    APPROVALS: "It has the approvals that production needs.",
    "four_eyes": "You put nothing into it, so you may decide.",
    FINDINGS: "Nothing critical or high is open.",
    "archived": "It is not archived.",
    "card_filled": "The gate asks for no part of the card, or the description has them all.",
    "withdrawn": "It is not withdrawn.",
    "licence_allowed": "The gate takes its licence and those of what it came from.",
    "signed": "The gate asks for no signature, or a key of the team has signed it whole.",
    "finished_run": "The gate asks for no run, or one about these bytes is finished.",
    "sandbox_stands": "The walls around what the checks look at stand here.",
    "scanner_sees": "The scanner found every known-bad file that was sent to it last.",
}


def verdict(person: User, version: Version, standing: Standing) -> Verdict:
    if version.is_draft:
        return of_draft(person, version)
    if role_says_no(person, "version.view", version):
        return of_use(person, version, standing)
    if version.state == "checking":
        return of_checks(version, standing)
    return of_gate(person, version, standing)


# ------------------------------------------------------------------ before the gate


def of_draft(person: User, version: Version) -> Verdict:
    own = version.added_by_id == person.pk
    objections = access.objections(person, "version.submit", version) if own else []
    no = in_the_way(len(objections)) if objections else ""
    empty = "" if no or version.files.exists() else "It has no file yet."
    said = (
        "Upload its files, then submit it: that freezes it under one digest and has it checked."
        if own
        else f"{version.added_by} is filling it. What it holds may still change."
    )
    submit = Action(
        f"Submit version {version.number}",
        post=of_version(version, "submit"),
        kind="primary",
        closed=no or empty,
    )
    return Verdict(
        "draft",
        f"Version {version.number} is a draft",
        said,
        actions=[submit] if own else [],
        objections=[objection_said(person, version, each) for each in objections],
    )


def of_checks(version: Version, standing: Standing) -> Verdict:
    done, wanted = progress(version)
    held = "production, and is " if GATE in standing.held else ""
    return Verdict(
        "checking",
        f"Version {version.number} is {held}being checked",
        waits_for(version) or "What is found appears here by itself. Nobody has to wait on this page.",
        done=done,
        all=wanted,
        said=f"{done} of {wanted} finished",
    )


def of_use(person: User, version: Version, standing: Standing) -> Verdict:
    """For those who only use what is released: whether they can."""
    objections = access.objections(person, "version.download", version)
    title = f"Version {version.number} " + ("is production" if GATE in standing.held else "was released")
    if not objections:
        return Verdict("released", title, "You may fetch it.")
    told = [objection_said(person, version, objection) for objection in objections]
    return Verdict("blocked", f"Version {version.number} may not be fetched", objections=told)


# ------------------------------------------------------------------ the gate


def of_gate(person: User, version: Version, standing: Standing) -> Verdict:
    objections = access.objections(person, "version.promote", version, alias=GATE)
    about_it = [each for each in objections if each.policy not in PERSONAL]
    blocking = [each for each in about_it if each.policy != APPROVALS]
    lacks = [each for each in about_it if each.policy == APPROVALS]
    result = ruling(version, bool(blocking), bool(lacks), standing)
    if blocking:
        result.objections, result.more = blocked_by(person, version, blocking, standing)
        result.in_the_way = in_the_way(len(result.objections) + result.more)
        result.text = f"{result.in_the_way} {then_needed(version, result)}" if lacks else result.in_the_way
    elif lacks and GATE not in standing.held:
        result.objections = [approval_missing(person, version, lacks[0], standing)]
    if GATE not in standing.held and not about_it:
        result.actions = [promotion(version, objections)]
    agreed(result, version, objections)
    result.at, result.evidence = timezone.now(), standing.evidence
    return result


def ruling(version: Version, blocked: bool, lacks: bool, standing: Standing) -> Verdict:
    """The state and the title."""
    name, held = f"Version {version.number}", GATE in standing.held
    if version.withdrawn_at is not None:
        return Verdict("blocked", f"{name} was withdrawn")
    if blocked and held:
        return Verdict("warn", f"{name} is production, but would not pass its gate today")
    if blocked:
        return Verdict("blocked", f"{name} may not become production")
    if held:
        return Verdict("released", f"{name} is production", "Nothing stands against it.")
    if lacks:
        needs = f"{name} is ready, and needs an approval to become production"
        return Verdict("info", needs, "Its checks have finished, and nothing that they found blocks it.")
    return Verdict("ready", f"{name} may become production", "It is approved, and nothing about it objects.")


def promotion(version: Version, objections: Sequence[Objection]) -> Action:
    """The button, or why it is closed to who looks, and who can."""
    href, no = of_version(version, "promote", alias=GATE), to_person(objections)
    if no:
        no += f" Who can: {access.able(version, 'version.promote', but=version.authors)}."
    return Action("Promote to production", href, kind="primary", closed=no)


def in_the_way(number: int) -> str:
    """“Two things stand in the way.”"""
    word = NUMBERS[number] if number < len(NUMBERS) else f"{number:,}"
    return f"{word} {'thing stands' if number == 1 else 'things stand'} in the way."


def then_needed(version: Version, result: Verdict) -> str:
    """“Once both are cured, one approval is needed.”"""
    needed = gates_of(version.team)[GATE].approvals
    approvals = "approval is" if needed == 1 else "approvals are"
    cured = {1: "it is", 2: "both are"}.get(len(result.objections) + result.more, "all are")
    return f"Once {cured} cured, {NUMBERS[needed].lower()} {approvals} needed."


def agreed(result: Verdict, version: Version, objections: Iterable[Objection]) -> None:
    """What does not object, folded away."""
    against = {each.policy for each in objections}
    names = [name for name in access.policies("version.promote") if name not in against]
    done, wanted = progress(version)
    result.agreed = [AGREED.get(name, f"{name} has nothing against it.") for name in names]
    agree = f"{len(names)} {'policy agrees' if len(names) == 1 else 'policies agree'}"
    start = "Nothing else objects: " if result.objections else ""
    result.agreed_said = f"{start}{agree}, {done:,} of {wanted:,} checks finished"
