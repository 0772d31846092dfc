"""The whole line by pages alone, with the real store and the real sandbox: no script, four people."""

from __future__ import annotations

import os
import pickle

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

from governance.models import Approval, Event
from registry import checking
from registry.models import Alias, Version
from tests.pages import said

pytestmark = pytest.mark.django_db
DATASET, MODEL = "/datasets/fraud/iris/versions/1/", "/models/fraud/flowers/versions/1/"
EMPTY = {"parents-TOTAL_FORMS": "0", "parents-INITIAL_FORMS": "0"}


class Hostile:
    def __reduce__(self):
        return os.system, ("true",)


def table() -> bytes:
    return load_iris(as_frame=True).frame.to_csv(index=False).encode()


def model() -> bytes:
    flowers = load_iris()
    return pickle.dumps(LogisticRegression(max_iter=500).fit(flowers.data, flowers.target))


def push(client, page: str, files: dict[str, bytes]) -> None:
    """Upload and submit, then what the worker does."""
    uploads = [SimpleUploadedFile(name, content) for name, content in files.items()]
    assert client.post(f"{page}upload", {"files": uploads})["Location"] == page
    assert client.post(f"{page}submit")["Location"] == page
    checking.run(Version.objects.latest("pk").pk)


def status(answer) -> int:
    """The status of an answer, read to its end so that the file behind it is closed."""
    answer.getvalue()
    return answer.status_code


@pytest.fixture
def mara(author, signed_in):
    client = signed_in(author)
    client.post("/datasets/new/", {"team": "fraud", "name": "iris", "licence": "CC0-1.0"})
    client.post("/datasets/fraud/iris/versions/new/", EMPTY)
    push(client, DATASET, {"iris.csv": table()})
    client.post("/models/new/", {"team": "fraud", "name": "flowers"})
    return client


@pytest.fixture
def pushed(mara):
    """A model that was trained on the dataset, checked."""
    parent = {
        "parents-TOTAL_FORMS": "1",
        "parents-INITIAL_FORMS": "0",
        "parents-0-relation": "trained-on",
        "parents-0-label": "datasets/fraud/iris/versions/1",
    }
    mara.post("/models/fraud/flowers/versions/new/", {"metrics": "accuracy = 0.97", **parent})
    push(mara, MODEL, {"model.pkl": model(), "README.md": b"# Flowers\n"})
    return mara


def test_a_dataset_is_measured(mara):
    words = said(mara.get(DATASET))

    assert "iris 1 Ready" in words
    assert "iris.csv rows 150" in words


def test_a_real_model_is_checked_and_named_with_its_data(pushed):
    words = said(pushed.get(MODEL))

    assert "Version 1 is ready, and needs an approval to become production" in words
    assert "model.pkl Clean" in words
    assert "Comes from iris 1 trained on, dataset of fraud" in words


def test_the_line_ends_in_production_and_every_step_is_on_the_record(
    pushed, steward, operator, reader, signed_in
):
    jonas, priya, rita = signed_in(steward), signed_in(operator), signed_in(reader)

    approval = pushed.post(f"{MODEL}aliases/production/ask/", {"note": "Ready."})["Location"]
    own = pushed.post(f"{MODEL}aliases/production/promote/")
    early = priya.post(f"{MODEL}aliases/production/promote/")
    jonas.post(approval, {"decision": "approve", "digest": Approval.objects.get().digest, "note": "Agreed."})
    done = priya.post(f"{MODEL}aliases/production/promote/")
    fetched = b"".join(rita.get(f"{MODEL}files/model.pkl").streaming_content)

    assert "Someone other than the author must do this." in said(own)
    assert "Production needs 1 approval, 0 given." in said(early)
    assert (done["Location"], Alias.objects.get().version.number) == (MODEL, 1)
    assert fetched == b"".join(pushed.get(f"{MODEL}files/model.pkl").streaming_content)
    assert pickle.loads(fetched).predict([[5.1, 3.5, 1.4, 0.2]]) == [0]
    assert list(
        Event.objects.about("models/fraud/flowers/versions/1")
        .order_by("pk")
        .values_list("action", "outcome", "actor")
    ) == [
        ("version.add", "done", "mara"),
        ("version.add_file", "done", "mara"),
        ("version.add_file", "done", "mara"),
        ("version.submit", "done", "mara"),
        ("version.check", "done", "system"),
        ("approval.request", "done", "mara"),
        ("version.promote", "refused", "mara"),
        ("version.promote", "refused", "priya"),
        ("approval.approve", "done", "jonas"),
        ("version.sign", "done", "system"),
        ("version.promote", "done", "priya"),
        ("version.download", "done", "rita"),
        ("version.download", "done", "mara"),
    ]


def test_a_hostile_pickle_is_named_and_nobody_but_author_and_steward_fetches_it(
    mara, steward, operator, reader, signed_in
):
    mara.post("/models/fraud/flowers/versions/new/", EMPTY)
    push(mara, MODEL, {"model.pkl": pickle.dumps(Hostile())})
    file = f"{MODEL}files/model.pkl"

    words = said(mara.get(MODEL))
    knowingly = [status(client.post(file)) for client in (mara, signed_in(steward))]
    others = [status(signed_in(who).post(file)) for who in (operator, reader)]

    assert "Version 1 may not become production One thing stands in the way." in words
    assert "posix.system" in words
    assert (knowingly, others) == ([200, 200], [403, 404])
