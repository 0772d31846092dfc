"""Legal holds: set and released by stewards, never by the same one."""

from __future__ import annotations

from typing import Any

from governance.api.base import WRITES, Strict, Text, endpoint
from registry import actions
from registry.api import found
from registry.api.artifacts import ArtifactAnswer, whole
from registry.api.below import Below


class ReasonForm(Strict):
    reason = Text(max_length=2000)


class HoldView(Below):
    @endpoint(ArtifactAnswer, body=ReasonForm, problems=WRITES)
    def set_hold(self, kind: str, team: str, name: str) -> dict[str, Any]:
        """Put it on legal hold: nothing of it can be deleted until another steward releases it."""
        artifact = found.artifact(self.person, kind, team, name)
        actions.hold(artifact, reason=self.body["reason"], by=self.person)
        return whole(self.person, kind, team, name)

    @endpoint(ArtifactAnswer, body=ReasonForm, problems=WRITES)
    def release(self, kind: str, team: str, name: str) -> dict[str, Any]:
        """Release the legal hold that another steward has set."""
        artifact = found.artifact(self.person, kind, team, name)
        actions.release_hold(artifact, reason=self.body["reason"], by=self.person)
        return whole(self.person, kind, team, name)
