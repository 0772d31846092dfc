"""Triggers of playbooks, for programs."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from governance import access
from governance.api.base import WRITES, Paged, Strict, Text, View, Whole, endpoint
from governance.errors import Absent
from governance.models import Team
from kb import actions
from kb.models import Firing, Trigger
from kb.models.triggers import LONGEST_WINDOW, MOST_DAYS, MOST_OPEN
from kb.run_forms import called_by_role
from kb.trigger_forms import only_of
from kb.triggering import ACTIONS, cause, simulate

Values = dict[str, Any]


class TriggerAnswer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    team = serializers.CharField()
    playbook = serializers.CharField()
    cause = serializers.CharField(help_text="In words.")
    kind = serializers.ChoiceField(Trigger.KINDS)
    action = serializers.CharField(allow_blank=True)
    check = serializers.CharField(allow_blank=True)
    about = serializers.CharField(allow_blank=True)
    every_days = serializers.IntegerField(allow_null=True)
    window_hours = serializers.IntegerField()
    most_open = serializers.IntegerField()
    state = serializers.ChoiceField(("on", "off", "held"))
    held_why = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    made_by = serializers.CharField()
    made_at = serializers.DateTimeField()


class TriggerDetail(TriggerAnswer):
    people = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()), help_text="User names by role."
    )


class WouldAnswer(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    subject = serializers.CharField()
    again = serializers.IntegerField(help_text="How many more such events lay in the same window.")


class SimulationAnswer(serializers.Serializer[Any]):
    since = serializers.DateTimeField()
    events = serializers.IntegerField(help_text="That you may read and that were looked at.")
    cut = serializers.BooleanField(help_text="Whether there were more than are looked at.")
    runs = serializers.IntegerField()
    held_at = serializers.DateTimeField(allow_null=True, help_text="When it would have been held.")
    newest = WouldAnswer(many=True)


class FiringAnswer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    subject = serializers.CharField()
    at = serializers.DateTimeField()
    run = serializers.IntegerField(allow_null=True)
    said = serializers.CharField(allow_blank=True, help_text="Why nothing was started.")
    passes = serializers.IntegerField(help_text="How often the check has passed in a row since.")


class AddTriggerForm(Strict):
    team = Text(max_length=60)
    playbook = Text(max_length=20)
    kind = serializers.ChoiceField(Trigger.KINDS)
    check = Text(max_length=60, required=False, default="", allow_blank=True)
    action = serializers.ChoiceField([("", "none"), *ACTIONS.items()], required=False, default="")
    every_days = Whole(min_value=1, max_value=MOST_DAYS, required=False)
    about = Text(
        max_length=400,
        required=False,
        default="",
        allow_blank=True,
        help_text="A label; * stands for any part.",
    )
    window_hours = Whole(min_value=1, max_value=LONGEST_WINDOW, required=False, default=24)
    most_open = Whole(min_value=1, max_value=MOST_OPEN, required=False, default=3)
    note = Text(max_length=500, required=False, default="", allow_blank=True)
    people = serializers.DictField(
        child=serializers.ListField(child=Text(max_length=100), max_length=30), required=False, default=dict
    )


class OfTriggers(View):
    def find(self, pk: int) -> Trigger:
        seen = Trigger.objects.visible_to(self.person).select_related("team", "made_by")
        found = seen.filter(pk=pk).first()
        if found is None:
            raise Absent("There is no such trigger that you may see.")
        return found


class TriggerView(OfTriggers):
    search_fields = ("playbook", "check_name", "action", "about", "note", "team__slug")

    @endpoint(TriggerAnswer(many=True), query=Paged, operation_id="triggers_list")
    def list(self) -> Values:
        """What starts playbooks by itself, newest first."""
        seen = Trigger.objects.visible_to(self.person).select_related("team", "made_by")
        return self.listed(seen, "-pk", answer)

    @endpoint(TriggerDetail, status=201, body=AddTriggerForm, problems=(404, *WRITES))
    def create(self) -> Values:
        """Set one up. It begins switched off."""
        given = dict(self.body)
        slug, code, names = given.pop("team"), given.pop("playbook"), given.pop("people")
        team = Team.objects.filter(slug=slug, pk__in=access.teams(self.person, "run.view")).first()
        if team is None:
            raise Absent(f"There is no team {slug} in which you see runs.")
        people = called_by_role(team, names)
        asked = only_of({"every_days": None, **given, "check_name": given.pop("check")})
        asked.pop("check", None)
        made = actions.add_trigger(team, code, people=people, by=self.person, **asked)
        return self.whole(made.pk)

    @endpoint(TriggerDetail)
    def retrieve(self, pk: int) -> Values:
        """One of them, with who takes part."""
        return self.whole(pk)

    @endpoint(TriggerDetail, problems=WRITES)
    def on(self, pk: int) -> Values:
        """Have it start runs by what happens from now on."""
        actions.switch_on(self.find(pk), by=self.person)
        return self.whole(pk)

    @endpoint(TriggerDetail, problems=WRITES)
    def off(self, pk: int) -> Values:
        """Have it start nothing more."""
        actions.switch_off(self.find(pk), by=self.person)
        return self.whole(pk)

    @endpoint(SimulationAnswer, problems=(403,))
    def simulation(self, pk: int) -> Values:
        """What it would have started by the events of 90 days that you may read, at most 10,000."""
        trigger = self.find(pk)
        access.refuse(trigger, access.role_objections(self.person, "event.view", trigger))
        found = simulate(trigger, self.person)
        newest = [{"at": each.at, "subject": each.subject, "again": each.again} for each in found.would]
        about = {"since": found.since, "events": found.events, "cut": found.cut, "runs": found.runs}
        return {**about, "held_at": found.held, "newest": newest}

    def whole(self, pk: int) -> Values:
        trigger = self.find(pk)
        people: dict[str, Any] = {}
        for part in trigger.people.select_related("user"):
            people.setdefault(part.role, []).append(part.user.username)
        return {**answer(trigger), "people": people}


class FiringView(OfTriggers):
    search_fields = ("subject", "said")

    @endpoint(FiringAnswer(many=True), query=Paged, operation_id="triggers_firings_list")
    def list(self, pk: int) -> Values:
        """What it started, and what not and why, newest first."""
        seen = Firing.objects.visible_to(self.person).filter(trigger=self.find(pk))
        return self.listed(seen, "-pk", fired)


def answer(trigger: Trigger) -> Values:
    names = ("playbook", "kind", "action", "about", "every_days", "window_hours", "most_open", "state")
    more = ("held_why", "note", "made_at")
    return {
        "id": trigger.pk,
        "team": trigger.team.slug,
        "cause": cause(trigger),
        "check": trigger.check_name,
        "made_by": trigger.made_by.username,
        **{name: getattr(trigger, name) for name in (*names, *more)},
    }


def fired(firing: Firing) -> Values:
    names = ("subject", "at", "said", "passes")
    return {"id": firing.pk, "run": firing.run_id, **{name: getattr(firing, name) for name in names}}
