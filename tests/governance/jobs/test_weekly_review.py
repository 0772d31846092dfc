"""The weekly review proposes what may be cleaned up, tells the stewards, and acts on nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from governance import actions as governing
from governance import audit, reviewing
from governance.actions.reviews import monday
from governance.errors import Denied
from governance.jobs.weekly_review import weekly_review
from governance.models import Event, Membership, Notification, Review, Token, User
from registry import actions, proposing
from registry.models import Kind, Severity, Version, Waiver
from tests import factories
from tests.registry.conftest import found

pytestmark = pytest.mark.django_db

LONG_AGO = timezone.now() - timedelta(days=100)
BEFORE = f"{timezone.now() - timedelta(days=90):%d %B %Y}"
DAY = f"{LONG_AGO:%d %B %Y}"


@pytest.fixture
def team():
    """With two stewards who are at work, so that a test adds the one thing that it is about."""
    team = factories.team("fraud")
    for name in ("jonas", "leila"):
        factories.member(team, "steward", username=name)
    return team


@pytest.fixture
def author(team) -> User:
    return factories.member(team, "data-scientist", username="mara")


def proposed(team) -> dict[str, list[str]]:
    """The sentences of each kind."""
    review = governing.review_team(team, by=User.system())
    return {kind["title"]: [entry["sentence"] for entry in kind["entries"]] for kind in review.proposals}


def since(user: User, moment: datetime = LONG_AGO) -> None:
    """As if the roles had been given then."""
    Membership.objects.filter(user=user).update(granted_at=moment)


def test_a_team_in_order_has_nothing_proposed_and_nobody_is_told(team, author):
    assert (proposed(team), Notification.objects.count()) == ({}, 0)


# ------------------------------------------------------------------ people


def test_a_team_with_one_steward_hangs_on_one_person(team):
    Membership.objects.filter(user__username="leila").delete()

    assert proposed(team) == {
        "Only one steward": ["jonas is the only steward of fraud: without jonas nobody approves or waives."]
    }


def test_a_steward_whose_account_is_closed_does_not_count(team):
    User.objects.update(is_active=False)

    assert proposed(team) == {
        "Only one steward": ["Nobody is steward of fraud: nobody can approve or let people in."]
    }


def test_a_role_in_which_nothing_was_done_for_90_days(team, author):
    since(author)

    assert proposed(team) == {
        "Roles that nobody uses": [f"mara is data-scientist and has done nothing here since {DAY}."]
    }


def test_who_did_something_here_uses_their_roles_and_who_did_it_elsewhere_does_not(team, author):
    other = factories.member(team, "data-engineer", username="tomas")
    for person, where in ((author, team), (other, factories.team("pricing"))):
        since(person)
        audit.record("member.set", where, by=person)

    assert proposed(team)["Roles that nobody uses"] == [
        f"tomas is data-engineer and has done nothing here since {DAY}."
    ]


@pytest.mark.parametrize("way", ["signs in", "sends a program", "neither"])
def test_who_only_looks_uses_the_role_by_looking(team, way):
    reader = factories.member(team, "reader", "auditor", username="rita")
    since(reader)
    if way == "signs in":
        User.objects.filter(pk=reader.pk).update(last_login=timezone.now())
    if way == "sends a program":
        governing.add_token(reader, name="nightly", by=reader)
        Token.objects.update(last_used_at=timezone.now())

    looked = {"Roles that nobody uses": [f"rita is auditor, reader and has not looked in since {DAY}."]}
    assert proposed(team) == (looked if way == "neither" else {})


def test_signing_in_alone_does_not_use_a_role_that_acts(team, author):
    since(author)
    User.objects.filter(pk=author.pk).update(last_login=timezone.now())

    assert list(proposed(team)) == ["Roles that nobody uses"]


def test_one_role_of_several_that_is_not_needed(team, author):
    team.memberships.create(user=author, role="devops-engineer", granted_by=author)
    since(author)
    audit.record("version.add", team, by=author)

    assert proposed(team) == {
        "Single roles that nobody uses": [
            f"mara is devops-engineer and has done nothing since {BEFORE} that needs it."
        ]
    }


def test_a_role_that_was_needed_or_is_new_is_not_proposed(team, author):
    team.memberships.create(user=author, role="devops-engineer", granted_by=author)
    audit.record("version.add", team, by=author)
    new = proposed(team)
    since(author)
    audit.record("version.promote", team, by=author)

    assert (new, proposed(team)) == ({}, {})


def test_a_service_account_for_which_nobody_answers_any_more(team, author):
    governing.add_service(
        team, "ci", roles=["data-engineer"], answered_by=author, by=User.objects.get(username="jonas")
    )
    before = proposed(team)
    User.objects.filter(pk=author.pk).update(is_active=False)

    assert (before, proposed(team)) == (
        {},
        {
            "Service accounts that stand still": [
                "ci stands still: mara, who answers for it, is not in fraud any more."
            ]
        },
    )


def test_tokens_that_no_program_used_are_counted_and_not_named(team, author):
    for name in ("used", "unused", "never", "new", "revoked", "expired"):
        governing.add_token(author, name=f"secret-{name}", by=author)
    Token.objects.exclude(name="secret-new").update(created_at=LONG_AGO)
    Token.objects.filter(name="secret-used").update(last_used_at=timezone.now())
    Token.objects.exclude(name__in=["secret-used", "secret-never"]).update(last_used_at=LONG_AGO)
    Token.objects.filter(name="secret-new").update(last_used_at=None)
    Token.objects.filter(name="secret-revoked").update(revoked_at=timezone.now())
    Token.objects.filter(name="secret-expired").update(expires_at=timezone.now())

    assert proposed(team) == {
        "Tokens that no program uses": ["mara has 2 tokens that no program used for 90 days."]
    }


# ------------------------------------------------------------------ artifacts


def described(team, author, name="scorer", **fields):
    """An artifact about which everything is said."""
    given = {"description": "Scores.", "licence": "MIT", **fields}
    return factories.artifact(team, author, name=name, **given)


def test_artifacts_about_which_something_is_not_said(team, author):
    described(team, author)
    described(team, author, name="a", description="")
    described(team, author, name="b", licence="")
    factories.artifact(team, author, name="c")
    gone = factories.member(team, "data-engineer", username="tomas")
    described(team, gone, name="d")
    Membership.objects.filter(user=gone).delete()

    assert proposed(team) == {
        "Artifacts without owner, description or licence": [
            "models/fraud/a has no description.",
            "models/fraud/b has no licence.",
            "models/fraud/c has no description and no licence.",
            "models/fraud/d has no owner in the team.",
        ]
    }


@pytest.fixture
def old(team, author) -> Version:
    return factories.submitted(described(team, author), author)


def sentences(proposals) -> list[str]:
    return [proposal.sentence for proposal in proposals]


def in_90_days(moment: datetime) -> datetime:
    """When all that happened before the moment is too long ago to count."""
    return moment + timedelta(days=90)


def test_a_version_that_nobody_uses(team, old):
    now = in_90_days(timezone.now())

    assert sentences(proposing.versions(team, now)) == [
        "models/fraud/scorer/versions/1 was not fetched for 90 days, and no alias pointed at it."
    ]
    assert sentences(proposing.versions(team, timezone.now())) == []


def test_a_version_that_was_fetched_or_has_an_alias_or_children_is_used(team, old, author):
    artifact = old.artifact
    with_alias, parent, moved, unused = (factories.submitted(artifact, author) for _ in range(4))
    now = in_90_days(timezone.now())
    audit.record("version.download", old, by=author)
    actions.move_alias(with_alias, "nightly", by=author)
    actions.move_alias(moved, "latest", by=author)
    actions.move_alias(with_alias, "latest", by=author)
    factories.draft(artifact, author, parents=[(parent, "derived-from")])
    factories.submitted(artifact, author)

    assert sentences(proposing.versions(team, now)) == [
        f"{unused.label} was not fetched for 90 days, and no alias pointed at it."
    ]


def test_what_was_fetched_longer_ago_does_not_count(team, old, author):
    audit.record("version.download", old, by=author)

    assert len(sentences(proposing.versions(team, in_90_days(timezone.now())))) == 1


def test_waivers_that_end_within_14_days(team, old, author):
    steward = User.objects.get(username="jonas")
    expires = timezone.now() + timedelta(days=60)
    waiver = actions.waive(found(old, Severity.HIGH), reason="Read.", expires=expires, by=steward)
    before = proposed(team)
    ends_at = timezone.now() + timedelta(days=13)
    Waiver.objects.filter(pk=waiver.pk).update(ends_at=ends_at)

    what = "The waiver of pickle_imports on notes.txt of models/fraud/scorer"
    after = {"Waivers that end within 14 days": [f"{what} ends on {ends_at:%d %B %Y}."]}
    assert (before, proposed(team)) == ({}, after)


# ------------------------------------------------------------------ the whole


def test_of_one_kind_at_most_500_are_kept_and_said_to_be_more(team, author, monkeypatch):
    monkeypatch.setattr(reviewing, "MOST", 3)
    for number in range(5):
        factories.artifact(team, author, name=f"m{number}")

    review = governing.review_team(team, by=User.system())

    (kind,) = review.proposals
    assert (kind["count"], len(kind["entries"])) == ("3+", 3)


def test_stewards_are_told_once_a_week_and_the_review_is_on_the_record(team, author):
    factories.artifact(team, author, name="scorer")

    said = [weekly_review(), weekly_review()]

    sentence = "The weekly review of fraud proposes 1 thing to look at."
    told = Notification.objects.filter(kind="review").order_by("user__username")
    assert said == ["Reviewed 1 team: 1 proposal."] * 2
    assert [(one.user.username, one.subject, one.sentence) for one in told] == [
        ("jonas", "teams/fraud/review", sentence),
        ("leila", "teams/fraud/review", sentence),
    ]
    assert Review.objects.count() == 1
    event = Event.objects.filter(action="team.review").first()
    assert (event.subject, event.actor, event.after) == ("teams/fraud/review", "system", {"proposals": 1})


def test_a_review_acts_on_nothing(team, old, author):
    factories.artifact(team, author)
    governing.add_token(author, name="nightly", by=author)
    Token.objects.update(created_at=LONG_AGO)
    before = [list(model.objects.order_by("pk").values()) for model in (Membership, Token, Version, User)]

    assert len(proposed(team)) == 2

    assert before == [
        list(model.objects.order_by("pk").values()) for model in (Membership, Token, Version, User)
    ]


def test_twelve_weeks_are_kept(team):
    for week in range(1, 16):
        day = date(2026, 1, 5) + timedelta(weeks=week)
        Review.objects.create(team=team, week=day, made_at=timezone.now())

    governing.review_team(team, by=User.system())

    assert Review.objects.count() == 12


def test_a_site_without_teams_has_nothing_to_say():
    assert weekly_review() is None


def test_nobody_makes_a_review_by_hand(team):
    with pytest.raises(Denied):
        governing.review_team(team, by=User.objects.get(username="jonas"))


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2026, 11, 30, 0, 0, tzinfo=UTC), date(2026, 11, 30)),
        (datetime(2026, 12, 6, 23, 59, tzinfo=UTC), date(2026, 11, 30)),
    ],
)
def test_a_week_is_called_by_its_monday(now, day):
    assert monday(now) == day


@pytest.fixture
def granted(team, author) -> Version:
    """A restricted dataset that leila was granted to read."""
    wine = factories.submitted(factories.artifact(team, author, Kind.DATASET, name="wine"), author)
    actions.restrict(wine.artifact, reason="Names are in it.", by=author)
    leila = User.objects.get(username="leila")
    until = timezone.now() + timedelta(days=200)
    asked = actions.request_grant(wine.artifact, purpose="A study.", until=until, by=leila)
    actions.approve_grant(asked, by=author)
    return wine


def test_a_grant_that_nobody_uses(team, granted):
    now = in_90_days(timezone.now())

    assert sentences(proposing.grants(team, now)) == [
        "leila was granted to read datasets/fraud/wine and fetched nothing for 90 days."
    ]
    assert sentences(proposing.grants(team, timezone.now())) == []


def test_a_grant_that_was_used_or_ended_is_not_proposed(team, granted):
    now = in_90_days(timezone.now())
    audit.record("version.download", granted, by=User.objects.get(username="leila"))
    used = sentences(proposing.grants(team, now))
    actions.end_grant(granted.artifact.grants.get(), reason="Done.", by=User.objects.get(username="leila"))

    assert (used, sentences(proposing.grants(team, in_90_days(now)))) == ([], [])
