"""How the runs of a playbook go, for programs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from rest_framework import serializers

from governance import access
from governance.api.base import View, endpoint
from governance.errors import Absent
from kb.api.runs import Values
from kb.measuring import measure
from kb.playbooks import PLAYBOOKS


class EffectAnswer(serializers.Serializer[Any]):
    trigger = serializers.IntegerField()
    before = serializers.FloatField(help_text="Failures in a week before it was on.")
    after = serializers.FloatField(help_text="Failures in a week since.")
    days = serializers.IntegerField(help_text="Over so many days on either side.")


class FiguresAnswer(serializers.Serializer[Any]):
    finished = serializers.IntegerField(help_text="Runs that you see, closed within a year; at most 500.")
    closed_otherwise = serializers.IntegerField()
    cut = serializers.BooleanField(help_text="Whether there were more.")
    cycle_seconds_median = serializers.FloatField(allow_null=True)
    cycle_seconds_p90 = serializers.FloatField(allow_null=True)
    slowest_step = serializers.CharField(allow_blank=True, help_text="Its key; empty when none was proved.")
    slowest_step_seconds = serializers.FloatField(allow_null=True)
    steps = serializers.IntegerField()
    waived = serializers.IntegerField()
    effects = EffectAnswer(many=True)


class FiguresView(View):
    @endpoint(FiguresAnswer, operation_id="playbooks_figures")
    def retrieve(self, code: str) -> Values:
        """Of a playbook that is in confidence nothing is counted."""
        if code not in PLAYBOOKS:
            raise Absent(f"There is no playbook {code[:20]}.")
        found = measure(self.person, code)
        slow = found.slowest
        return {
            "finished": found.finished,
            "closed_otherwise": found.others,
            "cut": found.cut,
            "cycle_seconds_median": seconds(found.median),
            "cycle_seconds_p90": seconds(found.p90),
            "slowest_step": slow.step.key if slow else "",
            "slowest_step_seconds": seconds(slow.takes if slow else None),
            "steps": found.steps,
            "waived": found.waived,
            "effects": [
                {"trigger": each.trigger.pk, "before": each.before, "after": each.after, "days": each.days}
                for each in found.effects
                if access.can(self.person, "event.view", each.trigger)
            ],
        }


def seconds(time: timedelta | None) -> float | None:
    return None if time is None else time.total_seconds()
