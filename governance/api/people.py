"""Users, teams and who is in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from rest_framework import serializers

from governance import access, actions, factors, leaving, roles
from governance.actions.guarding import without_factor
from governance.api.base import WRITES, Paged, Strict, Text, View, endpoint
from governance.errors import Absent, Invalid
from governance.models import Membership, Team, User

Values = dict[str, Any]


# ------------------------------------------------------------------ what goes in and out


class UserForm(Strict):
    username = Text(max_length=100)
    password = Text(max_length=200)
    email = serializers.EmailField(required=False, allow_blank=True)


class ClosingForm(Strict):
    reason = Text(max_length=2000, required=False, default="", allow_blank=True)


class UserAnswer(serializers.Serializer[Any]):
    """`email` is shown to oneself and to the site administrator."""

    id = serializers.IntegerField()
    username = serializers.CharField()
    name = serializers.CharField(help_text="The full name, or the username.")
    active = serializers.BooleanField()
    administrator = serializers.BooleanField(help_text="Manages people and teams of this site.")
    joined = serializers.DateTimeField()
    answered_by = serializers.CharField(
        allow_null=True, help_text="Who answers for this service account; null for a person."
    )
    email = serializers.CharField(required=False, allow_blank=True)


class LeftBehind(serializers.Serializer[Any]):
    team = serializers.CharField()
    things = serializers.IntegerField(help_text="How many have no owner with an active account now.")


class ClosedAnswer(UserAnswer):
    owns = LeftBehind(many=True, help_text="Stewards hand it over when they remove the person from a team.")


class TeamForm(Strict):
    slug = Text(max_length=60)
    name = Text(max_length=120, required=False, default="", allow_blank=True)


class TeamQuery(Paged):
    archived = serializers.BooleanField(
        required=False, default=False, help_text="Whether archived teams are listed, too."
    )


class TeamAnswer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    slug = serializers.CharField()
    name = serializers.CharField()
    created_at = serializers.DateTimeField()
    archived_at = serializers.DateTimeField(
        allow_null=True, help_text="Since when it is read-only; null while it is at work."
    )


class GuardForm(Strict):
    roles = serializers.ListField(child=serializers.ChoiceField(list(roles.ROLES)), max_length=20)


class GuardAnswer(serializers.Serializer[Any]):
    roles = serializers.ListField(child=serializers.ChoiceField(list(roles.ROLES)))
    without = serializers.ListField(child=serializers.CharField(), help_text="Members who have none.")


class RolesForm(Strict):
    """One of the two."""

    role = serializers.ChoiceField(list(roles.ROLES), required=False)
    roles = serializers.ListField(
        child=serializers.ChoiceField(list(roles.ROLES)), required=False, max_length=20
    )


class LeavingQuery(Strict):
    hand_over_to = serializers.CharField(
        required=False,
        max_length=100,
        help_text="Who takes over what is theirs in the team; needed when there is something.",
    )


class MemberAnswer(serializers.Serializer[Any]):
    team = serializers.CharField()
    username = serializers.CharField()
    name = serializers.CharField()
    roles = serializers.ListField(child=serializers.ChoiceField(list(roles.ROLES)))
    answered_by = serializers.CharField(
        allow_null=True, help_text="Who answers for this service account; null for a person."
    )


class TeamOfMine(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    roles = serializers.ListField(child=serializers.ChoiceField(list(roles.ROLES)))


class Reach(serializers.Serializer[Any]):
    """How far a token reaches."""

    team = serializers.CharField(allow_null=True, help_text="The only team it is for; null for every one.")
    approve = serializers.BooleanField(help_text="Whether it may approve and reject.")
    waive = serializers.BooleanField(help_text="Whether it may waive findings and make names known.")
    manage = serializers.BooleanField(
        help_text="Whether it may manage artifacts, people, teams, gates, webhooks, jobs and tokens."
    )


class TokenInUse(Reach):
    id = serializers.IntegerField()
    name = serializers.CharField()
    expires_at = serializers.DateTimeField()


class MeAnswer(UserAnswer):
    second_factor = serializers.BooleanField(help_text="Whether signing in takes more than the password.")
    teams = TeamOfMine(many=True)
    token = TokenInUse(allow_null=True, help_text="The token of this request; null with a session.")


# ------------------------------------------------------------------ endpoints


class UserView(View):
    search_fields = ("username",)

    @endpoint(UserAnswer(many=True), query=Paged)
    def list(self) -> Values:
        """People: all for the site administrator, those of one's teams for others."""
        rows = User.objects.visible_to(self.person).select_related("answered_by")
        return self.listed(rows, "username", lambda user: user_answer(user, self.person))

    @endpoint(UserAnswer, status=201, body=UserForm, problems=WRITES)
    def create(self) -> Values:
        """Add a person who can sign in. Only the site administrator may."""
        return user_answer(
            actions.add_user(self.body.pop("username"), **self.body, by=self.person), self.person
        )

    @endpoint(UserAnswer)
    def retrieve(self, username: str) -> Values:
        """One person."""
        return user_answer(self.find(username), self.person)

    def find(self, username: str) -> User:
        user: User | None = User.objects.visible_to(self.person).filter(username__iexact=username).first()
        if user is None:
            raise Absent(f"There is nobody called {username} whom you may see.")
        return user

    @endpoint(ClosedAnswer, body=ClosingForm, problems=WRITES)
    def deactivate(self, username: str) -> Values:
        """Close an account: sessions and tokens end at once. Only the site administrator may."""
        user = actions.deactivate(self.find(username), **self.body, by=self.person)
        owns = [{"team": slug, "things": number} for slug, number in leaving.left_behind(user).items()]
        return {**user_answer(user, self.person), "owns": owns}

    @endpoint(UserAnswer, problems=WRITES)
    def reactivate(self, username: str) -> Values:
        """Open a closed account again, with the roles that it still has."""
        return user_answer(actions.reactivate(self.find(username), by=self.person), self.person)

    @endpoint(status=204, problems=WRITES)
    def reset_factors(self, username: str) -> None:
        """Take the second factor of somebody who has lost it away. Only the site administrator may."""
        actions.reset_factors(self.find(username), by=self.person)

    @endpoint(MeAnswer)
    def me(self) -> Values:
        """Who am I: my account, my teams and roles as far as this token reaches, and the token."""
        person, mine = self.person, defaultdict(list)
        seen = person.memberships.filter(team__in=access.teams(person, "team.view"))
        for membership in seen.select_related("team").order_by("team__slug", "role"):
            mine[membership.team].append(membership.role)
        teams = [{"slug": team.slug, "name": team.name, "roles": held} for team, held in mine.items()]
        token = person.token
        in_use = token and {"id": token.pk, "name": token.name, "expires_at": token.expires_at, **token.reach}
        return {
            **user_answer(person, person),
            "teams": teams,
            "token": in_use,
            "second_factor": factors.has(person),
        }


