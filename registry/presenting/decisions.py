"""Who decided what about a version, where aliases point, and where it came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import (
    Case,
    Exists,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Value,
    When,
    prefetch_related_objects,
)
from django.urls import reverse

from governance.models import Approval, User, Vote
from governance.prepared import prepared
from registry import gate
from registry.models import Alias, Link, Move, Version
from registry.models.gates import gates_of
from registry.presenting.addresses import of_artifact, of_version
from registry.presenting.parts import Action, Verdict, role_says_no

MOST_APPROVALS = 5
MOST_LINKS = 50
MOST_READ = 500
LONG = ("notes", "metrics", "parameters", "artifact__description", "artifact__search")
OUTCOMES = {
    "open": ("info", "Asked"),
    "approved": ("good", "Approved"),
    "used": ("good", "Approved, used"),
    "rejected": ("blocked", "Rejected"),
    "void": ("neutral", "Void"),
    "withdrawn": ("neutral", "Withdrawn"),
}

# ------------------------------------------------------------------ approvals


@dataclass
class ApprovalRow:
    """A request with who said what, and why it became void."""

    approval: Approval
    state: str
    word: str
    why: str = ""

    @property
    def href(self) -> str:
        return reverse("governance:approval", args=[self.approval.pk])


def approvals(person: User, version: Version) -> list[Approval]:
    """The newest requests about this version."""
    asked = asked_about(person, subject=version.label)
    if asked:
        prefetch_related_objects(asked, Prefetch("votes", Vote.objects.select_related("by")))
    return asked


@prepared
def asked_about(person: User, *, subject: Any) -> QuerySet[Approval]:
    asked = Approval.objects.visible_to(person).filter(subject=subject)
    return asked.select_related("requested_by")[:MOST_APPROVALS]


def approval_rows(
    version: Version, asked: Sequence[Approval], evidence: Mapping[str, Any]
) -> list[ApprovalRow]:
    """`evidence` is what an approval for production would bind now."""
    return [ApprovalRow(each, *OUTCOMES[each.state], why_void(version, each, evidence)) for each in asked]


def why_void(version: Version, approval: Approval, evidence: Mapping[str, Any]) -> str:
    if approval.outcome != "void":
        return ""
    now = evidence if approval.alias == evidence.get("alias") else gate.evidence(version, approval.alias)
    return " ".join(gate.changes(approval.evidence, dict(now))) or "Another request took its place."


# ------------------------------------------------------------------ aliases


@prepared
def aliases(person: User, *, artifact: Any) -> QuerySet[Alias]:
    """Those of an artifact that a person may see, with their versions."""
    return Alias.objects.visible_to(person).filter(artifact=artifact).select_related("version")


@dataclass
class AliasRow:
    """Where an alias points, and what this person can do about it from this version."""

    name: str
    protected: bool
    version: Version | None = None
    since: datetime | None = None
    href: str = ""
    actions: list[Action] = field(default_factory=list)


def alias_rows(person: User, version: Version, aliases: Sequence[Alias], ruling: Verdict) -> list[AliasRow]:
    """The protected ones first, whether they point or not. What blocks production blocks staging too."""
    held = {alias.name: alias for alias in aliases}
    gates = gates_of(version.team)
    names = [*reversed(gates), *(name for name in held if name not in gates)]
    before = held_before(version) if version.released else {}
    rows = [alias_row(version, name, held.get(name)) for name in names]
    if not (version.is_draft or role_says_no(person, "version.view", version)):
        for row in rows:
            row.actions = alias_actions(person, version, row, before, ruling)
    return rows


def held_before(version: Version) -> dict[str, int | None]:
    """The protected aliases that it holds or held, and the number of the version whose place it took: that is
    where one goes back to, unless it is withdrawn or held it only while that had no gate."""
    found: dict[str, int | None] = {}
    by_its_gate = Move.objects.filter(version=OuterRef("before"), alias=OuterRef("alias"), protected=True)
    moves = Move.objects.filter(version=version, protected=True).order_by("pk")
    for alias, back, number, withdrawn, released in moves.values_list(
        "alias", "rollback", "before__number", "before__withdrawn_at", Exists(by_its_gate)
    ):
        if not back:
            found[alias] = number if released and not withdrawn else None
        found.setdefault(alias, None)
    return found


def alias_row(version: Version, name: str, alias: Alias | None) -> AliasRow:
    row = AliasRow(name, name in gates_of(version.team))
    if alias is not None:
        row.version, row.since = alias.version, alias.moved_at
        row.href = of_version(version_of(alias, version))
    return row


def version_of(alias: Alias, version: Version) -> Version:
    """The alias' version, of the artifact that has been read already."""
    alias.version.artifact = version.artifact
    return alias.version


