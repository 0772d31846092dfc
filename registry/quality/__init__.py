"""What is judged of a table once it was measured: profile, declaration and the version before go in, issues
come out, or what is needed. One file here is one check; none needs a library, a database or the bytes.

"Not evaluated" is what it yields instead of issues, and never a pass: the page says what it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Literal

from registry.checks import SEVERITIES, Issue
from registry.contracts.outcomes import Seen
from registry.evaluating import Evidence
from registry.operating import Operation
from registry.thresholds import Set

Profile = dict[str, Any]
NOT_FINISHED = "not_finished"
MOST_ISSUES = 100


@dataclass(frozen=True, slots=True)
class Declared:
    """What people say about the columns of a dataset: names, empty when nobody said."""

    target: str = ""
    split: str = ""
    group: str = ""
    time: str = ""
    source: str = ""
    personal: tuple[str, ...] = ()
    quasi_identifiers: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One measured table: `before` is the profile of its path in version `before_number`, `in_use` that of
    the one that production points at where that is an older one, `contract` the terms that hold for
    its path, `limits` what the team has set."""

    path: str
    profile: Profile
    declared: Declared = field(default_factory=Declared)
    before: Profile | None = None
    before_number: int | None = None
    contract: dict[str, Any] | None = None
    seen: Seen = field(default_factory=Seen)
    limits: Set = field(default_factory=dict)
    in_use: Profile | None = None
    in_use_number: int | None = None

    def column(self, name: str) -> dict[str, Any] | None:
        return next((column for column in self.profile["columns"] if column["name"] == name), None)


@dataclass(frozen=True, slots=True)
class Folders:
    """What is no table in a version. `labels`: by part (empty: none) and label, the number of files.
    `repeated` have the bytes of another; of those `in_labels` contents stand under two labels and `in_parts`
    in two parts."""

    files: int
    whole: bool
    bytes: int
    formats: dict[str, int]
    unreadable: int
    not_decoded: int
    sides: tuple[int, int] | None
    folders: dict[str, int]
    labels: dict[str, dict[str, int]]
    repeated: int
    in_labels: int
    in_parts: int
    limits: Set = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stream:
    """The schema of a stream, as `streams.reading.read` tells it, and those of the same path in all earlier
    versions, the newest first."""

    path: str
    schema: dict[str, Any]
    before: tuple[tuple[int, dict[str, Any]], ...] = ()


@dataclass(frozen=True, slots=True)
class Owned:
    """Something of a team: whether its owner may push to it, how many others may, and how many versions each
    person added."""

    label: str
    owner_may_push: bool
    others: int
    added: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with roles in a team: `days` since the newest was given, `at_work` within the last 90 days."""

    name: str
    roles: tuple[str, ...]
    active: bool
    factor: bool
    days: int
    at_work: bool


@dataclass(frozen=True, slots=True)
class Shared:
    """A dataset, its age in days, and whether people of other teams fetched it, or were refused it."""

    label: str
    days: int
    fetched_elsewhere: bool
    asked_elsewhere: bool


@dataclass(frozen=True, slots=True)
class Estate:
    """What a team has. `roles` are numbers of active people."""

    team: str
    artifacts: tuple[Owned, ...] = ()
    members: tuple[Member, ...] = ()
    roles: dict[str, int] = field(default_factory=dict)
    datasets: tuple[Shared, ...] = ()
    limits: Set = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What a team has written down. `models`: label, whether it has a card, whether an article names it.
    `ratings`: of each article how many found it helpful, of how many. The others are numbers."""

    team: str
    models: tuple[tuple[str, bool, bool], ...] = ()
    articles: int = 0
    verified: int = 0
    stale: int = 0
    ratings: tuple[tuple[int, int], ...] = ()
    broken: int = 0
    twins: int = 0
    wanted: int = 0
    unread: int = 0
    old_playbooks: int = 0
    assets: int = 0
    reused: int = 0


@dataclass(frozen=True, slots=True)
class Process:
    """How a conflict was gone through. `waited` are working days until the facilitator took it up, or until
    now; `unheard` the parties without a confirmed statement when it was decided; `repeats` other such runs
    within 90 days before, of those alone in which everybody here was named, too."""

    parties: int
    confirmed: int
    waited: int
    taken_up: bool
    decided: bool = False
    unheard: int = 0
    out_of_order: tuple[str, ...] = ()
    undated: tuple[str, ...] = ()
    facilitator_is_party: bool = False
    outsiders: int = 0
    repeats: int = 0


@dataclass(frozen=True, slots=True)
class Needs:
    """Not evaluated: `what` follows "needs"; `page` is the one of the
    dataset that would cure it, or the kind of record of a model."""

    what: str
    page: str = ""


