"""The columns of a profile. A hundred of them as nodes of a template take longer than all the rest of the
page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.safestring import SafeString

from governance.markup import filled
from governance.templatetags.steward import badge, icon
from registry.models import Version
from registry.presenting.profiles import ColumnRow

register = template.Library()

COLUMN = (
    '<li><details><summary><span class="what"><b>{name}</b><span class="sub">{type}{distinct}</span></span>'
    '<span class="shape">{spark}</span><span class="said">{said}{personal}</span>'
    '<span class="lacks">{share}<span class="sub">{missing} missing</span></span>{moved}{turn}</summary>\n'
    '<div class="unfolded">{unfolded}</div></details></li>'
)
CHART = '<figure class="chart"><figcaption><b>Distribution</b>{}</figcaption>{}</figure>'
SHARE = '<progress max="100" value="{}" aria-label="{}"></progress>'
VALUES = '<table class="table counts"><caption>Most frequent values</caption><tbody>{}</tbody></table>'
VALUE = '<tr><td>{}</td><td>{}</td><td class="right">{}</td><td class="right">{} %</td></tr>'
PERSONAL = '<p class="quiet">{}. Only counts and masks are kept of such values.</p>'
NOT_EVALUATED = '<p class="quiet">Drift is not evaluated: needs {}.</p>'


@register.simple_tag
def profile_columns(columns: Iterable[ColumnRow], other: Version | None) -> SafeString:
    """`{% profile_columns table.columns other %}`: `other` is the version that drift is told against."""
    turn = icon("right", "turn")
    return SafeString("".join(column(row, other, turn) for row in columns))


def column(row: ColumnRow, other: Version | None, turn: SafeString) -> SafeString:
    return filled(
        COLUMN,
        name=row.name,
        type=row.type,
        distinct=filled(", {} different", row.distinct) if row.distinct else "",
        spark=row.spark,
        said=row.said,
        personal=filled('<span class="sub">{}</span>', looks_personal()) if row.personal else "",
        share=filled(SHARE, row.share, "Missing") if row.share else "",
        missing=row.missing,
        moved=moved(row) if other else "",
        turn=turn,
        unfolded=SafeString("\n".join(filter(None, unfolded(row, other)))),
    )


def looks_personal() -> SafeString:
    return badge("warn", "Looks personal", means=None)


def moved(row: ColumnRow) -> SafeString:
    """How far it moved; a column that was not there before has not."""
    said: Any = SafeString('<span class="sub">new</span>')
    if row.drift:
        said = badge(row.drift_state, row.drift_word, means=None)
    return filled('<span class="moved">{}</span>', said)


def unfolded(row: ColumnRow, other: Version | None) -> Iterable[SafeString]:
    if row.chart:
        before = filled("<span>version {} dashed</span>", other.number) if other and row.other else ""
        yield filled(CHART, before, row.chart)
    if row.values:
        rows = (
            filled(VALUE, value, filled(SHARE, share, "Share"), held, share)
            for value, held, share in row.values
        )
        yield filled(VALUES, SafeString("".join(rows)))
    if row.facts:
        facts = SafeString("".join(filled("<dt>{}</dt><dd>{}</dd>", *fact) for fact in row.facts))
        yield filled('<dl class="kv wide">{}</dl>', facts)
    if row.personal:
        yield filled(PERSONAL, row.personal)
    if row.drift and row.drift.needs:
        yield filled(NOT_EVALUATED, row.drift.needs)
