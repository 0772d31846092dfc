"""Forms turn text into values and say what is malformed. They never save."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from django import forms
from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

from governance.errors import Problem, TooMany, Unconfirmed
from governance.keeping import Kept, kept
from governance.kinds import KINDS, NEVER
from governance.models import Team, User
from governance.names import RULE, SLUG_RULE, check_slug, check_text
from governance.roles import DUTIES, PEOPLE_ONLY, ROLES
from governance.scopes import GROUPS
from governance.sentences import SENTENCES

T = TypeVar("T")

EVERY = "*"  # no slug looks like this


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: nothing while its page is only looked at, but for what was typed there before
    one had to sign in."""
    return request.POST if request.method == "POST" else kept(request)


class Form(forms.Form):
    """A form that calls one action, and shows what the action says against it."""

    problem: Problem | None = None
    rare: tuple[str, ...] = ()  # optional fields that stand in a fold below the others

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        self.kept = data if isinstance(data, Kept) else None
        if self.kept is not None:
            data, kwargs["files"] = None, None  # a form of a set gets files, and would be bound by them
        super().__init__(data, *args, **{"label_suffix": "", **kwargs})

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        """What was typed before, if that was kept."""
        prefixed = self.add_prefix(field_name)
        if self.kept is None or field.widget.value_omitted_from_data(self.kept, MultiValueDict(), prefixed):
            return super().get_initial_for_field(field, field_name)
        return field.widget.value_from_datadict(self.kept, MultiValueDict(), prefixed)

    def sent(self, request: HttpRequest, act: Callable[..., T]) -> T | None:
        """What the action answers, called with the fields; nothing when it was not sent or is refused."""
        if request.method != "POST" or not self.is_valid():
            return None
        try:
            return act(**self.cleaned_data)
        except (Unconfirmed, TooMany):
            raise
        except Problem as problem:
            self.refuse(problem)
            return None

    def refuse(self, problem: Problem) -> None:
        """Put a problem's sentences beside the fields they are about; the others stand above the form."""
        self.problem = problem
        placed = False
        for name, sentences in problem.details.get("errors", {}).items():
            if name in self.fields:
                self.add_error(name, list(sentences))
                placed = True
        if not placed:
            for objection in problem.details.get("objections", []) or [problem]:
                self.add_error(None, objection.sentence)

    @property
    def status(self) -> int:
        """The answer's status: the problem's, 400 for what is malformed, else 200."""
        if self.problem is not None:
            return self.problem.status
        return 400 if self.is_bound and self.errors else 200


def decision_note() -> forms.CharField:
    """What one may write beside a yes or a no."""
    return forms.CharField(
        label="Note",
        max_length=2000,
        required=False,
        validators=[check_text],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Kept with your decision, for good.",
    )


class TeamForm(Form):
    slug = forms.CharField(
        label="Short name",
        max_length=60,
        validators=[check_slug],
        help_text=f"{SLUG_RULE} It stands in every address and cannot change later.",
    )
    name = forms.CharField(label="Name", max_length=120, required=False, validators=[check_text])


class UserForm(Form):
    username = forms.CharField(
        label="User name",
        max_length=100,
        help_text=f"{RULE} It cannot change later.",
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    email = forms.EmailField(label="E-mail", max_length=254, required=False)
    password = forms.CharField(
        label="First password",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 12 characters. Tell it to the person yourself; they change it on their own page.",
    )


class RolesForm(Form):
    """The roles of one person in one team, each with its duty."""

    roles = forms.MultipleChoiceField(
        label="Roles",
        choices=[(name, name) for name in ROLES],
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose a role, or remove the person from the team.",
            "invalid_choice": f"There is no role %(value)s: choose from {', '.join(ROLES)}.",
        },
    )

    @property
    def choices(self) -> list[dict[str, Any]]:
        """Each checkbox with what its role is for."""
        return [{"box": box, "duty": DUTIES[box.data["value"]]} for box in self["roles"]]


class GuardForm(RolesForm):
    """The roles that need a second factor; none is an answer, too."""

    def __init__(self, data: Any = None, **given: Any) -> None:
        super().__init__(data, **given)
        self.fields["roles"].required = False
        self.fields["roles"].label = "Roles that need a second factor"


