"""A gate takes the licences that its team names, and without such a list all."""

from __future__ import annotations

import pytest

from governance.errors import Denied
from governance.models import Team, User
from registry import actions
from registry.models import Gate, Kind
from registry.policies.enough_approvals import enough_approvals
from registry.policies.licence_allowed import licence_allowed
from tests import factories
from tests.governance.api.caller import Caller
from tests.registry.api.conftest import passed
from tests.registry.test_gates import settings

pytestmark = pytest.mark.django_db

OTHERS = "or a second steward confirms that the gate takes other licences."
ONLY = "and staging takes only MIT or Apache-2.0."
PAGE = "/models/fraud/scorer/"


@pytest.fixture
def picky(team: Team, steward: User) -> Team:
    settings(team, steward, staging=Gate(licences=("MIT", "Apache-2.0")))
    return team


def frozen(team: Team, author: User, licence: str, **about):
    return passed(
        factories.submitted(factories.artifact(team, author, name="scorer", licence=licence), author, **about)
    )


def objection(person: User, version):
    return licence_allowed(person, version, alias="staging")


@pytest.mark.parametrize("licence", ["", "GPL-3.0-only"])
def test_without_a_list_every_licence_passes_and_none(team, author, operator, licence):
    assert objection(operator, frozen(team, author, licence)) is None


@pytest.mark.parametrize(
    "licence", ["MIT", "mit", "GPL-3.0-only OR MIT", "MIT AND Apache-2.0", "Apache-2.0 WITH LLVM-exception"]
)
def test_what_the_list_covers_passes(picky, author, operator, licence):
    assert objection(operator, frozen(picky, author, licence)) is None


@pytest.mark.parametrize("licence", ["GPL-3.0-only", "GPL-3.0-only AND MIT", "LicenseRef-Internal"])
def test_another_licence_is_named_with_its_cure(picky, author, operator, licence):
    found = objection(operator, frozen(picky, author, licence))

    assert found.sentence == f"scorer has the licence {licence}, {ONLY}"
    assert found.cure == f"say its licence when that is another one, {OTHERS}"
    assert (found.who, found.link) == ("jonas or mara", f"{PAGE}edit/")


def test_what_has_no_licence_does_not_pass(picky, author, operator):
    assert objection(operator, frozen(picky, author, "")).sentence == f"scorer has no licence, {ONLY}"


def test_another_alias_takes_what_it_took(picky, author, operator):
    version = frozen(picky, author, "")

    assert licence_allowed(operator, version, alias="production") is None
    assert licence_allowed(operator, version, alias="candidate") is None


def test_a_list_of_ones_own_licence(team, steward, author, operator):
    settings(team, steward, staging=Gate(licences=("LicenseRef-Internal",)))

    assert objection(operator, frozen(team, author, "LicenseRef-Internal")) is None


def test_what_it_comes_from_needs_an_allowed_licence_too(picky, author, operator):
    dataset = factories.artifact(picky, author, Kind.DATASET, name="wine", licence="CC-BY-NC-4.0")
    wine = factories.submitted(dataset, author)
    version = frozen(picky, author, "MIT", parents=[(wine, "trained-on")])

    found = objection(operator, version)

    assert found.sentence == f"It comes from wine 1, which has the licence CC-BY-NC-4.0, {ONLY}"
    assert found.cure == f"push a version that does without, {OTHERS}"
    assert found.link == f"{PAGE}versions/1/"
    dataset.licence = "MIT"
    dataset.save()
    assert objection(operator, version) is None


@pytest.mark.parametrize(("relation", "passes"), [("derived-from", False), ("evaluated-on", True)])
def test_what_its_parents_were_made_from_is_part_of_it(picky, author, operator, relation, passes):
    rows = factories.submitted(
        factories.artifact(picky, author, Kind.DATASET, name="rows", licence="CC-BY-NC-4.0"), author
    )
    base = factories.submitted(
        factories.artifact(picky, author, name="base", licence="MIT"), author, parents=[(rows, relation)]
    )

    found = objection(operator, frozen(picky, author, "MIT", parents=[(base, "derived-from")]))

    assert (found is None) == passes
    assert passes or found.sentence == f"It comes from rows 1, which has the licence CC-BY-NC-4.0, {ONLY}"


