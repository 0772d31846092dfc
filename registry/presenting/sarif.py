"""Findings as SARIF 2.1.0, for code hosts and editors."""

from __future__ import annotations

import io
import json
from typing import Any, cast

from registry.checks import Issue, Severity
from registry.models.findings import FindingQuerySet
from registry.scanning.looking import Found, Scanned
from registry.scanning.telling import Sarif

MOST = 5_000


def as_sarif(rows: FindingQuerySet) -> dict[str, Any]:
    """The worst first, each file under the label of its version; at most 5,000."""
    out = io.StringIO()
    tells = Sarif(out)
    for finding in rows.select_related("version__artifact__team").order_by("-severity", "pk")[:MOST]:
        severity = cast(Severity, finding.severity_word)
        issue = Issue(severity, finding.message, finding.name, finding.place)
        found = [Found(finding.check_name, issue)]
        tells.file(Scanned(f"{finding.version.label}/files/{finding.path}", found, []))
    tells.end()
    said: dict[str, Any] = json.loads(out.getvalue())
    return said
