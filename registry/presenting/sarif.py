"""Findings as SARIF 2.1.0, for code hosts and editors."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from typing import Any, cast

from registry.checks import Issue, Severity
from registry.models import Version
from registry.models.findings import FindingQuerySet
from registry.presenting.board import MOST_SAVED, cards
from registry.scanning.looking import Found, Scanned
from registry.scanning.telling import Sarif
from registry.signing.standing import standings


def as_sarif(rows: FindingQuerySet) -> dict[str, Any]:
    """The worst first, each file under the label of its version; at most 5,000."""
    out = io.StringIO()
    tells = Sarif(out)
    findings = list(rows.select_related("version__artifact__team").order_by("-severity", "pk")[:MOST_SAVED])
    for card in cards(findings):
        finding = card.finding
        severity = cast(Severity, finding.severity_word)
        issue = Issue(severity, finding.message, finding.name, finding.place)
        found = [Found(finding.check_name, issue, card.found_by)]
        tells.file(Scanned(f"{finding.version.label}/files/{finding.path}", found, []))
    tells.end()
    said: dict[str, Any] = json.loads(out.getvalue())
    said["runs"][0]["properties"] = {"signatures": signatures(found.version for found in findings)}
    return said


def signatures(versions: Iterable[Version]) -> dict[str, str]:
    """What is said of the signature of each version, by its label."""
    by_key = {version.pk: version for version in versions}
    return {by_key[key].label: found.said for key, found in standings(by_key.values()).items()}
