"""The pages of the checks themselves: what each looks for, by what it judges, and behind which walls."""

from __future__ import annotations

import pytest

from registry import sandbox
from registry.canaries import CANARIES
from registry.checks import CHECKS
from registry.engines import engine_of
from registry.models.canaries import CanaryRound
from tests import factories
from tests.governance.api.caller import Caller
from tests.pages import said

pytestmark = pytest.mark.django_db
PAGE = "/checks/pickle_imports/"


@pytest.fixture
def page(client):
    client.force_login(factories.person())
    return lambda address: said(client.get(address))


def test_every_check_is_listed_with_what_it_looks_for(page):
    words = page("/checks/")

    assert [name for name in CHECKS if name not in words] == []
    assert "Keys, tokens and passwords in what was pushed" in words


def test_a_check_says_by_which_code_and_lists_it_judges_and_at_which_level(page):
    check, words = CHECKS["pickle_imports"], page(PAGE)

    shown = [engine_of(check)[:4], check.list_version[:4], f"Sandbox level {sandbox.level()}"]
    assert [word for word in shown if word not in words] == []
    assert "every gate asks for it" in words


def test_a_check_of_quality_says_that_a_gate_may_do_without_it(page):
    spared = next(check.name for check in CHECKS.values() if check.may_be_spared)

    assert "a team's gate may do without it" in page(f"/checks/{spared}/")


@pytest.mark.parametrize(
    ("missed", "sentence"),
    [([], "5 known-bad files went through the checks"), (["eval.pkl"], "eval.pkl came back clean")],
)
def test_a_check_says_what_became_of_the_canaries(page, missed, sentence):
    assert "No known-bad file has gone through the checks yet" in page(PAGE)

    CanaryRound.objects.create(finished_at="2026-01-31T12:00Z", known=5, missed=missed)

    assert sentence in page(PAGE)


def test_the_page_of_all_checks_names_each_canary_and_what_became_of_it(page):
    missed = CANARIES[0].name
    before = page("/checks/")

    CanaryRound.objects.create(finished_at="2026-01-31T12:00Z", known=len(CANARIES), missed=[missed])

    assert [one.name for one in CANARIES if one.name not in before] == []
    assert f"1 of {len(CANARIES)} were not caught: {missed}" in page("/checks/")


def test_programs_ask_the_same():
    found = Caller(factories.person()).get("checks/").json()["results"]
    one = Caller(factories.person()).get("checks/pickle_imports").json()

    assert [check["name"] for check in found] == sorted(CHECKS)
    assert (one["engine"], one["sandbox"]) == (engine_of(CHECKS["pickle_imports"]), sandbox.level())


def test_a_check_that_is_not_there_is_said(client):
    answer = Caller(factories.person()).get("checks/nothing")

    assert (answer.status_code, answer.json()["detail"]) == (404, "There is no check of this name.")


def test_a_check_of_quality_says_term_formula_thresholds_and_source(page):
    words = page("/checks/k_anonymity/")
    listed = Caller(factories.person()).get("checks/").json()["quality"]

    assert "Sweeney 2002" in words
    assert "k_anonymity.fewest" in words
    assert "rows of the smallest group" in words
    assert next(each for each in listed if each["name"] == "k_anonymity")["thresholds"][0]["usual"] == 5
    assert "Population match" in page("/checks/")
    assert "at most a higher one finds less 0.01 0 and 1 no team" in page("/checks/duplicates/")
