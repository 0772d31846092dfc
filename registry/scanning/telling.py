"""Verdicts as text for people, JSON for programs, SARIF for code hosts and editors.

Source of the last: OASIS, Static Analysis Results Interchange Format (SARIF) 2.1.0.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any, Protocol, TextIO
from urllib.parse import quote

from registry.checks import CHECKS, Severity, shown
from registry.scanning.looking import Found, Scanned

LEVELS: dict[Severity, str] = {
    "critical": "error",
    "high": "error",
    "medium": "warning",
    "low": "note",
    "info": "note",
}
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
BYTE = re.compile(r"byte ([\d,]+)")
LINE = re.compile(r"[Ll]ine ([\d,]+)")
LONGEST_PATH = 4096


class Text:
    """A line for each file that has something to say, and one that counts."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._verdicts: Counter[str] = Counter()

    def file(self, scanned: Scanned) -> None:
        self._verdicts[scanned.verdict] += 1
        path = shown(scanned.path, LONGEST_PATH)
        for found in scanned.found:
            issue = found.issue
            place = f" ({issue.place})" if issue.place else ""
            self._line(f"{path}: {issue.severity}, {found.check}: {issue.message}{place}")
        for failure in scanned.failures:
            self._line(f"{path}: could not be judged. {failure}")

    def end(self) -> None:
        of = self._verdicts
        self._line(
            f"Files: {of.total():,}. Clean: {of['clean']:,}. With critical or high findings: "
            f"{of['findings']:,}. Could not be judged: {of['unknown']:,}."
        )

    def _line(self, text: str) -> None:
        self._out.write(f"{text}\n")


class Json:
    """One object: `{"files": [{"path", "verdict", "findings", "failures"}]}`."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._files: list[dict[str, Any]] = []

    def file(self, scanned: Scanned) -> None:
        findings = [as_object(found) for found in scanned.found]
        told = {"path": scanned.path, "verdict": scanned.verdict, "findings": findings}
        self._files.append({**told, "failures": scanned.failures})

    def end(self) -> None:
        json.dump({"files": self._files}, self._out, indent=1)
        self._out.write("\n")


def as_object(found: Found) -> dict[str, str]:
    issue = found.issue
    told = {"check": found.check, "severity": issue.severity, "message": issue.message}
    return {**told, "location": issue.place, "name": issue.name}


class Sarif:
    """One run: a result for each finding, a notification for each check that did not come to its end."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._results: list[dict[str, Any]] = []
        self._failures: list[dict[str, Any]] = []

    def file(self, scanned: Scanned) -> None:
        self._results += [result(scanned.path, found) for found in scanned.found]
        for failure in scanned.failures:
            place = {"physicalLocation": artifact(scanned.path)}
            self._failures.append({"level": "error", "message": {"text": failure}, "locations": [place]})

    def end(self) -> None:
        rules = [{"id": name, "shortDescription": {"text": about(name)}} for name in CHECKS]
        invocation: dict[str, Any] = {"executionSuccessful": not self._failures}
        if self._failures:
            invocation["toolExecutionNotifications"] = self._failures
        run = {
            "tool": {"driver": {"name": "Steward", "rules": rules}},
            "invocations": [invocation],
            "results": self._results,
        }
        json.dump({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, self._out, indent=1)
        self._out.write("\n")


def about(name: str) -> str:
    """The first sentence of a check's own description."""
    described = sys.modules[CHECKS[name].run.__module__].__doc__ or name
    return " ".join(str(described).split("\n\n")[0].split())


def result(path: str, found: Found) -> dict[str, Any]:
    issue = found.issue
    return {
        "ruleId": found.check,
        "level": LEVELS[issue.severity],
        "message": {"text": issue.message},
        "locations": [{"physicalLocation": {**artifact(path), **region(issue.place)}}],
        "partialFingerprints": {"name/v1": issue.name or found.check},
        "properties": {
            "severity": issue.severity,
            "place": issue.place,
            "foundBy": list(found.found_by or [found.check]),
        },
    }


def artifact(path: str) -> dict[str, Any]:
    return {"artifactLocation": {"uri": quote(path.encode("utf-8", "surrogateescape"))}}


def region(place: str) -> dict[str, Any]:
    """A place in the file itself; one inside an archive has no number that an editor could jump to."""
    if byte := BYTE.fullmatch(place):
        return {"region": {"byteOffset": int(byte[1].replace(",", ""))}}
    if line := LINE.match(place):
        return {"region": {"startLine": max(1, int(line[1].replace(",", "")))}}
    return {}


class Tells(Protocol):
    def file(self, scanned: Scanned) -> None: ...
    def end(self) -> None: ...


FORMATS: dict[str, Callable[[TextIO], Tells]] = {"text": Text, "json": Json, "sarif": Sarif}
