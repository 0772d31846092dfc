"""What is said of the signatures of a version: whose they are, and over what. Worked out, never stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from governance.access import listed
from governance.late import late
from governance.prepared import prepared
from registry.checks import Issue
from registry.models import CheckResult, File, SigningKey, Version
from registry.parsers.bundles import NAMES
from registry.signing.covering import Files, covered, differences

CHECK = "model_signatures"
COLUMNS = ("version", "path", "blob__sha256")
NAMED = Q(path__iendswith=NAMES[0]) | Q(path__iendswith=NAMES[1]) | Q(path__iendswith=NAMES[2])
UNSIGNED = frozenset({".gitattributes", ".gitignore"})
"""What a signature may leave out and still be over everything: it belongs to git and holds nothing."""


@dataclass(frozen=True)
class Standing:
    """`state`: none, waiting, signed, partly, stranger, mismatch or unreadable."""

    state: str
    said: str
    keys: list[SigningKey] = field(default_factory=list)

    @property
    def colour(self) -> str:
        return {"signed": "good", "mismatch": "blocked", "none": "neutral", "waiting": "info"}.get(
            self.state, "warn"
        )

    @property
    def word(self) -> str:
        return WORDS[self.state]


WORDS = {
    "none": "Not signed",
    "waiting": "Not evaluated",
    "signed": "Signed",
    "partly": "Partly signed",
    "stranger": "Not by a key of the team",
    "mismatch": "Does not match",
    "unreadable": "Cannot be read",
}
MEANINGS = {
    "Not signed": "No file of this version is a signature.",
    "Signed": "A key of the team has signed exactly these files.",
    "Partly signed": "A key of the team has signed some of the files, and not all of them.",
    "Not by a key of the team": "There is a signature, by a key that is not the team's. That proves nothing.",
    "Does not match": "A signature is there, and the files are not those that were signed.",
    "Cannot be read": "A file is called a signature and is none that can be read. That proves nothing.",
}
NONE = Standing("none", "No signature.")
WAITING = Standing("waiting", "Its signature has not been evaluated yet.")
UNREADABLE = Standing("unreadable", "A signature that cannot be read, which proves nothing.")
STRANGER = Standing("stranger", "A signature that no key of the team made, which proves nothing.")
MISMATCH = Standing("mismatch", "A signature that does not match the files.")


def standing(version: Version, *, but: Collection[int] = ()) -> Standing:
    """Of one version. `but`: keys that these people added do not count."""
    return standings([version], but=but)[version.pk]


def standings(versions: Iterable[Version], *, but: Collection[int] = ()) -> dict[int, Standing]:
    """Of several, with as many queries as of one."""
    by_key = {version.pk: version for version in versions}
    found = signature_files(by_key)
    if not found:
        return dict.fromkeys(by_key, NONE)
    files: dict[int, dict[str, str]] = defaultdict(dict)
    for key, path, sha256 in File.objects.filter(version__in=found).values_list(*COLUMNS):
        files[key][path] = sha256
    teams = {by_key[key].artifact.team_id for key in found}
    keys = list(SigningKey.objects.in_force().filter(team__in=teams).exclude(added_by__in=but))
    return {
        key: judged(version, found[key], files[key], keys) if key in found else NONE
        for key, version in by_key.items()
    }


@prepared
def named(*, versions: Any) -> QuerySet[File]:
    return File.objects.filter(NAMED, version__in=versions).order_by("path")


def signature_files(versions: Collection[int]) -> dict[int, dict[str, CheckResult | None]]:
    """Of each version the files that are named as signatures, and how the check of them went."""
    files = named(versions=list(versions))
    asked = CheckResult.objects.filter(file__in=files, check_name=CHECK) if files else ()
    results = {result.file_id: result for result in asked}
    found: dict[int, dict[str, CheckResult | None]] = defaultdict(dict)
    for file in files:
        found[file.version_id][file.path] = results.get(file.pk)
    return found


def judged(
    version: Version, found: Mapping[str, CheckResult | None], files: Files, keys: Iterable[SigningKey]
) -> Standing:
    if any(result is None or not (result.done_at or result.outcome == "done") for result in found.values()):
        return WAITING
    facts = {path: (result.fact or {}).get("signature") for path, result in found.items() if result}
    bundles = {path: said for path, said in facts.items() if said}
    if not bundles:
        return UNREADABLE
    if any(any(differences(path, said, files)) for path, said in bundles.items()):
        return MISMATCH
    own = [key for key in keys if key.team_id == version.artifact.team_id]
    return by_whom(version, bundles, files, own)


def by_whom(
    version: Version, bundles: Mapping[str, dict[str, Any]], files: Files, keys: Iterable[SigningKey]
) -> Standing:
    at = version.submitted_at
    over: set[str] = set()
    used: list[SigningKey] = []
    made_by = late("registry.signing.verifying").made_by
    for path, said in bundles.items():
        made = [key for key in keys if at and made_by(key.pem, said, at)]
        used += [key for key in made if key not in used]
        over |= covered(path, said, files) if made else set()
    if not used:
        return STRANGER
    rest = sorted(files.keys() - bundles.keys() - UNSIGNED - over)
    whose = listed([f"{key.name} ({key.whose})" for key in used], "and")
    if not rest:
        return Standing("signed", f"Signed with {whose} over exactly these bytes.", used)
    more = f" and {len(rest) - 1:,} more" if len(rest) > 1 else ""
    return Standing("partly", f"Signed with {whose}, but not over {rest[0]}{more}.", used)


def against(version: Version, path: str, fact: Mapping[str, Any] | None) -> list[Issue]:
    """What a check of a signature cannot see: that the other files are not those that were signed."""
    said = (fact or {}).get("signature")
    if not said:
        return []
    rows = File.objects.filter(version=version).values_list(*COLUMNS)
    return list(differences(path, said, {name: sha256 for _, name, sha256 in rows}))
