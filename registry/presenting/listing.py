"""Lists of artifacts: which ones, and what one row says. A page takes the same few queries however long."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from governance.models import Approval, User
from governance.prepared import prepared
from registry.checks import for_kind
from registry.models import Alias, Artifact, Finding, Kind, Version
from registry.presenting import addresses
from registry.presenting.words import Counts, added_up, first_line, first_metric, grouped_by, in_words

ORDERS = {"-changed": "-updated_at", "changed": "updated_at", "name": "name", "-name": "-name"}


@dataclass
class Row:
    """One artifact in a list."""

    artifact: Artifact
    about: str
    version: Version | None
    state: str
    word: str
    findings: str
    production: Version | None
    metric: tuple[str, str] | None

    @property
    def href(self) -> str:
        return addresses.of_artifact(self.artifact)

    @property
    def version_href(self) -> str:
        return addresses.of_version(self.version) if self.version else ""

    @property
    def production_href(self) -> str:
        return (
            addresses.of_artifact(self.artifact, "version", number=self.production.number)
            if self.production
            else ""
        )

    @property
    def changed(self) -> datetime:
        return self.artifact.updated_at


# ------------------------------------------------------------------ which


def listed(person: User, kind: Kind, filters: Mapping[str, str]) -> QuerySet[Artifact]:
    """The artifacts of a kind that this person may see, narrowed down."""
    found = Artifact.objects.visible_to(person).filter(kind=kind)
    if "search" in filters:
        found = found.search(filters["search"])
    simple = {"team": "team__slug", "owner": "owner__username", "licence": "licence"}
    found = found.filter(**{field: filters[name] for name, field in simple.items() if name in filters})
    if "tag" in filters:
        found = found.filter(tags__contains=[filters["tag"]])
    if "state" in filters:
        found = found.filter(Exists(newest_in_state(person, filters["state"])))
    return found.select_related("team", "owner")


def newest_in_state(person: User, state: str) -> QuerySet[Version]:
    """The newest version that this person may see, when it is in this state."""
    seen = Version.objects.visible_to(person).filter(artifact=OuterRef("pk"))
    later = Version.objects.visible_to(person).filter(
        artifact=OuterRef("artifact"), number__gt=OuterRef("number")
    )
    return seen.filter(~Exists(later)).with_state().filter(**{"state_now": state})


# ------------------------------------------------------------------ rows


def rows(person: User, artifacts: Iterable[Artifact]) -> list[Row]:
    """What the list says about each."""
    shown = {artifact.pk: artifact for artifact in artifacts}
    newest = newest_versions(person, shown)
    found = finding_counts(version.pk for version in newest.values())
    production = in_production(shown)
    asked = asked_for(person, newest.values())
    return [row(artifact, newest.get(pk), found, production.get(pk), asked) for pk, artifact in shown.items()]


def row(
    artifact: Artifact,
    version: Version | None,
    found: Mapping[int, Counts],
    production: Version | None,
    asked: set[str],
) -> Row:
    state, word = standing(version, production, asked)
    return Row(
        artifact=artifact,
        about=first_line(artifact.description),
        version=version,
        state=state,
        word=word,
        findings=said_of(version, found.get(version.pk, {})) if version else "",
        production=production,
        metric=first_metric(version.metrics) if version else None,
    )


def newest_versions(person: User, artifacts: Mapping[int, Artifact]) -> dict[int, Version]:
    """The newest version of each that this person may see."""
    versions = newest(person, artifacts=list(artifacts))
    for version in versions:
        version.artifact = artifacts[version.artifact_id]
    return {version.artifact_id: version for version in versions}


@prepared
def newest(person: User, *, artifacts: Any) -> QuerySet[Version]:
    seen = Version.objects.visible_to(person).filter(artifact__in=artifacts)
    last = seen.order_by("artifact", "-number").distinct("artifact").values("pk")
    return Version.objects.filter(pk__in=last).with_state().order_by().defer("notes", "parameters")


def in_production(artifacts: Mapping[int, Artifact]) -> dict[int, Version]:
    return {alias.artifact_id: alias.version for alias in pointing("production", artifacts=list(artifacts))}


@prepared
def pointing(alias: str, *, artifacts: Any) -> QuerySet[Alias]:
    held = Alias.objects.filter(artifact__in=artifacts, name=alias).order_by()
    return held.select_related("version").only("artifact", "version__number", "version__artifact")


def asked_for(person: User, versions: Iterable[Version]) -> set[str]:
    """The labels of those for which somebody has asked for an approval that is not given yet."""
    return set(undecided(person, labels=[version.label for version in versions]))


@prepared
def undecided(person: User, *, labels: Any) -> QuerySet[Approval, str]:
    asked = Approval.objects.visible_to(person).undecided().filter(subject__in=labels)
    return asked.order_by().values_list("subject", flat=True)


def standing(version: Version | None, production: Version | None, asked: set[str]) -> tuple[str, str]:
    """The state of a row and its word, where its usual one says less."""
    if version is None:
        return "draft", "No version"
    if version.state == "checking":
        return "checking", checks_said(version)
    if version.state == "ready" and version == production:
        return "released", "In production"
    if version.state == "ready" and version.label in asked:
        return "info", "Asks for approval"
    return version.state, ""


def checks_said(version: Version) -> str:
    done, wanted = progress(version)
    return f"{done} of {wanted} checks"


def progress(version: Version) -> tuple[int, int]:
    """How many results there are, and how many there must be. Read `with_state`."""
    done: int = version.done_results  # type: ignore[attr-defined]
    return done, version.file_count * len(for_kind(version.artifact.kind))


def finding_counts(versions: Iterable[int]) -> dict[int, Counts]:
    """The open findings of each version, counted."""
    return {pk: counts for (pk,), counts in added_up(found_in(versions=list(versions))).items()}


@prepared
def found_in(*, versions: Any) -> QuerySet[Finding, Any]:
    return grouped_by(Q(version__in=versions), "version")


def said_of(version: Version, counts: Counts) -> str:
    """“2 high, 1 medium”, or why there is nothing to say."""
    if said := in_words(counts):
        return said
    if version.is_draft:
        return "not checked"
    return "no finding so far" if version.state == "checking" else "no finding"
