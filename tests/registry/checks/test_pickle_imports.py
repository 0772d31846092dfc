"""What loading a pickle would import and call."""

from __future__ import annotations

import io
import os
import pickle
import zlib

import joblib
import numpy
import pandas
import pytest
from sklearn.datasets import load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from registry.checks.pickle_imports import run


class Hostile:
    def __reduce__(self):
        return os.system, ("true",)


def found(content: bytes, name: str = "model.pkl") -> list[tuple[str, str]]:
    file = io.BytesIO(content)
    file.name = name
    return [(issue.severity, issue.name) for issue in run(file)]


def dumped(thing: object, **more: object) -> bytes:
    held = io.BytesIO()
    joblib.dump(thing, held, **more)
    return held.getvalue()


FEATURES, TARGET = load_wine(return_X_y=True)
HONEST = [
    {"weights": [1.0, None, True, b"x" * 9000], "name": "plain"},
    numpy.arange(9.0),
    pandas.DataFrame(numpy.eye(3)),
    make_pipeline(StandardScaler(), LogisticRegression(max_iter=500)).fit(FEATURES, TARGET),
    RandomForestClassifier(n_estimators=3).fit(FEATURES, TARGET),
]


@pytest.mark.parametrize("protocol", range(5))
@pytest.mark.parametrize("thing", HONEST, ids=lambda thing: type(thing).__name__)
def test_honest_objects_yield_nothing(thing, protocol):
    assert found(pickle.dumps(thing, protocol)) == []


@pytest.mark.parametrize("more", [{}, {"compress": 3}, {"compress": ("bz2", 3)}, {"compress": ("xz", 3)}])
@pytest.mark.parametrize("thing", HONEST, ids=lambda thing: type(thing).__name__)
def test_honest_joblib_files_yield_nothing(thing, more):
    assert found(dumped(thing, **more), "model.joblib") == []


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("name", ["model.pkl", "data.csv", "weights"])
def test_a_dangerous_callable_is_critical_whatever_the_name_and_protocol(protocol, name):
    assert found(pickle.dumps(Hostile(), protocol), name) == [("critical", "posix.system")]


def test_one_behind_an_array_is_found():
    assert found(dumped([FEATURES, Hostile()]), "model.joblib") == [("critical", "posix.system")]


def test_one_in_a_second_stream_is_found():
    assert found(pickle.dumps([1]) + pickle.dumps(Hostile())) == [("critical", "posix.system")]


def test_one_that_is_compressed_is_found():
    assert found(zlib.compress(pickle.dumps(Hostile())), "model.bin") == [("critical", "posix.system")]


def test_one_in_an_array_of_objects_is_found():
    held = io.BytesIO()
    numpy.save(held, numpy.array([Hostile()], object), allow_pickle=True)

    assert ("critical", "posix.system") in found(held.getvalue(), "array.npy")


def test_an_unknown_name_is_high():
    assert found(b"\x80\x02cfraudkit.encode\nTargetEncoder\n)\x81.") == [
        ("high", "fraudkit.encode.TargetEncoder")
    ]


def test_a_cut_pickle_is_told():
    assert ("high", "unreadable") in found(pickle.dumps(HONEST[0])[:-2])


@pytest.mark.parametrize(
    "text", [b"# Words (and more)\n", b"a,b\n1,2\n", b"import os\n", b"colour\nreally\n", b""]
)
def test_text_is_left_alone(text):
    assert found(text, "notes.txt") == []
