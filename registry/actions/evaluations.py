"""Models are evaluated: scored here, on a dataset version that is here, by who may fetch it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from governance import access, audit, subjects
from governance.actions import saved
from governance.audit import action
from governance.errors import Absent, Conflict, Invalid
from governance.models import User
from registry import judging, scoring
from registry.actions.artifacts import lock
from registry.actions.versions import there
from registry.models import Evaluation, File, Kind, Version
from registry.scoring import formats
from registry.tasks import enqueue_evaluation

MOST_EVALUATIONS = 200
PARTS = ("hold-out", "test", "validation", "live", "golden", "other")
LOADED = ", ".join(each.name for each in formats.FORMATS)
READ = ", ".join(scoring.TABLES)


@action("version.evaluate")
def evaluate(
    version: Version,
    *,
    dataset: str,
    part: str,
    model: str = "",
    table: str = "",
    target: str = "",
    positive: str = "",
    threshold: float | None = None,
    features: Sequence[str] = (),
    slices: Sequence[str] = (),
    only: str = "",
    by: User,
) -> tuple[Evaluation, bool]:
    """Ask for a model to be scored, and whether that is new: the same that waits already is that one.
    `dataset` is the label of a version that they see; `only` is a value of the dataset's declared split."""
    lock(version.artifact_id)
    version = there(version)
    access.check(by, "version.evaluate", version)
    fits = formats.may_be_model if model else formats.is_model
    model_file = told(version, chosen(version, model, "model", fits))
    data = dataset_called(by, dataset)
    access.check(by, "version.download", data, acknowledged=True)
    table_file = chosen(data, table, "table", scoring.is_table)
    asked = {
        **columns(data, target, only),
        "part": part_of(part, only),
        "positive": positive,
        "threshold": threshold,
        "features": list(features),
        "slices": list(slices),
    }
    about = {**bound(model_file, data, table_file), "asked": asked}
    same = version.evaluations.waiting().filter(**about).first()
    if same is not None:
        return same, False
    if version.evaluations.count() >= MOST_EVALUATIONS:
        raise Conflict(f"A version is evaluated at most {MOST_EVALUATIONS} times.")
    evaluation = saved(Evaluation(version=version, by=by, **about))
    after = {"evaluation": evaluation.pk, "dataset": evaluation.in_events, "part": part}
    audit.record("version.evaluate", version, by=by, after=after)
    enqueue_evaluation(evaluation.pk)
    return evaluation, True


def bound(model: File, dataset: Version, table: File) -> dict[str, Any]:
    """Which bytes are scored on which: what a signature binds."""
    return {
        "model_path": model.path,
        "model_sha256": model.sha256,
        "dataset": dataset,
        "dataset_label": dataset.label,
        "dataset_digest": dataset.digest,
        "table_path": table.path,
        "table_sha256": table.sha256,
    }


def dataset_called(by: User, label: str) -> Version:
    """The dataset version of a label, if they see it; else a sentence."""
    try:
        kind, found = subjects.find(by, label)
    except Absent:
        kind, found = None, None
    if kind is None or kind.name != "version" or found.artifact.kind != Kind.DATASET:
        sentence = f"{label[:200]} is no dataset version that you may see."
        raise Invalid(sentence, errors={"dataset": [sentence]})
    return cast(Version, found)


def chosen(version: Version, path: str, what: str, fits: Any) -> File:
    """The file that was named, or the only one that can be meant."""
    is_model = what == "model"
    if (version.artifact.kind == Kind.MODEL) != is_model or version.is_draft:
        raise Invalid(f"{version.label} is no frozen version of a {'model' if is_model else 'dataset'}.")
    files = [file for file in version.files.select_related("blob") if fits(file.path)]
    if path:
        named = [file for file in files if file.path == path]
        if named:
            return named[0]
        raise Invalid(f"{path[:200]} is none of the files that are {'loaded' if is_model else 'read'} here.")
    if not files:
        raise Conflict(
            f"No file of version {version.number} is loaded here ({LOADED}): how it does stays declared."
            if is_model
            else f"No file of {version.label} is read here ({READ})."
        )
    if len(files) > 1:
        raise Invalid(
            f"{version.label} has {len(files)} files that could be meant: name one.",
            errors={what: ["Name one."]},
        )
    return files[0]


def told(version: Version, model: File) -> File:
    """The model, unless it is numbers alone and nobody says which."""
    beside = formats.beside(model.path)
    if formats.needs_words(model.path) and not version.files.filter(path=beside).exists():
        raise Conflict(
            f"Not evaluated: needs {beside}, which names the layers of {model.path}: that is numbers alone."
        )
    return model


def part_of(part: str, only: str) -> str:
    """Rows of one value of the split are that part and no other: those of training are no hold-out."""
    named = only.lower()
    real = named if named in PARTS else "other"
    if only and part != real:
        sentence = f"Rows of {only[:200]} alone are the part {real}."
        raise Invalid(sentence, errors={"part": [sentence]})
    return part


def columns(dataset: Version, target: str, only: str) -> dict[str, str]:
    """What is to be predicted, as declared or else as named, and which part of the rows counts."""
    declared = judging.declared(dataset.artifact)
    name = target or declared.target
    if declared.target and name != declared.target:
        sentence = f"{dataset.artifact.name} declares the target {declared.target}: nothing else is scored."
        raise Invalid(sentence, errors={"target": [sentence]})
    if not name:
        sentence = f"Name the target: {dataset.artifact.name} declares none."
        raise Invalid(sentence, errors={"target": [sentence]})
    if only and not declared.split:
        raise Invalid(f"{dataset.artifact.name} declares no split: leave the part of its rows out.")
    return {"target": name, "split": declared.split, "only": only}
