"""A gate that asks for a signature takes only what a key of the team has signed, whole."""

from __future__ import annotations

import pytest

from governance.errors import Denied
from registry import actions
from registry.gate import evidence
from registry.gate_changes import changes
from registry.models import Gate
from registry.policies.signed import signed
from tests import factories
from tests.registry.signing import FILES, by_key, key, looked_at, public
from tests.registry.test_gates import settings

pytestmark = pytest.mark.django_db

OURS = {"name": "build", "whose": "the build server"}
ONLY = "staging takes only what a key of fraud has signed."


@pytest.fixture
def strict(team, steward):
    settings(team, steward, staging=Gate(signed=True))


@pytest.fixture
def push(artifact, author):
    return lambda files: looked_at(factories.submitted(artifact, author, files), files)


def objection(person, version):
    return signed(person, version, alias="staging")


def test_usually_nothing_has_to_be_signed(push, operator):
    version = push(FILES)

    assert (objection(operator, version), evidence(version, "staging")["policy"].get("signed")) == (
        None,
        None,
    )


def test_what_a_key_of_the_team_signed_passes(strict, push, team, steward, operator, tmp_path):
    version = push({**FILES, "model.sig": by_key(tmp_path)})
    actions.add_signing_key(team, **OURS, pem=public(key()), by=steward)

    actions.promote(version, "staging", by=operator)

    assert (objection(operator, version), evidence(version, "staging")["policy"]["signed"]) == (None, True)


def test_what_nobody_signed_does_not(strict, push, operator):
    version = push(FILES)

    found = objection(operator, version)

    assert found.sentence == f"No signature. {ONLY}"
    assert found.cure == "push the files with a signature by a key of the team."
    with pytest.raises(Denied, match=r"No signature\. staging takes only"):
        actions.promote(version, "staging", by=operator)


def test_the_mere_presence_of_a_signature_is_not_enough(strict, push, operator, tmp_path):
    version = push({**FILES, "model.sig": by_key(tmp_path)})

    sentence = f"A signature that no key of the team made, which proves nothing. {ONLY}"
    assert objection(operator, version).sentence == sentence


def test_nor_is_one_of_a_part(strict, push, team, steward, operator, tmp_path):
    actions.add_signing_key(team, **OURS, pem=public(key()), by=steward)
    inside = {f"base/{path}": content for path, content in FILES.items()}

    version = push({**inside, "base/model.sig": by_key(tmp_path), "top.txt": b"words"})

    sentence = f"Signed with build (the build server), but not over top.txt. {ONLY}"
    assert objection(operator, version).sentence == sentence


def test_a_key_that_its_author_added_does_not_count(strict, push, team, author, operator, tmp_path):
    version = push({**FILES, "model.sig": by_key(tmp_path)})
    author.memberships.create(team=team, role="steward", granted_by=author)
    actions.add_signing_key(team, **OURS, pem=public(key()), by=author)

    assert objection(operator, version).sentence == f"A key that its author added does not count. {ONLY}"


def test_to_ask_no_more_loosens_the_gate():
    strict, usual = {"staging": Gate(signed=True)}, {"staging": Gate()}

    found = [*changes(usual, strict), *changes(strict, usual)]

    assert [(change.sentence, change.loosens) for change in found] == [
        ("staging: a signature of the team from no to yes", False),
        ("staging: a signature of the team from yes to no", True),
    ]
