"""Honest files as the libraries that are installed here save them: `python honest.py FOLDER [MOST]`.

Knows nothing of Steward, so that it runs in any environment: `script/bench scan` runs it in this one, and a
person runs it in throw-away ones with other releases. What a release does not have is left out.
"""

from __future__ import annotations

import collections
import datetime
import decimal
import io
import pickle
import sys
import uuid
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

warnings.simplefilter("ignore")
Thing = tuple[str, Any]


def values() -> Iterator[Thing]:
    """What Python itself has."""
    yield (
        "plain",
        {"weights": [1.0, None, True, b"x" * 9000], "text": "ä" * 300, "big": 10**40, "set": {1, 2}},
    )
    yield "frozen", (frozenset({1}), bytearray(b"abc"), 1j, range(3), slice(1, 2), Ellipsis)
    yield "counted", [collections.Counter("abc"), collections.OrderedDict(a=1), collections.deque([1], 3)]
    yield (
        "defaults",
        [collections.defaultdict(int, a=1), collections.defaultdict(list), collections.ChainMap({})],
    )
    yield "times", [datetime.datetime.now(datetime.UTC), datetime.date.today(), datetime.timedelta(1)]
    yield "exact", [decimal.Decimal("1.5"), uuid.uuid4(), Path("a/b"), partial(int, base=2), len, max]
    yield "kinds", [type(None), type(...), ValueError("x"), KeyError, {"int": int}, Ellipsis, NotImplemented]
    yield "vocabulary", {f"word{i}": i for i in range(20_000)}
    shared: list[Any] = ["shared"]
    yield "recursive", [*shared, shared, shared]


def arrays() -> Iterator[Thing]:
    import numpy as np

    for code in "?bhilqBHILQefdgFDG":
        yield f"array-{code}", np.ones(3, code)
    yield (
        "texts",
        [np.array(["a", "bc"]), np.array([b"a"]), np.array(["2020-01-01"], "M8[D]"), np.array([1], "m8")],
    )
    yield "objects", np.array([None, {"a": 1}, "x"], object)
    yield "records", [np.zeros(2, [("a", "f8"), ("b", "O")]), np.rec.array([(1, 2.0)]), np.zeros(2, "f4,i4")]
    yield "masked", [np.ma.array([1, 2], mask=[0, 1]), np.ma.masked]
    yield "scalars", [np.float32(1), np.int64(2), np.bool_(True), np.str_("a"), np.datetime64("2020-01-01")]
    yield "types", [np.float64, np.dtype("f8"), np.dtype([("a", "i4")]), np.int32, np.mean, np.log1p, np.add]
    yield "shapes", [np.asfortranarray(np.eye(3)), np.eye(2)[None], np.zeros((0, 3)), np.matrix("1 2")]
    yield "polynomials", [np.poly1d([1, 2]), np.polynomial.Polynomial([1, 2])]
    yield "random", [np.random.RandomState(1), np.random.default_rng(1), np.random.SeedSequence(1)]
    yield "generators", [getattr(np.random, kind)(1) for kind in ("MT19937", "PCG64", "Philox", "SFC64")]


