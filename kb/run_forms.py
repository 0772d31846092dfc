"""Forms of playbooks and runs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from governance.errors import Invalid
from governance.forms import Form
from governance.models import Team, User
from governance.models.people import holders
from governance.names import check_text
from kb.actions.entries import LONGEST_WAIVER
from kb.playbooks import ABOUT, FROM_OUTSIDE, ROLES, Need, Playbook

MOST_NAMES = 30
MOST_HOLDERS = 500
FEW = 5
STATES = (
    ("", "Open"),
    ("mine", "Open, mine"),
    ("done", "Finished"),
    ("cancelled", "Cancelled"),
    ("passed", "Closed themselves"),
    ("all", "All"),
)


def called(
    team: Team, names: str, field: str = "people", most: int = MOST_NAMES, *, anybody: bool = False
) -> list[User]:
    """The members with these user names, as somebody typed them; of the whole site where `anybody` fits: who
    is not there is somebody without a key, and nothing is said of it here. Of who is in other teams nothing
    is said either."""
    asked = list(dict.fromkeys(name.strip().lower() for name in names.split(",") if name.strip()))
    if len(asked) > most:
        raise Invalid(f"Name at most {most} people.", errors={field: ["These are too many."]})
    named = User.objects.filter(username__in=asked)
    members = (named if anybody else named.filter(memberships__team=team)).distinct() if asked else []
    found = {user.username.lower(): user for user in members}
    if anybody:
        return [found.get(name) or User(username=name[:100]) for name in asked]
    if lacking := [name for name in asked if name not in found]:
        sentence = f"There is nobody called {lacking[0][:60]} in {team.slug}."
        raise Invalid(sentence, errors={field: [sentence]})
    return [found[name] for name in asked]


def one_called(team: Team, name: str, field: str, *, anybody: bool = False) -> User:
    """The only member that was typed."""
    found = called(team, name, field, anybody=anybody)
    if len(found) != 1:
        raise Invalid("Name one person.", errors={field: ["Name one person."]})
    return found[0]


def called_by_role(
    team: Team, names: Mapping[str, list[str]], playbook: Playbook | None = None
) -> dict[str, list[User]]:
    """Members for roles, as programs send them. What is no role of a playbook asks the database nothing."""
    if strange := [role for role in names if role not in ROLES]:
        sentence = f"No playbook has a role {strange[0][:30]}."
        raise Invalid(sentence, errors={"people": [sentence]})
    return {
        role: called(team, ",".join(each), anybody=playbook is not None and outside(playbook, role))
        for role, each in names.items()
    }


def by_role(team: Team) -> dict[str, list[str]]:
    """Who holds which role of a team."""
    found: dict[str, list[str]] = {}
    for each in holders(team=team.pk)[:MOST_HOLDERS]:
        found.setdefault(each.role, []).append(each.user.username)
    return found


def such(names: list[str]) -> str:
    return f", such as {', '.join(names[:FEW])}" if names else ""


class StartForm(Form):
    """What a run is about, and who does what in it."""

    subject = forms.CharField(label="What it is about", max_length=400)
    note = forms.CharField(
        label="Why now",
        max_length=2000,
        required=False,
        validators=[check_text],
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any = None, *, playbook: Playbook, team: Team, **rest: Any) -> None:
        super().__init__(data, **rest)
        self.team, self.playbook = team, playbook
        example = {"team": f"teams/{team.slug}", "dataset": f"datasets/{team.slug}/name/versions/1"}
        shown = example.get(playbook.about, f"models/{team.slug}/name/versions/1")
        self.fields["subject"].help_text = f"The label of {ABOUT[playbook.about]}, such as {shown}."
        if playbook.about == "team":
            self.fields["subject"].initial = team.label
        else:
            self.fields["subject"].widget.attrs |= {"list": "subjects", "autocomplete": "off"}
        able = by_role(team)
        for role in playbook.roles:
            self.fields[role] = forms.CharField(
                label=ROLES[role],
                required=False,
                max_length=1000,
                help_text=f"User names with commas between them{such(able.get(role, []))}. "
                "Empty: whoever takes it up.",
            )

    @property
    def people(self) -> dict[str, list[User]]:
        typed = {role: self.cleaned_data.get(role, "") for role in self.playbook.roles}
        return {
            role: called(self.team, names, role, anybody=outside(self.playbook, role))
            for role, names in typed.items()
            if names.strip()
        }


def outside(playbook: Playbook, role: str) -> bool:
    """Whether people of other teams may have the role, as in confidence."""
    return playbook.confidential and role in FROM_OUTSIDE


class PlaybookForm(Form):
    """A team's own text of a playbook."""

    text = forms.CharField(
        label="Text",
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 30, "spellcheck": "false", "class": "mono"}),
        help_text="TOML, read as strictly as what is shipped.",
    )
    note = forms.CharField(label="What is different, and why", max_length=500, validators=[check_text])
    based_on = forms.CharField(widget=forms.HiddenInput, max_length=64)


