"""The small parts of pages, as tags and filters that every template has without `{% load %}`.

What stands in every row of a table is written here, because an `{% include %}` costs three times as much.
What is larger than a line is a template in `templates/_components/`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from django import template
from django.forms import BoundField, widgets
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from governance import glossary, inbox
from governance.markup import codes, filled
from governance.models.jobs import may_look
from governance.origin import origin
from governance.sentences import named
from governance.templatetags import files, prose, words

register = template.Library()

SHAPES = {"good": "good", "warn": "warn", "blocked": "blocked", "info": "info", "neutral": "neutral"}
# A version's state, which is worked out and never stored: its colour, its shape and its word.
STATES = {
    "draft": ("neutral", "neutral", "Draft"),
    "checking": ("info", "running", "Checking"),
    "blocked": ("blocked", "blocked", "Blocked"),
    "ready": ("good", "good", "Ready"),
    "released": ("good", "good", "Released"),
}
SEVERITIES = {"critical": "blocked", "high": "blocked", "medium": "warn", "low": "info", "info": "neutral"}
EXPLAINED_BADGE = (
    '<a class="{} explained" data-state="{}" href="/help/#{}" aria-description="{}">{}<span>{}</span></a>'
)
EXPLAINED = '<a class="explained" href="/help/#{}" aria-description="{}">{}</a>'
NAMED_AVATAR = '<span class="avatar" role="img" aria-label="{0}" title="{0}">{1}</span>'
DAY = '<li class="day">{}</li>'
HAPPENED = '<li data-state="{}"><time datetime="{}" title="{}">{}</time>{}<div><p>{}</p>{}</div></li>'
COPY = '<button class="icon-button copy" type="button" data-copy="{}" aria-label="Copy {}">{}</button>'
CONTROLS: tuple[tuple[type[widgets.Widget], str], ...] = (
    (widgets.ClearableFileInput, "file"),
    (widgets.FileInput, "file"),
    (widgets.CheckboxSelectMultiple, "choices"),
    (widgets.RadioSelect, "choices"),
    (widgets.CheckboxInput, "check"),
    (widgets.Select, "select"),
    (widgets.Textarea, "area"),
)


# ------------------------------------------------------------------ shapes


@register.simple_tag(name="static")
@cache
def static_file(name: str) -> str:
    """`{% static "steward/icons.svg" %}`: its address, which lasts as long as the server."""
    return static(name)


def sprite() -> str:
    return static_file("steward/icons.svg")


@cache
def shape_of(name: str, kind: str) -> SafeString:
    """Kept, because a list shows the same few hundreds of times: both words are ours, never a person's."""
    svg = '<svg class="{0}" width="{1}" height="{1}" aria-hidden="true"><use href="{2}#i-{3}"/></svg>'
    return format_html(svg, kind, pixels(kind), sprite(), name)


def pixels(kind: str) -> int:
    """Its size without a stylesheet, too: else it would be as large as the window."""
    return 24 if "large" in kind else 16


@register.simple_tag
def icon(name: str, size: str = "", words: str = "") -> SafeString:
    """`{% icon "good" %}`; `size="large"` is 24 px; `words` says it to those who do not see it."""
    kind = f"icon {size}" if size else "icon"
    if not words:
        return shape_of(name, kind)
    svg = (
        '<svg class="{0}" width="{1}" height="{1}" role="img" aria-label="{2}"><use href="{3}#i-{4}"/></svg>'
    )
    return format_html(svg, kind, pixels(kind), words, sprite(), name)


@register.simple_tag
def badge(state: str, word: Any, boxed: bool = False, shape: str = "", means: str | None = "") -> SafeString:
    """`{% badge "blocked" "2 high" means="High" %}`: a shape and a word.

    States are good, warn, blocked, info and neutral.
    What the glossary explains, by the word or by `means`, says what it means on hover and on focus; not with
    None, for rows that hold other links.
    """
    mark = icon(shape or SHAPES.get(state, "neutral"))
    kind = "badge boxed" if boxed else "badge"
    known = str(word) if means == "" else means
    group, said = glossary.of_badge(known) if known else ("", "")
    if known is None or not said:
        return filled('<span class="{}" data-state="{}">{}<span>{}</span></span>', kind, state, mark, word)
    where = glossary.anchor(group, known)
    return filled(EXPLAINED_BADGE, kind, state, where, said, mark, word)


@register.simple_tag
def explained(group: str, word: str, shown: str = "") -> SafeString | str:
    """`{% explained "rule" "four_eyes" %}`: a word that says what it means, on hover and on focus."""
    said = glossary.meaning(group, word)
    where = glossary.anchor(group, word)
    return filled(EXPLAINED, where, said, shown or word) if said else shown or word


