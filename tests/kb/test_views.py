"""Home: what waits, what changed, and the first steps."""

from __future__ import annotations

import re

import pytest

from governance import actions as governing
from registry import actions
from registry.models import CheckResult
from tests import factories
from tests.pages import queries, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return factories.team("fraud")


@pytest.fixture
def author(team):
    return factories.member(team, "data-scientist", username="mara")


@pytest.fixture
def steward(team):
    return factories.member(team, "steward", username="jonas")


def home(client, person):
    client.force_login(person)
    return said(client.get("/"))


def ask(team, author, asker):
    version = factories.submitted(factories.artifact(team, author), author)
    CheckResult.objects.filter(version=version).update(outcome="done", finished_at=version.submitted_at)
    return governing.request_approval(version.label, alias="production", by=asker)


def test_nobody_is_sent_to_sign_in(client):
    assert client.get("/")["Location"] == "/account/login/?next=/"


# ------------------------------------------------------------------ first steps


def test_an_administrator_of_an_empty_site_makes_a_team_first(client):
    client.force_login(factories.admin())

    page = client.get("/").content.decode()

    assert page.count("button primary") == 1
    assert '<a class="button primary" href="/new/team/">Make a team</a>' in page


def test_with_a_team_an_administrator_makes_accounts_next(client, team):
    client.force_login(factories.admin())

    assert (
        '<a class="button primary" href="/new/user/">Make an account</a>' in client.get("/").content.decode()
    )


def test_with_people_an_administrator_puts_them_into_a_team(client, team):
    factories.person()
    client.force_login(factories.admin())

    assert '<a class="button primary" href="/teams/">Open the teams</a>' in client.get("/").content.decode()


def test_a_team_is_complete_with_who_approves_and_who_promotes(client, team, author, steward):
    admin = factories.admin()
    assert buttons(client, admin) == ["/teams/"]

    factories.member(team, "devops-engineer")

    assert (buttons(client, admin), steps_done(client)) == ([], [True] * 3 + [False] * 3)


def test_an_administrator_sees_how_far_the_members_are_until_the_first_promotion(
    client, team, author, steward
):
    admin, operator = factories.admin(), factories.member(team, "devops-engineer")
    assert (buttons(client, admin), steps_done(client)) == ([], [True] * 3 + [False] * 3)

    version = factories.submitted(factories.artifact(team, author), author)
    CheckResult.objects.update(outcome="done", finished_at=version.submitted_at)
    factories.approved(version, steward, operator)
    assert (home(client, admin).count("scorer"), steps_done(client)) == (0, [True] * 5 + [False])

    actions.promote(version, "production", by=operator)
    assert "First steps" not in home(client, admin)


def test_what_an_archived_team_did_is_no_first_step(client, team, author, steward):
    operator, admin = factories.member(team, "devops-engineer"), factories.admin()
    version = factories.submitted(factories.artifact(team, author), author)
    CheckResult.objects.update(outcome="done", finished_at=version.submitted_at)
    factories.approved(version, steward, operator)
    actions.promote(version, "production", by=operator)

    governing.archive_team(team, by=admin)

    assert (buttons(client, admin), steps_done(client)) == (["/new/team/"], [False, True] + [False] * 4)


def steps_done(client):
    """Which of the first steps home shows as done."""
    shown = client.get("/").content.decode().partition('id="first-steps"')[2].partition("</ul>")[0]
    steps = re.findall(r'<li data-state="(\w+)"', shown)
    return [state == "good" for state in steps]


def test_a_member_who_pushes_is_led_to_the_first_model(client, author):
    assert "Push the first model" in home(client, author)


def buttons(client, person):
    client.force_login(person)
    return re.findall(r'button primary" href="([^"]+)"', client.get("/").content.decode())


def test_a_team_is_led_from_its_first_model_to_its_first_promotion(client, team, author, steward):
    operator = factories.member(team, "devops-engineer")
    assert (buttons(client, author), buttons(client, operator)) == (["/models/new/"], [])

    version = factories.submitted(factories.artifact(team, author), author)
    CheckResult.objects.update(outcome="done", finished_at=version.submitted_at)
    assert buttons(client, author) == buttons(client, operator) == ["/models/"]

    factories.approved(version, steward, operator)
    assert "Approve it and promote it" in home(client, steward)

    actions.promote(version, "production", by=operator)
    assert [name for name in (author, steward, operator) if "First steps" in home(client, name)] == []


