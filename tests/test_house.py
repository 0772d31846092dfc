"""What a machine can hold of the house rules: layers, migrations, and a test for everything that plugs in."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.core.management import call_command

from governance import access, roles

ROOT = Path(__file__).resolve().parent.parent
APPS = ("governance", "registry", "kb")
PLUGINS = ("checks", "policies", "jobs")


def modules(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.glob("*.py")) if not path.name.startswith("_")]


def plugins() -> list[Path]:
    return [path for app in APPS for kind in PLUGINS for path in modules(ROOT / app / kind)]


@pytest.mark.parametrize("path", plugins(), ids=lambda path: str(path.relative_to(ROOT)))
def test_everything_that_plugs_in_has_a_test(path):
    place = ROOT / "tests" / path.parent.relative_to(ROOT) / f"test_{path.name}"

    assert place.exists()


def test_each_kind_of_lock_has_a_space_of_its_own():
    locking = [path.read_text() for app in APPS for path in sorted((ROOT / app).rglob("*.py"))]
    spaces = [each for text in locking if "import alone" in text for each in re.findall(r"0x57E3A..", text)]

    assert len(spaces) == len(set(spaces)) > 5


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_every_policy_is_about_an_action_of_some_role():
    known = {action for actions in roles.ROLES.values() for action in actions} | roles.SITE | roles.OWN
    known |= {access.EVERY}

    assert [action for action in access._policies if access.policies(action) and action not in known] == []


def test_every_module_says_what_it_is_for():
    paths = [path for app in (*APPS, "config") for path in (ROOT / app).rglob("*.py")]

    silent = [
        str(path.relative_to(ROOT))
        for path in paths
        if path.read_text().strip()
        and ast.get_docstring(ast.parse(path.read_text())) is None
        and not (path.parent.name == "migrations" and "0001" in path.name)
    ]

    assert silent == []


def test_nothing_is_imported_inside_a_function():
    inside = []
    for path in (path for app in APPS for path in (ROOT / app).rglob("*.py") if "checks" not in path.parts):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                found = [part for part in ast.walk(node) if isinstance(part, ast.Import | ast.ImportFrom)]
                inside += [f"{path.relative_to(ROOT)}:{part.lineno}" for part in found]

    assert inside == []
