"""XGBoost, in JSON or UBJSON. Imported by the child before it sees the bytes."""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any, BinaryIO

import numpy as np

from registry.scoring import Refused, Unfit, lines
from registry.scoring.loaders import Loaded, about, both, column, numbered, numbers_only
from registry.scoring.wording import Words

xgboost = import_module("xgboost")
RANKS = ("rank:", "survival:")
PER_THREAD = {"nthread": 1}


def load(file: BinaryIO, words: Words) -> Loaded:
    content = bytearray(file.read())
    if content[:1] != b"{":
        raise Unfit("It is no model of XGBoost in JSON or UBJSON: that begins with {.")
    booster = xgboost.Booster(PER_THREAD)
    try:
        booster.load_model(content)
        learner = json.loads(booster.save_config())["learner"]
        objective, classes = learner["objective"]["name"], int(learner["learner_model_param"]["num_class"])
        linear = learner["gradient_booster"]["name"] == "gblinear"
        targets = int(learner["learner_model_param"].get("num_target", 1))
    except (xgboost.core.XGBoostError, ValueError, KeyError, TypeError) as error:
        raise Unfit(f"XGBoost {xgboost.__version__} could not load it ({type(error).__name__}).") from None
    if targets > 1:
        raise Unfit("It answers several targets at once, which is not scored here.")
    width = len(booster.feature_names or ()) or booster.num_features()
    asked = asking(booster, width, linear=linear)
    return described(booster, objective, classes, asked, words)


def asking(booster: Any, width: int, *, linear: bool) -> Any:
    """All rows at once; of a model that stopped early the trees up to the best, as its own wrapper does."""
    best = booster.attr("best_iteration")
    trees = (0, int(best) + 1) if best and best.isdigit() else (0, 0)

    def asked(rows: Any) -> Any:
        taken = np.ascontiguousarray(rows, dtype="f4").reshape(len(rows), width)
        try:
            if linear:
                return booster.predict(xgboost.DMatrix(taken, nthread=1), validate_features=False)
            return booster.inplace_predict(taken, iteration_range=trees, validate_features=False)
        except (xgboost.core.XGBoostError, ValueError):
            raise Refused("library") from None

    return asked


def described(booster: Any, objective: str, classes: int, asked: Any, words: Words) -> Loaded:
    names, width = list(booster.feature_names or words.features) or None, booster.num_features()
    if objective.startswith(RANKS):
        raise Unfit("It ranks, or predicts how long: only classifiers and regressors are scored here.")
    known: tuple[str, ...] = ()
    kind, answer = lines.VALUES, lambda rows: column(asked(rows))
    if objective.startswith("binary:"):
        known = numbered(words, 2)
        kind, answer = {
            "binary:logistic": (lines.CHANCES, lambda rows: both(asked(rows))),
            "binary:logitraw": (lines.SCORES, answer),
        }.get(objective, (lines.LABELS, answer))
    elif objective.startswith("multi:"):
        known = numbered(words, classes)
        kind = lines.CHANCES if objective == "multi:softprob" else lines.LABELS
    return Loaded(about(names, width, known, f"XGBoost, {objective}"), kind, answer, numbers_only)
