"""Which files of models are loaded here, by their names, and what a child imports for each of them first."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

BESIDE = "scoring.json"
"""Says how the model beside it is to be asked, where its own file does not."""


@dataclass(frozen=True, slots=True)
class Format:
    """`endings` are tried when nobody names the file, `others` only when somebody does. `module` is imported
    by the model's child; `packages` are those whose versions are kept with what was measured."""

    name: str
    endings: tuple[str, ...]
    module: str
    packages: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


LOADERS = "registry.scoring.loaders"
FORMATS = (
    Format(
        "scikit-learn",
        (".joblib", ".pkl", ".pickle", ".skops"),
        f"{LOADERS}.estimators",
        ("scikit-learn", "scipy", "joblib", "skops"),
    ),
    Format("ONNX", (".onnx",), f"{LOADERS}.graphs", ("onnxruntime",)),
    Format(
        "XGBoost",
        (".ubj", "/model.json", "/booster.json", "xgb.json", "xgboost.json"),
        f"{LOADERS}.xgboost_trees",
        ("xgboost-cpu",),
        (".json",),
    ),
    Format(
        "LightGBM",
        ("/model.txt", "/booster.txt", "lgb.txt", "lgbm.txt", "lightgbm.txt"),
        f"{LOADERS}.lightgbm_trees",
        ("lightgbm",),
        (".txt",),
    ),
    Format("safetensors", (".safetensors",), f"{LOADERS}.layers"),
)
WARM = ("scikit-learn", "safetensors")
"""What the warm parent has imported already."""


def format_of(path: str) -> Format | None:
    name = f"/{path.lower()}"
    if name.endswith(f"/{BESIDE}"):
        return None
    return next((each for each in FORMATS if name.endswith((*each.endings, *each.others))), None)


def is_model(path: str) -> bool:
    """Whether a file of this name is taken for the model when nobody names one."""
    found = format_of(path)
    return found is not None and f"/{path.lower()}".endswith(found.endings)


def may_be_model(path: str) -> bool:
    """Whether it is loaded when somebody names it. All others stay what people declare."""
    return format_of(path) is not None


def beside(path: str) -> str:
    """Where what is said of a model lies: in its own folder."""
    return str(PurePosixPath(path).with_name(BESIDE))


def needs_words(path: str) -> bool:
    """Whether it is numbers alone, and nothing can be asked before somebody says what they are."""
    return path.lower().endswith(".safetensors")
