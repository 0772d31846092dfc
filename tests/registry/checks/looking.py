"""How tests let a check look at bytes: called directly, or in the sandbox on a sealed file."""

from __future__ import annotations

import io
from pathlib import Path
from types import ModuleType
from typing import Any

from registry.checks import Fact, Issue
from registry.crypto import Sealer
from registry.sandbox.reports import Report
from registry.sandbox.running import Sandbox

KEY = bytes(range(32))


def look(check: ModuleType, content: bytes, name: str) -> tuple[list[tuple[str, str]], dict[str, Any]]:
    """Severity and name of each issue, and the fact; empty when there is none."""
    file = io.BytesIO(content)
    file.name = name
    items = list(check.run(file))
    facts = [item.data for item in items if isinstance(item, Fact)]
    issues = [(item.severity, item.name) for item in items if isinstance(item, Issue)]
    return issues, facts[0] if facts else {}


def look_in_sandbox(sandbox: Sandbox, folder: Path, content: bytes, path: str, check: str) -> Report:
    """Seal content and have it looked at by one check."""
    place = folder / "sealed"
    with place.open("wb", buffering=0) as sink:
        sealer = Sealer(sink, KEY, b"a-blob")
        sealer.write(content)
        sealer.close()
    with place.open("rb") as sealed:
        (report,) = sandbox.run(sealed, KEY, "a-blob", path, [check])
    return report
