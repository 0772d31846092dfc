"""How a version stands before the gate of production, and what each person can do about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from governance import access
from governance.access import Objection
from governance.models import Approval, User
from governance.pages import why_not
from registry.checking import FAILURE
from registry.models import Finding, Version
from registry.models.aliases import PROTECTED
from registry.presenting.addresses import of_artifact, of_version
from registry.presenting.listing import progress
from registry.presenting.parts import Action, Said, Verdict, role_says_no

GATE = "production"
MOST = 8
# Objections to who acts. They stand beside the button; the others are about the version itself.
PERSONAL = {"role", "four_eyes"}
APPROVALS, FINDINGS, CHECKS = "enough_approvals", "no_blocking_finding", "checks_finished"
NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
AGREED = {
    CHECKS: "Every check has finished on every file.",
    "digest_unchanged": "The files are the ones that were submitted.",
    APPROVALS: "It has the approvals that production needs.",
    "four_eyes": "You put nothing into it, so you may decide.",
    FINDINGS: "Nothing critical or high is open.",
}


@dataclass(frozen=True)
class Standing:
    """What a verdict is worked out from, beside the version and who looks at it."""

    held: set[str]
    """The aliases that point at it."""
    approvals: Sequence[Approval]
    evidence: str
    """The digest that an approval for production would bind now."""


def verdict(person: User, version: Version, standing: Standing) -> Verdict:
    if version.is_draft:
        return of_draft(person, version)
    if role_says_no(person, "version.view", version):
        return of_use(person, version, standing)
    if version.state == "checking":
        return of_checks(version)
    return of_gate(person, version, standing)


# ------------------------------------------------------------------ before the gate


def of_draft(person: User, version: Version) -> Verdict:
    no = why_not(person, "version.submit", version)
    own = version.added_by_id == person.pk
    empty = "" if no or version.files.exists() else "It has no file yet."
    said = (
        "Upload its files, then submit it: that freezes it under one digest and has it checked."
        if own
        else f"{version.added_by} is filling it. What it holds may still change."
    )
    submit = Action("Submit", post=of_version(version, "submit"), kind="primary", closed=no or empty)
    return Verdict("draft", f"Version {version.number} is a draft", said, actions=[submit] if own else [])


def of_checks(version: Version) -> Verdict:
    done, wanted = progress(version)
    return Verdict(
        "checking",
        f"Version {version.number} is being checked",
        "What is found appears here by itself. Nobody has to wait on this page.",
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
    told = [Said(objection.sentence, objection.cure) for objection in objections]
    return Verdict("blocked", f"Version {version.number} may not be fetched", objections=told)


# ------------------------------------------------------------------ the gate


def of_gate(person: User, version: Version, standing: Standing) -> Verdict:
    objections = access.objections(person, "version.promote", version, alias=GATE)
    about_it = [each for each in objections if each.policy not in PERSONAL]
    blocking = [each for each in about_it if each.policy != APPROVALS]
    lacks = [each for each in about_it if each.policy == APPROVALS]
    result = ruling(version, bool(blocking), bool(lacks), standing)
    if blocking:
        result.objections, result.more = blocked_by(person, version, blocking)
        result.text = in_the_way(len(result.objections) + result.more, bool(lacks))
    elif lacks and GATE not in standing.held:
        result.objections = [approval_missing(person, version, lacks[0], standing)]
    if GATE not in standing.held and not blocking:
        result.actions = [promotion(version, objections)]
    agreed(result, version, objections)
    result.at, result.evidence = timezone.now(), standing.evidence
    return result


def ruling(version: Version, blocked: bool, lacks: bool, standing: Standing) -> Verdict:
    """The state and the title."""
    name, held = f"Version {version.number}", GATE in standing.held
    if blocked and held:
        return Verdict("warn", f"{name} is production, but would not pass its gate today")
    if blocked:
        return Verdict("blocked", f"{name} may not become production")
    if held:
        return Verdict("released", f"{name} is production", "Nothing stands against it.")
    if lacks:
        return Verdict("info", f"{name} is ready, and needs an approval to become production")
    return Verdict("ready", f"{name} may become production", "It is approved, and nothing about it objects.")


def promotion(version: Version, objections: Sequence[Objection]) -> Action:
    """The button, or why it is closed: first because of who looks, then because of what there is."""
    closed = to_person(objections) or ("It is not approved yet." if objections else "")
    href = of_version(version, "promote", alias=GATE)
    return Action("Promote to production", href, kind="primary", closed=closed)


def to_person(objections: Iterable[Objection]) -> str:
    """The one sentence against who looks. That an author cannot act at all says more than a missing role."""
    against = {each.policy: each.sentence for each in objections if each.policy in PERSONAL}
    return against.get("four_eyes", against.get("role", ""))


def in_the_way(number: int, lacks: bool) -> str:
    """“Two reasons stand in the way. Once both are cured, one approval is needed.”"""
    word = NUMBERS[number] if number < len(NUMBERS) else f"{number:,}"
    said = f"{word} {'thing stands' if number == 1 else 'things stand'} in the way."
    cured = {1: "it is", 2: "both are"}.get(number, "all are")
    needed = NUMBERS[PROTECTED[GATE]].lower()
    return f"{said} Once {cured} cured, {needed} approval is needed." if lacks else said


def agreed(result: Verdict, version: Version, objections: Iterable[Objection]) -> None:
    """What does not object, folded away."""
    against = {each.policy for each in objections}
    names = [name for name in access.policies("version.promote") if name not in against]
    done, wanted = progress(version)
    result.agreed = [AGREED.get(name, f"{name} has nothing against it.") for name in names]
    agree = f"{len(names)} {'policy agrees' if len(names) == 1 else 'policies agree'}"
    start = "Nothing else objects: " if result.objections else ""
    result.agreed_said = f"{start}{agree}, {done:,} of {wanted:,} checks finished"


# ------------------------------------------------------------------ objections with their cures


def blocked_by(person: User, version: Version, blocking: Sequence[Objection]) -> tuple[list[Said], int]:
    """Each thing in the way with what cures it, the findings one by one, and how many are not shown."""
    worst = list(Finding.objects.filter(version=version).blocking()[: MOST + 100])
    shown, more = worst[:MOST], max(0, len(worst) - MOST)
    failed = any(finding.name == FAILURE for finding in shown)
    told: list[Said] = []
    for objection in blocking:
        if objection.policy == FINDINGS:
            told += findings_said(person, version, shown, objection.cure)
        elif objection.policy == CHECKS:
            told += (
                []
                if failed
                else [Said(objection.sentence, objection.cure, actions=[recheck(person, version)])]
            )
        else:
            told.append(Said(objection.sentence, objection.cure, policy=objection.policy))
    return told, more


def findings_said(person: User, version: Version, findings: Sequence[Finding], cure: str) -> list[Said]:
    no = to_person(access.objections(person, "finding.waive", version))
    told = [finding_said(person, version, finding, cure, no) for finding in findings]
    if told and not role_says_no(person, "version.add", version):
        href = of_artifact(version.artifact, "new_version")
        told[0].actions.insert(0, Action("Begin a new version", href, kind="primary"))
    return told


def finding_said(person: User, version: Version, finding: Finding, cure: str, no: str) -> Said:
    failed = finding.name == FAILURE
    waive = Action("Waive it", of_version(version, "waive", pk=finding.pk), closed=no)
    return Said(
        finding.message if failed else format_html("<code>{}</code>: {}", finding.path, finding.message),
        "wait until it is tried again, or check the version again." if failed else cure,
        origin="Not evaluated" if failed else f"{finding.severity_word.capitalize()} severity",
        policy=finding.check_name,
        href=f"{of_version(version, 'findings')}#finding-{finding.pk}",
        link=f"Finding {finding.pk}",
        since=finding.opened_at,
        actions=[recheck(person, version)] if failed else [waive],
    )


def recheck(person: User, version: Version) -> Action:
    no = role_says_no(person, "version.recheck", version)
    return Action("Check again", post=of_version(version, "recheck"), closed=no)


def approval_missing(person: User, version: Version, objection: Objection, standing: Standing) -> Said:
    told = Said(objection.sentence, objection.cure)
    open_now = [each for each in standing.approvals if not each.outcome and each.alias == GATE]
    asked = next((each for each in open_now if each.digest == standing.evidence), None)
    told.actions = [decide(person, version, asked) if asked else ask(person, version)]
    if asked:
        told.origin = f"{asked.requested_by} asked"
        told.since = asked.requested_at
    return told


def decide(person: User, version: Version, asked: Approval) -> Action:
    """To the request; the primary button of those who can be expected to decide on it."""
    other = person.pk not in {asked.requested_by_id, version.added_by_id}
    decides = other and not role_says_no(person, "approval.approve", version)
    href = reverse("governance:approval", args=[asked.pk])
    return Action(
        "Decide on it" if decides else f"See request {asked.pk}", href, kind="primary" if decides else ""
    )


def ask(person: User, version: Version) -> Action:
    no = role_says_no(person, "approval.request", version)
    return Action("Ask for approval", of_version(version, "ask", alias=GATE), kind="primary", closed=no)