def test_a_team_with_many_models_has_no_first_steps(client, team, author):
    for _ in range(4):
        factories.artifact(team, author)

    assert "First steps" not in home(client, author)


def test_a_reader_has_no_first_steps(client, team):
    assert "First steps" not in home(client, factories.member(team, "reader"))


def test_whoever_is_in_no_team_is_told_who_gives_a_role(client):
    words = home(client, factories.person())

    assert "You are in no team yet A steward of a team or the site administrator gives you a role." in words


# ------------------------------------------------------------------ what waits


def test_a_steward_finds_what_to_decide_on(client, team, author, steward):
    operator = factories.member(team, "devops-engineer", username="priya")
    ask(team, author, operator)

    words = home(client, steward)

    assert "Waiting for you 1 Inbox Approve" in words
    assert "priya asks." in words


def test_who_asked_finds_the_decision(client, team, author, steward):
    operator = factories.member(team, "devops-engineer")
    governing.reject(ask(team, author, operator), note="Too early.", by=steward)

    assert "Too early." in home(client, operator)


def test_when_nothing_waits_the_page_says_so(client, team, author):
    for _ in range(4):  # more than the first steps are for
        factories.artifact(team, author)

    assert "Nothing waits for you" in home(client, author)


# ------------------------------------------------------------------ what changed


def test_a_steward_reads_the_newest_events_of_the_team(client, team, author, steward):
    factories.submitted(factories.artifact(team, author, name="scorer"), author)

    words = home(client, steward)

    assert "mara submitted fraud/scorer 1, which froze it." in words
    assert "uploaded" not in words


def test_who_reads_no_trail_is_shown_the_newest_versions(client, team, author):
    factories.submitted(factories.artifact(team, author, name="scorer"), author)

    assert "mara submitted scorer 1. Checking" in home(client, author)


def test_who_follows_something_is_told_of_that(client, team, author, steward):
    scorer = factories.artifact(team, author, name="scorer")
    for artifact in (scorer, factories.artifact(team, author, name="judge")):
        factories.submitted(artifact, author)
    scientist = factories.member(team, "data-scientist")
    for person in (steward, scientist):
        actions.follow(scorer, by=person)

    pages = [home(client, person) for person in (steward, scientist)]

    assert ["on the 1 thing you follow" in page for page in pages] == [True, True]
    assert "mara submitted fraud/scorer 1" in pages[0]
    assert "mara submitted scorer 1." in pages[1]
    assert ["judge" in page.partition("What changed")[2] for page in pages] == [False, False]


# ------------------------------------------------------------------ how teams stand


def test_each_of_ones_teams_stands_in_one_line(client, team, author):
    factories.submitted(factories.artifact(team, author, name="scorer"), author)

    words = home(client, author)

    assert "fraud data-scientist 0 0 0 0 0" in words


def test_a_stranger_hears_of_none_of_it(client, team, author):
    factories.submitted(factories.artifact(team, author, name="scorer"), author)

    assert "scorer" not in home(client, factories.member(factories.team(), "steward"))


def test_what_one_asked_for_and_others_decide_on_stands_beside(client, team, author, steward):
    operator = factories.member(team, "devops-engineer")
    approval = ask(team, author, operator)

    words = home(client, operator)

    assert f"You asked for fraud/{approval.subject.split('/')[2]} 1 for production waits since" in words
    assert "You asked for" not in home(client, steward)


def test_three_of_each_cost_no_more_than_one(client, team, author, steward):
    operator = factories.member(team, "devops-engineer")
    actions.add_version(factories.artifact(team, steward), by=steward)
    ask(team, author, operator)
    client.force_login(steward)
    with_one = queries(client, "/")
    for _ in range(2):
        ask(team, author, operator)
        actions.add_version(factories.artifact(team, steward), by=steward)

    assert queries(client, "/") <= with_one  # who has more than a few is led through no first steps