def test_what_has_more_origins_than_anybody_looks_through_stays_out(picky, author, operator, monkeypatch):
    monkeypatch.setattr("registry.policies.licence_allowed.MOST", 1)
    rows = factories.submitted(
        factories.artifact(picky, author, Kind.DATASET, name="rows", licence="MIT"), author
    )

    found = objection(operator, frozen(picky, author, "MIT", parents=[(rows, "trained-on")]))

    assert found.sentence == f"It comes from so much that nobody can look through its licences, {ONLY}"


def test_of_a_parent_that_one_may_not_see_nothing_is_told(picky, author, operator):
    elsewhere = factories.team("data")
    factories.Membership.objects.create(
        team=elsewhere, user=author, role="data-engineer", granted_by=User.system()
    )
    secret = factories.submitted(factories.artifact(elsewhere, author, Kind.DATASET, name="wine"), author)

    found = objection(operator, frozen(picky, author, "MIT", parents=[(secret, "trained-on")]))

    assert found.sentence == (
        f"It comes from what you may not see, whose licence is missing or another one, {ONLY}"
    )


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("apache-2.0", ""),
        ("mit", ""),
        ("cc-by-nc-4.0", "CC-BY-NC-4.0"),
        ("llama3.1", "LicenseRef-llama3.1"),
        ("My licence!", "LicenseRef-My-licence"),
        ("MIT and", "LicenseRef-MIT-and"),
    ],
)
def test_what_a_file_says_of_its_licence_counts(picky, author, operator, said, named):
    version = frozen(picky, author, "MIT")
    fact = {"type": "gguf", "media_type": "application/octet-stream", "size": 1, "licence": said}
    version.results.filter(check_name="file_type").update(fact=fact)

    found = objection(operator, version)

    path = version.files.get().path
    assert (found.sentence if found else "") == (
        named and f"Its file {path} says that it has the licence {named}, {ONLY}"
    )


def test_every_file_that_says_its_licence_counts(picky, author, operator, monkeypatch):
    monkeypatch.setattr("registry.policies.licence_allowed.MOST", 1)
    version = frozen(picky, author, "MIT", files={"a.md": b"a\n", "b.md": b"b\n"})
    said = version.results.filter(check_name="file_type")
    said.update(fact={"licence": "mit"})
    said.filter(file__path="b.md").update(fact={"licence": "gpl-3.0"})

    assert objection(operator, version).sentence == (
        f"Its file b.md says that it has the licence GPL-3.0-only, {ONLY}"
    )


def test_an_approval_holds_for_the_licence_that_was_signed(team, steward, author, operator):
    settings(team, steward, production=Gate(approvals=1, licences=("MIT", "Apache-2.0")))
    version = frozen(team, author, "MIT")
    factories.approved(version, steward, asker=author)
    before = enough_approvals(operator, version)

    actions.edit_artifact(version.artifact, licence="Apache-2.0", by=author)
    version.artifact.refresh_from_db()

    assert before is None
    assert enough_approvals(operator, version).sentence == (
        "Production needs 1 approval by settings 1 of fraud, 0 given. The last one became void: "
        "The licence is not the one that was signed."
    )


def test_it_stops_a_promotion(picky, author, operator):
    version = frozen(picky, author, "GPL-3.0-only")
    sentence = f"scorer has the licence GPL-3.0-only, {ONLY}"

    with pytest.raises(Denied, match="scorer has the licence GPL"):
        actions.promote(version, "staging", by=operator)
    answer = Caller(operator).put("models/fraud/scorer/aliases/staging", {"version": 1})
    actions.edit_artifact(version.artifact, licence="MIT", by=author)
    after = Caller(operator).put("models/fraud/scorer/aliases/staging", {"version": 1})

    assert (answer.status_code, answer.json()["detail"]) == (403, sentence)
    assert after.status_code == 200
