"""LightGBM, in text. Imported by the child before it sees the bytes."""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any, BinaryIO

from registry.scoring import Refused, Unfit, lines
from registry.scoring.loaders import Loaded, about, both, column, numbered, numbers_only
from registry.scoring.wording import Words

try:
    lightgbm: Any = import_module("lightgbm")
except OSError:  # of the libraries here it alone takes libgomp from the machine
    lightgbm = None
UNNAMED = re.compile(r"Column_\d+")
RANKS = ("lambdarank", "rank_xendcg")


class Silent:
    def info(self, message: str) -> None:
        return

    warning = info


if lightgbm is not None:
    lightgbm.register_logger(Silent())


def load(file: BinaryIO, words: Words) -> Loaded:
    if lightgbm is None:
        raise Unfit("Models of LightGBM need libgomp.so.1, which this machine has not: install libgomp1.")
    content = file.read()
    try:
        booster = lightgbm.Booster(model_str=content.decode())
        objective, number = booster.params.get("objective", ""), booster.num_model_per_iteration()
    except (lightgbm.basic.LightGBMError, UnicodeDecodeError, ValueError, KeyError, TypeError) as error:
        raise Unfit(f"LightGBM {lightgbm.__version__} could not load it ({type(error).__name__}).") from None
    if objective in RANKS:
        raise Unfit("It ranks: only classifiers and regressors are scored here.")
    named = booster.feature_name()
    names = list(words.features) if all(map(UNNAMED.fullmatch, named)) else named
    known: tuple[str, ...] = ()
    kind, answer = lines.VALUES, asking(booster, column)
    if objective == "binary":
        kind, answer, known = lines.CHANCES, asking(booster, both), numbered(words, 2)
    elif objective in ("multiclass", "softmax", "multiclassova"):
        kind, known = lines.CHANCES, numbered(words, number)
    elif objective in ("", "none", "custom"):
        raise Unfit("It does not say what its numbers are: its objective is its own.")
    found = about(names or None, booster.num_feature(), known, f"LightGBM, {objective}")
    return Loaded(found, kind, answer, numbers_only)


def asking(booster: Any, shaped: Any) -> Any:
    def asked(rows: Any) -> Any:
        try:
            return shaped(booster.predict(rows, num_threads=1, validate_features=False))
        except lightgbm.basic.LightGBMError:
            raise Refused("library") from None

    return asked
