"""A version as a CycloneDX 1.6 document: what it is made of and what it came from, for tools of others."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from governance.errors import Conflict
from governance.models import User
from registry.gate import draft_says
from registry.models import Kind, Link, Version
from registry.signing.standing import standing

Values = dict[str, Any]
TYPES = {Kind.MODEL: "machine-learning-model", Kind.DATASET: "data", Kind.ASSET: "file"}


def bom(person: User, version: Version) -> Values:
    """As far as this person may see. What stays the same gives the same document: its time is when the
    version was frozen, its serial number is made from all that it says."""
    if version.submitted_at is None:
        raise Conflict(draft_says(version))
    links = list(version.parents.select_related("parent__artifact__team").order_by("pk"))
    seen = Version.objects.visible_to(person).filter(children__version=version)
    keys = set(seen.values_list("pk", flat=True))
    shown = [link for link in links if link.parent_id in keys]
    said = {
        "metadata": {
            "timestamp": version.submitted_at.isoformat(),
            "tools": {"components": [{"type": "application", "name": "Steward"}]},
            "component": whole(version, shown),
        },
        "components": parents(shown),
        **graph(version, shown, is_whole=len(shown) == len(links)),
    }
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": uuid5(NAMESPACE_URL, json.dumps(said, sort_keys=True)).urn,
        "version": 1,
        **said,
    }


def whole(version: Version, links: Iterable[Link]) -> Values:
    """The version itself, with its files inside."""
    said = component(version)
    said["properties"].append(written("signature", standing(version).said))
    card = {"modelCard": model_card(version, links)} if version.artifact.kind == Kind.MODEL else {}
    return {**said, "components": files(version), **card}


def component(version: Version, *relations: str) -> Values:
    artifact = version.artifact
    licences = {"licenses": [{"expression": artifact.licence}]} if artifact.licence else {}
    return {
        "type": TYPES[Kind(artifact.kind)],
        "bom-ref": version.label,
        "group": artifact.team.slug,
        "name": artifact.name,
        "version": str(version.number),
        **licences,
        "properties": [
            written("digest", version.digest),
            *(written("relation", relation) for relation in relations),
        ],
    }


def files(version: Version) -> list[Values]:
    rows = version.files.order_by("path").values_list("path", "blob__sha256")
    return [
        {"type": "file", "name": path, "hashes": [{"alg": "SHA-256", "content": sha256}]}
        for path, sha256 in rows
    ]


def model_card(version: Version, links: Iterable[Link]) -> Values:
    datasets = [link.parent.label for link in links if link.parent.artifact.kind == Kind.DATASET]
    return {
        "modelParameters": {"datasets": [{"ref": label} for label in dict.fromkeys(datasets)]},
        "quantitativeAnalysis": {
            "performanceMetrics": [
                {"type": name, "value": str(value)} for name, value in sorted(version.metrics.items())
            ]
        },
        "properties": [
            written(f"parameter:{name}", value) for name, value in sorted(version.parameters.items())
        ],
    }


def written(name: str, value: Any) -> dict[str, str]:
    """What the format has no field for, under a name of ours."""
    said = value if isinstance(value, str) else json.dumps(value, sort_keys=True, ensure_ascii=False)
    return {"name": f"steward:{name}", "value": said}


def parents(links: Iterable[Link]) -> list[Values]:
    """Each once, however many relations there are."""
    relations: dict[Version, list[str]] = {}
    for link in links:
        relations.setdefault(link.parent, []).append(link.relation)
    return [component(parent, *found) for parent, found in relations.items()]


def graph(version: Version, links: Iterable[Link], *, is_whole: bool) -> Values:
    """What depends on what. Lineage is declared, so it is never said to be complete."""
    labels = dict.fromkeys(link.parent.label for link in links)
    aggregate = "unknown" if is_whole else "incomplete"
    return {
        "dependencies": [{"ref": version.label, "dependsOn": [*labels]}],
        "compositions": [{"aggregate": aggregate, "dependencies": [version.label]}],
    }