class MemberForm(RolesForm):
    username = forms.CharField(
        label="User name",
        max_length=100,
        help_text="Exactly as the person signs in.",
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    field_order = ["username", "roles"]


class ServiceForm(MemberForm):
    """A service account of a team: its name, who of the team answers for it, and its roles."""

    answered_by = forms.ChoiceField(
        label="Who answers for it",
        help_text="The two count as one where nobody may decide alone. It may not do more than this person.",
        error_messages={"invalid_choice": "Choose somebody of the team."},
    )
    field_order = ["username", "answered_by", "roles"]

    def __init__(self, data: QueryDict | None, *, people: Sequence[User], initial: str) -> None:
        super().__init__(data, initial={"answered_by": initial})
        self.fields["username"].help_text = f"{RULE} It cannot change later."
        offer(self.fields["answered_by"], named(people))
        offer(self.fields["roles"], [(name, name) for name in ROLES if name not in PEOPLE_ONLY])


class LeavingForm(Form):
    """Who takes over what somebody leaves behind; nothing to fill in when that is nothing."""

    def __init__(self, data: QueryDict | None, *, people: Sequence[User]) -> None:
        super().__init__(data)
        if people:
            self.fields["hand_over_to"] = forms.ChoiceField(
                label="Who takes it over",
                choices=[("", "Choose somebody"), *named(people)],
                error_messages={
                    "required": "Say who takes over what is theirs.",
                    "invalid_choice": "Choose somebody of the team.",
                },
            )


class ClosingForm(Form):
    reason = forms.CharField(
        label="Why",
        max_length=2000,
        required=False,
        validators=[check_text],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="It stands on the record.",
    )


class AnsweringForm(Form):
    to = forms.ChoiceField(
        label="Who answers for it from now on",
        error_messages={"invalid_choice": "Choose somebody of the team."},
    )

    def __init__(self, data: QueryDict | None, *, people: Sequence[User]) -> None:
        super().__init__(data)
        offer(self.fields["to"], named(people))


def offer(field: Any, choices: Iterable[tuple[str, str]]) -> None:
    """What may be chosen in a field that has choices."""
    field.choices = list(choices)


def named(people: Sequence[User]) -> list[tuple[str, str]]:
    """Choices of people, by user name."""
    return [(person.username, str(person)) for person in people]


class TokenForm(Form):
    name = forms.CharField(
        label="What it is for",
        max_length=80,
        validators=[check_text],
        help_text="Such as “nightly training”. It stands in the trail beside your name.",
    )
    days = forms.IntegerField(
        label="Lasts, in days",
        min_value=1,
        max_value=366,
        initial=settings.TOKEN_DAYS,
        error_messages={
            "min_value": "A token lasts 1 to 366 days.",
            "max_value": "A token lasts 1 to 366 days.",
            "invalid": "Give a whole number of days, 1 to 366.",
        },
    )
    team = forms.ChoiceField(
        label="For",
        help_text="A token for one team opens nothing of the others.",
        error_messages={
            "required": "Choose a team, or every team of yours.",
            "invalid_choice": "You are in no team of this name.",
        },
    )
    field_order = ["name", "account", "team", "days"]

    def __init__(
        self, data: QueryDict | None, *, teams: Sequence[Team], accounts: Sequence[User] = ()
    ) -> None:
        self.teams = {team.slug: team for team in teams}
        self.accounts = {account.username: account for account in accounts}
        super().__init__(data, initial={"team": next(iter(self.teams)) if len(teams) == 1 else None})
        first = [("", "Choose a team")] if len(teams) > 1 else []
        own = [(team.slug, team.slug) for team in teams]
        offer(self.fields["team"], [*first, *own, (EVERY, "Every team of mine")])
        if accounts:
            choices = [("", "Me"), *named(accounts)]
            self.fields["account"] = forms.ChoiceField(label="Acts as", choices=choices, required=False)
            self.order_fields(self.field_order)
        for name, group in GROUPS.items():
            self.fields[name] = forms.BooleanField(label=group.label, help_text=group.help, required=False)

    def clean_account(self) -> User | None:
        """None for oneself."""
        return self.accounts.get(self.cleaned_data["account"])

    def clean_team(self) -> Team | None:
        """None for every team."""
        return self.teams.get(self.cleaned_data["team"])


class DecisionForm(Form):
    """A yes or no. `digest` is of what was shown, so that nobody says yes to something else."""

    note = decision_note()
    digest = forms.CharField(max_length=64, min_length=64, widget=forms.HiddenInput)
    decision = forms.ChoiceField(
        choices=[("approve", "approve"), ("reject", "reject")],
        widget=forms.HiddenInput,
        error_messages={"required": "Press Approve or Reject."},
    )


class PauseForm(Form):
    reason = forms.CharField(
        label="Why it has to pause",
        max_length=2000,
        validators=[check_text],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It stands here and on the record.",
    )


FOR_WHO_ASKS = "For who asks for it, of what you may see. Each mail has a link that stops it."


class WaysForm(Form):
    """How one likes to be told of each kind."""

    def told(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if KINDS[name].usual != NEVER]

    def asked_for(self) -> list[forms.BoundField]:
        """What one is told of only when one asks for it."""
        return [self[name] for name in self.fields if KINDS[name].usual == NEVER]

    def __init__(self, data: QueryDict | None, *, site: bool, initial: dict[str, str]) -> None:
        super().__init__(data, initial=initial)
        for name, kind in KINDS.items():
            if site or not kind.site:
                self.fields[name] = forms.ChoiceField(
                    label=kind.words,
                    choices=list(kind.ways.items()),
                    widget=forms.RadioSelect,
                    help_text=FOR_WHO_ASKS if kind.usual == NEVER else "",
                )


class WebhookForm(Form):
    address = forms.CharField(
        label="Address",
        max_length=500,
        help_text="Such as https://example.org/hooks/steward. It gets one POST for each message.",
        widget=forms.TextInput(
            attrs={"inputmode": "url", "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class ConfirmForm(Form):
    """Nothing to fill in: pressing the button is the answer."""


class TrailFilter(forms.Form):
    """What of the trail is shown. All of it stands in the address."""

    subject = forms.CharField(
        label="About",
        max_length=400,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "About: models/team/name"}),
    )
    actor = forms.CharField(
        label="By", max_length=100, required=False, widget=forms.TextInput(attrs={"placeholder": "By whom"})
    )
    action = forms.ChoiceField(
        label="Action", required=False, choices=[("", "Every action"), *((name, name) for name in SENTENCES)]
    )
    outcome = forms.ChoiceField(
        label="Outcome",
        required=False,
        choices=[("", "Done and refused"), ("done", "done"), ("refused", "refused")],
    )
    team = forms.SlugField(
        label="Team",
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "Name of a team"}),
    )

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, label_suffix="", auto_id="filter-%s")

    @property
    def active(self) -> dict[str, str]:
        """The filters that are set; none of them when one is malformed."""
        if not self.is_valid():
            return {}
        return {name: value for name, value in self.cleaned_data.items() if value}


class SearchForm(forms.Form):
    """Words to look for."""

    search = forms.CharField(max_length=100, required=False)
