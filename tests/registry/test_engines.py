"""The version of a check's engine is worked out from its code: what it reaches, and nothing else."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from importlib.metadata import packages_distributions, version
from pathlib import Path

import pytest

from registry import engines
from registry.checks import CHECKS, PREVIEWS
from registry.engines import engine_of

BEFORE = {name: engine_of(check) for name, check in CHECKS.items()}


@pytest.fixture
def changed(tmp_path, monkeypatch):
    """The names of the checks whose version another text in a file changes."""

    def change(path: str, text: str = "# a remark\n") -> set[str]:
        copy = tmp_path / "copy"
        shutil.copytree(
            engines.ROOT / "registry", copy / "registry", ignore=shutil.ignore_patterns("__pycache__")
        )
        with (copy / path).open("a") as file:
            file.write(text)
        monkeypatch.setattr(engines, "ROOT", copy)
        engines.engine_of.cache_clear()
        now = {name: engine_of(check) for name, check in CHECKS.items()}
        monkeypatch.undo()
        engines.engine_of.cache_clear()
        return {name for name in now if now[name] != BEFORE[name]}

    return change


def test_each_check_has_its_own():
    assert len(set(BEFORE.values())) == len(CHECKS)
    assert all(len(engine) == 16 for engine in BEFORE.values())


def test_its_own_file_changes_it_alone(changed):
    assert changed("registry/checks/graphs.py") == {"graphs"}


def test_a_parser_changes_those_that_reach_it_by_whatever_way(changed):
    assert changed("registry/parsers/onnx.py") == {"graphs"}
    reached = changed_by_reading("parsers/zips.py")
    assert {"accepted", "archives", "configs"} <= reached
    assert "file_type" not in reached


def changed_by_reading(path: str) -> set[str]:
    file = engines.ROOT / "registry" / path
    return {
        name
        for name, check in CHECKS.items()
        if file in engines.reached(engines.path_of(check.run.__module__))
    }


def test_what_every_check_stands_on_changes_all_of_them(changed):
    assert changed("registry/checks/__init__.py") == set(CHECKS)


def test_what_no_check_reaches_changes_none(changed):
    assert changed("registry/forms/asking.py") == set()


def test_another_release_of_a_library_changes_it(monkeypatch):
    check = CHECKS["pickle_imports"]
    assert engine_of(replace(check, libraries=())) != engine_of(check)
    assert version(check.libraries[0])


def test_what_it_reaches_is_nothing_of_the_server():
    """Checks run before Django and settings exist; their engine must not depend on either."""
    for check in CHECKS.values():
        names = {
            str(path.relative_to(engines.ROOT))
            for path in engines.reached(engines.path_of(check.run.__module__))
        }
        assert not {name for name in names if "/models/" in name or "/actions/" in name}


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_a_library_that_is_absent_stops_no_version(monkeypatch):
    check = replace(CHECKS["pickle_imports"], libraries=("no_such_library",))

    assert engine_of(check) not in BEFORE.values()


def test_what_checks_need_is_installed_with_the_server():
    """The tests' environment holds more than a server's: what is only there is not there."""
    locked = (Path(__file__).parents[2] / "requirements.txt").read_text()
    installed = {plain(name) for name in re.findall(r"^([\w.-]+)==", locked, re.MULTILINE)}
    of_module = packages_distributions()
    needed = {name for check in [*CHECKS.values(), *PREVIEWS.values()] for name in check.libraries}

    missing = {
        name
        for name in needed
        if not name.startswith("registry.")
        and not {plain(each) for each in of_module[name.partition(".")[0]]} & installed
    }

    assert needed >= {"polars", "pyarrow"}
    assert missing == set()
