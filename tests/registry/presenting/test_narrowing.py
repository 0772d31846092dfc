"""Lists narrowed by how the newest version stands: the same, wherever the question begins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from registry import actions
from registry.checks import CHECKS
from registry.models import Artifact, CheckResult, Kind, Severity, Version
from registry.presenting import listing, narrowing
from tests import factories
from tests.registry.conftest import found

pytestmark = pytest.mark.django_db

STANDS = {
    ("draft", ""): {"draft"},
    ("checking", ""): {"checking"},
    ("blocked", ""): {"blocked", "failed", "withdrawn"},
    ("ready", ""): {"ready", "cured", "waived", "low"},
    ("", "high"): {"blocked"},
    ("", "low"): {"low"},
    ("", "critical"): set(),
    ("ready", "low"): {"low"},
    ("blocked", "low"): set(),
    ("archived", ""): {"archived"},
    ("archived", "high"): {"archived"},
}


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """What a process has found once holds for its database."""
    narrowing._whole.clear()
    yield
    narrowing._whole.clear()


@pytest.fixture
def models(team, author, steward) -> None:
    """One artifact for each way to stand, called by it."""
    made = {name: factories.artifact(team, author, name=name) for name in ("nothing", "draft")}
    actions.add_version(made["draft"], by=author)
    for name in ("checking", "ready", "blocked", "failed", "withdrawn", "cured", "waived", "low", "archived"):
        version = ended(factories.submitted(factories.artifact(team, author, name=name), author))
        if name in ("blocked", "cured", "waived", "archived"):
            finding = found(version, Severity.HIGH)
        if name == "waived":
            soon = timezone.now() + timedelta(days=3)
            actions.waive(finding, reason="Harmless.", expires=soon, by=steward)
    version_of("checking").results.filter(check_name="file_type").update(outcome="", finished_at=None)
    version_of("failed").results.filter(check_name="file_type").update(outcome="failed")
    actions.withdraw(version_of("withdrawn"), reason="Too old.", by=author)
    ended(factories.submitted(version_of("cured").artifact, author))
    found(version_of("low"), Severity.LOW)
    actions.archive(version_of("archived").artifact, by=author)


def ended(version: Version) -> Version:
    CheckResult.objects.filter(version=version).update(outcome="done", finished_at=version.submitted_at)
    return version


def version_of(name: str) -> Version:
    return Version.objects.get(artifact__name=name)


def names(person, state: str, severity: str) -> set[str]:
    filters = {key: value for key, value in (("state", state), ("severity", severity)) if value}
    page, count = listing.page_and_count(person, Kind.MODEL, filters, "-updated_at")
    counted = listing.count(person, Kind.MODEL, narrowing.settled(person, filters))
    assert count == counted == str(len(page.rows))
    return {row.name for row in page.rows}


@pytest.mark.parametrize("most", [narrowing.FEW, -1], ids=["from the few", "one by one"])
def test_a_list_holds_what_stands_as_is_asked(models, author, monkeypatch, most):
    monkeypatch.setattr(narrowing, "FEW", most)

    shown = {asked: names(author, *asked) for asked in STANDS}

    assert shown == STANDS


def test_a_check_that_is_new_is_waited_for_before_it_is_asked_for(models, author, monkeypatch):
    before = names(author, "checking", "")

    monkeypatch.setitem(CHECKS, "newest", replace(CHECKS["file_type"], name="newest"))

    assert (before, "ready" in names(author, "checking", "")) == ({"checking"}, True)


def test_what_one_may_not_see_is_in_no_list(models):
    stranger = factories.member(factories.team("elsewhere"), "steward")

    assert {asked: names(stranger, *asked) for asked in STANDS} == {asked: set() for asked in STANDS}


def test_a_reader_is_told_of_the_newest_version_that_was_released(models, author, reader, operator):
    actions.promote(version_of("ready"), "staging", by=operator)
    ended(factories.submitted(Artifact.objects.get(name="ready"), author))

    assert (names(reader, "ready", ""), names(reader, "blocked", "")) == ({"ready"}, set())
