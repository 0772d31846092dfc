"""Zips of Markdown in two steps, for programs: sent and read, then taken in by who has seen what is in it."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.response import Response

from governance import access
from governance.api.base import WRITES, Paged, Strict, Text, View, endpoint
from governance.api.people import find_team
from governance.errors import Absent, TooLarge
from kb import actions, archives
from kb.api.articles import ZIP
from kb.api.attachments import announced
from kb.models import Import
from kb.models.imports import CHANGED, LEFT, NEW, SAME
from registry import storage
from registry.receiving import discard

Values = dict[str, Any]
SHOWN = ("place", "path", "slug", "title", "what", "said")
BECOMES = (NEW, CHANGED, SAME, LEFT)


class ImportQuery(Strict):
    team = Text(max_length=60)
    name = Text(max_length=255, required=False, default="articles.zip")


class FilesQuery(Strict):
    what = serializers.ChoiceField(
        BECOMES, required=False, allow_blank=True, default="", help_text="Only what becomes this."
    )
    after = serializers.IntegerField(min_value=-1, required=False, default=-1, help_text="Behind this place.")
    size = serializers.IntegerField(min_value=1, max_value=500, required=False, default=100)


class StagedAnswer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    team = serializers.CharField()
    name = serializers.CharField()
    state = serializers.ChoiceField(
        ["reading", "refused", "read", "taking", "done"],
        help_text="read: it waits for your yes; refused: problem says why.",
    )
    problem = serializers.CharField(allow_blank=True)
    files = serializers.IntegerField(allow_null=True, help_text="How many are in it, once it is read.")
    taken = serializers.IntegerField(help_text="How many of them are done.")
    done = serializers.DictField(child=serializers.IntegerField(), help_text="How many became what.")
    at = serializers.DateTimeField()


class StagedFile(serializers.Serializer[Any]):
    place = serializers.IntegerField()
    path = serializers.CharField()
    slug = serializers.CharField(allow_blank=True)
    title = serializers.CharField(allow_blank=True)
    what = serializers.ChoiceField(BECOMES, help_text="left: it is left out, and said says why.")
    said = serializers.CharField(allow_blank=True)


class StagedFiles(serializers.Serializer[Any]):
    results = StagedFile(many=True)
    next = serializers.CharField(allow_null=True)


class ImportsView(View):
    """The body of what is sent is bytes, and nothing reads it as a document."""

    parser_classes = ()
    search_fields = ("name", "team__slug")

    @endpoint(StagedAnswer(many=True), query=Paged)
    def list(self) -> Values:
        """What you sent, the newest first. One that is not taken in is forgotten after seven days."""
        rows = Import.objects.visible_to(self.person).select_related("team").defer("plan")
        return self.listed(rows, "-pk", row)

    @endpoint(
        StagedAnswer,
        status=201,
        query=ImportQuery,
        body=None,
        problems=(*WRITES, 507),
        request={ZIP: OpenApiTypes.BINARY},
    )
    def create(self) -> Response:
        """Send a zip of Markdown files. A worker reads it; nothing is stored before you say so. It takes the
        place of one for the same team that you did not take in."""
        team, size = find_team(self.person, self.query["team"]), announced(self.request)
        access.check(self.person, "article.import", team)
        if size > archives.MOST_BYTES:
            raise TooLarge(f"A zip of articles has at most {archives.MOST_BYTES >> 20} MiB.")
        stored = storage.store(cast(BinaryIO, self.request._request), size)
        try:
            made = actions.send_import(team, self.query["name"], stored, by=self.person)
        except BaseException:
            discard(stored)
            raise
        return Response(row(made), status=201)


class ImportView(View):
    @endpoint(StagedAnswer)
    def retrieve(self, pk: int) -> Values:
        """How far one is."""
        return row(self.found(pk))

    @endpoint(StagedFiles, query=FilesQuery)
    def files(self, pk: int) -> Values:
        """What becomes of each file, in their order: once it is read what would, in the end what did."""
        entries = self.found(pk).entries(self.query["size"] + 1, self.query["what"], self.query["after"])
        shown = entries[: self.query["size"]]
        results = [{name: entry[name] for name in SHOWN} for entry in shown]
        return {
            "results": results,
            "next": self.behind(shown[-1]["place"]) if entries[len(shown) :] else None,
        }

    def behind(self, place: int) -> str:
        query = self.request.GET.copy()
        query["after"] = str(place)
        return self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode()}")

    @endpoint(StagedAnswer, problems=WRITES)
    def take(self, pk: int) -> Values:
        """Have what was read taken in. Nobody is overwritten who saved after it was read."""
        actions.take_import(self.found(pk), by=self.person)
        return row(self.found(pk))

    @endpoint(status=204, problems=WRITES)
    def destroy(self, pk: int) -> None:
        """Forget one that was not taken in."""
        actions.drop_import(self.found(pk))

    def found(self, pk: int) -> Import:
        rows = Import.objects.visible_to(self.person).select_related("team").defer("plan")
        found: Import | None = rows.filter(pk=pk).first()
        if found is None:
            raise Absent("There is no such zip that you sent: it is kept for seven days.")
        return found


def row(sent: Import) -> Values:
    return {
        "id": sent.pk,
        "team": sent.team.slug,
        "name": sent.name,
        "state": sent.state,
        "problem": sent.problem,
        "files": sent.files,
        "taken": sent.taken,
        "done": sent.done,
        "at": sent.at,
    }
