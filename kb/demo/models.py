"""Models trained on the demo's data, in a second or two each, and saved in the usual ways."""

from __future__ import annotations

import io
import os
import pickle
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import joblib
import skops.io
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from kb.demo.datasets import SEED, SHARE, table


@dataclass(frozen=True)
class Trained:
    """A model as bytes, and what was measured when it was trained."""

    content: bytes
    metrics: dict[str, float] = field(default_factory=dict)
    parameters: dict[str, Any] = field(default_factory=dict)


class Thresholded(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """A class of the team's own: pixels become black or white. No list of known names holds it."""

    def __init__(self, at: float = 8.0) -> None:
        self.at = at

    def fit(self, pixels: Any, target: Any = None) -> Thresholded:
        return self

    def transform(self, pixels: Any) -> Any:
        return (pixels > self.at).astype(float)


class Payload:
    """What somebody hides in a pickle. This one only says hello; Steward never loads it."""

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, ("echo hello from a model",)


def pickled(model: Any) -> bytes:
    return pickle.dumps(model, protocol=5)


def as_joblib(model: Any) -> bytes:
    stream = io.BytesIO()
    joblib.dump(model, stream, compress=3)
    return stream.getvalue()


def as_skops(model: Any) -> bytes:
    content: bytes = skops.io.dumps(model)
    return content


def trained(data: str, model: Any, save: Callable[[Any], bytes], /, **parameters: Any) -> Trained:
    """Fit on three quarters of the rows, measure on the others."""
    frame = table(data)
    split = train_test_split(
        frame.drop("target").to_numpy(), frame["target"].to_numpy(), test_size=SHARE, random_state=SEED
    )
    measures, others, target, truth = split
    guessed = model.fit(measures, target).predict(others)
    metrics = {
        "accuracy": round(float(accuracy_score(truth, guessed)), 4),
        "f1": round(float(f1_score(truth, guessed, average="macro")), 4),
    }
    return Trained(save(model), metrics, {"seed": SEED, **parameters})


def regression(data: str) -> Trained:
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=500))
    return trained(data, model, pickled, model="logistic regression")


def forest(data: str) -> Trained:
    model = RandomForestClassifier(n_estimators=40, random_state=SEED)
    return trained(data, model, as_joblib, model="random forest", trees=40)


def boosting(data: str) -> Trained:
    model = HistGradientBoostingClassifier(max_iter=60, random_state=SEED)
    return trained(data, model, as_skops, model="gradient boosting", rounds=60)


def machine(data: str) -> Trained:
    model = make_pipeline(StandardScaler(), SVC(C=4.0))
    return trained(data, model, as_joblib, model="support vectors", C=4.0)


def own_class(data: str) -> Trained:
    model = make_pipeline(Thresholded(), LogisticRegression(max_iter=500))
    return trained(data, model, pickled, model="logistic regression", threshold=8.0)


def hostile(_: str) -> Trained:
    return Trained(pickled(Payload()), {"accuracy": 0.999})
