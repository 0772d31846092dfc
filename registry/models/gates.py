"""Gates: what each protected alias of a team asks for, and the changes of it that people ask each other for.

Settings are never changed: of a team the newest count, and before there are any DEFAULTS do.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import asdict, dataclass
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

from governance import access
from governance.models import Team, User
from governance.names import check_text
from governance.prepared import prepared


@dataclass(frozen=True)
class Gate:
    """What one protected alias asks for."""

    approvals: int = 0
    by_itself: bool = False
    """Whether what is approved is promoted at once, in the name of who asked."""
    approvers: tuple[str, ...] = ("steward",)
    """The roles whose yes counts."""
    not_required: tuple[str, ...] = ()
    """The checks that it does without: only such as may be left out."""
    licences: tuple[str, ...] = ()
    """The only licences that it takes; none: it does not look at them."""

    falls_back: bool = False
    """Whether it goes back by itself to what held it before, when what holds it turns out critical."""
    signed: bool = False
    """Whether it takes only what a key of the team has signed."""
    card: tuple[str, ...] = ()
    """Headings of the description below which something has to stand."""
    run: str = ""
    """The code of a playbook: it takes only bytes about which a run of it is finished."""

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Gate:
        """As JSON or a form says it."""
        listed = ("approvers", "not_required", "licences", "card")
        return cls(**{**stored, **{name: tuple(stored[name]) for name in listed if name in stored}})

    def requires(self, check: str) -> bool:
        return check not in self.not_required


Gates = dict[str, Gate]

# Which aliases always have a gate, and what it asks for as long as a team has said nothing else.
DEFAULTS: Gates = {"staging": Gate(), "production": Gate(approvals=1)}


def read(stored: Mapping[str, Any]) -> Gates:
    """Gates by alias: production comes last, before it staging and the others."""
    others = sorted(stored.keys() - DEFAULTS.keys())
    return {name: Gate.read(stored[name]) for name in [*others, *DEFAULTS]}


def written(gates: Mapping[str, Gate]) -> dict[str, Any]:
    """The same as JSON."""
    return {name: asdict(gate) for name, gate in gates.items()}


# Held by the database, too: production never needs fewer than one approval.
KEPT = Q(gates__has_keys=list(DEFAULTS)) & Q(gates__production__approvals__gte=1)


class GateRequestQuerySet(models.QuerySet["GateRequest"]):
    def visible_to(self, person: User) -> Self:
        return self.filter(team__in=access.teams(person, "version.view"))

    def open(self) -> Self:
        return self.filter(closed_at=None)


class GateRequest(models.Model):
    """A change that somebody asks a second person to confirm. `based_on` is the number of the settings that
    it would replace: once there are newer ones it is void."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="gate_requests")
    based_on = models.PositiveIntegerField()
    gates = models.JSONField()
    thresholds = models.JSONField(
        default=dict,
        db_default={},
        blank=True,
        help_text="Of checks of quality, where they are not the usual ones.",
    )
    note = models.TextField(blank=True, max_length=2000, validators=[check_text])
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(auto_now_add=True)
    by_roles = ("steward",)
    """Whose answer counts."""
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answer = models.TextField(blank=True, max_length=2000, validators=[check_text])
    outcome = models.CharField(
        max_length=10,
        blank=True,
        choices=[("confirmed", "confirmed"), ("rejected", "rejected"), ("void", "void")],
        help_text="Why it is closed; empty while it is open.",
    )

    objects = GateRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=KEPT, name="production_needs_an_approval_when_asked"),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None, outcome="")
                | (~Q(outcome="") & Q(closed_at__isnull=False, closed_by__isnull=False)),
                name="a_gate_request_is_closed_by_somebody",
            ),
        ]

    @property
    def label(self) -> str:
        return f"{self.team.label}/gate/requests/{self.pk}"

    @property
    def state(self) -> str:
        """open, confirmed, rejected or void."""
        return self.outcome or "open"

    @property
    def askers(self) -> set[int]:
        """The key of who asked: no service account may."""
        return {self.requested_by_id}

    @cached_property
    def by_alias(self) -> Gates:
        return read(self.gates)


class GateSettingsQuerySet(models.QuerySet["GateSettings"]):
    def visible_to(self, person: User) -> Self:
        return self.filter(team__in=access.teams(person, "version.view"))


class GateSettings(models.Model):
    """The gates of a team from one moment on. A trigger refuses any change of a row."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="gate_settings")
    number = models.PositiveIntegerField()
    gates = models.JSONField()
    thresholds = models.JSONField(
        default=dict,
        db_default={},
        blank=True,
        help_text="Of checks of quality, where they are not the usual ones.",
    )
    request = models.OneToOneField(GateRequest, on_delete=models.PROTECT, related_name="settings")
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(auto_now_add=True)

    objects = GateSettingsQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["team", "number"], name="one_number_of_settings_per_team"),
            models.CheckConstraint(condition=KEPT, name="production_needs_an_approval"),
        ]

    @property
    def label(self) -> str:
        return f"{self.team.label}/gate"

    @cached_property
    def by_alias(self) -> Gates:
        return read(self.gates)


def settings_of(team: Team) -> GateSettings:
    """What counts now; number 0 are the DEFAULTS. Read once for one request: `Team` objects do not outlive
    it."""
    known: GateSettings | None = team.__dict__.get("_gate_settings")
    if known is None:
        found = newest(team=team.pk)
        known = found[0] if found else GateSettings(team=team, number=0, gates=written(DEFAULTS))
        team.__dict__["_gate_settings"] = known
    return known


def thresholds_of(team: Team) -> dict[str, float]:
    """What the team has set otherwise, of checks of quality."""
    return dict(settings_of(team).thresholds)


def gates_of(team: Team) -> Gates:
    return settings_of(team).by_alias


def supposing(team: Team, gates: Gates) -> Team:
    """The team as it would be with these gates."""
    other = copy(team)
    other.__dict__["_gate_settings"] = GateSettings(
        team=team,
        number=settings_of(team).number + 1,
        gates=written(gates),
        thresholds=thresholds_of(team),
    )
    return other


@prepared
def newest(*, team: Any) -> models.QuerySet[GateSettings]:
    return GateSettings.objects.filter(team=team).order_by("-number")[:1]
