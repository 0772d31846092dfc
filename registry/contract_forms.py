"""A contract as a form: a row for each column of one table. What the form does not show stays as it was."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.utils.safestring import SafeString

from governance.errors import Problem
from governance.forms import Form
from governance.markup import filled
from governance.templatetags.steward import control
from governance.widgets import attributes
from registry.contracts.terms import NUMBERS
from registry.contracts.written import Unwritten, read

TYPES = ("integer", "number", "boolean", "date", "time", "text")
MOST_COLUMNS = 100
BLANK = 3
TABLE = "table"

Terms = dict[str, Any]


class PromiseForm(forms.Form):
    """What is promised of one column; without a name it is none."""

    use_required_attribute = False

    name = forms.CharField(label="Column", max_length=200, required=False, strip=False)
    type = forms.ChoiceField(label="Type", choices=[(each, each) for each in TYPES], initial="text")
    unit = forms.CharField(label="Unit", max_length=60, required=False)
    missing = forms.FloatField(
        label="Missing, at most, in percent", min_value=0, max_value=100, required=False
    )
    least = forms.CharField(label="Least", max_length=40, required=False)
    most = forms.CharField(label="Most", max_length=40, required=False)
    values = forms.CharField(label="Allowed values", max_length=20_000, required=False)
    unique = forms.BooleanField(label="A key", required=False)
    optional = forms.BooleanField(label="May be absent", required=False)

    def clean(self) -> None:
        """A bound of numbers is one."""
        said = self.cleaned_data
        for end in ("least", "most"):
            text, kind = said.get(end), said.get("type", "")
            if text and kind in NUMBERS and isinstance(value_of(text, kind), bool | str | None):
                self.add_error(end, "Enter a number.")

    def terms(self, before: Terms) -> Terms:
        """The column's terms; a pattern and a longest that it had, it keeps."""
        said = self.cleaned_data
        kind = said["type"]
        found: Terms = {"type": kind}
        if said["unit"]:
            found["unit"] = said["unit"]
        if said["missing"] is not None:
            found["missing"] = said["missing"] / 100
        for end in ("least", "most"):
            if said[end]:
                found[end] = value_of(said[end], kind)
        if said["values"].strip():
            found["values"] = [value_of(each, kind) for each in split(said["values"])]
        found |= {name: True for name in ("unique", "optional") if said[name]}
        kept: Terms = {
            name: before[name] for name in ("pattern", "longest") if name in before and kind == "text"
        }
        return {**found, **kept}


PROMISED = PromiseForm.base_fields


def told(name: str) -> SafeString:
    """What the control of a promise says in every row."""
    field = PROMISED[name]
    kind = {} if isinstance(field, forms.BooleanField) else {"class": CLASSES.get(name, "input")}
    return attributes({"attrs": {**field.widget.attrs, **kind, "aria-label": field.label}})


CLASSES = {"type": "select"}
TOLD = {name: told(name) for name in PROMISED}


def drawn(place: int, name: str, value: Any) -> SafeString:
    """One control as Django draws it, to the letter, in a tenth of the time."""
    field, called = PROMISED[name], f"form-{place}-{name}"
    about = SafeString(f'name="{called}"{{}}{TOLD[name]} id="id_{called}"')
    if isinstance(field, forms.ChoiceField):
        chosen = "".join(CHOICE.format(each, " selected" if each == value else "") for each in TYPES)
        return SafeString(f"<select {about.format('')}>{chosen}\n</select>")
    if isinstance(field, forms.BooleanField):
        return SafeString(f'<input type="checkbox" {about.format("")}{" checked" if value else ""}>')
    held = "" if value in (None, "") else filled(' value="{}"', value)
    return SafeString(f'<input type="{field.widget.input_type}" {about.format(held)}>')


CHOICE = '\n  <option value="{0}"{1}>{0}</option>\n'

Promises = forms.formset_factory(
    PromiseForm,
    extra=BLANK,
    max_num=MOST_COLUMNS + BLANK,
    absolute_max=MOST_COLUMNS + BLANK,
    validate_max=True,
)


class TableForm(Form):
    """What is promised of the whole table."""

    pattern = forms.CharField(
        label="Which tables",
        max_length=400,
        help_text="A pattern of their paths: * for all, or parts/*.csv. The first that fits holds.",
    )
    others = forms.BooleanField(label="No other columns", required=False)
    rows_least = forms.IntegerField(label="Rows, at least", min_value=0, max_value=10**12, required=False)
    rows_most = forms.IntegerField(label="Rows, at most", min_value=0, max_value=10**12, required=False)
    freshness_column = forms.CharField(
        label="Fresh by", max_length=200, required=False, help_text="A column of dates or times."
    )
    freshness_hours = forms.FloatField(
        label="Its newest is at most so many hours old", min_value=0, required=False
    )
    compatibility = forms.ChoiceField(
        label="Compatible with the version before",
        choices=[
            ("", "not asked for"),
            ("backward", "backward"),
            ("forward", "forward"),
            ("full", "both ways"),
        ],
        required=False,
    )
    upstream = forms.BooleanField(label="Says what it comes from", required=False)
    note = forms.CharField(label="Why", max_length=500, required=False, help_text="It stays on the record.")
    based_on = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def terms(self) -> Terms:
        said = self.cleaned_data
        found: Terms = {"others": "refused"} if said["others"] else {}
        rows = {end: said[f"rows_{end}"] for end in ("least", "most") if said[f"rows_{end}"] is not None}
        if rows:
            found["rows"] = rows
        if said["freshness_column"]:
            found["freshness"] = {"column": said["freshness_column"], "hours": said["freshness_hours"] or 0}
        if said["compatibility"]:
            found["compatibility"] = said["compatibility"]
        return {**found, "upstream": True} if said["upstream"] else found


