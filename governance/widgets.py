"""How form fields are drawn: the commonest ones written out, the others by Django's templates.

An input by its templates takes a thousand calls, a list's page has five of them, and together they took a
third of it. What comes out is the same, to the letter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.safestring import SafeString

from governance.markup import filled

Widget = Mapping[str, Any]
"""What Django tells a widget's template."""


class Renderer(DjangoTemplates):
    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        write = WRITTEN.get(template_name.removeprefix("django/forms/widgets/"))
        return write(context["widget"]) if write else super().render(template_name, context, request)


def attributes(widget: Widget) -> SafeString:
    given = widget["attrs"].items()
    return SafeString("".join(attribute(name, value) for name, value in given if value is not False))


def attribute(name: str, value: object) -> SafeString:
    return filled(" {}", name) if value is True else filled(' {}="{}"', name, value)


def one_line(widget: Widget) -> SafeString:
    value = "" if widget["value"] is None else attribute("value", widget["value"])
    return filled(
        '<input type="{}" name="{}"{}{}>', widget["type"], widget["name"], value, attributes(widget)
    )


def one_of_several(widget: Widget) -> SafeString:
    control = one_line(widget)
    if not widget["wrap_label"]:
        return control
    about = attribute("for", name) if (name := widget["attrs"].get("id")) else ""
    return filled("<label{}>{} {}</label>", about, control, widget["label"])


def select(widget: Widget) -> SafeString:
    groups = SafeString("".join(group(name, options) for name, options, _ in widget["optgroups"]))
    return filled('<select name="{}"{}>{}\n</select>', widget["name"], attributes(widget), groups)


def group(name: str | None, options: list[Widget]) -> SafeString:
    inside = SafeString("".join(map(option, options)))
    if not name:
        return inside
    return filled('\n  <optgroup label="{}">{}\n  </optgroup>', name, inside)


def option(widget: Widget) -> SafeString:
    markup = '\n  <option value="{}"{}>{}</option>\n'
    return filled(markup, widget["value"], attributes(widget), widget["label"])


WRITTEN: dict[str, Callable[[Widget], SafeString]] = {
    "checkbox.html": one_line,
    "checkbox_option.html": one_of_several,
    "date.html": one_line,
    "email.html": one_line,
    "hidden.html": one_line,
    "number.html": one_line,
    "password.html": one_line,
    "radio_option.html": one_of_several,
    "select.html": select,
    "text.html": one_line,
}
