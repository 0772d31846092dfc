"""The page of a version, put together: the number of queries does not depend on how much there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from governance import access
from governance.actions import evidence_digest
from governance.models import Event, User
from governance.models.events import trails
from governance.prepared import prepared
from governance.sentences import timeline
from registry import gate
from registry.models import Alias, Version
from registry.policies.answers_for_it import answers_for_it
from registry.policies.withdrawn import since
from registry.presenting import charts, contents, decisions, folders, incidents, lineage, records
from registry.presenting.addresses import of_version
from registry.presenting.decisions import Lineage
from registry.presenting.listing import progress
from registry.presenting.objecting import GATE, Standing, to_person
from registry.presenting.parts import Verdict, role_says_no
from registry.presenting.signing import signed
from registry.presenting.verdict import verdict
from registry.subjects import labels_of

MOST_EVENTS = 20


def page(person: User, version: Version) -> dict[str, Any]:
    """Everything that the overview shows."""
    aliases = decisions.aliases(person, artifact=version.artifact_id)
    relatives = decisions.relatives(person, version)
    production = next((each.version for each in aliases if each.name == GATE), None)
    known = charts.known(person, version)
    now = live(person, version, aliases)
    paths = None if now.get("more_files", True) else [row.path for row in now["files"]]
    return {
        **now,
        "artifact": version.artifact,
        "section": version.artifact.plural,
        "measured": contents.measured(version),
        "judges": contents.judges(version),
        "metrics": contents.metrics(version.metrics, compared_with(version, aliases)),
        "charts": charts.charts(version, production, known),
        "parameters": contents.values(version.parameters),
        "production": production,
        "compare": compared(version, production, known),
        "picture": lineage.picture(person, version, relatives["parents"], relatives["children"]),
        **relatives,
        "notices": [*incidents.of_version_shown(version), *notices(relatives["parents"])],
        "more": more(person, version),
        **declared(person, version),
        **signed(version, paths),
        "events": timeline(events(person, version), here=version.label),
        "sees_approvals": not (version.is_draft or role_says_no(person, "approval.view", version)),
        "pushes": not role_says_no(person, "version.add", version) and not version.artifact.archived_at,
        "moves": not version.is_draft and not role_says_no(person, "alias.move", version),
        "deletes": version.is_draft and access.can(person, "version.delete", version),
        "own_draft": version.is_draft and access.can(person, "version.submit", version),
        "rechecks": not version.is_draft and not role_says_no(person, "version.recheck", version),
    }


def compared(version: Version, production: Version | None, known: charts.Known) -> dict[str, str]:
    """With what it is compared first: what is in production, else the one before."""
    if production is not None and production.pk != version.pk:
        return {"word": f"Compare with {production.number}", "href": to(version, production.number)}
    before = next((number for number in known if number < version.number), None)
    return {"word": f"Compare with {before}", "href": to(version, before)} if before else {}


def to(version: Version, other: int) -> str:
    return of_version(version, "compare", other=other)


def more(person: User, version: Version) -> list[dict[str, Any]]:
    """What is rarely done to it, as the menu takes it."""
    if not withdraws(person, version):
        return []
    return [{"word": "Withdraw", "href": of_version(version, "withdraw"), "icon": "blocked", "danger": True}]


def withdraws(person: User, version: Version) -> bool:
    """Whether the way to withdraw it is shown."""
    if version.is_draft or version.withdrawn_at or role_says_no(person, "version.withdraw", version):
        return False
    return answers_for_it(person, version.artifact) is None


def notices(parents: Lineage) -> list[dict[str, str]]:
    """That it comes from what is out of use."""
    return [
        {"state": "warn", "text": f"It was {relation} {other}, which was {since(other)}"}
        for relation, other in parents.rows
        if other.withdrawn_at is not None
    ]


def live(person: User, version: Version, aliases: Sequence[Alias]) -> dict[str, Any]:
    """What changes by itself while checks run."""
    asked = decisions.approvals(person, version)
    evidence = gate.evidence(version, GATE)
    held = {alias.name for alias in aliases if alias.version_id == version.pk}
    findings = contents.first_findings(version=version.pk)
    no = to_person(access.objections(person, "finding.waive", version)) if findings else ""
    ruling = verdict(person, version, Standing(held, asked, evidence_digest(evidence), findings, no))
    return {
        "version": version,
        "verdict": ruling,
        "badge": badge(version, held),
        **files(version),
        "findings": contents.finding_rows(person, version, findings[: contents.MOST_FINDINGS], no),
        "more_findings": len(findings) > contents.MOST_FINDINGS,
        "approvals": decisions.approval_rows(version, asked, evidence),
        "aliases": decisions.alias_rows(person, version, aliases, ruling),
        "line": line(version, ruling, held),
    }


def files(version: Version) -> dict[str, Any]:
    """The whole tree; of many files only what lies outermost, whose folders fill themselves."""
    found = contents.first_files(version=version.pk)
    if len(found) > contents.MOST_FILES and not version.is_draft:
        folder = folders.folder(version)
        return {"files": folder.rows, "outermost": folder}
    return {
        "files": contents.file_rows(version, found[: contents.MOST_FILES]),
        "more_files": len(found) > contents.MOST_FILES,
    }


def declared(person: User, version: Version) -> dict[str, Any]:
    found = records.newest(person, version)
    return {
        "records": found[: records.MOST_RECORDS],
        "more_records": len(found) > records.MOST_RECORDS,
        "declares": records.offered(person, version),
    }


def badge(version: Version, held: set[str]) -> tuple[str, str]:
    """The state beside the title and its word."""
    if version.withdrawn_at is not None:
        return "blocked", "Withdrawn"
    if version.state == "ready" and GATE in held:
        return "released", "In production"
    return version.state, ""


def compared_with(version: Version, aliases: Sequence[Alias]) -> dict[str, Any]:
    """The metrics of another version in production."""
    other = next((each.version for each in aliases if each.name == GATE), None)
    return other.metrics if other and other.pk != version.pk else {}


def events(person: User, version: Version) -> list[Event]:
    """Without uploads: the files stand above."""
    if not version.artifact.first_name:
        return told(person, tuple(trails(person)), label=version.label, below=f"{version.label}/")
    labels = [f"{label}/versions/{version.number}" for label in labels_of(version.artifact)]
    return list(large(Event.objects.visible_to(person).about(*labels)))


@prepared
def told(person: User, teams: tuple[str, ...], *, label: Any, below: Any) -> QuerySet[Event]:
    """The same of what always had one name, as almost everything."""
    about = Q(subject=label) | Q(subject__startswith=below)
    return large(Event.objects.read_in(teams, person).filter(about))


def large(events: QuerySet[Event]) -> QuerySet[Event]:
    return events.exclude(action="version.add_file", outcome="done")[:MOST_EVENTS]


# ------------------------------------------------------------------ where it stands


@dataclass
class Step:
    """One mark on the line from push to use. Dashed where the version has not been."""

    state: str
    word: str
    said: str
    icon: str = ""


def line(version: Version, ruling: Verdict, held: set[str]) -> list[Step]:
    if version.is_draft:
        return [Step("neutral", word, "not yet") for word in ("Frozen", "Checked", "Gate", "In use")]
    return [
        Step("good", "Frozen", "under its digest"),
        checked(version),
        stands(ruling),
        in_use(version, held),
    ]


def checked(version: Version) -> Step:
    done, wanted = progress(version)
    said = f"{done:,} of {wanted:,} checks"
    if done >= wanted:
        return Step("good", "Checked", said)
    return (
        Step("info", "Checking", said, "running")
        if version.state == "checking"
        else Step("blocked", "Checked", said)
    )


def stands(ruling: Verdict) -> Step:
    number = len(ruling.objections) + ruling.more
    if ruling.state in {"ready", "released"}:
        return Step("good", "Gate", "nothing objects")
    if ruling.state == "info":
        return Step("info", "Gate", "needs an approval")
    return Step("blocked", "Gate", f"{number} in the way") if number else Step("neutral", "Gate", "not yet")


def in_use(version: Version, held: set[str]) -> Step:
    if held:
        return Step("good", "In use", ", ".join(sorted(held)))
    return Step("neutral", "In use", "not any more" if version.released else "not yet")
