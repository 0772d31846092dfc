"""A card of a version that fills itself from evidence: Markdown with the front matter that Hugging Face
reads.

What only people know is the artifact's description, as they wrote it. What nobody declared stands there as
not evaluated, with what it needs: a card without it would look finished.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet

from governance.models import User
from governance.prepared import prepared
from governance.templatetags.words import counted
from registry import card_fields, headings, judging, trusted
from registry.contracts import written
from registry.evaluating.figures import folds
from registry.judging import Judgement
from registry.models import Artifact, Evaluation, Finding, Kind, Record, Severity, Version
from registry.models.contracts import contract_of
from registry.presenting import contracts, evaluations
from registry.presenting.decisions import relatives
from registry.presenting.scored import facts, in_order, metrics
from registry.presenting.words import day, number
from registry.quality import Table

MOST_COLUMNS = 200
MOST_FINDINGS = 25
MOST_PARENTS = 50
SIZES = (
    (1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"), (100_000_000, "10M<n<100M"), (1_000_000_000, "100M<n<1B"),
)  # fmt: skip
MARKS = re.compile(r"([\\`*_\[\]<>|#~&!])")
DTYPES = {
    "integer": "int64",
    "number": "float64",
    "boolean": "bool",
    "date": "date32",
    "time": "timestamp[us]",
}

Values = dict[str, Any]


def card(person: User, version: Version) -> str:
    """As far as this person may see."""
    model = version.artifact.kind == Kind.MODEL
    matter, parts = (of_model if model else of_dataset)(person, version)
    head = {**licence(version), **tags(version), **matter}
    front = f"---\n{written.text(head)}---\n\n" if head else ""
    return front + "\n".join([*beginning(version), *parts, *ending(person, version)]).strip() + "\n"


def body(text: str) -> str:
    """Without its front matter, as a page shows it."""
    return text.split("---\n", 2)[2] if text.startswith("---\n") else text


def plain(text: object) -> str:
    """A name or a word inside Markdown: its marks are no marks, and it stays on its line."""
    return MARKS.sub(r"\\\1", " ".join(str(text).split()))


def licence(version: Version) -> Values:
    said = version.artifact.licence
    return {"license": said.lower()} if said else {}


def tags(version: Version) -> Values:
    return {"tags": list(version.artifact.tags)} if version.artifact.tags else {}


def beginning(version: Version) -> Iterator[str]:
    artifact = version.artifact
    yield f"# {plain(artifact.name)} {version.number}"
    yield ""
    frozen = f"frozen on {day(version.submitted_at)}" if version.submitted_at else "a draft"
    yield f"Version {version.number} of `{artifact.label}`, {frozen}, pushed by {plain(version.added_by)}."
    if version.digest:
        yield f"Digest `{version.digest}`."
    yield ""
    yield from section("About", [artifact.description.strip() or needs("a description of what it is for")])
    yield from by_people(artifact)
    if version.notes:
        yield from section("This version", [version.notes.strip()])


def by_people(artifact: Artifact) -> Iterator[str]:
    """The fields that only people fill, and which they have not, nor under a heading of the description."""
    fields, told = card_fields.of_kind(artifact.kind), headings.filled(artifact.description)
    for field in fields:
        if text := artifact.card.get(field.name):
            yield from section(field.title, [text])
    told |= card_fields.titles_of(artifact.card)
    if missing := [field.title for field in fields if field.title.casefold() not in told]:
        yield f"*Not said: {', '.join(missing)}.*"
        yield ""


def section(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield f"## {title}"
    yield ""
    yield from lines
    yield ""


def needs(what: str) -> str:
    return f"*Not evaluated: needs {what}.*"


def listed(head: list[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


# ------------------------------------------------------------------ models


def of_model(person: User, version: Version) -> tuple[Values, list[str]]:
    records = judging.standing(version=version.pk)
    told = [each for each in records if each.kind == "evaluation"]
    trained = [each for each in records if each.kind == "training"]
    here = trusted.newest(version, person)
    known = {each.dataset_digest for each in here}
    told = [each for each in told if each.dataset_digest not in known]
    parts = [
        *section("Training", training(trained)),
        *section("Evaluation", [*scored(here), *(evaluated(told) if told or not here else ())]),
        *section("What was judged", judged(judging.of_evidence(judging.evidence(version)))),
    ]
    return {**datasets(records, here), **index(version, told, here)}, parts


def datasets(records: Iterable[Record], here: Iterable[Evaluation]) -> Values:
    named = dict.fromkeys(str(each.data["dataset"]) for each in records if "dataset" in each.data)
    named |= dict.fromkeys(each.dataset_label for each in here if each.seen)
    return {"datasets": list(named)} if named else {}


def index(version: Version, told: Iterable[Record], here: Iterable[Evaluation]) -> Values:
    """`model-index`, as Hugging Face has it, where "verified" means by Hugging Face: what was evaluated here
    names this server as its source."""
    results: list[Values] = [result_of(each) for each in here]
    results += [
        {
            "task": {"type": "other"},
            "dataset": {
                "name": str(each.data["dataset"]),
                "type": str(each.data["dataset"]),
                **({"split": each.data["part"]} if "part" in each.data else {}),
                **({"revision": each.dataset_digest} if each.dataset_digest else {}),
            },
            "metrics": [
                {"type": name, "value": value, "verified": False}
                for name, value in each.data["metrics"].items()
            ],
        }
        for each in told
    ]
    return {"model-index": [{"name": version.artifact.name, "results": results}]} if results else {}


def result_of(each: Evaluation) -> Values:
    return {
        "task": {"type": "other"},
        "dataset": {
            "name": each.called,
            "type": each.called,
            "split": each.part,
            "revision": each.dataset_digest,
        },
        "metrics": [
            {"type": name, "value": each.metrics[name], "verified": False} for name in in_order(each.metrics)
        ],
        "source": {"name": f"Steward, evaluation {each.pk}: measured there and signed"},
    }


def scored(here: Iterable[Evaluation]) -> Iterator[str]:
    """What was measured here, and how."""
    for each in here:
        measured: Values = each.measured or {}
        about = ", ".join(map(plain, facts(each)))
        name = f"`{each.called}`" if each.seen else each.called
        yield f"On {name}, digest `{each.dataset_digest[:16]}`: {about}."
        yield f"Evaluated here and signed (evaluation {each.pk})."
        yield ""
        rows = [[plain(row.name), row.value, row.interval, row.baseline] for row in metrics(measured, {})]
        yield from listed(["Metric", "Evaluated", "95 % interval", "Always the same"], rows)
        yield ""


def training(records: list[Record]) -> Iterator[str]:
    if not records:
        yield needs("a record of training")
    for record in records:
        data, found = record.data, folds(record.data)
        yield f"As declared by {plain(record.by)} on {day(record.at)} (record {record.pk}):"
        yield ""
        yield f"- Data: {where(record)}"
        yield f"- Split: {plain((data.get('split') or {}).get('by', 'not said'))}"
        yield f"- Seeds: {', '.join(map(str, data['seeds'][:20]))}"
        if found:
            low, high = found.interval
            yield (
                f"- {plain(data['metric'])} of {found.number} folds: {number(found.mean)}, with a "
                "corrected 95 % "
                f"interval of {number(low)} to {number(high)}"
            )
        if data.get("baseline"):
            yield f"- Baseline, {plain(data['baseline']['name'])}: {number(data['baseline']['score'])}"
        if data.get("resampling"):
            inside = "inside each fold" if data["resampling"]["inside_folds"] else "before the folds"
            yield f"- Resampling: {plain(data['resampling']['method'])}, {inside}"
        yield ""


def where(record: Record) -> str:
    if "dataset" not in record.data:
        return "not said"
    digest = (
        f", digest `{record.dataset_digest[:16]}`" if record.dataset_digest else ", which is not registered"
    )
    return f"`{str(record.data['dataset']).replace('`', ' ')}`{digest}"


def evaluated(records: list[Record]) -> Iterator[str]:
    if not records:
        yield needs("an evaluation")
    for record in records:
        row = evaluations.evaluation_row(record)
        yield f"On {where(record)}: {', '.join(map(plain, row.facts))}. Declared by {plain(record.by)}."
        yield ""
        rows = [[plain(each.name), each.value, each.interval, each.given] for each in row.metrics]
        yield from listed(["Metric", "Declared", "Interval", "From its confusion matrix"], rows)
        yield ""


def judged(found: Iterable[Judgement]) -> Iterator[str]:
    """Each check with what it says; what was not evaluated is said, too."""
    for each in found:
        said = [issue.message for issue in each.issues[:MOST_FINDINGS]]
        said += [f"not evaluated: needs {need.what}." for need in each.needs]
        yield f"- **{plain(each.check.term)}**: {plain(' '.join(said)) or 'nothing found.'}"


# ------------------------------------------------------------------ datasets


def of_dataset(person: User, version: Version) -> tuple[Values, list[str]]:
    tables = judging.tables(version) if version.artifact.kind == Kind.DATASET else []
    parts: list[str] = []
    if version.artifact.kind == Kind.DATASET and not tables:
        parts += section("Tables", [needs("a table that was measured")])
    for table in tables:
        parts += section(plain(table.path), of_table(table))
    if tables:
        parts += section("Contract", promised(version))
    return {**size(tables), **features(tables)}, parts


def size(tables: list[Table]) -> Values:
    if not tables:
        return {}
    rows = sum(table.profile["rows"] for table in tables)
    return {"size_categories": [next((word for most, word in SIZES if rows < most), "n>1B")]}


def features(tables: list[Table]) -> Values:
    """`dataset_info` of a single table: of several, their columns may differ."""
    if len(tables) != 1:
        return {}
    columns = tables[0].profile["columns"][:MOST_COLUMNS]
    told = [{"name": each["name"], "dtype": DTYPES.get(each["type"], "string")} for each in columns]
    return {
        "dataset_info": {
            "features": told,
            "splits": [{"name": "all", "num_examples": tables[0].profile["rows"]}],
        }
    }


def of_table(table: Table) -> Iterator[str]:
    profile, said = table.profile, table.declared
    repeated = profile["duplicates"]
    yield (
        f"{counted(profile['rows'], 'row')}, {counted(profile['width'], 'column')}; "
        f"{'repeated rows were not counted' if repeated is None else counted(repeated, 'repeated row')}."
    )
    yield ""
    roles = {said.target: "target", said.split: "split", said.group: "group", said.time: "time"}
    roles |= {said.source: "source", **dict.fromkeys(said.quasi_identifiers, "quasi-identifier")}
    roles |= dict.fromkeys(said.personal, "personal data")
    rows = [
        [
            plain(column["name"]),
            plain(column["type"]),
            f"{100 * column['missing'] / profile['rows']:.3g} %" if profile["rows"] else "",
            roles.get(column["name"], "looks personal" if column.get("personal") else ""),
        ]
        for column in profile["columns"][:MOST_COLUMNS]
    ]
    yield from listed(["Column", "Type", "Missing", "What it is"], rows)
    yield ""
    yield from judged(judging.of_table(table))


def promised(version: Version) -> Iterator[str]:
    contract = contract_of(version.artifact)
    if contract is None:
        yield needs("a contract")
        return
    yield f"Contract {contract.number}, made by {plain(contract.by)} on {day(contract.at)}:"
    yield ""
    for table in contracts.tables(contract.terms):
        yield f"- `{table.pattern.replace('`', ' ')}`: {counted(len(table.columns), 'column')}"
        yield from (f"  - {plain(each)}" for each in table.also)


# ------------------------------------------------------------------ all


def ending(person: User, version: Version) -> Iterator[str]:
    yield from section("Comes from", parents(person, version))
    yield from section("What was found", findings(version))


def parents(person: User, version: Version) -> Iterator[str]:
    found = relatives(person, version)["parents"]
    if not found.rows and not found.hidden:
        yield needs("what it comes from")
    for relation, other in found.rows[:MOST_PARENTS]:
        yield f"- {plain(relation)} `{other.label}`"
    if found.hidden:
        yield f"- {counted(found.hidden, 'version')} that you may not see"


def findings(version: Version) -> Iterator[str]:
    if version.is_draft or version.state == "checking":
        yield needs("a frozen version whose checks have finished")
        return
    found = worst_first(version=version.pk)
    if not found:
        yield "Nothing above info is open."
    for each in found[:MOST_FINDINGS]:
        yield f"- {each.severity_word}: `{each.path.replace('`', ' ')}`: {plain(each.message)}"
    if len(found) > MOST_FINDINGS:
        yield "- and more"


@prepared
def worst_first(*, version: Any) -> QuerySet[Finding]:
    """Open ones above info, one more than a card names."""
    open_now = Finding.objects.filter(version=version).open()
    return open_now.filter(severity__gt=Severity.INFO)[: MOST_FINDINGS + 1]
