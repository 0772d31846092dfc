"""Addresses of artifacts and versions, and the row of a list, for the registry's templates."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from typing import Any

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString

from governance.markup import filled, safe
from governance.templatetags import steward
from registry.checks.pickle_imports import PICKLESCAN
from registry.models import Artifact, Version
from registry.presenting import addresses
from registry.presenting.board import TO_DO, Card
from registry.presenting.contents import FindingRow
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
NUMBER = re.compile(r"[+\u2212-]?\d[\d,]*(\.\d+)?(e[+-]?\d+)?").fullmatch
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


# ------------------------------------------------------------------ findings

FINDING = (
    '<tr class="finding" id="finding-{pk}"><td>{severity}</td><td class="whole"><p>{message}</p>'
    '<span class="sub">Finding {pk}, {check}{waived}</span></td>'
    '<td class="whole where"><code>{path}</code>{place}</td><td class="end">{actions}</td></tr>'
)
WAIVE = '<a href="{}">Waive<span class="hide"> finding {}</span></a>'
OURS = '<a href="{}">It is ours<span class="hide">: finding {}</span></a>'
CARD = (
    '<tr>{tick}<td>{severity}</td><td class="lead whole"><a class="name" href="{href}">{message}</a>'
    '<span class="sub">{label}, <code>{path}</code>, {checks}</span>{note}</td>'
    '<td data-label="state">{state}</td>'
    '<td data-label="looks after it">{assignee}</td><td data-label="due">{due}</td></tr>'
)
TICK = '<td><input type="checkbox" name="findings" value="{0}"{1} aria-label="Choose finding {0}"></td>'


@register.simple_tag
def finding_rows(rows: Iterable[FindingRow]) -> SafeString:
    """The rows of a version's findings."""
    return SafeString("".join(map(finding_row, rows)))


def finding_row(row: FindingRow) -> SafeString:
    found: Any = row.finding
    return filled(
        FINDING,
        pk=found.pk,
        severity=steward.badge(row.state, row.word),
        message=found.message,
        check=steward.explained("check", found.check_name),
        waived=waived(found),
        path=found.path,
        place=sub(found.place) if found.place else "",
        actions=actions(row),
    )


def waived(found: Any) -> str:
    if found.waived_until:
        last = timezone.localtime(found.waived_until)
        return f", waived until {last.day} {last:%b %Y}"
    return ", a name that the team knows" if found.waived else ""


def actions(row: FindingRow) -> SafeString | str:
    """What one may do about it, or why nothing."""
    if row.waive is None:
        return ""
    if row.waive.closed:
        return filled('<span class="reason">{}</span>', row.waive.closed)
    ours = filled(OURS, row.name, row.finding.pk) if row.name else ""
    return filled('<span class="actions">{}{}</span>', filled(WAIVE, row.waive.href, row.finding.pk), ours)


def sub(text: object) -> SafeString:
    return filled('<span class="sub">{}</span>', text)


@register.simple_tag
def board_rows(cards: Iterable[Card], chosen: Container[str], acts: bool) -> SafeString:
    """The rows of the board; `acts`: whether one may choose some of them."""
    return SafeString("\n".join(board_row(card, card.key in chosen, acts) for card in cards))


def board_row(card: Card, ticked: bool, acts: bool) -> SafeString:
    found: Any = card.finding
    return filled(
        CARD,
        tick=filled(TICK, found.pk, CHECKED if ticked else "") if acts else "",
        severity=steward.severity(found.severity_word),
        href=card.href,
        message=found.message,
        label=found.version.label,
        path=found.path,
        checks=SafeString(" and ".join(map(engine, card.found_by))),
        note=sub(found.note) if found.note else "",
        state=steward.badge(card.colour, card.word),
        assignee=found.assignee_name or "nobody",
        due=due(card),
    )


def engine(name: str) -> str:
    """A check with what it means, or somebody else's scanner by its name."""
    return safe(name) if name == PICKLESCAN else steward.explained("check", name)


def due(card: Card) -> SafeString | str:
    about: Any = card.finding
    if card.state not in TO_DO:
        return filled('<span class="faint">found {}</span>', steward.when(about.since))
    if card.late:
        return filled(
            "{}{}", steward.badge("blocked", "Overdue"), sub(filled("since {}", steward.when(card.due)))
        )
    return steward.when(card.due) if card.due else ""


# ------------------------------------------------------------------ lists


@register.simple_tag
def cells(head: Sequence[str], rows: Sequence[Sequence[str]]) -> SafeString:
    """A table that a preview shows: columns of numbers stand to the right."""
    width = max(map(len, [head, *rows]))
    columns = [[row[place] for row in rows if place < len(row)] for place in range(width)]
    kinds = [' class="right"' if column and all(map(NUMBER, column)) else "" for column in columns]
    names = "".join(
        f'<th scope="col"{kind}>{safe(word)}</th>' for word, kind in zip(head, kinds, strict=False)
    )
    lines = (
        "".join(f"<td{kind}>{safe(value)}</td>" for value, kind in zip(row, kinds, strict=False))
        for row in rows
    )
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return SafeString(f"<thead><tr>{names}</tr></thead><tbody>{body}</tbody>")


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
