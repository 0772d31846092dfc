"""The checks themselves: what each looks for, and by which code and lists it judges."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from governance import access
from governance.api.base import View, endpoint, in_path
from governance.errors import Absent
from governance.models import Team
from registry import judging
from registry.checks import CHECKS
from registry.presenting import checks
from registry.presenting.judged import judged_row
from registry.quality import Quality
from registry.records import KINDS
from registry.thresholds import of_check

in_path("check", "The check's name.", pattern="[a-z0-9_]{1,60}")


class EngineAnswer(serializers.Serializer[Any]):
    name = serializers.CharField()
    looks_for = serializers.CharField()
    about = serializers.ListField(child=serializers.CharField())
    kinds = serializers.ListField(child=serializers.ChoiceField(["model", "dataset", "asset"]))
    may_be_spared = serializers.BooleanField(help_text="Whether a team's gate may do without it.")
    since = serializers.DateField()
    engine = serializers.CharField(help_text="Digest of its code: another one has every file judged again.")
    lists = serializers.CharField(allow_blank=True, help_text="Digest of its lists of names.")
    libraries = serializers.ListField(child=serializers.CharField())
    timeout = serializers.IntegerField(help_text="Seconds a file.")
    memory = serializers.IntegerField(help_text="Bytes beyond what an idle child has.")
    sandbox = serializers.ChoiceField(["full", "minimum", "none"], help_text="The level it runs at here.")


class ThresholdAnswer(serializers.Serializer[Any]):
    key = serializers.CharField(help_text="By which a team sets it, with its gates.")
    said = serializers.CharField()
    usual = serializers.FloatField()
    least = serializers.FloatField()
    most = serializers.FloatField()
    looser = serializers.ChoiceField(["up", "down"], help_text="Which way fewer findings lie.")


class QualityAnswer(serializers.Serializer[Any]):
    name = serializers.CharField()
    term = serializers.CharField()
    formula = serializers.CharField(help_text="With the usual thresholds.")
    source = serializers.CharField()  # type: ignore[assignment]  # a field
    about = serializers.ChoiceField(
        ["table", "folders", "evidence", "team", "operation", "knowledge", "process"]
    )
    reads = serializers.ListField(
        child=serializers.ChoiceField(list(KINDS)), help_text="The kinds of records that it looks at."
    )
    thresholds = ThresholdAnswer(many=True)


class EnginesAnswer(serializers.Serializer[Any]):
    results = EngineAnswer(many=True)
    quality = QualityAnswer(many=True, help_text="Worked out from what was measured or declared.")


class TeamCheckAnswer(serializers.Serializer[Any]):
    check = serializers.CharField()
    verdict = serializers.CharField(help_text="The gravest severity, Nothing found, or Not evaluated.")
    said = serializers.ListField(child=serializers.CharField())


class TeamChecksAnswer(serializers.Serializer[Any]):
    results = TeamCheckAnswer(many=True)


class TeamChecksView(View):
    @endpoint(TeamChecksAnswer, operation_id="teams_checks_list")
    def every(self, team: str) -> dict[str, Any]:
        """What the checks about teams say of one now: owners, access, silos. For who reads its trail."""
        found = Team.objects.filter(slug=team, pk__in=access.teams(self.person, "event.view")).first()
        if found is None:
            raise Absent(f"There is no team {team} whose trail you read.")
        rows = [judged_row(each) for each in judging.of_team(found)]
        return {"results": [{"check": row.check.name, "verdict": row.word, "said": row.said} for row in rows]}


class EngineView(View):
    @endpoint(EnginesAnswer, operation_id="checks_list")
    def every(self) -> dict[str, Any]:
        """Every check of this installation."""
        return {"results": checks.all_checks(), "quality": [*map(quality, checks.all_quality())]}

    @endpoint(EngineAnswer, problems=(404,))
    def retrieve(self, check: str) -> dict[str, Any]:
        """One check."""
        if check not in CHECKS:
            raise Absent("There is no check of this name.")
        return checks.described(CHECKS[check])


def quality(check: Quality) -> dict[str, Any]:
    known = {name: getattr(check, name) for name in ("name", "term", "formula", "source", "about", "reads")}
    names = ("key", "said", "usual", "least", "most", "looser")
    return {
        **known,
        "thresholds": [{name: getattr(each, name) for name in names} for each in of_check(check.name)],
    }
