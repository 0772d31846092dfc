"""The main line by HTTP alone, as different people: what the README promises."""

from __future__ import annotations

import io
import os
import pickle
from datetime import UTC, datetime, timedelta

import joblib
import pytest
from sklearn.datasets import load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

pytestmark = pytest.mark.slow

OWN_WORK = "Someone other than the author must do this."


class Hostile:
    def __reduce__(self):
        return os.system, ("true",)


def dumped(model: object) -> bytes:
    held = io.BytesIO()
    joblib.dump(model, held)
    return held.getvalue()


@pytest.fixture(scope="module")
def wine():
    return load_wine(as_frame=True)


@pytest.fixture(scope="module")
def dataset(people, wine) -> str:
    people["tomas"].post("datasets/", {"team": "fraud", "name": "wine"})
    held = io.BytesIO()
    wine.frame.to_parquet(held)
    files = {"wine.csv": wine.frame.to_csv(index=False).encode(), "wine.parquet": held.getvalue()}
    return people["tomas"].version("datasets/fraud/wine", files)


@pytest.fixture(scope="module")
def content(wine) -> dict[str, bytes]:
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=500)).fit(wine.data, wine.target)
    forest = RandomForestClassifier(n_estimators=5).fit(wine.data.to_numpy(), wine.target.to_numpy())
    return {
        "model.pkl": pickle.dumps(model),
        "forest.joblib": dumped(forest),
        "README.md": b"# Wine\n\nSorts wine.\n",
    }


@pytest.fixture(scope="module")
def version(people, dataset, content) -> str:
    assert people["tomas"].verdict(dataset)["state"] == "ready"
    people["mara"].post("models/", {"team": "fraud", "name": "wine-sorter", "description": "Sorts wine."})
    parent = {"kind": "dataset", "team": "fraud", "name": "wine", "version": 1, "relation": "trained-on"}
    return people["mara"].version(
        "models/fraud/wine-sorter", content, metrics={"accuracy": 0.97}, parents=[parent]
    )


def test_real_models_and_their_dataset_are_ready(people, dataset, version):
    states = [people["tomas"].verdict(dataset)["state"], people["mara"].verdict(version)["state"]]

    assert states == ["ready", "ready"]


def test_findings_of_honest_files_are_nothing_above_low(people, version):
    people["mara"].verdict(version)

    results = people["mara"].get(f"{version}/findings/").json()["results"]

    assert [found for found in results if found["severity"] not in {"low", "info"}] == []


def test_the_line_from_refusal_to_use(people, admin, stack, version, content):
    mara, jonas, priya, rita = (people[name] for name in ("mara", "jonas", "priya", "rita"))
    mara.verdict(version)
    alias = "models/fraud/wine-sorter/aliases/production"
    assert rita.get(f"{version}/").status_code == 404

    # A role that may promote does not help an author.
    admin.put("teams/fraud/members/mara", {"roles": ["data-scientist", "devops-engineer"]})
    refused = mara.put(alias, {"version": 1})
    admin.put("teams/fraud/members/mara", {"roles": ["data-scientist"]})
    assert (refused.status_code, OWN_WORK in refused.json()["detail"]) == (403, True)
    assert refused.headers["Content-Type"] == "application/problem+json"

    asked = mara.post("approvals/", {"subject": version, "alias": "production", "note": "Please."})
    assert asked.status_code == 201
    approval = f"approvals/{asked.json()['id']}"
    assert mara.post(f"{approval}/approve").status_code == 403
    assert priya.post(f"{approval}/approve").status_code == 403
    assert priya.put(alias, {"version": 1}).status_code == 403
    assert jonas.post(f"{approval}/approve", {"note": "Good."}).status_code == 200
    assert priya.put(alias, {"version": 1}).status_code == 200

    got = rita.get(f"{alias}/files/model.pkl")
    assert (got.status_code, got.content) == (200, content["model.pkl"])
    part = rita.get(f"{alias}/files/model.pkl", headers={"Range": "bytes=5-14"})
    assert (part.status_code, part.content) == (206, content["model.pkl"][5:15])
    again = rita.get(f"{alias}/files/model.pkl", headers={"If-None-Match": got.headers["ETag"]})
    assert again.status_code == 304

    events = jonas.get("events/", params={"subject": version}).json()["results"]
    done = [event["action"] for event in reversed(events) if event["outcome"] == "done"]
    assert [name for name in done if name not in {"version.download", "version.check"}] == [
        "version.add",
        *["version.add_file"] * 3,
        "version.submit",
        "approval.request",
        "approval.approve",
        "version.sign",
        "version.promote",
    ]
    refusals = [(event["action"], event["actor"]) for event in events if event["outcome"] == "refused"]
    assert refusals == [
        ("version.promote", "priya"),
        ("approval.approve", "priya"),
        ("approval.approve", "mara"),
        ("version.promote", "mara"),
    ]
    assert people["sven"].get("events/", params={"subject": version}).json()["results"] == []


