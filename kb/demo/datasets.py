"""scikit-learn's bundled data as tables: the three that every newcomer knows."""

from __future__ import annotations

import io
from typing import Any

import polars
from sklearn import datasets
from sklearn.model_selection import train_test_split

SEED, SHARE = 7, 0.25

LOADERS = {
    "breast-cancer": datasets.load_breast_cancer,
    "wine": datasets.load_wine,
    "digits": datasets.load_digits,
}


def table(name: str) -> polars.DataFrame:
    """One column for each measure, and `target`: the class as a number."""
    loaded: Any = LOADERS[name]()
    columns = [str(column).replace(" ", "_") for column in loaded.feature_names]
    frame = polars.DataFrame(loaded.data, schema=columns)
    return frame.with_columns(polars.Series("target", loaded.target, dtype=polars.Int64))


def csv(name: str) -> bytes:
    return table(name).write_csv().encode()


def hold_out(name: str) -> bytes:
    """The rows that no model of the demo was trained on, as CSV."""
    frame = table(name)
    _, others = train_test_split(list(range(len(frame))), test_size=SHARE, random_state=SEED)
    content: bytes = frame[others].write_csv().encode()
    return content


def parquet(name: str) -> bytes:
    stream = io.BytesIO()
    table(name).write_parquet(stream)
    return stream.getvalue()