def alias_actions(
    person: User, version: Version, row: AliasRow, before: Mapping[str, int | None], ruling: Verdict
) -> list[Action]:
    """Back to what held it before, from there and from what took its place; forward to staging. The way to
    production is the verdict's."""
    if row.version == version:
        number = before.get(row.name)
        if number is None or role_says_no(person, "version.rollback", version):
            return []
        href = of_artifact(version.artifact, "roll_back", number=number, alias=row.name)
        return [Action(f"Roll back to {number}", href)]
    if row.name in before:
        no = role_says_no(person, "version.rollback", version)
        href = of_version(version, "roll_back", alias=row.name)
        return [Action(f"Roll back to {version.number}", href, closed=no)]
    if row.name == "staging":
        no = role_says_no(person, "version.promote", version) or blocks_staging(ruling)
        href = of_version(version, "promote", alias=row.name)
        return [Action("Promote to staging", href, closed=no)]
    return []


def blocks_staging(ruling: Verdict) -> str:
    """Staging asks for the same as production, but for approvals and for somebody else."""
    if ruling.state == "checking":
        return "Its checks have not finished."
    return ruling.in_the_way


# ------------------------------------------------------------------ lineage


@dataclass
class Lineage:
    """Versions on one side of this one that a person may see, and how many they may not."""

    rows: list[tuple[str, Version]]
    hidden: int = 0
    more: int = 0


def relatives(person: User, version: Version) -> dict[str, Lineage]:
    """What it comes from and what it went into, one step each way."""
    near: list[Any] = linked(person, version=version.pk)
    up = [(link, link.parent, link.above) for link in near if link.version_id == version.pk]
    down = [(link, link.version, link.below) for link in near if link.version_id != version.pk]
    return {"parents": lineage(up), "children": lineage(down)}


@prepared
def linked(person: User, *, version: Any) -> QuerySet[Link]:
    """Its links, those to what it comes from first, each with what of both ends this person may see."""
    seen = Version.objects.visible_to(person)
    there = Link.objects.filter(version__deleted_at=None, version__artifact__deleted_at=None)
    links = there.filter(Q(version=version) | Q(parent=version)).annotate(
        above=Exists(seen.filter(pk=OuterRef("parent"))),
        below=Exists(seen.filter(pk=OuterRef("version"))),
    )
    upward = Case(When(version=version, then=Value(0)), default=Value(1))
    return with_ends(links).order_by(upward, "pk")[:MOST_READ]


def with_ends(links: QuerySet[Link]) -> QuerySet[Link]:
    """Both versions as far as a name, an address and a notice need them: descriptions are long."""
    ends = links.select_related("parent__artifact__team", "version__artifact__team")
    return ends.defer(*(f"{end}__{field}" for end in ("parent", "version") for field in LONG))


def lineage(links: Sequence[tuple[Link, Version, bool]]) -> Lineage:
    """Of what one may not see only the number is told."""
    shown = [(link.get_relation_display(), other) for link, other, seen in links if seen]
    return Lineage(shown[:MOST_LINKS], len(links) - len(shown), max(0, len(shown) - MOST_LINKS))
