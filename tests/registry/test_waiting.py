"""What waits for one person in the registry, and what is new."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance import actions as governing
from registry import actions, waiting
from registry.models import CheckResult, Severity
from tests import factories
from tests.registry.conftest import found

pytestmark = pytest.mark.django_db


def whats(person):
    return [item.what for item in waiting.waiting(person)]


def test_a_request_waits_for_a_steward(clean, operator, steward):
    governing.request_approval(clean.label, alias="production", note="AUC is up.", by=operator)

    (item,) = waiting.waiting(steward)

    assert (item.what, item.why) == ("Approve scorer 1 for production", "priya asks. AUC is up.")


def test_a_steward_who_wrote_it_is_not_waited_for(team, operator, steward):
    version = factories.submitted(factories.artifact(team, steward, name="own"), steward)
    CheckResult.objects.filter(version=version).update(outcome="done")
    governing.request_approval(version.label, alias="production", by=operator)

    assert whats(steward) == []


def test_what_is_approved_waits_for_who_may_promote_it_until_it_is(clean, operator, steward):
    factories.approved(clean, steward, operator)
    (item,) = waiting.waiting(operator)

    assert (item.what, item.href) == (
        "Promote scorer 1 to production",
        f"/{clean.label}/aliases/production/promote/",
    )
    assert whats(steward) == []

    actions.promote(clean, "production", by=operator)
    assert whats(operator) == []


def test_an_own_draft_waits(artifact, author):
    actions.add_version(artifact, by=author)

    assert whats(author) == ["scorer 1 is a draft of yours"]


def test_the_draft_of_another_does_not_wait(artifact, author, steward):
    actions.add_version(artifact, by=author)

    assert whats(steward) == []


def test_an_own_blocked_version_waits_with_the_worst_of_its_findings(clean, author):
    found(clean, Severity.HIGH, "a.Name")
    found(clean, Severity.CRITICAL, "posix.system")

    (item,) = waiting.waiting(author)

    assert (item.what, item.why) == ("scorer 1 is blocked", "notes.txt: It names posix.system.")


def test_a_check_that_failed_says_so(clean, author):
    CheckResult.objects.filter(version=clean).update(outcome="failed", error="file_type stopped after 120 s.")

    (item,) = waiting.waiting(author)

    assert item.why == "file_type stopped after 120 s. Not evaluated is never a pass."


def test_what_a_later_version_has_replaced_does_not_wait(clean, artifact, author):
    found(clean, Severity.HIGH)
    later = factories.submitted(artifact, author)
    CheckResult.objects.filter(version=later).update(outcome="done")

    assert whats(author) == []


def test_what_is_ready_does_not_wait(clean, author):
    assert whats(author) == []


@pytest.mark.slow
def test_three_of_each_cost_as_much_as_one(team, author, steward, operator):
    def one_more():
        for person in (author, steward):
            version = factories.submitted(factories.artifact(team, person), person)
            CheckResult.objects.filter(version=version).update(outcome="done")
            governing.request_approval(version.label, alias="production", by=operator)
            found(version, Severity.HIGH)
            actions.add_version(factories.artifact(team, person), by=person)
        ready = factories.submitted(factories.artifact(team, author), author)
        CheckResult.objects.filter(version=ready).update(outcome="done")
        factories.approved(ready, steward, operator)

    def cost():
        with CaptureQueriesContext(connection) as captured:
            waiting.waiting(steward)
            waiting.waiting(operator)
        return len(captured)

    one_more()
    with_one = cost()
    one_more()
    one_more()

    assert cost() == with_one


def test_news_are_the_frozen_versions_newest_first(clean, artifact, author, operator):
    factories.submitted(artifact, author)
    actions.add_version(artifact, by=author)

    news = waiting.news(operator, 10)

    assert [(item["meta"], item["state"]) for item in news] == [("Checking", "info"), ("Ready", "good")]


def test_a_reader_hears_nothing_of_what_was_not_released(clean, reader):
    assert waiting.news(reader, 10) == []
