"""The small client by itself: what it is made of, and what it does not let happen."""

from __future__ import annotations

import ast
import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from registry.client import steward as client
from tests.registry.client.lines import Harm


@pytest.fixture
def harm() -> Iterator[Harm]:
    server = Harm()
    yield server
    server.end()


@pytest.fixture(autouse=True)
def at(harm: Harm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pauses: list[float]) -> None:
    """Whoever uses the client trusts the wrong server."""
    monkeypatch.setenv("STEWARD_URL", harm.url)
    monkeypatch.setenv("STEWARD_TOKEN", "stw_secret")
    monkeypatch.setenv("STEWARD_CACHE", str(tmp_path / "cache"))


# ------------------------------------------------------------------ the file itself


def test_it_is_short_and_takes_only_the_standard_library_of_python_3_9():
    text = Path(client.__file__).read_text()
    nodes = [*ast.walk(ast.parse(text, feature_version=(3, 9)))]

    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    modules = {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}

    assert len(text.splitlines()) <= 250
    assert {name.partition(".")[0] for name in names | modules} - sys.stdlib_module_names == set()


# ------------------------------------------------------------------ a server that means harm


def listing(**changes: Any) -> dict[str, Any]:
    file = {"path": "a", "size": 5, "sha256": hashlib.sha256(b"words").hexdigest(), **changes}
    return {"files": [file], "digest": client.digest([file]), "version": 1}


@pytest.mark.slow
@pytest.mark.parametrize(
    "path", ["../x", "/etc/x", "a/../../x", "a\\..\\x", "", "a//x", "./x", "a\nb", "a\x1b[2Jb", "link/x"]
)
def test_a_path_that_leads_outside_is_refused(harm, tmp_path, path):
    harm.answer = listing(path=path)
    (tmp_path / "to").mkdir()
    (tmp_path / "to" / "link").symlink_to(tmp_path)

    with pytest.raises(client.Unknown, match="which could lie outside of"):
        client.pull("fraud/scorer:1", tmp_path / "to")

    assert [file.name for file in tmp_path.rglob("x")] == []


@pytest.mark.parametrize("sha256", ["../../x", "0" * 64])
def test_a_file_that_is_not_what_its_digest_says_is_not_kept(harm, tmp_path, sha256):
    harm.answer = listing(sha256=sha256)

    with pytest.raises(client.Unknown, match="a does not come as it was frozen"):
        client.pull("fraud/scorer:1", tmp_path / "to")

    assert [path.suffix for path in (tmp_path / "cache").iterdir()] == [".json"]
    assert not (tmp_path / "x").exists()


def test_a_list_that_was_not_frozen_is_refused(harm, tmp_path):
    harm.answer = {**listing(), "digest": "0" * 64}

    with pytest.raises(client.Unknown, match="not the one that was frozen"):
        client.pull("fraud/scorer:1", tmp_path / "to")


def test_the_token_follows_no_redirect_to_another_server(harm, run):
    elsewhere = Harm()
    harm.location = f"{elsewhere.url}/api/v1/models/"

    ended = run("ls")
    elsewhere.end()

    assert (ended.code, ended.err, elsewhere.asked) == (2, "The server answers with 307.\n", [])


def test_a_redirect_on_the_same_server_is_followed_but_not_round_and_round(harm, run):
    harm.location = "/api/v1/elsewhere"

    ended = run("ls")

    assert (ended.code, ended.err) == (2, "The server answers with 307.\n")
    assert [path for path, _ in harm.asked] == ["/api/v1/models/?size=200", *["/api/v1/elsewhere"] * 5]


def test_what_a_server_says_moves_no_terminal(harm, run):
    harm.answer = {"results": [{"label": "models/\x1b[2J\u202ex", "latest": None}]}

    _, out, _ = run("ls")

    assert out.splitlines()[0] == f"models/?[2J?x is empty: {harm.url}/models/?[2J?x/"


# ------------------------------------------------------------------ the token and the exit code


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://steward.example", "Anybody on the way to steward.example could read the token"),
        ("http://127.0.0.1.example", "Anybody on the way to 127.0.0.1.example could read the token"),
        ("ftp://steward.example", "Set STEWARD_URL, such as"),
        ("http://somebody@127.0.0.1", "Set STEWARD_URL, such as"),
        ("", "Set STEWARD_URL, such as"),
    ],
)
def test_the_token_does_not_leave_in_the_open(monkeypatch, url, said, run):
    monkeypatch.setenv("STEWARD_URL", url)

    code, _, err = run("ls")

    assert (code, err.startswith(said)) == (2, True)


def test_a_malformed_token_is_not_printed(monkeypatch, harm, run):
    monkeypatch.setenv("STEWARD_TOKEN", "stw_a secret\nof two lines")

    code, out, err = run("ls")

    assert (code, "secret" in out + err, harm.asked) == (2, False, [])


def test_a_server_that_is_away_ends_with_2(harm, run):
    harm.end()

    code, out, err = run("ls")

    assert (code, out) == (2, "")
    assert err.startswith("The server does not answer: ")


def test_something_that_is_no_steward_ends_with_2(harm, run):
    harm.answer = "Sign in to this network."

    code, _, err = run("push", "fraud/scorer", client.__file__)

    assert (code, err.startswith("TypeError: ")) == (2, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["why", "scorer"], "Write team/name, team/name:3 or team/name@production, not scorer.\n"),
        (["push", "fraud/scorer:1", "x"], "Push to team/name, with parents such as "),
        (["push", "fraud/scorer", "x", "--parent", "wine"], "Push to team/name, with parents such as "),
        (["push", "fraud/scorer", "/nowhere"], "FileNotFoundError: "),
        (["push", "fraud/scorer", "x", "--metric", "auc"], "ValueError: "),
        (["pull", "fraud/scorer"], "TypeError: pull() missing 1 required positional argument: 'to'\n"),
    ],
)
def test_what_is_not_understood_ends_with_2(run, words, said):
    code, _, err = run(*words)

    assert (code, err.startswith(said)) == (2, True)