def tables() -> Iterator[Thing]:
    import numpy as np
    import pandas as pd

    frame = pd.DataFrame({"a": [1, 2], "b": ["x", None], "c": pd.to_datetime(["2020-01-01", None])})
    frame["d"], frame["e"] = pd.Categorical(["u", "v"]), pd.to_timedelta([1, None])
    frame["f"], frame["g"] = [True, False], pd.arrays.SparseArray([0, 1])
    frame["h"], frame["p"] = pd.interval_range(0, 2), pd.period_range("2020", periods=2)
    frame["z"], frame["o"] = pd.to_datetime(["2020-01-01"] * 2).tz_localize("UTC"), [{}, []]
    for name in ["Int8", "Int64", "UInt8", "Float32", "Float64", "boolean", "string"]:
        frame[name] = pd.array([None, None], name)
    yield "frame", frame
    yield "numbers", pd.DataFrame(np.eye(3))
    yield "series", pd.Series([1.0, 2.0], name="a")
    yield "columns", [frame[name] for name in frame]
    yield "indexed", [frame.set_index(name) for name in ["a", "b", "c", "d", "e", "h", "p", "z"]]
    yield "levels", frame.set_index(["a", "b"])
    yield "zones", pd.date_range("2020", periods=3, tz="Europe/Berlin")
    yield (
        "moments",
        [pd.Timestamp("2020-01-01", tz="UTC"), pd.Timedelta(1), pd.NaT, pd.NA, pd.Period("2020", "D")],
    )
    yield (
        "offsets",
        [pd.DateOffset(1), pd.offsets.MonthEnd(), pd.offsets.BDay(), pd.date_range("2020", periods=3)],
    )
    yield (
        "dtypes",
        [frame.dtypes, frame.columns, pd.RangeIndex(3), pd.CategoricalDtype(["a"]), pd.Interval(0, 1)],
    )
    yield "grouped", frame.groupby("a")["a"].sum()


def science() -> Iterator[Thing]:
    import numpy as np
    from scipy import interpolate, optimize, sparse, spatial, stats

    x = np.arange(6.0)
    for kind in ("csr", "csc", "coo", "bsr", "dia", "lil", "dok"):
        yield kind, getattr(sparse, f"{kind}_matrix")(sparse.eye(2))
        with suppress(AttributeError):
            yield f"{kind}-array", getattr(sparse, f"{kind}_array")(sparse.eye(2))
    for name in ("CubicSpline", "PchipInterpolator", "Akima1DInterpolator", "interp1d", "UnivariateSpline"):
        yield name, getattr(interpolate, name)(x, x**2)
    yield "grid", interpolate.RegularGridInterpolator((x, x), np.outer(x, x))
    yield "radial", interpolate.RBFInterpolator(np.outer(x, [1, 2]), x)
    yield "trees", [spatial.cKDTree([[0.0, 1.0]]), spatial.KDTree([[0.0, 1.0]])]
    yield "rotation", spatial.transform.Rotation.identity()
    yield "result", optimize.OptimizeResult(x=1)
    yield "functions", [spatial.distance.cosine, spatial.distance.euclidean, stats.pearsonr, stats.spearmanr]
    yield "frozen", [stats.norm(0, 1), stats.uniform(0, 1), stats.randint(1, 5), stats.loguniform(1, 2)]


def choices(kind: type) -> Iterator[Any]:
    """An estimator as it comes, with another one inside, and with parameters behind which classes stand."""
    from inspect import signature

    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.tree import DecisionTreeClassifier

    inner = [LogisticRegression(), Ridge(), DecisionTreeClassifier()]
    named = [("a", LogisticRegression()), ("b", DecisionTreeClassifier())]
    for more in ({}, *({"estimator": one} for one in inner), *({"base_estimator": one} for one in inner)):
        with suppress(TypeError):
            yield kind(**more)
    with suppress(TypeError):
        yield kind(estimators=named)
        yield kind(estimators=[("a", Ridge()), ("b", Ridge())])
    grid = {"estimator": inner[0], "n_iter": 2}
    for name in ("param_grid", "param_distributions"):
        for more in (grid, {"estimator": inner[0]}):
            with suppress(TypeError):
                yield kind(**more, **{name: {"C": [0.1, 1.0]}})
    behind = {
        "loss": "hinge log_loss deviance modified_huber squared_hinge perceptron squared_error huber "
        "exponential epsilon_insensitive squared_epsilon_insensitive absolute_error poisson gamma quantile",
        "criterion": "gini entropy log_loss squared_error friedman_mse absolute_error poisson",
        "metric": "euclidean manhattan chebyshev minkowski cosine haversine hamming",
        "algorithm": "kd_tree ball_tree brute lloyd elkan",
        "method": "isotonic sigmoid",
        "solver": "svd eigen lsqr lbfgs newton-cholesky newton-cg liblinear saga cd mu adam sgd",
        "kernel": "rbf linear poly sigmoid",
        "strategy": "mean median most_frequent constant uniform quantile kmeans stratified prior",
    }
    for parameter in set(signature(kind.__init__).parameters) & set(behind):
        for value in behind[parameter].split():
            with suppress(TypeError):
                yield kind(**{parameter: value})


