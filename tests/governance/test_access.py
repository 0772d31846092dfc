"""Who may do what, by role."""

from __future__ import annotations

import pytest

from governance import access, roles
from governance.errors import Denied
from governance.models import Membership, User
from tests import factories

pytestmark = pytest.mark.django_db

# The readable table: one row per action, one letter per role in this order.
ORDER = ("reader", "data-engineer", "data-scientist", "devops-engineer", "steward", "auditor")
TABLE = {
    "team.view": "x x x x x x",
    "release.view": "x x x x x x",
    "version.download": "x x x x x x",
    "version.view": "- x x x x x",
    "approval.view": "- x x x x x",
    "article.view": "x x x x x x",
    "article.comment": "x x x x x x",
    "article.add": "- x x x x -",
    "collection.add": "- x x x x -",
    "collection.edit": "- x x x x -",
    "collection.view": "- - - - x -",
    "decision.add": "- x x x x -",
    "article.edit": "- x x x x -",
    "article.watch": "x x x x x x",
    "article.unwatch": "x x x x x x",
    "article.rate": "x x x x x x",
    "article.acknowledge": "x x x x x x",
    "article.ask_reading": "- - - - x -",
    "article.end_reading": "- - - - x -",
    "article.attach": "- x x x x -",
    "article.import": "- x x x x -",
    "twins.part": "- x x x x -",
    "twins.pair": "- x x x x -",
    "article.detach": "- x x x x -",
    "article.restore": "- x x x x -",
    "article.verify": "- x x x x -",
    "article.archive": "- x x x x -",
    "article.unarchive": "- x x x x -",
    "wanted.dismiss": "- - - - x -",
    "artifact.add": "- x x - x -",
    "artifact.edit": "- x x - x -",
    "artifact.archive": "- x x - x -",
    "artifact.delete": "- x x - x -",
    "artifact.follow": "x x x x x x",
    "artifact.unfollow": "x x x x x x",
    "artifact.hold": "- - - - x -",
    "artifact.release_hold": "- - - - x -",
    "artifact.rename": "- x x - x -",
    "artifact.restore": "- x x - x -",
    "artifact.unarchive": "- x x - x -",
    "version.delete": "- x x - x -",
    "version.reinstate": "- - - - x -",
    "version.withdraw": "- x x - x -",
    "version.add": "- x x - x -",
    "version.submit": "- x x - x -",
    "alias.move": "- x x - x -",
    "version.recheck": "- x x x x -",
    "version.evaluate": "- x x - x -",
    "approval.request": "- x x x x -",
    "dataset.declare": "- x x - x -",
    "contract.set": "- x x - x -",
    "dataset.restrict": "- x x - x -",
    "dataset.open": "- x x - x -",
    "grant.request": "x x x x x x",
    "grant.approve": "- x x - x -",
    "grant.reject": "- x x - x -",
    "grant.end": "x x x x x x",
    "record.add": "- x x - x -",
    "record.add_operated": "- x x x x -",
    "record.withdraw": "- x x x x -",
    "version.promote": "- - - x - -",
    "version.rollback": "- - - x x -",
    "approval.approve": "- x x x x -",
    "approval.reject": "- x x x x -",
    "finding.triage": "- x x x x -",
    "finding.waive": "- - - - x -",
    "name.add": "- - - - x -",
    "name.end": "- - - - x -",
    "signing_key.add": "- - - - x -",
    "signing_key.end": "- - - - x -",
    "gate.request": "- - - - x -",
    "gate.confirm": "- - - - x -",
    "gate.reject": "- - - - x -",
    "invitation.add": "- - - - x -",
    "invitation.revoke": "- - - - x -",
    "member.set": "- - - - x -",
    "service.add": "- - - - x -",
    "service.hand_over": "- - - - x -",
    "team.archive": "- - - - x -",
    "team.require_factor": "- - - - x -",
    "event.view": "- - - - x x",
    "job.view": "- - - - x x",
    "webhook.set": "- - - - x -",
    "run.view": "- x x x x x",
    "run.start": "- x x x x -",
    "run.put": "- x x x x -",
    "run.comment": "- x x x x -",
    "run.hand_over": "- x x x x -",
    "run.follow_up": "- x x x x -",
    "run.followed_up": "- x x x x -",
    "run.pause": "- x x x x -",
    "run.resume": "- x x x x -",
    "run.cancel": "- x x x x -",
    "run.waive": "- - - - x -",
    "playbook.set": "- - - - x -",
    "glass.confirm": "- - - - x -",
    "glass.reject": "- - - - x -",
    "trigger.add": "- - - - x -",
    "trigger.switch_on": "- - - - x -",
    "trigger.switch_off": "- - - - x -",
}