Run = Callable[[Any], Iterator[Issue | Needs]]
About = Literal["table", "evidence", "folders", "stream", "team", "operation", "knowledge", "process"]


@dataclass(frozen=True, slots=True)
class Quality:
    """A check of quality: its term, its formula with the threshold, and where that comes from. `reads` are
    the kinds of records that it looks at, the one that it cannot do without first; `of` the kinds of
    artifacts whose operation it judges."""

    name: str
    term: str
    formula: str
    source: str
    run: Run
    about: About = "table"
    also: About | None = None
    reads: tuple[str, ...] = ()
    of: tuple[str, ...] = ()

    @property
    def is_of_version(self) -> bool:
        return self.about not in ("team", "knowledge", "process")


QUALITY: dict[str, Quality] = {}


def quality(
    term: str,
    formula: str,
    source: str,
    about: About = "table",
    also: About | None = None,
    reads: tuple[str, ...] = (),
    of: tuple[str, ...] = (),
) -> Callable[[Run], Run]:
    """Register `run(table)`, or `run(evidence)` of a model, under its module's name."""

    def register(run: Run) -> Run:
        name = run.__module__.rpartition(".")[2]
        if name in QUALITY:
            raise ValueError(f"There are two checks of quality named {name}.")
        QUALITY[name] = Quality(name, term, formula, source, run, about, also, reads, of)
        return run

    return register


def operation(
    term: str,
    formula: str,
    source: str,
    *,
    reads: tuple[str, ...],
    of: tuple[str, ...] = ("model",),
    team: bool = False,
) -> Callable[[Run], Run]:
    """Register `run(operation)`, of what is declared of how a version is run; `team`: of a team, too."""
    return quality(term, formula, source, "operation", "team" if team else None, reads, of)


def load_all() -> None:
    """Import every one; what cannot be imported stops the server."""
    for module in sorted(iter_modules(__path__), key=lambda found: found.name):
        import_module(f"{__name__}.{module.name}")


Only = Collection[str] | None
"""The names of those that are asked; None: all."""


def is_asked(name: str, only: Only) -> bool:
    return only is None or name in only


Subject = Table | Folders | Stream | Estate | Evidence | Operation | Knowledge | Process


def judged(subject: Subject, only: Only = None) -> Iterator[tuple[Quality, list[Issue], list[Needs]]]:
    """What each check says of a table, of files that are none, or of the evidence about a model; or what
    these few do."""
    for check in (each for each in QUALITY.values() if is_asked(each.name, only) and applies(each, subject)):
        said = asked(check, subject)
        issues = [item for item in said if isinstance(item, Issue)]
        yield check, bounded(issues), [item for item in said if isinstance(item, Needs)]


def applies(check: Quality, subject: Subject) -> bool:
    if isinstance(subject, Operation):
        team = subject.kind == "team"
        return check.about == "operation" and (check.also == "team" if team else subject.kind in check.of)
    about = about_of(subject)
    also = check.also if check.about not in ("operation", "knowledge") else None
    return about in (check.about, also)


ABOUT: dict[type, About] = {
    Estate: "team",
    Stream: "stream",
    Folders: "folders",
    Table: "table",
    Knowledge: "knowledge",
    Process: "process",
}


def about_of(subject: Subject) -> About:
    return ABOUT.get(type(subject), "evidence")


def bounded(issues: list[Issue]) -> list[Issue]:
    """The gravest, and how many more there are: a table may have a thousand columns."""
    if len(issues) <= MOST_ISSUES:
        return issues
    gravest = sorted(issues, key=lambda issue: SEVERITIES.index(issue.severity))
    left = len(issues) - MOST_ISSUES
    text = f"{left:,} more were found: solve the ones that are listed, then look again."
    return [*gravest[:MOST_ISSUES], Issue(gravest[MOST_ISSUES].severity, text, "more")]


def asked(check: Quality, subject: Subject) -> list[Issue | Needs]:
    """A check that fails is a finding, never a pass; the others go on."""
    try:
        return list(check.run(subject))
    except Exception as error:
        text = f"{check.name} failed ({type(error).__name__}): tell who runs this server."
        return [Issue("critical", text, NOT_FINISHED)]


def split_of(table: Table) -> dict[str, Any] | Issue | Needs:
    """What was measured of the parts of the declared split; else what is wrong with it, or needed."""
    split = table.declared.split
    if not split:
        return Needs("a declared split", page="declaration")
    if table.column(split) is None:
        text = f"The declared split {split} is not a column of this table: declare the one that is."
        return Issue("medium", text, "no_split", split)
    found: dict[str, Any] = table.profile.get("parts") or {}
    if "not_evaluated" in found:
        return Needs(str(found["not_evaluated"]))
    if "rows_in_several" not in found:
        return Needs("columns measured since the split was declared: check the version again")
    return found
