"""Locked sign-ins, for the site administrator."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from governance import actions
from governance.api.base import WRITES, Paged, View, endpoint
from governance.errors import Absent
from governance.models import Tries


class LockAnswer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(["name", "address"])
    username = serializers.CharField(allow_null=True, help_text="Null when nobody has the name.")
    address = serializers.CharField(help_text="The address, or where the last try for the name came from.")
    wrong = serializers.IntegerField(help_text="How many wrong passwords and codes.")
    since = serializers.DateTimeField()
    until = serializers.DateTimeField()


class LockView(View):
    search_fields = ("user__username", "address")

    @endpoint(LockAnswer(many=True), query=Paged)
    def list(self) -> dict[str, Any]:
        """What is locked now: all for the site administrator, nothing for others."""
        return self.listed(Tries.objects.visible_to(self.person).select_related("user"), "-pk", answer)

    @endpoint(status=204, problems=WRITES)
    def destroy(self, pk: int) -> None:
        """Lift a lock. Only the site administrator may."""
        tries = Tries.objects.visible_to(self.person).select_related("user").filter(pk=pk).first()
        if tries is None:
            raise Absent("There is no such lock that you may see.")
        actions.lift_lock(tries, by=self.person)


def answer(tries: Tries) -> dict[str, Any]:
    return {
        "id": tries.pk,
        "kind": tries.kind,
        "username": tries.user.username if tries.user else None,
        "address": tries.address if tries.kind == "name" else tries.key,
        "wrong": tries.wrong,
        "since": tries.first_at,
        "until": tries.until,
    }
