"""What lies below an artifact's address, which also goes by the names that the artifact had."""

from __future__ import annotations

from typing import Any

from rest_framework.response import Response

from governance.api.base import View
from governance.errors import Absent
from registry.api import found


class Below(View):
    """An old name is answered like the new one, at once and whatever the method: many clients do not follow
    a redirect with a body, or not at all. What is answered has the new label."""

    def handle_exception(self, error: Exception) -> Response:
        name = self.now_called() if isinstance(error, Absent) else ""
        if not name:
            return self.refused(error)
        self.kwargs["name"] = name
        try:
            answer: Response = getattr(self, self.action or "")(self.request, *self.args, **self.kwargs)
        except Exception as other:
            return self.refused(other)
        return answer

    def refused(self, error: Exception) -> Response:
        return super().handle_exception(error)

    def now_called(self) -> str:
        """What the artifact of this address is called by now, when that is something else."""
        asked: dict[str, Any] = self.kwargs
        if not {"kind", "team", "name"} <= asked.keys():
            return ""
        name = found.now_called(self.person, asked["kind"], asked["team"], asked["name"])
        return "" if name.lower() == asked["name"].lower() else name
