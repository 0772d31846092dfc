"""The weekly review of a team, by page and by API."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from governance import subjects
from governance.models import Review
from tests import factories
from tests.governance.api.caller import Caller
from tests.governance.api.caller import said as answered
from tests.pages import queries, said

pytestmark = pytest.mark.django_db


def review(team, *labels: str) -> Review:
    entries = [{"sentence": f"{label} has no licence.", "label": label} for label in labels]
    proposals = [{"title": "Artifacts without licence", "count": str(len(labels)), "entries": entries}]
    week = date(2026, 11, 23)
    return Review.objects.create(
        team=team, week=week, made_at=timezone.now(), proposals=proposals if labels else []
    )


def test_a_steward_reads_each_proposal_with_a_link_to_where_it_is_decided(version, steward, signed_in):
    label = version.artifact.label
    review(version.team, label)

    answer = signed_in(steward).get("/teams/fraud/review/")

    assert f'<a href="/{label}/">{label} has no licence.</a>' in answer.content.decode()
    words = said(answer)
    assert "Review of fraud Week of 23 November 2026 Made just now Comes on Mondays at 06:00 UTC" in words
    assert "Artifacts without licence 1" in words


def test_a_program_reads_the_same(version, steward):
    label = version.artifact.label
    made = review(version.team, label)

    answer = Caller(steward).get("teams/fraud/review/").json()

    assert answer["proposals"] == made.proposals
    assert (answer["team"], answer["week"]) == ("fraud", "2026-11-23")


def test_what_is_gone_is_not_shown(version, steward, signed_in):
    review(version.team, "models/fraud/gone", version.artifact.label)

    assert "models/fraud/gone" not in said(signed_in(steward).get("/teams/fraud/review/"))
    entries = Caller(steward).get("teams/fraud/review/").json()["proposals"][0]["entries"]
    assert [entry["label"] for entry in entries] == [version.artifact.label]


def test_a_proposal_about_a_member_leads_to_the_team(team, steward, signed_in):
    review(team, "teams/fraud/members/mara")

    page = signed_in(steward).get("/teams/fraud/review/").content.decode()

    assert '<a href="/teams/fraud/">teams/fraud/members/mara has no licence.</a>' in page


def test_a_team_in_order_and_one_that_was_never_reviewed_say_so(team, steward, signed_in):
    client = signed_in(steward)
    before = said(client.get("/teams/fraud/review/"))
    without = answered(Caller(steward).get("teams/fraud/review/"))
    review(team)

    assert "There is no review yet" in before
    assert without == (404, "There is no review of fraud that you may see.")
    assert "Nothing to clean up" in said(client.get("/teams/fraud/review/"))


@pytest.mark.parametrize("who", ["author", "operator", "stranger", "admin"])
def test_for_who_does_not_read_the_trail_there_is_no_review(team, signed_in, request, who):
    person = request.getfixturevalue(who)
    review(team, "teams/fraud")

    assert signed_in(person).get("/teams/fraud/review/").status_code == 404
    assert Caller(person).get("teams/fraud/review/").status_code == 404


def test_a_message_about_it_is_seen_by_who_reads_it(team, steward, author):
    review(team, "teams/fraud")
    review_of_another = review(factories.team("pricing"), "teams/pricing").label
    labels = ["teams/fraud/review", review_of_another]

    seen = [subjects.visible(person, labels) for person in (steward, author)]

    assert seen == [{"teams/fraud/review"}, set()]


def test_the_team_leads_there(team, steward, author, signed_in):
    pages = [signed_in(person).get("/teams/fraud/").content.decode() for person in (steward, author)]

    assert ['href="/teams/fraud/review/"' in page for page in pages] == [True, False]


def test_the_newest_one_is_shown(team, steward, signed_in):
    review(team, "teams/fraud")
    Review.objects.create(team=team, week=date(2026, 11, 30), made_at=timezone.now())

    assert "Week of 30 November 2026" in said(signed_in(steward).get("/teams/fraud/review/"))


def test_three_proposals_cost_as_much_as_one(team, steward, author, signed_in):
    client, costs = signed_in(steward), []
    artifacts = [factories.artifact(team, author).label for _ in range(3)]
    for labels in (artifacts[:1], artifacts):
        Review.objects.all().delete()
        review(team, *labels)
        costs.append(
            (queries(client, "/teams/fraud/review/"), Caller(steward).queries("teams/fraud/review/"))
        )

    assert costs[0] == costs[1]
