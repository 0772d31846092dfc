"""A model is scored by two children, or there is one sentence, whatever it does."""

from __future__ import annotations

import io
import pickle
from typing import Any

import numpy as np
import polars
import pytest
import skops.io
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVC

from registry.scoring import REFUSALS
from registry.scoring.running import Failed, Scorer
from tests.registry.scoring import hostile
from tests.registry.scoring.conftest import Score, dumped, opened, written

RANDOM = np.random.default_rng(0)
ROWS = RANDOM.normal(size=(400, 3)).round(4)
TRUTH = (ROWS[:, 0] + 0.5 * RANDOM.normal(size=400) > 0).astype(int)
TABLE = written(ROWS.tolist(), TRUTH.tolist())
TWO = written([[0.1, 0.2], [0.3, 0.4]] * 20, [0, 1] * 20)


def test_a_model_is_measured(score: Score) -> None:
    model = LogisticRegression().fit(ROWS, TRUTH)

    found = score(model, TABLE)

    measured = found["measured"]
    assert measured["metrics"]["roc_auc"] == pytest.approx(
        roc_auc_score(TRUTH, model.predict_proba(ROWS)[:, 1])
    )
    assert measured["metrics"]["accuracy"] == pytest.approx(model.score(ROWS, TRUTH))
    assert (measured["rows"], measured["features"], measured["positives"]) == (400, 3, int(TRUTH.sum()))
    assert measured["row_p50"] > 0
    assert measured["model_bytes"] == len(dumped(model))
    assert found["sealed"]["labels"] == ["0", "1"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "model",
    [
        make_pipeline(StandardScaler(), KNeighborsClassifier(n_jobs=2)),
        RandomForestClassifier(n_estimators=5, n_jobs=-1, random_state=1),
        HistGradientBoostingClassifier(max_iter=5),
        SVC(),
    ],
    ids=lambda model: type(model).__name__,
)
def test_other_kinds_of_classifiers(score: Score, model: Any) -> None:
    model.fit(ROWS, TRUTH)

    assert score(model, TABLE)["measured"]["metrics"]["accuracy"] == pytest.approx(model.score(ROWS, TRUTH))


@pytest.mark.slow
def test_other_ways_of_saving(score: Score) -> None:
    model = LogisticRegression().fit(ROWS, TRUTH)
    right = pytest.approx(model.score(ROWS, TRUTH))

    for content, name in ((pickle.dumps(model), "m.pkl"), (skops.io.dumps(model), "m.skops")):
        assert score(content, TABLE, name=name)["measured"]["metrics"]["accuracy"] == right


def test_numbers_are_measured(score: Score) -> None:
    model = LinearRegression().fit(ROWS[:, :2], ROWS[:, 0] + ROWS[:, 2])

    measured = score(model, written(ROWS[:, :2].tolist(), (ROWS[:, 0] + ROWS[:, 2]).tolist()))["measured"]

    assert measured["task"] == "regression"
    assert measured["metrics"]["r2"] == pytest.approx(model.score(ROWS[:, :2], ROWS[:, 0] + ROWS[:, 2]))


@pytest.fixture(scope="module")
def mixed() -> tuple[Any, polars.DataFrame]:
    """Numbers and words, and a model that picks its columns by their names."""
    words = np.where(np.arange(400) < 150, "north", "south")
    table = polars.DataFrame({"a": ROWS[:, 0], "region": words, "target": TRUTH})
    chosen = ColumnTransformer([("a", StandardScaler(), ["a"]), ("region", OneHotEncoder(), ["region"])])
    return make_pipeline(chosen, LogisticRegression()).fit(table.drop("target"), TRUTH), table


def test_columns_by_name_and_slices_by_value(score: Score, mixed: tuple[Any, polars.DataFrame]) -> None:
    model, table = mixed
    sink = io.BytesIO()
    table.write_parquet(sink)

    csv, parquet = (
        score(model, table.write_csv().encode()),
        score(model, sink.getvalue(), path="t.parquet"),
    )

    assert csv["measured"]["metrics"]["accuracy"] == pytest.approx(model.score(table.drop("target"), TRUTH))
    assert parquet["measured"]["metrics"] == csv["measured"]["metrics"]
    assert csv["sealed"]["slices"] == ["north", "south"]
    assert [each["rows"] for each in csv["measured"]["slices"]] == [150, 250]


def test_a_part_of_the_rows(score: Score) -> None:
    rows = [[*row, "test" if place < 100 else "train"] for place, row in enumerate(ROWS.tolist())]
    model = LogisticRegression().fit(ROWS, TRUTH)

    table = written(rows, TRUTH.tolist())
    found = score(model, table, split="f3", only="test", features=["f0", "f1", "f2"])["measured"]

    assert (found["rows"], found["left_out"]) == (100, 300)


