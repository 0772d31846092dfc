"""`manage.py scan`: one verdict for each file, an exit code for all, in three shapes, without a server."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from registry.sandbox import walls
from registry.scanning import main
from tests.registry.schemas import SARIF, faults

ROOT = Path(__file__).resolve().parents[3]


class Hostile:
    def __reduce__(self):
        return os.system, ("echo",)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "files").mkdir()
    return tmp_path / "files"


@pytest.fixture
def clean(folder):
    path = folder / "clean.pkl"
    path.write_bytes(pickle.dumps({"weights": [1.0]}))
    return path


@pytest.fixture
def hostile(folder):
    path = folder / "hostile.pkl"
    path.write_bytes(pickle.dumps(Hostile()))
    return path


def told(capsys, *arguments: object) -> tuple[int, dict]:
    code = main([*map(str, arguments), "--format", "json"])
    return code, {file["path"]: file for file in json.loads(capsys.readouterr().out)["files"]}


def test_a_clean_file_ends_with_0(clean, capsys):
    code, files = told(capsys, clean)

    assert code == 0
    assert files == {str(clean): {"path": str(clean), "verdict": "clean", "findings": [], "failures": []}}


def test_a_finding_ends_with_1_and_says_what_and_where(hostile, capsys):
    code, files = told(capsys, hostile)

    (finding,) = files[str(hostile)]["findings"]
    assert (code, files[str(hostile)]["verdict"]) == (1, "findings")
    assert (finding["check"], finding["severity"]) == ("pickle_imports", "critical")
    assert finding["message"].startswith("Loading would use posix.system, which runs programs of its choice")
    assert finding["location"].startswith("byte ")


def test_what_is_lower_is_listed_and_is_clean(folder, capsys):
    empty = folder / "empty.bin"
    empty.touch()

    code, files = told(capsys, empty)

    assert (code, files[str(empty)]["verdict"]) == (0, "clean")
    assert {finding["severity"] for finding in files[str(empty)]["findings"]} == {"low"}


def test_what_is_not_there_ends_with_2(clean, capsys):
    code, files = told(capsys, clean, clean.parent / "absent")

    assert code == 2
    assert files[f"{clean.parent}/absent"]["verdict"] == "unknown"
    assert files[f"{clean.parent}/absent"]["failures"] == ["It cannot be opened: No such file or directory."]


def test_a_finding_counts_beside_what_could_not_be_told(hostile, capsys):
    assert told(capsys, hostile.parent / "absent", hostile)[0] == 1


def test_a_folder_is_walked_and_a_link_in_it_is_told(clean, hostile, capsys):
    below = clean.parent / "below"
    below.mkdir()
    hostile.rename(below / "renamed.bin")
    (below / "link.pkl").symlink_to(clean)

    code, files = told(capsys, clean.parent)

    verdicts = {Path(path).name: file["verdict"] for path, file in files.items()}
    assert code == 1
    assert verdicts == {"clean.pkl": "clean", "link.pkl": "unknown", "renamed.bin": "findings"}


def test_the_deepest_folder_is_walked(folder, capsys):
    here = os.open(folder, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    file = os.open("a.json", os.O_CREAT | os.O_WRONLY, dir_fd=here)
    os.write(file, b"{}")
    os.close(file)
    os.close(here)

    code, files = told(capsys, folder)

    subprocess.run(["rm", "-r", folder / "d"], check=True)  # too deep for what clears up behind the tests
    assert (code, len(files)) == (0, 1)


def test_a_folder_without_files_tells_nothing(folder, capsys):
    assert told(capsys, folder) == (2, {})


def test_a_pipe_is_not_read(folder, capsys):
    os.mkfifo(folder / "pipe")

    assert told(capsys, folder)[0] == 2


def test_a_name_that_is_no_text_is_told_all_the_same(folder, capsys):
    path = os.fsencode(folder) + b"/\xff.pkl"
    Path(os.fsdecode(path)).write_bytes(pickle.dumps(Hostile()))

    code, files = told(capsys, folder)

    assert (code, list(files)) == (1, [os.fsdecode(path)])


def test_text_is_one_line_for_each_finding_and_one_that_counts(clean, hostile, capsys):
    code = main([str(clean), str(hostile)])

    first, last = capsys.readouterr().out.splitlines()
    assert code == 1
    assert first.startswith(f"{hostile}: critical, pickle_imports: Loading would use posix.system")
    expected = "Files: 2. Clean: 1. With critical or high findings: 1. Could not be judged: 0."
    assert last == expected


def test_sarif_names_rule_level_place_and_failure(hostile, capsys):
    main([str(hostile), str(hostile.parent / "not here"), "--format", "sarif"])

    log = json.loads(capsys.readouterr().out)
    (run,) = log["runs"]
    (result,) = run["results"]
    (place,) = result["locations"]
    (invocation,) = run["invocations"]
    rules = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert log["version"] == "2.1.0"
    assert (result["ruleId"] in rules, result["level"]) == (True, "error")
    assert place["physicalLocation"]["artifactLocation"] == {"uri": str(hostile)}
    assert place["physicalLocation"]["region"]["byteOffset"] > 0
    assert invocation["executionSuccessful"] is False
    (told_of,) = invocation["toolExecutionNotifications"]
    (where,) = told_of["locations"]
    assert where["physicalLocation"]["artifactLocation"]["uri"].endswith("/not%20here")


def test_sarif_is_what_its_schema_says(clean, hostile, capsys):
    paths = [str(clean), str(hostile), str(hostile.parent / "not here")]
    main([*paths, "--format", "sarif"])

    log = json.loads(capsys.readouterr().out)

    assert faults(log, SARIF) == []
    assert faults({**log, "version": "2"}, SARIF) == ["$.version: '2' is not one of ['2.1.0']"]


def test_without_walls_it_says_so_and_looks_all_the_same(hostile, capsys, monkeypatch):
    monkeypatch.setattr(walls, "MINIMUM", frozenset(walls.ALL))
    monkeypatch.setattr("registry.sandbox.running.Sandbox.walls", lambda sandbox: [])

    code = main([str(hostile), "--format", "json"])

    out, err = capsys.readouterr()
    assert (code, json.loads(out)["files"][0]["verdict"]) == (1, "findings")
    assert err.startswith("This machine cannot put up the sandbox's walls")


def test_without_walls_a_file_that_takes_too_long_is_unknown(clean, capsys, monkeypatch):
    monkeypatch.setattr("registry.sandbox.running.Sandbox.walls", lambda sandbox: [])
    monkeypatch.setattr("registry.sandbox.clock.SECONDS", 0.001)
    clean.write_bytes(b'"a": ' * 200_000)

    code, files = told(capsys, clean)

    (failure, *_) = files[str(clean)]["failures"]
    assert (code, failure) == (2, "pickle_imports took longer than a file of its size may.")


def test_it_needs_no_settings_and_makes_nothing(clean, tmp_path):
    home = tmp_path / "home"
    environment = {"STEWARD_PRODUCTION": "1", "STEWARD_HOME": str(home), "PATH": os.environ["PATH"]}

    ended = subprocess.run(
        [sys.executable, ROOT / "manage.py", "scan", clean], env=environment, capture_output=True
    )

    assert (ended.returncode, ended.stderr, home.exists()) == (0, b"", False)


def test_an_answer_that_cannot_be_written_is_no_finding(clean):
    with open("/dev/full", "w") as full:
        ended = subprocess.run(
            [sys.executable, ROOT / "manage.py", "scan", clean], stdout=full, stderr=subprocess.PIPE
        )

    assert (ended.returncode, b"No space left on device" in ended.stderr) == (2, True)


def test_the_command_of_django_ends_alike(hostile, capsys):
    with pytest.raises(CommandError) as ended:
        call_command("scan", str(hostile))

    assert ended.value.returncode == 1
