"""Form fields and events, as tags that every template has: as nodes of a template they take most of a page's
time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from governance.markup import filled
from governance.templatetags import steward, words

register = template.Library()

FIELD = '<div class="field">{label}{control}{help}{errors}</div>'
CHOICE = (
    '<div class="field"><div class="choice">{control}<span><label for="{name}">{label}</label>{help}</span>'
    "</div>{errors}</div>"
)
CHOICES = (
    '<fieldset class="field"{described}><legend>{label}{optional}</legend>{help}{choices}{errors}</fieldset>'
)
FOLD = (
    '<details class="folded"{opened}><summary>{said}{turn}</summary>'
    '<div class="{kind}">{inside}</div></details>'
)
MANY = 12  # more choices than these are folded
OPTIONAL = SafeString(' <span class="optional">optional</span>')
EVENT = (
    '<li id="event-{pk}" data-state="{state}"{refused}><time datetime="{iso}" title="{moment}">{time}</time>'
    "{mark}<div><p>{sentence}</p>{why}\n<details><summary>Event {number}{token}{turn}</summary>"
    '<dl class="kv wide">'
    "<dt>Action</dt><dd><code>{action}</code>, {outcome}</dd><dt>About</dt><dd>{subject}</dd>{digest}"
    "<dt>When</dt><dd>{moment}</dd><dt>By</dt><dd>{actor}{address}</dd>{request}{before}{after}</dl></details>"
    "</div></li>"
)


# ------------------------------------------------------------------ fields


@register.simple_tag
def drawn_fields(form: BaseForm) -> SafeString:
    """Every visible field of a form; those that are rarely needed in a fold, open when one is filled."""
    names: tuple[str, ...] = getattr(form, "rare", ())
    rare = [form[name] for name in names]
    usual = [each for each in form.visible_fields() if each.name not in names]
    drawn = SafeString("".join(map(drawn_field, usual)))
    if not rare:
        return drawn
    opened = any(each.errors or each.value() for each in rare)
    inside = SafeString("".join(map(drawn_field, rare)))
    return drawn + fold("Rarely needed", inside, kind="fields", opened=opened)


def fold(said: str, inside: SafeString, *, kind: str, opened: bool) -> SafeString:
    return filled(
        FOLD,
        opened=SafeString(" open") if opened else "",
        said=said,
        turn=steward.icon("right", "turn"),
        kind=kind,
        inside=inside,
    )


@register.simple_tag
def drawn_field(field: BoundField, label: str = "", help_text: str = "") -> SafeString:
    """A label above, the control, help below; what is wrong under it."""
    kind, said = steward.kind_of(field), label or field.label
    help_text = help_text or str(field.help_text)
    if kind == "check":
        return filled(
            CHOICE,
            control=steward.control(field),
            name=field.id_for_label,
            label=said,
            help=below("span", field, help_text),
            errors=errors(field),
        )
    optional = "" if field.field.required else OPTIONAL
    if kind == "choices":
        return filled(
            CHOICES,
            described=filled(' aria-describedby="{}"', by) if (by := field.aria_describedby) else "",
            label=said,
            optional=optional,
            help=below("div", field, help_text),
            choices=choices(field),
            errors=errors(field),
        )
    control = steward.control(field)
    if kind == "select":
        control = filled('<span class="select-wrap">{}{}</span>', control, steward.icon("down"))
    return filled(
        FIELD,
        label=filled('<label for="{}">{}{}</label>', field.id_for_label, said, optional),
        control=control,
        help=below("div", field, help_text),
        errors=errors(field),
    )


def choices(field: BoundField) -> SafeString:
    """All of them, or how many are ticked and a fold that holds them."""
    drawn = SafeString("".join(map(choice, field)))
    if (count := len(field)) <= MANY:
        return filled('<div class="choices">{}</div>', drawn)
    ticked = len(field.value() or ())
    said = f"{ticked or 'None'} of {count}"
    return fold(said, drawn, kind="choices", opened=bool(ticked or field.errors))


def choice(one: Any) -> SafeString:
    return filled(
        '<div class="choice">{}<label for="{}">{}</label></div>',
        one.tag(),
        one.id_for_label,
        one.choice_label,
    )


def below(tag: str, field: BoundField, text: str) -> SafeString | str:
    """Help, where `aria-describedby` looks for it."""
    return filled('<{0} class="help" id="{1}_helptext">{2}</{0}>', tag, field.auto_id, text) if text else ""


def errors(field: BoundField) -> str:
    return render_to_string("_components/field_errors.html", {"field": field}) if field.errors else ""


# ------------------------------------------------------------------ the trail


@register.simple_tag
def trail_rows(items: Iterable[Mapping[str, Any]]) -> SafeString:
    """What happened or was refused, newest first, under the heads of their days; each with what it says when
    it is unfolded."""
    now, said = timezone.now(), ""
    rows: list[str] = []
    for item in items:
        day = words.day(item["at"], now)
        if day != said:
            rows.append(filled(steward.DAY, day))
        said = day
        rows.append(event(item))
    return SafeString("\n".join(rows))


def event(item: Mapping[str, Any]) -> SafeString:
    event, refused = item["event"], item["event"].outcome == "refused"
    why = item["meta"] if refused or not item["meta"] else f"“{item['meta']}”"
    return filled(
        EVENT,
        pk=event.pk,
        state=item["state"],
        refused=SafeString(' class="refused"') if refused else "",
        iso=item["at"].isoformat(),
        moment=words.moment(item["at"]),
        time=f"{timezone.localtime(item['at']):%H:%M}",
        mark=steward.icon(item["icon"]),
        sentence=item["sentence"],
        why=filled('<p class="why">{}</p>', why) if why else "",
        number=f"{event.pk:,}",
        token=f", with token {event.token}" if event.token else "",
        turn=steward.icon("right", "turn"),
        action=event.action,
        outcome=event.outcome,
        subject=event.subject,
        digest=pair("Digest", steward.digest(event.digest, copy=True)) if event.digest else "",
        actor=event.actor or "nobody who had signed in",
        address=f" from {event.address}" if event.address else "",
        request=pair("Request", filled("<code>{}</code>", event.request_id)) if event.request_id else "",
        before=pair("Before", filled("<pre>{}</pre>", item["before"])) if item["before"] else "",
        after=pair("After", filled("<pre>{}</pre>", item["after"])) if item["after"] else "",
    )


def pair(word: str, value: SafeString) -> SafeString:
    return filled("<dt>{}</dt><dd>{}</dd>", word, value)