def estimators() -> Iterator[Thing]:
    """Each estimator on the first targets that it can be fitted to."""
    import numpy as np
    from sklearn.utils import all_estimators

    random = np.random.RandomState(0)
    table = np.abs(random.rand(60, 4))
    targets = [np.arange(60) % 3, np.arange(60) % 2, random.rand(60), random.rand(60, 2), None]
    for name, kind in all_estimators():
        for number, estimator in enumerate(choices(kind)):
            for which, target in enumerate(targets):
                with suppress(Exception):
                    yield f"{name}-{number}-{which}", estimator.fit(table, target)
    texts = ["a word or two", "two more words", "and a third one"]
    for name in ("CountVectorizer", "TfidfVectorizer", "HashingVectorizer"):
        module = __import__("sklearn.feature_extraction.text", fromlist=[name])
        yield name, getattr(module, name)().fit(texts)


def combined() -> Iterator[Thing]:
    import numpy as np
    import pandas as pd
    from sklearn import (
        compose,
        ensemble,
        gaussian_process,
        impute,
        linear_model,
        model_selection,
        pipeline,
        preprocessing,
        svm,
    )
    from sklearn.feature_selection import SelectKBest, f_classif, mutual_info_classif
    from sklearn.gaussian_process import kernels
    from sklearn.metrics import f1_score, make_scorer

    frame = pd.DataFrame({"n": np.arange(40.0), "m": np.arange(40) % 7, "c": ["a", "b", "c", "d"] * 10})
    target = np.arange(40) % 2
    numbers = pipeline.make_pipeline(impute.SimpleImputer(), preprocessing.StandardScaler())
    columns = compose.ColumnTransformer(
        [("n", numbers, ["n", "m"]), ("c", preprocessing.OneHotEncoder(), ["c"])]
    )
    for name, last in {
        "logistic": linear_model.LogisticRegression(),
        "forest": ensemble.RandomForestClassifier(5),
        "boosting": ensemble.GradientBoostingClassifier(n_estimators=5),
        "histogram": ensemble.HistGradientBoostingClassifier(max_iter=5),
        "svm": svm.SVC(probability=True),
        "isolation": ensemble.IsolationForest(n_estimators=5),
    }.items():
        yield name, pipeline.Pipeline([("columns", columns), ("last", last)]).fit(frame, target)
    search = model_selection.GridSearchCV(
        linear_model.LogisticRegression(), {"C": [0.1, 1]}, cv=2, scoring=make_scorer(f1_score)
    )
    yield "search", search.fit(frame[["n", "m"]], target)
    for function in (f_classif, mutual_info_classif):
        yield function.__name__, SelectKBest(function, k=1).fit(frame[["n", "m"]], target)
    for function in (np.log1p, np.exp, None):
        yield f"function-{function}", preprocessing.FunctionTransformer(function).fit(frame[["n"]])
    kernel = kernels.RBF() * kernels.ConstantKernel() + kernels.WhiteKernel() + kernels.Matern()
    yield "gaussian", gaussian_process.GaussianProcessRegressor(kernel).fit(frame[["n"]], target)
    yield (
        "bundle",
        {"model": linear_model.Ridge().fit(frame[["n"]], target), "columns": list(frame), "at": "x"},
    )