class TeamView(View):
    search_fields = ("slug", "name")

    @endpoint(TeamAnswer(many=True), query=TeamQuery)
    def list(self) -> Values:
        """Teams that are at work: all for the site administrator, one's own for others."""
        rows = Team.objects.visible_to(self.person)
        return self.listed(rows if self.query["archived"] else rows.at_work(), "slug", team_answer)

    @endpoint(TeamAnswer, status=201, body=TeamForm, problems=WRITES)
    def create(self) -> Values:
        """Add a team. Only the site administrator may."""
        return team_answer(actions.add_team(self.body["slug"], name=self.body["name"], by=self.person))

    @endpoint(TeamAnswer)
    def retrieve(self, team: str) -> Values:
        """One team."""
        return team_answer(find_team(self.person, team))

    @endpoint(TeamAnswer, body=ClosingForm, problems=WRITES)
    def archive(self, team: str) -> Values:
        """Make a team read-only. The site administrator may, and a team's only steward."""
        return team_answer(actions.archive_team(find_team(self.person, team), **self.body, by=self.person))

    @endpoint(TeamAnswer, problems=WRITES)
    def unarchive(self, team: str) -> Values:
        """Bring an archived team back, as it was. Only the site administrator may."""
        return team_answer(actions.unarchive_team(find_team(self.person, team), by=self.person))

    @endpoint(GuardAnswer, problems=(403,))
    def guard(self, team: str) -> Values:
        """Which roles of a team need a second factor, and who has none. Stewards may look."""
        found = find_team(self.person, team)
        access.check_role(self.person, "team.require_factor", found)
        return guard_answer(found)

    @endpoint(GuardAnswer, body=GuardForm, problems=WRITES)
    def set_guard(self, team: str) -> Values:
        """Ask exactly these roles of a team for a second factor. Stewards who have one themselves may."""
        found = find_team(self.person, team)
        return guard_answer(actions.require_factor(found, self.body["roles"], by=self.person))


