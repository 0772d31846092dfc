"""What is in a file, as a page shows it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from governance.api.base import endpoint
from governance.names import check_path
from registry import actions, previewing
from registry.api import found
from registry.api.below import Below
from registry.api.files import DownloadQuery


class PreviewAnswer(serializers.Serializer[Any]):
    path = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")
    sha256 = serializers.CharField()
    parts = serializers.ListField(
        child=serializers.DictField(),
        help_text="Each with its `kind`: said (text), values (rows), table (head, rows, said), lines (lines, "
        "label, first), prose (lines of Markdown), picture (type, data in base64 pieces, width, height).",
    )


class PreviewView(Below):
    @endpoint(PreviewAnswer, query=DownloadQuery, problems=(403,))
    def retrieve(self, kind: str, team: str, name: str, number: int, path: str) -> dict[str, Any]:
        """Look into a file without fetching it: made behind the sandbox's walls, stored nowhere. It takes the
        right to fetch the file."""
        version = found.version(self.person, kind, team, name, number)
        knows = self.query["acknowledge"] == "1"
        file = actions.preview(version, check_path(path), acknowledged=knows, by=self.person)
        about = {"path": file.path, "size": file.size, "sha256": file.sha256}
        return {**about, "parts": previewing.made(file)}
