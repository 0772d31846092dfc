"""People, the teams that own things, and who has which role in them."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models.functions import Lower

from governance import access, roles
from governance.names import check_name, check_slug, check_text
from governance.prepared import prepared

if TYPE_CHECKING:
    from governance.models import Token


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, person: User) -> Self:
        """The site administrator sees everybody; others see themselves and who shares a team with them."""
        if access.administers(person):
            return self.exclude(username=User.SYSTEM)
        return self.filter(
            models.Q(pk=person.pk) | models.Q(memberships__team__in=access.teams(person, "team.view"))
        ).distinct()


class People(UserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Django's own, with `visible_to`."""


class User(AbstractUser):
    """A person, a service account, or the system itself. `is_superuser` marks the site administrator.

    A service account is a program of a team, has only tokens, and a person answers for it (`answered_by`;
    empty for people). In four eyes the two are one: `counts_as`.
    """

    SYSTEM = "system"

    username = models.CharField(max_length=100, unique=True, validators=[check_name])
    created_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answered_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="accounts"
    )
    team = models.ForeignKey("Team", null=True, blank=True, on_delete=models.PROTECT, related_name="services")

    times_closed = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="Sessions of before do not open it after it was closed."
    )

    theme = models.CharField(
        max_length=10, blank=True, default="", db_default="", help_text="Empty: as their browser has it."
    )
    time_zone = models.CharField(
        max_length=60, blank=True, default="", db_default="", help_text="Empty for UTC."
    )

    objects: ClassVar[People] = People()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("username"), name="one_user_per_name_whatever_its_case"),
            models.CheckConstraint(
                condition=models.Q(answered_by=None, team=None)
                | models.Q(
                    answered_by__isnull=False,
                    team__isnull=False,
                    is_superuser=False,
                    password__startswith=UNUSABLE_PASSWORD_PREFIX,
                ),
                name="a_service_account_has_a_team_and_no_password",
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    @property
    def label(self) -> str:
        return f"users/{self.username}"

    @property
    def shape(self) -> Hashable:
        """What of a person shapes a prepared query."""
        return access.sight(self)

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """What a session has to know: it ends with the password, and for good when the account is closed."""
        own: str = super()._get_session_auth_hash(secret)  # type: ignore[misc]
        return f"{own}-{self.times_closed}" if self.times_closed else own

    @property
    def counts_as(self) -> set[int]:
        """The keys that are one with this one when nobody may decide alone."""
        return {self.pk, self.answered_by_id or self.pk}

    def roles_held(self) -> list[tuple[int, str]]:
        """Pairs of a team's key and a role."""
        return roles_held(user=self.pk)

    def roles_guarded(self) -> list[tuple[int, str, bool]]:
        """The same, each with whether the team asks it for a second factor."""
        rows = roles_and_guards(user=self.pk)
        return [(team, role, bool(asked) and role in asked.split(",")) for team, role, asked in rows]

    @property
    def has_factor(self) -> bool:
        """Whether signing in takes more than the password. Asked once for one request."""
        if self.factor_known is None:
            self.factor_known = bool(own_factors(user=self.pk))
        return self.factor_known

    def roles_above(self) -> list[tuple[int, str]]:
        """The same of who answers for this service account, while they have an active account."""
        return roles_of_active(user=self.answered_by_id)

    @classmethod
    def system(cls) -> User:
        """Whoever acts when the clock does. Cannot sign in."""
        user: User
        for user in called(username=cls.SYSTEM):
            return user
        user, _ = cls.objects.get_or_create(
            username=cls.SYSTEM, defaults={"is_active": False, "password": "!", "first_name": "Steward"}
        )
        return user

    grants: dict[int, set[str]] | None = None
    """What `access.grants` has read for this request."""
    sight: Hashable = None
    """What `access.sight` makes of it: every prepared query asks."""
    guarded: dict[int, set[str]] | None = None
    """With `grants`: what this person could do in each team if they had a second factor."""
    factor_known: bool | None = None
    token: Token | None = None
    """Set by the authentication of programs; None at a page."""
    stale = False
    """Whether the sign-in of this session is too long ago for what matters most."""


class TeamQuerySet(models.QuerySet["Team"]):
    def visible_to(self, person: User) -> Self:
        if access.administers(person):
            return self
        return self.filter(pk__in=access.teams(person, "team.view"))

    def at_work(self) -> Self:
        """Those that are not archived."""
        return self.filter(archived_at=None)


class Team(models.Model):
    """Who owns things. The slug is part of every label and does not change."""

    slug = models.CharField(max_length=60, unique=True, validators=[check_slug])
    name = models.CharField(max_length=120, validators=[check_text])
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    archived_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when it is read-only; empty while it is not."
    )

    second_factor = models.CharField(
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text="The roles that need one, parted by commas.",
    )

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        return f"teams/{self.slug}"

    @property
    def team(self) -> Team:
        return self

    def holders(self) -> list[Membership]:
        """Of people with an active account, but readers, of whom there are many."""
        return holders(team=self.pk)

    @property
    def guarded(self) -> list[str]:
        """The roles that need a second factor."""
        return [role for role in roles.ROLES if role in self.second_factor.split(",")]


class Membership(models.Model):
    """One role of one person in one team."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=30, choices=[(name, name) for name in roles.ROLES])
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "user", "role"], name="a_role_is_held_once"),
            models.CheckConstraint(
                condition=models.Q(role__in=list(roles.ROLES)), name="a_role_is_one_of_the_known"
            ),
        ]


@prepared
def holders(*, team: Any) -> models.QuerySet[Membership]:
    people = Membership.objects.filter(team=team, user__is_active=True, user__answered_by=None)
    return people.exclude(role="reader").select_related("user").order_by("user__username")


@prepared
def roles_held(*, user: Any) -> models.QuerySet[Membership, tuple[int, str]]:
    return Membership.objects.filter(user=user).values_list("team_id", "role")


@prepared
def called(*, username: Any) -> models.QuerySet[User]:
    found: models.QuerySet[User] = User.objects.filter(username=username)
    return found


@prepared
def roles_of_active(*, user: Any) -> models.QuerySet[Membership, tuple[int, str]]:
    return Membership.objects.filter(user=user, user__is_active=True).values_list("team_id", "role")


@prepared
def roles_and_guards(*, user: Any) -> models.QuerySet[Membership, tuple[int, str, str]]:
    return Membership.objects.filter(user=user).values_list("team_id", "role", "team__second_factor")


@prepared
def own_factors(*, user: Any) -> models.QuerySet[User, int]:
    """A row for each factor that is no recovery code."""
    found: models.QuerySet[User, int] = User.objects.filter(
        pk=user, authenticator__type__in=["totp", "webauthn"]
    ).values_list("pk")
    return found
