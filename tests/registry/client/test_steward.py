"""The small client against the real server: pushed and pulled, cut off and resumed, deceived and refused."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from governance.models import Approval, Event, User
from registry import actions, checking
from registry.client import steward as client
from registry.models import Artifact, CheckResult, File, Kind, Severity, Upload, Version
from tests import factories
from tests.governance.api.caller import Caller
from tests.registry.api.conftest import passed
from tests.registry.client.lines import Line, line_to
from tests.registry.conftest import found
from tests.registry.server import Server

pytestmark = pytest.mark.django_db(transaction=True)

LETTERS = random.Random(1).randbytes(3_000_000)  # three pieces
FILES = {"model.pkl": LETTERS, "über/notes.txt": b"words\n", "über/empty": b""}
BLOCKED = (
    "- notes.txt: It names strange.Name.\n"
    "  To cure it: push a version without it, or a steward who is not the author says that the name is the "
    "team's own, or waives it.\n"
    "  Who can: jonas\n"
    "  {}/models/fraud/scorer/versions/1/findings/#finding-"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What is pushed."""
    return written(tmp_path / "pushed", FILES)


def written(folder: Path, files: dict[str, bytes]) -> Path:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def read(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def line(server: Server) -> Iterator[Line]:
    with line_to(server.port) as line:
        yield line


@pytest.fixture
def at(
    line: Line,
    server: Server,
    author: User,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    pauses: list[float],
) -> Callable[..., None]:
    """Whoever uses the client, and where: by a line to the server as the author, unless said."""
    settings.BLOBS = f"file://{server.blobs}"
    settings.MASTER_KEYS_FILE = server.blobs.parent / "master_keys"
    monkeypatch.setenv("STEWARD_CACHE", str(tmp_path / "cache"))

    def go(url: str = line.url, person: User = author) -> None:
        monkeypatch.setenv("STEWARD_URL", url)
        monkeypatch.setenv("STEWARD_TOKEN", Caller(person).token)

    go()
    return go


def command(*words: object) -> list[str]:
    """The client as a program of its own, in an interpreter that has only the standard library."""
    return [sys.executable, "-I", "-S", client.__file__, *map(str, words)]


def push(folder: Path, **more: Any) -> dict[str, Any]:
    return client.push("fraud/scorer", [folder], wait=False, **more)


def pushed(folder: Path, **more: Any) -> Version:
    """A version whose checks found nothing."""
    number = push(folder, **more)["number"]
    return passed(Version.objects.get(artifact__name="scorer", number=number))


def uploads() -> int:
    return Event.objects.filter(action="version.add_file", outcome="done").count()


# ------------------------------------------------------------------ there and back


def test_what_is_pulled_is_what_was_pushed(at, artifact, folder, tmp_path):
    pushed(folder)

    where = client.pull("fraud/scorer:1", tmp_path / "pulled")

    assert (where, read(where) == FILES) == (tmp_path / "pulled", True)


@pytest.mark.slow
def test_what_is_missing_is_made_and_facts_arrive(at, team, author, folder):
    wine = factories.submitted(factories.artifact(team, author, Kind.DATASET, name="wine"), author)

    made = push(folder, metrics={"auc": 0.81}, parents=["dataset:fraud/wine:1:trained-on"])

    version = Version.objects.get(artifact__name="scorer")
    assert (made["number"], made["state"], version.metrics) == (1, "checking", {"auc": 0.81})
    assert [(link.parent, link.relation) for link in version.parents.all()] == [(wine, "trained-on")]


@pytest.mark.slow
def test_files_are_pushed_by_their_names_and_other_kinds_too(at, team, folder):
    client.push("fraud/wine", [folder / "model.pkl", str(folder / "über")], kind="dataset", wait=False)

    version = Version.objects.get(artifact__name="wine", artifact__kind="dataset")
    assert [file.path for file in version.files.all()] == ["empty", "model.pkl", "notes.txt"]


@pytest.mark.slow
def test_an_alias_is_pulled_by_its_own_address_and_stands_on_the_record(
    at, artifact, author, folder, tmp_path
):
    actions.move_alias(pushed(folder), "candidate", by=author)

    client.pull("fraud/scorer@candidate", tmp_path / "pulled")

    told = Event.objects.filter(action="version.download").values_list("after", flat=True)
    assert {(event["path"], event["alias"]) for event in told} == {
        ("model.pkl", "candidate"),
        ("über/notes.txt", "candidate"),
    }


def test_the_same_push_again_is_no_new_version(at, artifact, folder, capsys):
    first, second = push(folder), push(folder)

    assert (first["number"], second["number"], Version.objects.count()) == (1, 1, 1)
    assert capsys.readouterr().err == "fraud/scorer was there already as version 1.\n"


@pytest.mark.slow
def test_other_facts_or_other_files_are_a_new_version(at, artifact, folder):
    numbers = [push(folder)["number"], push(folder, metrics={"auc": 0.9})["number"]]
    written(folder, {"more.txt": b"more"})

    assert [*numbers, push(folder)["number"]] == [1, 2, 3]


def test_a_push_that_was_cut_off_goes_on_where_it_was(at, line, artifact, folder, pauses):
    pauses.clear()
    line.breaks = [("", 0), ("", 0), ("", 0), ("up", 1_000_000)]  # the fourth connection sends the large file
    with pytest.raises(client.Unknown, match="does not answer"):
        push(folder)
    before = (Version.objects.get().is_draft, uploads())

    version = push(folder)

    assert (before, version["number"], uploads()) == ((True, 0), 1, 3)
    assert {file["path"]: file["size"] for file in version["files"]} == {
        path: len(content) for path, content in FILES.items()
    }


@pytest.mark.slow
def test_a_large_file_that_was_cut_off_goes_on_within_it(at, line, artifact, folder, pauses, monkeypatch):
    monkeypatch.setattr(client, "ONCE", 1 << 20)
    pauses.clear()
    size = len(FILES["model.pkl"])
    line.breaks = [("", 0)] * 5 + [("up", 600_000)]  # the sixth connection sends the second piece of it
    with pytest.raises(client.Unknown, match="does not answer"):
        push(folder)
    until = time.monotonic() + 10
    while (came := Upload.objects.get().received) <= 1 << 20 and time.monotonic() < until:
        time.sleep(0.05)  # the server notices
    before = line.carried

    version = push(folder)

    assert 1 << 20 < came < size
    assert size - came < line.carried - before < size - came + 20_000
    assert (version["number"], uploads()) == (1, 3)


@pytest.mark.slow
def test_a_line_that_breaks_now_and_then_breaks_no_push(at, line, artifact, folder):
    line.breaks = [("up", 10), ("down", 10), ("", 0), ("up", 500), ("", 0), ("up", 2_000_000), ("down", 20)]

    version = push(folder)

    assert (version["number"], version["state"], Version.objects.count()) == (1, "checking", 1)


def test_bytes_that_the_server_holds_are_not_sent(at, line, artifact, folder):
    pushed(folder)
    written(folder, {"more.txt": b"more"})
    before = line.carried

    version = push(folder)

    assert (version["number"], version["file_count"], line.carried - before < 10_000) == (2, 4, True)


@pytest.mark.slow
def test_a_file_that_changes_while_it_is_pushed_is_not_frozen(at, artifact, folder):
    files = client.collected([folder])
    (folder / "model.pkl").write_bytes(b"shorter")
    draft = client.call("POST", "models/fraud/scorer/versions/", {"digest": client.digest(files.values())})

    client.fill(draft["label"], files, [])

    with pytest.raises(client.Unknown, match="not those that were announced"):
        client.call("POST", f"{draft['label']}/submit")


# ------------------------------------------------------------------ as a program


def test_a_blocked_version_is_told_with_its_cure_and_ends_with_1(at, line, artifact, author, steward, run):
    found(passed(factories.submitted(artifact, author)), Severity.HIGH)

    ended = run("why", "fraud/scorer:1")

    assert (ended.code, ended.err) == (1, "")
    assert ended.out.startswith(f"models/fraud/scorer/versions/1 is blocked: {line.url}/models/fraud/scorer/")
    assert BLOCKED.format(line.url) in ended.out


@pytest.mark.slow
def test_a_push_is_told_what_is_wrong_with_it_and_not_who_may_promote(at, artifact, author, folder, run):
    found(pushed(folder), Severity.HIGH)

    ended = run("push", "fraud/scorer", folder)

    assert (ended.code, ended.out.count("To cure it:")) == (1, 1)


@pytest.mark.slow
def test_checks_that_have_not_ended_end_with_2(at, artifact, folder, run):
    code, out, err = run("push", "fraud/scorer", folder, "--metric", "auc=0.81")

    assert (code, err) == (2, "")
    assert out.startswith("models/fraud/scorer/versions/1 is checking: http://127.0.0.1:")
    assert Version.objects.get().metrics == {"auc": 0.81}


@pytest.mark.slow
def test_a_ready_version_ends_with_0(at, artifact, folder, run):
    pushed(folder)

    code, out, err = run("push", "fraud/scorer", folder, "--wait")

    assert (code, err) == (0, "fraud/scorer was there already as version 1.\n")
    assert out.startswith("models/fraud/scorer/versions/1 is ready: ")


@pytest.mark.slow
def test_a_refusal_ends_with_2(at, artifact, operator, run):
    at(person=operator)

    pushed, pulled = run("push", "fraud/scorer", client.__file__), run("pull", "fraud/scorer@nothing", "x")

    assert (pushed.code, pulled.code) == (2, 2)
    assert pushed.err.startswith("Your roles in fraud do not allow this: it takes ")
    assert pulled.err == "There is no fraud/scorer@nothing that you may see.\n"


@pytest.mark.slow
def test_a_refusal_says_who_can_cure_it(at, line, artifact, operator, steward, folder, run):
    at(person=operator)

    _, out, _ = run("push", "fraud/scorer", folder)

    assert out.endswith(f"  Who can: jonas\n  {line.url}/teams/fraud/\n")


@pytest.mark.slow
def test_an_approval_is_asked_for(at, artifact, author, run):
    version = passed(factories.submitted(artifact, author))

    code, out, _ = run("ask", "fraud/scorer:1", "production")

    asked = Approval.objects.get()
    assert (code, asked.subject, asked.alias) == (0, version.label, "production")
    assert out.startswith(f"approvals/{asked.pk} is open: http://")


@pytest.mark.slow
def test_what_one_may_see_is_listed(at, artifact, author, line, run):
    passed(factories.submitted(artifact, author))

    code, out, _ = run("ls")

    assert (code, out) == (0, f"models/fraud/scorer is ready: {line.url}/models/fraud/scorer/\n")


# ------------------------------------------------------------------ the cache


def test_what_was_pulled_once_is_there_when_the_server_is_not(at, line, artifact, folder, tmp_path, run):
    pushed(folder)
    client.pull("fraud/scorer:1", tmp_path / "first")
    line.close()

    code, _, err = run("pull", "fraud/scorer:1", tmp_path / "second")

    assert (code, read(tmp_path / "second") == FILES) == (0, True)
    assert "This is fraud/scorer:1 as it was last, from the cache." in err


@pytest.mark.slow
def test_what_is_in_the_cache_is_not_fetched_again(at, artifact, folder, tmp_path):
    pushed(folder)
    for name in ("first", "second"):
        client.pull("fraud/scorer:1", tmp_path / name)

    assert Event.objects.filter(action="version.download").count() == 2  # an empty file needs no bytes


@pytest.mark.slow
def test_a_damaged_cache_is_noticed_and_cured(at, line, artifact, folder, tmp_path, run):
    pushed(folder)
    client.pull("fraud/scorer:1", tmp_path / "first")
    blob = tmp_path / "cache" / hashlib.sha256(LETTERS).hexdigest()

    blob.write_bytes(LETTERS[:-1] + b"!")
    client.pull("fraud/scorer:1", tmp_path / "second")
    blob.write_bytes(LETTERS[:-1] + b"!")
    line.close()
    code, _, err = run("pull", "fraud/scorer:1", tmp_path / "third")

    assert read(tmp_path / "second") == FILES
    assert (code, "The server does not answer" in err, (tmp_path / "third").exists()) == (2, True, False)


@pytest.mark.slow
def test_a_right_that_is_gone_is_not_replaced_by_the_cache(at, artifact, author, folder, tmp_path):
    pushed(folder)
    client.pull("fraud/scorer:1", tmp_path / "first")
    author.memberships.all().delete()

    with pytest.raises(client.Unknown, match="There is no fraud/scorer:1 that you may see"):
        client.pull("fraud/scorer:1", tmp_path / "second")


@pytest.mark.slow
def test_a_pull_that_was_cut_off_goes_on_where_it_was(at, line, artifact, folder, tmp_path, pauses):
    pushed(folder)
    pauses.clear()
    line.breaks = [("", 0), ("down", 2_000_000)]
    with pytest.raises(client.Unknown, match="does not answer"):
        client.pull("fraud/scorer:1", tmp_path / "pulled")
    kept = (tmp_path / "cache" / hashlib.sha256(LETTERS).hexdigest()).stat().st_size

    client.pull("fraud/scorer:1", tmp_path / "pulled")

    assert (0 < kept < len(LETTERS), read(tmp_path / "pulled") == FILES) == (True, True)


# ------------------------------------------------------------------ what takes longer


def answered() -> None:
    """Run the checks of whatever is submitted until nothing waits."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for pk in CheckResult.objects.filter(outcome="").values_list("version", flat=True).distinct():
            checking.run(pk)
        if Version.objects.exclude(submitted_at=None).exists():
            break
        time.sleep(0.1)


@pytest.mark.slow
def test_the_verdict_of_the_checks_is_the_exit_code(at, line, team, tmp_path, run):
    class Harmful:
        def __reduce__(self) -> tuple[Any, ...]:
            return os.system, ("true",)

    written(tmp_path / "bad", {"model.pkl": pickle.dumps(Harmful())})
    written(tmp_path / "good", {"model.pkl": pickle.dumps({"weights": [1, 2]})})
    ends = {}
    for name in ("good", "bad"):
        going = subprocess.Popen(
            command("push", f"fraud/{name}", tmp_path / name, "--wait"), stdout=subprocess.PIPE
        )
        while not Version.objects.filter(artifact__name=name).exclude(submitted_at=None).exists():
            time.sleep(0.1)
        checking.run(Version.objects.get(artifact__name=name).pk)
        ends[name] = (going.communicate(timeout=60)[0].decode(), going.returncode)

    assert ends["good"][0].startswith("models/fraud/good/versions/1 is ready: ")
    assert [code for _, code in ends.values()] == [0, 1]
    assert "posix.system" in ends["bad"][0]
    assert "To cure it: push a version without it" in ends["bad"][0]


@pytest.mark.slow
def test_a_push_broken_at_any_byte_ends_as_one_whole_version(at, line, artifact, folder, tmp_path):
    chance = random.Random(7)
    rounds = 0
    while not Version.objects.exclude(submitted_at=None).exists():
        cut = (chance.choice(["up", "down"]), int(chance.choice([300, 3_000, 3_100_000]) * chance.random()))
        line.breaks = [("", 0)] * chance.randrange(7) + [cut] * 99
        killed(chance, command("push", "fraud/scorer", folder))
        rounds += 1
        if rounds > 40:
            line.breaks = []

    line.breaks = []
    last = push(folder)
    passed(Version.objects.get())

    assert (last["number"], Version.objects.count()) == (1, 1)
    assert read(client.pull("fraud/scorer:1", tmp_path / "pulled")) == FILES


def killed(chance: random.Random, words: list[str]) -> None:
    """Run a program for at most a second or two."""
    going = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        going.wait(1 + chance.random())
    except subprocess.TimeoutExpired:
        going.kill()
        going.wait()


@pytest.mark.slow
def test_a_pull_broken_at_any_byte_ends_whole(at, line, artifact, folder, tmp_path, pauses):
    pushed(folder)
    pauses.clear()
    chance, pulled = random.Random(7), False
    for _ in range(40):
        line.breaks = [("", 0), ("down", int(1_000_000 * chance.random()))]
        try:
            client.pull("fraud/scorer:1", tmp_path / "pulled")
            pulled = True
        except client.Unknown:
            assert not (tmp_path / "pulled").exists() or pulled

    assert (pulled, read(tmp_path / "pulled") == FILES) == (True, True)


@pytest.mark.slow
@pytest.mark.parametrize("same", [True, False])
def test_two_pushes_at_once_are_both_whole(at, artifact, tmp_path, same):
    folders = [
        written(tmp_path / str(each), {"model.pkl": LETTERS + bytes([0 if same else each]), "a.txt": b"a"})
        for each in range(2)
    ]

    going = [
        subprocess.Popen(command("push", "fraud/scorer", each), stderr=subprocess.PIPE) for each in folders
    ]
    said = [each.communicate(timeout=120)[1].decode() for each in going]

    frozen = Version.objects.exclude(submitted_at=None)
    held = {tuple(sorted(file.sha256 for file in version.files.all())) for version in frozen}
    assert [each.returncode for each in going] == [2, 2], said  # being checked
    assert (frozen.count(), len(held)) == ((1, 1) if same else (2, 2))
    assert File.objects.filter(version__submitted_at=None).count() == 0
    assert json.dumps(said).count("does not answer") == 0
    assert Artifact.objects.count() == 1