class PutForm(Form):
    """One piece of evidence that a person puts in."""

    act = forms.CharField(widget=forms.HiddenInput, initial="put")
    need = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=100)

    def __init__(self, data: Any = None, *, need: Need, place: int, **rest: Any) -> None:
        super().__init__(data, initial={"need": place, "act": "put"}, auto_id=f"id_{place}_%s", **rest)
        self.asked, self.place = need, place
        label = need.text
        if need.kind == "statement":
            area = forms.Textarea(attrs={"rows": 3})
            self.fields["text"] = forms.CharField(label=label, max_length=5000, widget=area)
        elif need.kind == "choice":
            choices = [(option, option) for option in need.options]
            self.fields["text"] = forms.ChoiceField(label=label, choices=choices)
        elif need.kind == "pair":
            self.add_pair(label)
        elif need.kind == "number":
            self.fields["number"] = forms.FloatField(label=label, help_text=f"{need.range.capitalize()}.")
        else:
            shown = {"article": "articles/team/name", "decision": "decisions/team/7"}
            example = shown.get(need.kind, "assets/team/name/versions/1")
            help_text = f"Its label, such as {example}."
            self.fields["label"] = forms.CharField(label=label, max_length=400, help_text=help_text)

    def add_pair(self, label: str) -> None:
        self.fields["label"] = forms.CharField(
            label=label, max_length=400, help_text="The first version, such as models/team/name/versions/3."
        )
        self.fields["number"] = forms.IntegerField(
            label="The other version",
            min_value=1,
            max_value=10**9,
            help_text="Its number, of the same model.",
        )
        self.fields["text"] = forms.CharField(
            label="The data", max_length=400, help_text="Such as datasets/team/name/versions/1."
        )


class AcceptForm(Form):
    act = forms.CharField(widget=forms.HiddenInput)
    need = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=100)
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)


class WaiveStepForm(Form):
    """Let a step pass until the end of a day."""

    act = forms.CharField(widget=forms.HiddenInput, initial="waive")
    reason = forms.CharField(
        label="Why may it pass without its evidence?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    ends_at = forms.DateField(
        label="Until the end of", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, data: Any = None, **rest: Any) -> None:
        today = timezone.now().date()
        latest = today + LONGEST_WAIVER - timedelta(days=1)
        super().__init__(data, initial={"ends_at": today + timedelta(days=14), "act": "waive"}, **rest)
        field = self.fields["ends_at"]
        field.help_text = f"At most {LONGEST_WAIVER.days} days: up to {latest:%-d %B %Y}."
        field.widget.attrs |= {"min": today.isoformat(), "max": latest.isoformat()}

    def clean_ends_at(self) -> datetime:
        return datetime.combine(self.cleaned_data["ends_at"], time(23, 59, 59), UTC)


class CommentForm(Form):
    text = forms.CharField(label="Comment", max_length=5000, widget=forms.Textarea(attrs={"rows": 2}))


class ChangeForm(Form):
    """Pause, go on or cancel."""

    act = forms.ChoiceField(choices=[(each, each) for each in ("pause", "resume", "cancel")])
    reason = forms.CharField(
        label="Why?",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="To pause or to cancel takes a reason. It stays with the run.",
    )


class HandOverForm(Form):
    """Who has a role from now on."""

    act = forms.CharField(widget=forms.HiddenInput, initial="hand-over")
    role = forms.ChoiceField(label="Role")
    people = forms.CharField(
        label="People",
        required=False,
        max_length=1000,
        help_text="User names with commas between them. Empty: nobody in particular.",
    )

    def __init__(self, data: Any = None, *, playbook: Playbook, **rest: Any) -> None:
        super().__init__(data, **rest)
        self.fields["role"].choices = [(role, ROLES[role]) for role in playbook.roles]  # type: ignore[attr-defined]


class FollowUpForm(Form):
    """Who does what until when."""

    act = forms.CharField(widget=forms.HiddenInput, initial="ask")
    text = forms.CharField(label="What is to be done", max_length=500, validators=[check_text])
    owner = forms.CharField(label="By whom", max_length=100, help_text="One user name.")
    due_on = forms.DateField(label="Until", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class GlassForm(Form):
    """To read a confidential run for a day."""

    number = forms.IntegerField(label="Run", min_value=1, max_value=10**17, help_text="Its number.")
    reason = forms.CharField(
        label="Why?",
        max_length=2000,
        validators=[check_text],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Who decides reads it, and so do the parties afterwards.",
    )


class RunFilter(forms.Form):
    """What of the runs a list shows."""

    state = forms.ChoiceField(choices=STATES, required=False)
    playbook = forms.CharField(required=False, max_length=20)
    team = forms.SlugField(required=False, max_length=60)
