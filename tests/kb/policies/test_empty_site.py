"""The demo comes into an empty site that is no production server."""

from __future__ import annotations

import pytest

from governance import audit
from kb.demo import guests, loading
from kb.policies.empty_site import empty_site
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return factories.admin()


def said(person) -> str:
    objection = empty_site(person, loading.Site())
    return objection.sentence if objection else ""


def test_an_empty_site_takes_it(admin):
    assert said(admin) == ""


def test_a_production_server_does_not(admin, settings):
    settings.PRODUCTION = True

    assert said(admin) == "A production server takes no demo."


def test_a_site_with_a_team_does_not(admin):
    factories.team("fraud")

    assert said(admin) == "This site is not empty, and the demo comes into an empty one."


def test_nobody_real_is_taken_for_somebody_of_the_demo(admin):
    factories.person("mara")

    assert said(admin) == "This site is not empty, and the demo comes into an empty one."


def test_one_that_was_cut_off_goes_on(admin):
    factories.team("lab")
    audit.record("demo.load", loading.Site(), by=admin)

    assert said(admin) == ""


def test_one_that_is_told_is_not_told_again(admin):
    audit.record("approval.request", guests.LAST, by=admin)

    assert said(admin) == "The demo is here already."


def test_without_the_packages_it_says_how(admin, monkeypatch):
    monkeypatch.setattr(loading, "PACKAGES", ("a_package_that_nobody_has",))

    assert said(admin) == "The demo trains its models with packages that this server was started without."
