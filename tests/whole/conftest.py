"""One running system for these tests, and a team in it: made by the API, as anybody would."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.whole.stack import PASSWORD, Person, Stack

PEOPLE = {
    "mara": ["data-scientist"],
    "tomas": ["data-engineer"],
    "jonas": ["steward"],
    "leila": ["steward"],
    "priya": ["devops-engineer"],
    "rita": ["reader"],
    "aud": ["auditor"],
}


@pytest.fixture(autouse=True)
def own_blobs() -> None:
    """The running system has its own store."""


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    running = Stack(tmp_path_factory.mktemp("whole") / "home")
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="package")
def admin(stack: Stack) -> Person:
    return stack.person("admin")


@pytest.fixture(scope="package")
def people(stack: Stack, admin: Person) -> dict[str, Person]:
    """The team fraud with everybody in it, and sven, who belongs to another team."""
    admin.post("teams/", {"slug": "fraud", "name": "Fraud"})
    admin.post("teams/", {"slug": "pricing", "name": "Pricing"})
    for name in [*PEOPLE, "sven"]:
        assert admin.post("users/", {"username": name, "password": PASSWORD}).status_code == 201
    for name, roles in PEOPLE.items():
        assert admin.put(f"teams/fraud/members/{name}", {"roles": roles}).status_code == 200
    admin.put("teams/pricing/members/sven", {"role": "steward"})
    return {name: stack.person(name) for name in [*PEOPLE, "sven"]}
