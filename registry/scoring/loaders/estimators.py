"""scikit-learn: pickles, joblib and skops, whose bytes were cleared by the checks before."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any, BinaryIO

import numpy as np

from registry.checks import library
from registry.scoring import MOST_CLASSES, MOST_FEATURES, Refused, Result, Unfit, canonical, lines
from registry.scoring.loaders import Answer, Array, Loaded, column
from registry.scoring.wording import Words


def load(file: BinaryIO, words: Words) -> Loaded:
    """What is said beside it does not count: its own object says it all."""
    model = unpickled(file)
    found, kind, answer = described(model)
    frame = wants_frame(model)

    def table(columns: list[str], cells: bool) -> Callable[[Any], Any]:
        return framed(columns) if cells or frame else as_it_is

    return Loaded(found, kind, patient(answer, takes_words=frame), table)


def unpickled(file: BinaryIO) -> Any:
    path = str(file.name).lower()
    try:
        if path.endswith(".skops"):
            return of_skops(file.read())
        return library("joblib").load(file)
    except ModuleNotFoundError as error:
        raise Unfit(f"It needs {shown(error.name)}, which is not here.") from None
    except (pickle.UnpicklingError, EOFError, ValueError, AttributeError, TypeError, KeyError) as error:
        raise Unfit(f"It could not be loaded by the libraries here ({type(error).__name__}).") from None


def of_skops(content: bytes) -> Any:
    io = library("skops.io")
    return io.loads(content, trusted=io.get_untrusted_types(data=content))


def shown(name: str | None) -> str:
    return "".join(letter for letter in str(name)[:80] if letter.isprintable())


# ------------------------------------------------------------------ what it is


def described(model: Any) -> tuple[Result, bytes, Answer]:
    """What the other side has to know, and how rows are answered."""
    if not callable(getattr(model, "predict", None)):
        raise Unfit("It cannot predict: only classifiers and regressors are scored here.")
    about: Result = {"features": names(model), "width": width(model), "made_with": made_with(model)}
    labels = getattr(model, "classes_", None)
    if labels is None:
        if library("sklearn.base").is_clusterer(model) or library("sklearn.base").is_outlier_detector(model):
            raise Unfit("It is neither a classifier nor a regressor: there is nothing to hold it against.")
        return {**about, "task": "regression"}, lines.VALUES, lambda rows: column(model.predict(rows))
    if isinstance(labels, list) or np.ndim(labels) != 1:
        raise Unfit("It answers several targets at once, which is not scored here.")
    if not 2 <= len(labels) <= MOST_CLASSES:
        raise Unfit(f"It knows {len(labels):,} classes; 2 to {MOST_CLASSES} are scored here.")
    about |= {"task": "classification", "classes": [canonical(each) for each in labels]}
    return about, *of_classes(model, [canonical(each) for each in labels])


def of_classes(model: Any, labels: list[str]) -> tuple[bytes, Answer]:
    """By chances where it gives them, by a score of two classes, or by the class alone."""
    if has(model, "predict_proba"):
        return lines.CHANCES, lambda rows: np.asarray(model.predict_proba(rows), dtype="f8")
    if has(model, "decision_function") and len(labels) == 2:
        return lines.SCORES, lambda rows: column(model.decision_function(rows))
    place = {label: number for number, label in enumerate(labels)}
    return lines.LABELS, lambda rows: column(
        [place.get(canonical(each), -1) for each in np.ravel(model.predict(rows))]
    )


def has(model: Any, name: str) -> bool:
    return callable(getattr(model, name, None))


def names(model: Any) -> list[str] | None:
    found = getattr(model, "feature_names_in_", None)
    return [str(name) for name in found][:MOST_FEATURES] if found is not None else None


def width(model: Any) -> int | None:
    found = getattr(model, "n_features_in_", None)
    return int(found) if isinstance(found, int | np.integer) else None


def made_with(model: Any) -> str:
    """The version of scikit-learn that wrote it, where it says so."""
    state = getattr(model, "__dict__", {})
    version = shown(state.get("_sklearn_version") or "")
    return f"scikit-learn {version}" if version else ""


# ------------------------------------------------------------------ rows


def patient(answer: Answer, *, takes_words: bool) -> Answer:
    """In one process, and with a sentence for what most models do not take."""

    def asked(rows: Any) -> Array:
        try:
            with library("joblib").parallel_config(backend="sequential"):
                return answer(rows)
        except (ValueError, TypeError) as error:
            why = odd(rows) if isinstance(rows, np.ndarray) else wordy(error) if not takes_words else ""
            if why:
                raise Refused(why) from None
            raise

    return asked


def odd(rows: Array) -> str:
    """What of these numbers a model may not take."""
    return "missing" if np.isnan(rows).any() else "infinite" if np.isinf(rows).any() else ""


def wordy(error: ValueError | TypeError) -> str:
    """Whether words are what it does not take: an encoder that meets a new word fails otherwise."""
    return "words" if isinstance(error, TypeError) or "could not convert" in str(error) else ""


def wants_frame(model: Any) -> bool:
    """Whether it picks columns by their names."""
    transformer = library("sklearn.compose").ColumnTransformer
    parts = model.get_params(deep=True).values() if has(model, "get_params") else ()
    return isinstance(model, transformer) or any(isinstance(part, transformer) for part in parts)


def as_it_is(rows: Any) -> Any:
    return rows


def framed(columns: list[str]) -> Callable[[Any], Any]:
    polars = library("polars")

    def build(rows: Any) -> Any:
        if isinstance(rows, dict):
            return polars.DataFrame(rows, strict=False)
        return polars.DataFrame(rows, schema=columns)

    return build
