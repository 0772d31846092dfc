"""The form of a trigger."""

from __future__ import annotations

from typing import Any

from django import forms

from governance.forms import Form
from governance.models import Team, User
from governance.names import check_text
from kb.models import Trigger
from kb.models.triggers import LABELS, LONGEST_WINDOW, MOST_DAYS, MOST_OPEN, few_stars
from kb.playbooks import ROLES
from kb.run_forms import called
from kb.triggering import ACTIONS, checks, playbooks

STANDING = ("data-engineer", "data-scientist", "devops-engineer", "steward")


class TriggerForm(Form):
    """What starts which playbook, and who takes part then."""

    playbook = forms.ChoiceField(label="Playbook")
    kind = forms.ChoiceField(label="Started by", choices=Trigger.KINDS)
    check_name = forms.ChoiceField(
        label="Which check",
        required=False,
        help_text="A finding of it that is critical or high is a failure.",
    )
    action = forms.ChoiceField(label="Which event", required=False)
    every_days = forms.IntegerField(
        label="Every how many days",
        required=False,
        min_value=1,
        max_value=MOST_DAYS,
        help_text="Of a schedule.",
    )
    about = forms.CharField(label="About", required=False, max_length=400, validators=[LABELS, few_stars])
    window_hours = forms.IntegerField(
        label="Once in so many hours",
        min_value=1,
        max_value=LONGEST_WINDOW,
        initial=24,
        help_text="About one thing, whatever happens to it within them.",
    )
    most_open = forms.IntegerField(
        label="Open at once",
        min_value=1,
        max_value=MOST_OPEN,
        initial=3,
        help_text="While so many of its runs are open it starts no more, and says so.",
    )
    note = forms.CharField(label="What for", required=False, max_length=500, validators=[check_text])

    def __init__(self, data: Any = None, *, team: Team, **rest: Any) -> None:
        super().__init__(data, **rest)
        self.team = team
        choices: dict[str, list[tuple[str, str]]] = {
            "playbook": [(each.code, f"{each.code} {each.title}") for each in playbooks()],
            "check_name": [("", "None"), *((name, name) for name in checks())],
            "action": [("", "None"), *((name, f"When {words}") for name, words in ACTIONS.items())],
        }
        for name, found in choices.items():
            self.fields[name].choices = found  # type: ignore[attr-defined]
        self.fields["about"].help_text = (
            f"Labels that it looks at, such as models/{team.slug}/*. Empty: everything of {team.slug}. "
            "Of a schedule the one thing, whose newest version is taken."
        )
        for role in STANDING:
            self.fields[role] = forms.CharField(
                label=ROLES[role],
                required=False,
                max_length=1000,
                help_text="User names with commas between them. Empty: whoever takes it up.",
            )

    @property
    def people(self) -> dict[str, list[User]]:
        typed = {role: self.cleaned_data.get(role, "") for role in STANDING}
        return {role: called(self.team, names, role) for role, names in typed.items() if names.strip()}

    @property
    def cause(self) -> dict[str, Any]:
        names = ("kind", "check_name", "action", "every_days", "about", "window_hours", "most_open", "note")
        given = {name: self.cleaned_data[name] for name in names}
        return only_of(given)


def only_of(given: dict[str, Any]) -> dict[str, Any]:
    """What belongs to the kind of cause: what else was chosen is left out."""
    of_kind = {"check": "check_name", "event": "action", "schedule": "every_days"}
    empty = {"check_name": "", "action": "", "every_days": None}
    return {**given, **{name: empty[name] for kind, name in of_kind.items() if kind != given["kind"]}}
