"""The checks themselves: what each looks for, and by which code and lists it judges."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from governance.api.base import View, endpoint, in_path
from governance.errors import Absent
from registry.checks import CHECKS
from registry.presenting import checks

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


class EnginesAnswer(serializers.Serializer[Any]):
    results = EngineAnswer(many=True)


class EngineView(View):
    @endpoint(EnginesAnswer, operation_id="checks_list")
    def every(self) -> dict[str, Any]:
        """Every check of this installation."""
        return {"results": checks.all_checks()}

    @endpoint(EngineAnswer, problems=(404,))
    def retrieve(self, check: str) -> dict[str, Any]:
        """One check."""
        if check not in CHECKS:
            raise Absent("There is no check of this name.")
        return checks.described(CHECKS[check])