class MemberView(View):
    search_fields = ("username",)

    @endpoint(MemberAnswer(many=True), query=Paged)
    def list(self, team: str) -> Values:
        """Who is in a team, with which roles."""
        found = find_team(self.person, team)
        rows = User.objects.filter(pk__in=found.memberships.values("user")).select_related("answered_by")
        rows = rows.prefetch_related("memberships")
        return self.listed(rows, "username", lambda user: member_answer(found, user, user.memberships.all()))

    @endpoint(MemberAnswer)
    def retrieve(self, team: str, username: str) -> Values:
        """One member."""
        found = find_team(self.person, team)
        held = list(
            found.memberships.filter(user__username__iexact=username).select_related("user__answered_by")
        )
        if not held:
            raise Absent(f"{username} is not in {team}.")
        return member_answer(found, held[0].user, held)

    @endpoint(MemberAnswer, body=RolesForm, problems=WRITES)
    def update(self, team: str, username: str) -> Values:
        """Give exactly this role, or these roles. Stewards of the team and the site administrator may."""
        found = find_team(self.person, team)
        user = somebody(username, found, self.person)
        actions.set_roles(found, user, wanted_roles(self.body), by=self.person)
        return member_answer(found, user, found.memberships.filter(user=user))

    @endpoint(status=204, query=LeavingQuery, problems=WRITES)
    def destroy(self, team: str, username: str) -> None:
        """End a membership. What is theirs in the team is handed over, and what they asked for withdrawn."""
        found = find_team(self.person, team)
        user = somebody(username, found, self.person)
        held = user.pk and found.memberships.filter(user=user).exists()
        to = self.query.get("hand_over_to")
        heir = somebody(to, found, self.person) if to else None
        actions.set_roles(found, user, [], hand_over_to=heir, by=self.person)
        if not held:
            raise Absent(f"{username} is not in {team}.")


# ------------------------------------------------------------------ finding and answering


def find_team(person: User, slug: str) -> Team:
    team = Team.objects.visible_to(person).filter(slug=slug).first()
    if team is None:
        raise Absent(f"There is no team {slug[:60]} that you may see.")
    return team


def somebody(username: str, team: Team, person: User) -> User:
    """Whoever may not set roles gets the same refusal whether there is such a person or not."""
    user = User.objects.filter(username__iexact=username).exclude(username=User.SYSTEM).first()
    if user is None and access.can(person, "member.set", team):
        raise Absent(f"There is nobody called {username}.")
    return user or User(username=username)


def wanted_roles(body: Values) -> Iterable[str]:
    if ("role" in body) == ("roles" in body):
        raise Invalid("Give either role or roles.", errors={"role": ["Give one of the two."]})
    wanted: Iterable[str] = body["roles"] if "roles" in body else [body["role"]]
    return wanted


def user_answer(user: User, reader: User) -> Values:
    email = {"email": user.email} if access.administers(reader) or reader.pk == user.pk else {}
    return {
        "id": user.pk,
        "username": user.username,
        "name": str(user),
        "active": user.is_active,
        "administrator": user.is_superuser,
        "joined": user.date_joined,
        "answered_by": user.answered_by.username if user.answered_by else None,
        **email,
    }


def team_answer(team: Team) -> Values:
    return {
        "id": team.pk,
        "slug": team.slug,
        "name": team.name,
        "created_at": team.created_at,
        "archived_at": team.archived_at,
    }


def guard_answer(team: Team) -> Values:
    without = [user.username for user in without_factor(team, roles.ROLES)]
    return {"roles": team.guarded, "without": without}


def member_answer(team: Team, user: User, held: Iterable[Membership]) -> Values:
    names = {membership.role for membership in held if membership.team_id == team.pk}
    return {
        "team": team.slug,
        "username": user.username,
        "name": str(user),
        "roles": [name for name in roles.ROLES if name in names],
        "answered_by": user.answered_by.username if user.answered_by else None,
    }
