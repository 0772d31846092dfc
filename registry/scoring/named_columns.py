"""Imported by the model's child for a model that picks columns by name: polars, and what scikit-learn imports
when it first meets one of its tables. No module can be imported later, so one is met here."""

from __future__ import annotations

import warnings
from importlib import import_module

compose, preprocessing, impute, polars = map(
    import_module, ("sklearn.compose", "sklearn.preprocessing", "sklearn.impute", "polars")
)
TABLE = polars.DataFrame({"number": [1.0, 2.0], "word": ["a", "b"]})
MET = compose.ColumnTransformer(
    [
        ("numbers", preprocessing.StandardScaler(), ["number"]),
        ("words", preprocessing.OneHotEncoder(), ["word"]),
        ("places", preprocessing.OrdinalEncoder(), ["word"]),
        ("gaps", impute.SimpleImputer(strategy="most_frequent"), ["word"]),
    ]
)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    MET.fit_transform(TABLE)
