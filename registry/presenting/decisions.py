"""Who decided what about a version, where aliases point, and where it came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse

from governance.models import Approval, User
from governance.pages import why_not
from registry import gate
from registry.models import Alias, Link, Move, Version
from registry.models.aliases import PROTECTED
from registry.presenting.addresses import of_version
from registry.presenting.parts import Action, role_says_no

MOST_APPROVALS = 5
MOST_LINKS = 50
OUTCOMES = {
    "open": ("info", "Asked"),
    "approved": ("good", "Approved"),
    "used": ("good", "Approved, used"),
    "rejected": ("blocked", "Rejected"),
    "void": ("neutral", "Void"),
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
    asked = Approval.objects.visible_to(person).filter(subject=version.label)
    return list(asked.select_related("requested_by").prefetch_related("votes__by")[:MOST_APPROVALS])


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


@dataclass
class AliasRow:
    """Where an alias points, and what this person can do about it from this version."""

    name: str
    protected: bool
    version: Version | None = None
    since: datetime | None = None
    href: str = ""
    actions: list[Action] = field(default_factory=list)


def alias_rows(person: User, version: Version, aliases: Sequence[Alias]) -> list[AliasRow]:
    """The protected ones first, whether they point or not."""
    held = {alias.name: alias for alias in aliases}
    names = [*reversed(PROTECTED), *(name for name in held if name not in PROTECTED)]
    before = set(Move.objects.filter(version=version, protected=True).values_list("alias", flat=True))
    return [alias_row(person, version, name, held.get(name), name in before) for name in names]


def alias_row(person: User, version: Version, name: str, alias: Alias | None, before: bool) -> AliasRow:
    row = AliasRow(name, name in PROTECTED)
    if alias is not None:
        row.version, row.since = alias.version, alias.moved_at
        row.href = of_version(version_of(alias, version))
    here = alias is not None and alias.version_id == version.pk
    if not (here or version.is_draft or role_says_no(person, "version.view", version)):
        row.actions = alias_actions(person, version, name, before)
    return row


def version_of(alias: Alias, version: Version) -> Version:
    """The alias' version, of the artifact that has been read already."""
    alias.version.artifact = version.artifact
    return alias.version


def alias_actions(person: User, version: Version, name: str, before: bool) -> list[Action]:
    """Back to what held it before; forward to staging. The way to production is the verdict's."""
    if before:
        no = role_says_no(person, "version.rollback", version)
        return [
            Action(f"Roll back to {version.number}", of_version(version, "roll_back", alias=name), closed=no)
        ]
    if name == "staging":
        no = role_says_no(person, "version.promote", version)
        no = no or why_not(person, "version.promote", version, alias=name)
        return [Action("Promote to staging", of_version(version, "promote", alias=name), closed=no)]
    return []


# ------------------------------------------------------------------ lineage


@dataclass
class Lineage:
    """Versions on one side of this one that a person may see, and how many they may not."""

    rows: list[tuple[str, Version]]
    hidden: int = 0
    more: int = 0


def parents(person: User, version: Version) -> Lineage:
    seen = Version.objects.visible_to(person).filter(pk=OuterRef("parent"))
    links = Link.objects.filter(version=version).select_related("parent__artifact__team")
    return lineage([(link, link.parent) for link in links.annotate(seen=Exists(seen)).order_by("pk")[:500]])


def children(person: User, version: Version) -> Lineage:
    seen = Version.objects.visible_to(person).filter(pk=OuterRef("version"))
    links = Link.objects.filter(parent=version).select_related("version__artifact__team")
    return lineage([(link, link.version) for link in links.annotate(seen=Exists(seen)).order_by("-pk")[:500]])


def lineage(links: Sequence[tuple[Any, Version]]) -> Lineage:
    """`links` carry `seen`. Of what one may not see only the number is told."""
    shown = [(link.get_relation_display(), other) for link, other in links if link.seen]
    return Lineage(shown[:MOST_LINKS], len(links) - len(shown), max(0, len(shown) - MOST_LINKS))