@register.simple_tag
def state(name: str, boxed: bool = False, word: Any = "", plain: bool = False) -> SafeString:
    """`{% state version.state boxed=True %}`: the badge of draft, checking, blocked, ready, released."""
    colour, shape, usual = STATES.get(name, ("neutral", "neutral", name.capitalize()))
    return badge(colour, word or usual, boxed, shape, None if plain else usual)


@register.simple_tag
def severity(name: str, word: Any = "") -> SafeString:
    """`{% severity finding.severity %}`: critical and high block, medium warns."""
    return badge(SEVERITIES.get(name, "neutral"), word or name.capitalize(), means=name.capitalize())


@register.simple_tag
def alias(name: str, protected: bool = False) -> SafeString:
    """`{% alias "production" protected=True %}`: a key says that it has a gate."""
    key = icon("key", words="protected") if protected else ""
    return format_html('<span class="alias">{}{}</span>', key, name)


@register.simple_tag
def avatar(user: Any, words_too: bool = False) -> SafeString:
    """`{% avatar user %}`: initials beside a name; `words_too` says the name where none stands."""
    name = str(user)
    if words_too:
        return filled(NAMED_AVATAR, name, words.initials(name))
    return filled('<span class="avatar" aria-hidden="true">{}</span>', words.initials(name))


@register.simple_tag
def person(user: Any, url: str = "") -> SafeString:
    """`{% person user %}`: initials and name, a link when `url` is given."""
    name = str(user)
    mark = avatar(name)
    said = format_html('<a href="{}">{}</a>', url, name) if url else name
    return format_html('<span class="person">{}<span>{}</span></span>', mark, said)


@register.simple_tag
def when(value: datetime | None, absent: str = "never") -> SafeString | str:
    """`{% when version.created_at %}`: relative words, the whole moment on hover and for machines."""
    if value is None:
        return absent
    said, whole = words.ago(value, timezone.now()), words.moment(value)
    # Nothing of this comes from a person, and escaping costs more than all the rest.
    return mark_safe(f'<time datetime="{value.isoformat()}" title="{whole}">{said}</time>')  # noqa: S308


@register.simple_tag
def digest(value: str, copy: bool = False, name: str = "SHA-256") -> SafeString:
    """`{% digest version.digest copy=True %}`: eight digits to compare, all of them to copy."""
    if not value:
        return format_html('<span class="faint">{}</span>', "none yet")
    code = format_html('<code class="digest" title="{}">{}</code>', value, words.short(value))
    if not copy:
        return code
    button = format_html(COPY, value, f"the whole {name}", icon("copy"))
    return format_html('<span class="digest-copy">{}{}</span>', code, button)


@register.simple_tag
def timeline_rows(items: Iterable[Mapping[str, Any]], days: Any = None) -> SafeString:
    """What happened, as `_components/timeline.html` takes it: a template asks each row a dozen questions."""
    now, said = timezone.now(), ""
    rows: list[str] = []
    for item in items:
        day = words.day(item["at"], now)
        if days is not False and day != said:
            rows.append(filled(DAY, day))
        said = day
        rows.append(happened(item))
    return SafeString("".join(rows))


def happened(item: Mapping[str, Any]) -> SafeString:
    at, state, told, meta = item["at"], item.get("state") or "neutral", item["sentence"], item.get("meta")
    local = SafeString(f"{timezone.localtime(at):%H:%M}")
    if href := item.get("href"):
        told = filled('<a href="{}">{}</a>', href, told)
    below = filled('<p class="meta">{}</p>', meta) if meta else ""
    mark = icon(item.get("icon") or state)
    return filled(HAPPENED, state, at.isoformat(), words.moment(at), local, mark, told, below)


# ------------------------------------------------------------------ frame


@register.simple_tag(takes_context=True)
def signed_in(context: Context) -> bool:
    """Whether the page has its navigation. From status 500 on nobody is asked: the database may be away."""
    problem = context.get("problem")
    if problem is not None and problem.status >= 500:
        return False
    user = context.get("user")
    return bool(user and user.is_authenticated)


@register.simple_tag
def request_id() -> str:
    """What the log calls this request: on the page of a failure, so that both can be brought together."""
    return origin.get().request_id


@register.simple_tag(takes_context=True)
def sees_jobs(context: Context) -> bool:
    """Whether the navigation leads to the jobs."""
    return may_look(context["user"])


@register.simple_tag(takes_context=True)
def unread(context: Context) -> str:
    """How many messages wait to be read; counted once for a page."""
    request = context["request"]
    if not hasattr(request, "unread"):
        request.unread = inbox.unread_count(request.user)
    return str(request.unread)