def test_the_roles_are_those_of_the_table():
    held = {
        action: " ".join("x" if action in roles.ROLES[role] else "-" for role in ORDER)
        for action in sorted({action for actions in roles.ROLES.values() for action in actions})
    }

    assert held == dict(sorted(TABLE.items()))


@pytest.mark.parametrize("role", ORDER)
def test_a_role_allows_exactly_its_actions(role):
    team = factories.team()
    person = factories.member(team, role)

    allowed = {action for action in TABLE if access.role_objection(person, action, team) is None}

    assert allowed == roles.ROLES[role]


def test_rights_of_several_roles_add_up():
    team = factories.team()
    person = factories.member(team, "reader", "auditor")

    assert access.can(person, "event.view", team)


def test_a_role_ends_at_the_border_of_its_team():
    stranger = factories.member(factories.team(), "steward")

    assert not access.can(stranger, "team.view", factories.team())


def test_the_site_administrator_has_no_right_on_content():
    team = factories.team()
    admin = factories.admin()

    allowed = {action for action in TABLE if access.role_objection(admin, action, team) is None}

    assert allowed == {
        "glass.confirm",
        "glass.reject",
        "team.view",
        "invitation.add",
        "invitation.revoke",
        "member.set",
        "service.add",
        "service.hand_over",
        "team.archive",
        "job.view",
    }


def test_an_inactive_account_may_do_nothing():
    team = factories.team()
    person = factories.member(team, "steward")
    person.is_active = False

    assert [objection.sentence for objection in access.objections(person, "team.view", team)] == [
        "This account is not active."
    ]


def test_a_check_reads_the_roles_anew():
    team = factories.team()
    person = factories.member(team, "steward")
    access.check(person, "event.view", team)
    Membership.objects.filter(user=person).delete()

    with pytest.raises(Denied) as denied:
        access.check(person, "event.view", team)

    assert denied.value.sentence == (
        f"Your roles in {team.slug} do not allow this: it takes steward or auditor."
    )


def test_every_objection_is_told():
    team = factories.team("ops")
    reader = factories.member(team, "reader")

    with pytest.raises(Denied) as denied:
        access.check(reader, "member.set", team)

    assert [objection.policy for objection in denied.value.details["objections"]] == ["role"]


# ------------------------------------------------------------------ who could


def test_a_missing_role_says_who_gives_it_and_where():
    team = factories.team("ops")
    reader = factories.member(team, "reader")
    factories.member(team, "steward", username="jonas")
    factories.member(team, "steward", "auditor", username="leila")

    [objection] = access.objections(reader, "version.add", team)

    assert objection.cure == "a steward of ops gives you the role, or somebody who has it acts."
    assert (objection.who, objection.link) == ("jonas or leila", "/teams/ops/")


def test_of_many_the_first_three_are_named():
    team = factories.team()
    for name in ("ada", "ben", "cyd", "dan", "eve"):
        factories.member(team, "steward", username=name)

    assert access.able(team, "finding.waive") == "ada, ben, cyd and 2 more"


def test_who_left_is_not_named():
    team = factories.team("ops")
    gone = factories.member(team, "steward")
    User.objects.filter(pk=gone.pk).update(is_active=False)

    assert access.able(team, "finding.waive") == "nobody in ops yet"


def test_a_team_without_steward_is_managed_by_the_site_administrator():
    assert access.able(factories.team(), "member.set") == "the site administrator"


def test_what_only_the_site_administrator_does_names_nobody():
    [objection] = access.objections(factories.person(), "user.add", "users")

    assert (objection.sentence, objection.who) == (
        "Only the site administrator may do this.",
        "the site administrator",
    )


def test_people_are_read_once(django_assert_num_queries):
    team = factories.team()
    factories.member(team, "steward")

    with django_assert_num_queries(1):
        access.able(team, "finding.waive")
        access.able(team, "member.set")


def test_a_yes_asks_for_no_names(django_assert_num_queries):
    team = factories.team()
    steward = factories.member(team, "steward")
    access.grants(steward)

    with django_assert_num_queries(0):
        assert access.can(steward, "member.set", team)


def test_the_system_is_nobody_who_can_sign_in():
    system = User.system()

    assert (system.is_active, system.has_usable_password()) == (False, False)
