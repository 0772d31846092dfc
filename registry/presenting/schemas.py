"""How the columns of tables changed, and whose readers that stops."""

from __future__ import annotations

from dataclasses import dataclass

from registry import measured
from registry.contracts.compatibility import (
    VERDICTS,
    Change,
    Fields,
    Mode,
    changes,
    of_profile,
    verdict,
)
from registry.contracts.terms import for_path
from registry.models import Kind, Version
from registry.models.contracts import contract_of

MOST_SHOWN = 100
STATES = {"full": "good", "backward": "warn", "forward": "warn", "none": "blocked", None: "neutral"}


@dataclass
class Schema:
    """One table on both sides; without a mode, what it needs to be evaluated."""

    path: str
    mode: Mode | None
    changes: list[Change]
    needs: str = ""

    @property
    def state(self) -> str:
        return STATES[self.mode]

    @property
    def word(self) -> str:
        return VERDICTS[self.mode].capitalize() if self.mode else f"Not evaluated: needs {self.needs}"

    @property
    def shown(self) -> list[Change]:
        return self.changes[:MOST_SHOWN]

    @property
    def more(self) -> int:
        return max(0, len(self.changes) - MOST_SHOWN)


def schemas(before: dict[str, Fields | None], after: dict[str, Fields | None]) -> list[Schema]:
    """Of the tables that both have."""
    return [of_table(path, before[path], fields) for path, fields in after.items() if path in before]


def of_table(path: str, before: Fields | None, after: Fields | None) -> Schema:
    if before is None or after is None:
        return Schema(path, None, [], "fewer columns: not all of them were measured")
    found = list(changes(before, after))
    return Schema(path, verdict(found), found)


def of_versions(before: Version, after: Version) -> list[Schema]:
    """Of the tables that were measured in both, by the contract that holds now."""
    if after.artifact.kind != Kind.DATASET:
        return []
    contract = contract_of(after.artifact)
    terms = contract.terms if contract else None
    return schemas(
        *(
            {
                path: of_profile(profile, for_path(terms, path))
                for path, profile in measured.known(each).items()
            }
            for each in (before, after)
        )
    )
