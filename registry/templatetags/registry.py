"""Addresses of artifacts and versions, and the row of a list, for the registry's templates."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Any

from django import template
from django.utils.safestring import SafeString

from governance.markup import filled
from governance.templatetags import steward
from registry.models import Artifact, Version
from registry.presenting import addresses
from registry.presenting.listing import Row

register = template.Library()

ROW = (
    '<tr><td class="lead"><input class="tick" type="checkbox" form="several" name="artifact" value="{pk}"'
    '{ticked} aria-label="Choose {name}"> '
    '<a class="name" href="{href}"><span class="team">{team} /</span> {name}</a>'
    '<span class="sub">{about}</span></td><td class="state">{version}</td>'
    '<td class="findings">{findings}</td>'
    '<td class="right production" data-label="production">{production}</td>'
    '<td class="right metric">{metric}</td><td class="drop">{owner}</td>'
    '<td class="right end when">{changed}</td></tr>'
)
CHECKED = SafeString(" checked")
VERSION = '{}<span class="sub"><a href="{}">version {}</a></span>'


@register.simple_tag
def address(thing: Artifact | Version, page: str = "", **more: Any) -> str:
    """`{% address version "upload" %}`: a page of an artifact or a version; its own without a name."""
    if isinstance(thing, Version):
        return addresses.of_version(thing, page or "version", **more)
    return addresses.of_artifact(thing, page or "artifact", **more)


CHANGES = {"added": "+", "new": "+", "removed": "\u2212", "gone": "\u2212", "changed": "±"}


@register.simple_tag
def change(what: str) -> SafeString:
    """`{% change "added" %}`: a sign and a word."""
    return filled('<span class="change"><span aria-hidden="true">{}</span> {}</span>', CHANGES[what], what)


@register.simple_tag
def artifact_rows(rows: Iterable[Row], ticked: Container[int]) -> SafeString:
    """The rows of a list, of which some are ticked. Fifty of them as nodes of a template take longer than all
    the rest of the page."""
    return SafeString("\n".join(artifact_row(row, row.artifact.pk in ticked) for row in rows))


def artifact_row(row: Row, ticked: bool) -> SafeString:
    artifact, owner = row.artifact, row.artifact.owner
    return filled(
        ROW,
        pk=artifact.pk,
        ticked=CHECKED if ticked else "",
        href=row.href,
        team=artifact.team__slug,
        name=artifact.name,
        about=row.about,
        version=newest(row),
        findings=row.findings,
        production=production(row),
        metric=filled('<b>{1}</b><span class="sub">{0}</span>', *row.metric) if row.metric else "",
        owner=steward.avatar(owner, words_too=True),
        changed=steward.when(artifact.updated_at),
    )


def newest(row: Row) -> SafeString:
    if row.version is None:
        return filled(
            '<span class="faint">{}</span>', "restricted" if row.artifact.restricted else "no version yet"
        )
    return filled(
        VERSION, steward.state(row.state, word=row.word, plain=True), row.to(row.version), row.version
    )


def production(row: Row) -> SafeString:
    if row.production is None:
        return filled('<span class="faint">{}</span>', "none")
    return filled('<a href="{}">{}</a>', row.to(row.production), row.production)