@register.simple_tag(takes_context=True)
def entry(context: Context, name: str, shape: str, word: str, count: str | None = None) -> SafeString | str:
    """An entry of the side navigation. Current when the page lies below it, or says so by `section`."""
    address = address_of(name)
    if not address:
        return ""
    path = context["request"].path if "request" in context else ""
    section = context.get("section") or ""
    below = path == address if address == "/" else path.startswith(address)
    current = name.endswith(f":{section}") if section else below
    mark = SafeString(' aria-current="page"' if current else "")
    waiting = "" if count is None else counted(shape, count)
    return filled('<li><a href="{}"{}>{}{}{}</a></li>', address, mark, icon(shape), word, waiting)


@cache
def address_of(name: str) -> str:
    """Where an entry of the navigation leads; nowhere where there is no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def counted(shape: str, count: str) -> SafeString:
    return render_to_string("_components/count.html", {"shape": shape, "count": count})


@register.inclusion_tag("_components/button.html", takes_context=True)
def button(
    context: Context,
    word: str,
    href: str = "",
    post: str = "",
    kind: str = "",
    shape: str = "",
    closed: str = "",
    name: str = "",
    value: str = "",
) -> dict[str, Any]:
    """One action. `href` is a link, `post` a form of its own, neither a submit button of the form around it.

    `kind` is primary, danger or plain. `closed` is the sentence that says why it may not be pressed.
    """
    return {
        "word": word, "href": href, "post": post, "kind": kind, "shape": shape, "closed": closed,
        "name": name, "value": value,
    }  # fmt: skip


@register.inclusion_tag("_components/sort.html", takes_context=True)
def sort(context: Context, key: str, word: str, right: bool = False, default: str = "") -> dict[str, Any]:
    """The head of a column that sorts; other filters stay: `{% sort "name" "Model" default="-changed" %}`."""
    query = context["request"].GET.copy()
    asked = query.get("sort") or default
    query.pop("cursor", None)
    query["sort"] = f"-{key}" if asked == key else key
    order = {key: "ascending", f"-{key}": "descending"}.get(asked, "")
    return {"query": query.urlencode(), "word": word, "order": order, "right": right}


ACCOUNT = {
    "Profile": "governance:profile",
    "Password": "account_change_password",
    "Second factor": "governance:security",
    "Sessions": "governance:sessions",
    "Tokens": "governance:tokens",
    "Notifications": "governance:inbox_settings",
}


@register.inclusion_tag("_components/account_tabs.html")
def account_tabs(current: str) -> dict[str, Any]:
    """The parts of one's own account, as tabs: `{% account_tabs "Profile" %}`."""
    return {"current": current, "tabs": [(word, reverse(name)) for word, name in ACCOUNT.items()]}


# ------------------------------------------------------------------ forms


def kind_of(field: BoundField) -> str:
    """Which of the few controls a widget looks like; anything typed is `input`."""
    return next((kind for widget, kind in CONTROLS if isinstance(field.field.widget, widget)), "input")


@register.filter
def control_kind(field: BoundField) -> str:
    return kind_of(field)


@register.simple_tag
def control(field: BoundField, **attrs: str) -> SafeString:
    """The widget of a form field in our look; Django itself adds what it must say to a screen reader."""
    kind = kind_of(field)
    classes = [kind, field.field.widget.attrs.get("class", "")]
    usual = {} if kind in ("check", "choices") else {"class": " ".join(filter(None, classes))}
    if field.field.widget.attrs.get("placeholder") == field.label:
        usual["placeholder"] = ""
    given = {name.replace("_", "-"): value for name, value in attrs.items()}
    return field.as_widget(attrs={**usual, **given})


# ------------------------------------------------------------------ filters

register.filter("bytes", lambda value: "" if value is None else words.size(int(value)))
register.filter("ago", lambda value: words.ago(value, timezone.now()) if value else "never")
register.filter("moment", lambda value: words.moment(value) if value else "")
register.filter("day", lambda value: words.day(value, timezone.now()))
register.filter("short", words.short)
register.filter("named", named)
register.filter("span", words.span)
register.filter("initials", lambda value: words.initials(str(value)))
register.filter("grouped", lambda value: f"{int(value):,}")
register.filter("counted", lambda value, one: words.counted(int(value), *one.split("|")))
register.filter("markdown", lambda value: prose.markdown(str(value or "")))
register.filter("codes", codes)
register.filter("tree", files.tree)
register.filter("colour", lambda name: STATES.get(name, (name, name, ""))[0])
register.filter("mark", lambda name: STATES.get(name, (name, name, ""))[1])