def boosters() -> Iterator[Thing]:
    import numpy as np

    random = np.random.RandomState(0)
    table, target = random.rand(60, 4), np.arange(60) % 2
    with suppress(ImportError):
        import xgboost

        for kind in ("XGBClassifier", "XGBRegressor", "XGBRFClassifier", "XGBRFRegressor"):
            yield kind, getattr(xgboost, kind)(n_estimators=3).fit(table, target)
        yield "xgb-booster", xgboost.train({}, xgboost.DMatrix(table, target), 2)
    with suppress(ImportError):
        import lightgbm

        for kind in ("LGBMClassifier", "LGBMRegressor", "LGBMModel"):
            more = {"objective": "binary"} if kind == "LGBMModel" else {}
            yield kind, getattr(lightgbm, kind)(n_estimators=3, verbose=-1, **more).fit(table, target)
        data = lightgbm.Dataset(table, target)
        yield "lgb-booster", lightgbm.train({"verbose": -1}, data, 2)
    with suppress(ImportError):
        import catboost

        for kind in ("CatBoostClassifier", "CatBoostRegressor", "CatBoost"):
            made = getattr(catboost, kind)(
                {"iterations": 3, "logging_level": "Silent", "allow_writing_files": False}
            )
            yield kind, made.fit(table, target)


def others() -> Iterator[Thing]:
    import numpy as np

    random = np.random.RandomState(0)
    table, target = random.rand(60, 4), np.arange(60) % 2
    with suppress(ImportError):
        import statsmodels.api as sm

        yield "ols", sm.OLS(target, table).fit()
        yield "logit", sm.Logit(target, table).fit(disp=0)
        yield "glm", sm.GLM(target, table, family=sm.families.Binomial()).fit()
        from statsmodels.tsa.arima.model import ARIMA

        yield "arima", ARIMA(np.arange(40.0), order=(1, 0, 0)).fit()
    with suppress(ImportError):
        from imblearn import over_sampling, under_sampling
        from imblearn.ensemble import BalancedRandomForestClassifier
        from imblearn.pipeline import make_pipeline
        from sklearn.linear_model import LogisticRegression

        yield "smote", make_pipeline(over_sampling.SMOTE(), LogisticRegression()).fit(table, target)
        yield (
            "under",
            make_pipeline(under_sampling.RandomUnderSampler(), LogisticRegression()).fit(table, target),
        )
        yield "balanced", BalancedRandomForestClassifier(3).fit(table, target)
    with suppress(ImportError):
        import category_encoders as ce
        import pandas as pd

        frame = pd.DataFrame({"c": ["a", "b", "c"] * 20})
        for kind in ("TargetEncoder", "OrdinalEncoder", "OneHotEncoder", "BinaryEncoder", "CatBoostEncoder"):
            yield kind, getattr(ce, kind)().fit(frame, target)


FAMILIES: dict[str, Callable[[], Iterator[Thing]]] = {
    "python": values,
    "numpy": arrays,
    "pandas": tables,
    "scipy": science,
    "sklearn": estimators,
    "pipelines": combined,
    "boosters": boosters,
    "others": others,
}


def packed(thing: Any, number: int) -> Iterator[tuple[str, bytes]]:
    """The ways to save it: one in each protocol for a few, for the rest one after the other."""
    protocol = (0, 1, 2, 3, 4, 5)[number % 6]
    with suppress(Exception):
        yield f"p{protocol}.pkl", pickle.dumps(thing, protocol)
    with suppress(Exception):
        yield "p4.pkl", pickle.dumps(thing, 4)
    ways: list[Any] = [0, 3, ("gzip", 3), ("bz2", 3), ("xz", 3), ("lzma", 3), ("lz4", 1)]
    with suppress(Exception):
        import joblib

        held = io.BytesIO()
        joblib.dump(thing, held, compress=ways[number % len(ways)])
        yield "x.joblib", held.getvalue()


def main(folder: Path, few: int = 1_000_000) -> None:
    for family, things in FAMILIES.items():
        made = islice(things(), few)
        number = 0
        while True:
            try:
                name, thing = next(made)
            except StopIteration:
                break
            except Exception as error:  # not in this release
                sys.stderr.write(f"{family}: {type(error).__name__}: {error}\n")
                break
            number += 1
            place = folder / family
            place.mkdir(parents=True, exist_ok=True)
            for ending, content in packed(thing, number):
                (place / f"{name}.{ending}".replace("/", "-")).write_bytes(content)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