def test_a_hostile_pickle_reaches_nobody_but_author_and_stewards_knowingly(people):
    mara = people["mara"]
    mara.post("models/", {"team": "fraud", "name": "hostile"})
    label = mara.version("models/fraud/hostile", {"model.pkl": pickle.dumps(Hostile())})

    answer = mara.verdict(label)

    assert answer["state"] == "blocked"
    found = mara.get(f"{label}/findings/").json()["results"]
    assert [(one["severity"], one["path"]) for one in found if "posix.system" in one["message"]] == [
        ("critical", "model.pkl")
    ]
    path = f"{label}/files/model.pkl"
    knowingly = {
        name: people[name].get(path, params={"acknowledge": 1}).status_code
        for name in ("mara", "jonas", "tomas", "priya", "aud", "rita", "sven")
    }
    assert knowingly == {
        "mara": 200, "jonas": 200, "tomas": 403, "priya": 403, "aud": 403, "rita": 404, "sven": 404,
    }  # fmt: skip
    assert people["jonas"].get(path).status_code == 403
    assert people["priya"].put("models/fraud/hostile/aliases/staging", {"version": 1}).status_code == 403


def test_an_unknown_class_is_for_those_who_push_knowingly_until_it_is_waived(people):
    mara, jonas, priya, tomas = (people[name] for name in ("mara", "jonas", "priya", "tomas"))
    mara.post("models/", {"team": "fraud", "name": "own-class"})
    own = pickle.dumps(Hostile())[:2] + b"cfraudkit.encode\nTargetEncoder\n)\x81."
    label = mara.version("models/fraud/own-class", {"encoder.pkl": own})
    assert mara.verdict(label)["state"] == "blocked"

    path = f"{label}/files/encoder.pkl"
    assert tomas.get(path).status_code == 403
    assert tomas.get(path, params={"acknowledge": 1}).status_code == 200
    assert priya.get(path, params={"acknowledge": 1}).status_code == 403
    finding = next(
        one for one in mara.get(f"{label}/findings/").json()["results"] if "TargetEncoder" in one["message"]
    )
    terms = {"reason": "Our own class, read and tested.", "expires": "2999-01-01"}
    assert mara.post(f"findings/{finding['id']}/waive", terms).status_code == 403
    assert jonas.post(f"findings/{finding['id']}/waive", terms).status_code == 400
    terms["expires"] = waiver_end()
    assert jonas.post(f"findings/{finding['id']}/waive", terms).status_code == 201

    assert mara.verdict(label)["state"] == "ready"
    assert priya.put("models/fraud/own-class/aliases/staging", {"version": 1}).status_code == 200
    second = mara.version("models/fraud/own-class", {"encoder.pkl": own, "notes.txt": b"Words.\n"})
    assert mara.verdict(second)["state"] == "ready"
    assert priya.put("models/fraud/own-class/aliases/staging", {"version": 2}).status_code == 200
    back = priya.post(
        "models/fraud/own-class/aliases/staging/rollback", {"version": 1, "reason": "Alarms since noon."}
    )
    assert back.status_code == 200


def waiver_end() -> str:
    return (datetime.now(UTC) + timedelta(days=60)).date().isoformat()
