"""A file that is put into a run is sealed and checked like any other, and proves once nothing was found."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from governance.errors import Conflict, Invalid, TooLarge
from kb import actions, run_files
from kb.models import Entry, Run, RunFile
from kb.models.run_files import LARGEST
from registry import storage
from registry.models import Blob
from tests.governance.api.caller import Caller
from tests.kb.running import (
    SMALL,
    artifact,
    author,
    clean,
    operator,
    playbook,
    reader,
    steps,
    steward,
    team,
    waiting,
)
from tests.pages import said

__all__ = ["artifact", "author", "clean", "operator", "reader", "steward", "team", "waiting"]

pytestmark = pytest.mark.django_db

HEAD = SMALL.partition("[[step]]")[0]
ONLY = (
    '[[step]]\nkey = "only"\ntitle = "Only"\ndo = "Do."\nroles = ["data-scientist"]\n'
    'needs = [{ kind = "upload", text = "The log" }]\n'
)
HOSTILE = b"cos\nsystem\n(S'id'\ntR."


@pytest.fixture
def run(team, clean, author) -> Run:
    playbook(team, HEAD + ONLY)
    return actions.start_run(
        team, "PB-90", subject=clean.label, people={"data-scientist": [author]}, by=author
    )


def put(run: Run, by, content: bytes = b"plain words\n", name: str = "log.txt") -> Entry:
    return actions.put_file(run, "only", 0, name, storage.store(io.BytesIO(content), len(content)), by=by)


def proof(run: Run) -> tuple[str, str]:
    found = steps(run)[0].proofs[0]
    return found.state, found.said


def test_it_proves_once_its_checks_have_found_nothing(run, author):
    entry = put(run, author)
    before = proof(run)
    run_files.look(RunFile.objects.get().pk)

    assert before == ("not evaluated", "log.txt is being checked")
    assert proof(run) == ("proved", "log.txt")
    assert (
        steps(run)[0].proofs[0].digest
        == entry.digest
        == Blob.objects.get(pk=RunFile.objects.get().blob_id).sha256
    )


@pytest.mark.slow
def test_what_is_hostile_proves_nothing_and_others_cannot_fetch_it(run, author, operator):
    put(run, author, HOSTILE, "model.pkl")
    file = RunFile.objects.get()
    run_files.look(file.pk)

    assert proof(run) == ("failed", "model.pkl did not pass its checks")
    assert RunFile.objects.get().outcome == RunFile.BLOCKED
    assert [Caller(who).get(f"runs/{run.pk}/files/{file.pk}").status_code for who in (author, operator)] == [
        200,
        403,
    ]


def test_twice_is_once(run, author):
    first, second = put(run, author), put(run, author)

    assert (first.pk, RunFile.objects.count()) == (second.pk, 1)


def test_what_was_put_in_before_counts_again_when_it_is_put_in_again(run, author):
    first, _, third = put(run, author), put(run, author, b"other words"), put(run, author)

    assert (third.label, RunFile.objects.count()) == (first.label, 2)
    assert steps(run)[0].proofs[0].digest == first.digest


@pytest.mark.parametrize(
    ("name", "step", "error", "sentence"),
    [
        ("a/b.txt", "only", Invalid, "The name of a file has at most 100 characters and no slash."),
        ("big.bin", "only", TooLarge, "A file has at most 25 MiB: keep larger ones as an asset."),
        ("log.txt", "number", Conflict, "This step asks for no file here."),
    ],
    ids=["a path", "too large", "no upload"],
)
def test_what_cannot_be_is_told_before_a_byte_is_read(team, clean, author, name, step, error, sentence):
    number = (
        ONLY.replace('"only"', '"number"')
        .replace("upload", "number")
        .replace("text =", 'unit = "ms", text =')
    )
    playbook(team, HEAD + ONLY + number)
    made = actions.start_run(team, "PB-90", subject=clean.label, by=author)

    with pytest.raises(error) as refused:
        actions.expect_file(made, step, 0, name, LARGEST + 1 if name == "big.bin" else 5, by=author)

    assert refused.value.sentence == sentence


def test_by_page_and_by_api(run, author):
    page = Client()
    page.force_login(author)
    sent = page.post(
        f"/runs/{run.pk}/steps/only/file?need=0",
        {"file": SimpleUploadedFile("log.txt", b"words")},
        follow=True,
    )
    answer = Caller(author).put(f"runs/{run.pk}/steps/only/files/other.txt", b"others")

    assert "It is sealed. It proves the step once its checks have found nothing." in said(sent)
    step = said(page.get(f"/runs/{run.pk}/steps/only/"))
    assert "other.txt is being checked" in step
    assert "mara bound a file to “Only”." in step
    assert answer.status_code == 201
    assert [each.name for each in RunFile.objects.all()] == ["log.txt", "other.txt"]


def test_no_file_of_another_run_is_bound(run, author, team, clean):
    entry = put(run, author)

    with pytest.raises(Invalid) as refused:
        actions.put(run, "only", 0, label=entry.label, by=author)

    assert refused.value.sentence == "This is no upload: it is a run_file."
