"""Whether columns look like personal data that nobody has declared."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.quality import Needs, Table, quality


@quality(
    "Undeclared personal data",
    "columns that look personal, of at most 1,000 different values each, by form, check digits (IBANs, "
    "cards by Luhn, telephone numbers by their country's plan) or name, and are not declared: none",
    "ISO 13616, ISO/IEC 7812, libphonenumber; GDPR Art. 4 (1)",
)
def run(table: Table) -> Iterator[Issue | Needs]:
    for column in table.profile["columns"]:
        found = column.get("personal")
        if found and column["name"] not in table.declared.personal:
            words = " and ".join(kind["word"] for kind in found["kinds"])
            text = f"{column['name']} looks like {words}: declare it as personal data, or leave it out."
            yield Issue("medium", text, f"column:{column['name']}", column["name"])