@pytest.mark.slow
def test_a_large_table_is_read_in_blocks(score: Score) -> None:
    many = np.tile(ROWS, (500, 1))
    model = LogisticRegression().fit(ROWS, TRUTH)

    found = score(model, written(many.tolist(), np.tile(TRUTH, 500).tolist()))["measured"]

    assert found["rows"] == 200_000
    assert found["metrics"]["accuracy"] == pytest.approx(model.score(ROWS, TRUTH))


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        (hostile.TooFew(), "The model is not sound. It answered 39 rows for 40."),
        (hostile.TooWide(), "The model is not sound. It answered 3 numbers a row."),
        (
            hostile.NoNumber(),
            "The model is not sound. It answered no number (NaN or infinite) for 40 of 40 rows.",
        ),
        (
            hostile.NoChance(),
            "The model is not sound. It answered chances that are none: below zero, or not one in all.",
        ),
        (hostile.Crashes(), "The model crashed (signal 11)."),
        (hostile.Allocates(), "The model ran out of memory (2048 MiB)."),
        (hostile.Connects(), "The model failed (PermissionError)."),
        (hostile.Opens(), "The model failed (PermissionError)."),
        (hostile.Leaves(), "The model ended without a result (exit status 0)."),
        (hostile.Raises(), "The model failed (RuntimeError)."),
        (hostile.NoModel(), "It cannot predict: only classifiers and regressors are scored here."),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else "",
)
def test_a_hostile_model_is_a_sentence(score: Score, model: Any, sentence: str) -> None:
    with pytest.raises(Failed) as failed:
        score(model, TWO)

    assert str(failed.value).startswith(sentence)


@pytest.mark.slow
@pytest.mark.parametrize("model", [hostile.Hangs(), hostile.Floods()], ids=["hangs", "floods"])
def test_what_does_not_end_is_stopped(scorer: Scorer, tmp_path: Any, model: Any) -> None:
    quick = Scorer.sharing(scorer, seconds=2)
    one, other = opened(tmp_path, dumped(model), "m.joblib"), opened(tmp_path, TWO, "t.csv")

    with one.sealed, other.sealed, pytest.raises(Failed) as failed:
        quick.score(one, other, {"target": "target"})

    assert str(failed.value).split(".")[0] in {
        "It was stopped after 2 s: the model hangs, or is too slow",
        "The model failed",
        "The model is not sound",
    }


@pytest.mark.parametrize(
    ("table", "asked", "sentence"),
    [
        (b"", {}, "The table is empty."),
        (b"a,b\n1\n", {}, "The table cannot be read: its rows have different numbers of columns."),
        (b"\xff\xfe\x00", {}, "The table cannot be read: it is no CSV file in UTF-8."),
        (TABLE, {"target": "nobody"}, "The target is not in the table: nobody."),
        (b"f0,f1,f2,target\n", {}, "No row has an answer to hold the model against."),
        (b"f0,target\n1,0\n", {}, "The model takes 3 features, and here are 1: name them."),
        (
            b"f0,f1,f2,target\n1,2,3,maybe\n",
            {},
            "The target of 1 rows is none of the classes that the model knows.",
        ),
        (
            b"f0,f1,f2,target\n1,,3,0\n",
            {},
            "It takes no missing values, and its features have some here.",
        ),
        (b"f0,f1,f2,target\n1,1e999,3,0\n", {}, REFUSALS["infinite"]),
        (b"f0,f1,f2,target\n1,1700-01-01,3,0\n", {}, REFUSALS["words"]),
        (
            TABLE,
            {"positive": "7"},
            "The positive class that was named is none of the two that the model knows.",
        ),
    ],
    ids=[
        "empty",
        "ragged",
        "bytes",
        "no target",
        "no row",
        "width",
        "class",
        "missing",
        "infinite",
        "words",
        "positive",
    ],
)
def test_an_odd_table_is_a_sentence(score: Score, table: bytes, asked: dict[str, str], sentence: str) -> None:
    model = LogisticRegression().fit(ROWS, TRUTH)

    with pytest.raises(Failed) as failed:
        score(model, table, **asked)

    assert str(failed.value) == sentence


def test_bytes_that_are_no_model_are_a_sentence(score: Score) -> None:
    with pytest.raises(Failed) as failed:
        score(b"no pickle at all", TABLE)

    assert str(failed.value).startswith("It could not be loaded by the libraries here (")
