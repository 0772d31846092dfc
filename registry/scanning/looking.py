"""One file and its verdict."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import BinaryIO, Literal, Self

from registry import checks
from registry.checks import SEVERITIES, Check, Issue
from registry.sandbox import child, clock, walls
from registry.sandbox.reports import Report, failed, merged
from registry.sandbox.running import Sandbox

Verdict = Literal["clean", "findings", "unknown"]
LONG = "took longer than a file of its size may."
OPEN = "This machine cannot put up the sandbox's walls ({}): the files are looked at without them."


@dataclass(frozen=True, slots=True)
class Found:
    """An issue, and the check that yielded it."""

    check: str
    issue: Issue
    found_by: Sequence[str] = ()

    @property
    def blocks(self) -> bool:
        return self.issue.severity in SEVERITIES[:2]


@dataclass(frozen=True, slots=True)
class Scanned:
    """What came of one file. `failures` are the sentences of checks that did not come to their end."""

    path: str
    found: list[Found]
    failures: list[str]

    @property
    def verdict(self) -> Verdict:
        """What was found counts; "not evaluated" is never "clean"."""
        if any(found.blocks for found in self.found):
            return "findings"
        return "unknown" if self.failures else "clean"


class Looker:
    """Looks at files as parts of a model, a dataset or an asset. To be used in a `with`."""

    def __init__(self, kind: str) -> None:
        self._checks = checks.for_kind(kind)
        self._sandbox = Sandbox()
        standing = self._sandbox.walls()
        missing = [wall for wall in walls.ALL if wall in walls.MINIMUM and wall not in standing]
        self.note = OPEN.format(", ".join(missing)) if missing else ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, place: TracebackType | None) -> None:
        self._sandbox.stop()

    def look(self, path: str) -> Scanned:
        try:
            with open(path, "rb") as file:
                reports = list(self._reports(file, path))
        except OSError as error:
            return Scanned(path, [], [f"It cannot be read: {error.strerror}."])
        found = [Found(report.check, issue) for report in reports for issue in report.issues]
        found.sort(key=lambda found: SEVERITIES.index(found.issue.severity))
        return Scanned(path, found, [report.error for report in reports if report.outcome == "failed"])

    def _reports(self, file: io.BufferedReader, path: str) -> Iterator[Report]:
        """The checks judge by the name too, which need not be text."""
        name = path.encode("utf-8", "replace").decode()
        if not self.note:
            yield from self._sandbox.run_plain(file, name, [check.name for check in self._checks])
            return
        try:
            yield from self._reports_here(file, name)
        finally:
            clock.stop()

    def _reports_here(self, file: io.BufferedReader, name: str) -> Iterator[Report]:
        """Each check has the time of a file, until one took longer."""
        over = False
        for check in self._checks:
            opened = child.plain(file.fileno(), name, keep=True)
            if not over:
                child.start_clock(opened)
            report = here(check, opened)
            over |= report.error.endswith(LONG)
            yield report


def here(check: Check, file: BinaryIO) -> Report:
    """Without walls: in this process."""
    file.seek(0)
    try:
        with clock.looking():
            issues = [item for item in check.run(file) if isinstance(item, Issue)]
    except clock.Over:
        return failed(check.name, LONG)
    except Exception as error:
        return failed(check.name, f"failed ({child.whereabouts(error)}).")
    return Report(check.name, "done", merged(issues))