class Editor:
    """Both forms about one table of a contract, filled from its terms."""

    def __init__(self, data: Any, terms: Terms | None, pattern: str, number: int) -> None:
        self.all = terms or {"tables": {}}
        tables = self.all["tables"]
        self.pattern = pattern if pattern in tables else next(iter(tables), "*")
        self.before: Terms = tables.get(self.pattern, {"columns": {}})
        self.patterns = list(tables)
        typed = {**table_as_typed(self.pattern, self.before), "based_on": number}
        self.table = TableForm(data, initial=typed, prefix=TABLE)
        self.columns = Promises(data, initial=list(columns_as_typed(self.before)))

    @property
    def rows(self) -> Iterator[list[SafeString]]:
        """The controls of each column. A hundred columns have nearly a thousand: what was typed is drawn by
        Django, which marks what is wrong, and what a form is filled with is written out."""
        if self.columns.is_bound:
            for form in self.columns:
                yield [control(field, aria_label=str(field.label)) for field in form]
            return
        blank: list[Terms] = [{}] * BLANK
        for place, values in enumerate([*(self.columns.initial or ()), *blank]):
            yield [drawn(place, name, values.get(name, field.initial)) for name, field in PROMISED.items()]

    @property
    def management(self) -> Any:
        """By a name of its own: a template that looks a name up in the formset draws all its forms first."""
        return self.columns.management_form

    @property
    def typed(self) -> Iterator[PromiseForm]:
        """The forms that were sent: only they can be wrong."""
        yield from self.columns if self.columns.is_bound else ()

    @property
    def labels(self) -> list[str]:
        return [str(field.label) for field in PROMISED.values()]

    @property
    def too_wide(self) -> bool:
        return len(self.before["columns"]) > MOST_COLUMNS

    @property
    def status(self) -> int:
        return 400 if self.columns.is_bound and not self.columns.is_valid() else self.table.status

    def sent(self, posted: bool, act: Callable[..., Any]) -> Any:
        """What the action answers, called with all terms and the note; nothing when it was not sent or is
        refused."""
        if not posted or not self.table.is_valid() or not self.columns.is_valid():
            return None
        try:
            said = self.table.cleaned_data
            return act(self.changed(), note=said["note"], based_on=said["based_on"])
        except Problem as problem:
            self.table.refuse(problem)
            return None

    def changed(self) -> Terms:
        """All tables of the contract, this one as it was typed and where it stood."""
        now = {**self.table.terms(), "columns": dict(self.promised())}
        kept = {name: self.before[name] for name in ("keys",) if name in self.before}
        pattern = self.table.cleaned_data["pattern"]
        tables = self.all["tables"] if self.pattern in self.all["tables"] else {self.pattern: self.before}
        renamed = {
            (pattern if each == self.pattern else each): {**kept, **now} if each == self.pattern else terms
            for each, terms in tables.items()
        }
        return {"tables": renamed}

    def promised(self) -> Iterator[tuple[str, Terms]]:
        for form in self.columns:
            name = form.cleaned_data.get("name", "")
            if name:
                yield name, form.terms(self.before["columns"].get(name, {}))


# ------------------------------------------------------------------ as it is typed


def columns_as_typed(table: Terms) -> Iterator[Terms]:
    for name, column in list(table["columns"].items())[:MOST_COLUMNS]:
        yield {
            **{each: column.get(each) for each in ("type", "unit", "least", "most", "unique", "optional")},
            "name": name,
            "missing": round(100 * column["missing"], 6) if "missing" in column else None,
            "values": joined(column.get("values", [])),
        }


def table_as_typed(pattern: str, table: Terms) -> Terms:
    rows, fresh = table.get("rows", {}), table.get("freshness", {})
    return {
        "pattern": pattern,
        "others": table.get("others") == "refused",
        "rows_least": rows.get("least"),
        "rows_most": rows.get("most"),
        "freshness_column": fresh.get("column"),
        "freshness_hours": fresh.get("hours"),
        "compatibility": table.get("compatibility", ""),
        "upstream": table.get("upstream", False),
    }


def joined(values: list[Any]) -> str:
    """With commas between them, as a line of a CSV."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(map(spoken, values))
    return line.getvalue()


def spoken(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def split(text: str) -> list[str]:
    return [each.strip() for line in csv.reader([text], skipinitialspace=True) for each in line]


def value_of(text: str, kind: str) -> Any:
    """A number or a truth where the column has these; what is none stays a text, which the contract
    refuses."""
    if kind not in (*NUMBERS, "boolean"):
        return text
    try:
        return read(text)
    except Unwritten:
        return text
