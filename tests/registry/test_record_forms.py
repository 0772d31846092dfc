"""Every kind of record can be declared by hand, field by field, and says the same as by a program."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from governance.errors import Invalid
from registry.forms.by_schema import SchemaForm, shown
from registry.models import Record
from registry.records import KINDS, checked
from tests.pages import said

Data = dict[str, Any]


def typed(value: Any, schema: Data) -> str:
    """How a person writes it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        names = list(dict.fromkeys(name for each in value for name in each))
        lines = [", ".join(shown(each.get(name, "")) for name in names) for each in value]
        return "\n".join([", ".join(names), *lines])
    if isinstance(value, list):
        return "\n".join(map(str, value))
    if isinstance(value, dict):
        numbers = "maxProperties" in schema and all(isinstance(each, int | float) for each in value.values())
        return "\n".join(f"{name} = {each}" for name, each in value.items()) if numbers else json.dumps(value)
    return str(value)


def filled(kind: str, **changes: str) -> dict[str, str]:
    """The example of a kind as it is typed into the form."""
    form = SchemaForm(kind=KINDS[kind])
    told = [part for part in form.parts if part.example is not None]
    found = {part.path: typed(part.example, part.schema) for part in told}
    return {"kind": kind, **found, **changes}


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_of_every_kind_can_be_typed(kind: str) -> None:
    form = SchemaForm(filled(kind), kind=KINDS[kind])

    assert form.errors == {}
    assert checked(KINDS[kind], form.cleaned_data["data"]) == checked(KINDS[kind], KINDS[kind].example)


@pytest.mark.parametrize("kind", KINDS)
def test_what_an_example_does_not_say_is_in_a_fold(kind: str) -> None:
    form = SchemaForm(kind=KINDS[kind])

    assert {"notes", "more"} <= set(form.rare)
    assert not [part.path for part in form.parts if part.required and part.path in form.rare]


@pytest.mark.parametrize(
    ("kind", "field", "text", "sentence"),
    [
        ("load-test", "scaling", "1, 75\n2, many", "Line 2: requests_per_second cannot be “many”."),
        ("load-test", "scaling", "1, 2, 3, 4",
         "Line 1 has 4 cells: there are nodes, requests_per_second, p95_ms."),
        ("load-test", "p95_ms", "nan", "Enter a number."),
        ("load-test", "p95_ms", "", "This field is required."),
        ("series", "values", "1, 2, three", "This is no number: could not convert string to float: 'three'."),
        ("series", "values", "1" * 70_000, "This text has 70,000 characters: a record has at most 64 KiB."),
        ("protection", "stores", "a, perhaps, no", "Line 1: encrypted cannot be “perhaps”."),
        ("evaluation", "metrics", "recall: 0.7", "Write each line as name = value, not “recall: 0.7”."),
        ("reconciliation", "between", "sideways",
         "Select a valid choice. sideways is not one of the available choices."),
        ("cost", "rows", "x\x00y", "Null characters are not allowed."),
    ],
    ids=range(10),
)  # fmt: skip
def test_what_has_another_shape_is_said_beside_its_field(
    kind: str, field: str, text: str, sentence: str
) -> None:
    form = SchemaForm(filled(kind, **{field: text}), kind=KINDS[kind])

    assert form.errors == {field: [sentence]}


@pytest.mark.parametrize(
    ("kind", "field", "text", "stands"),
    [
        ("load-test", "scaling", "0.5, 75", "scaling"),
        ("load-test", "error_rate", "2", "error_rate"),
        ("deployment", "golden.examples", "-1", "golden.examples"),
        ("stream", "at", "yesterday", "at"),
        ("series", "values", "1 2", "values"),
        ("stream", "events", "1e300", "__all__"),
    ],
)
def test_what_the_schema_refuses_is_said_beside_its_field(
    kind: str, field: str, text: str, stands: str
) -> None:
    form = SchemaForm(filled(kind, **{field: text}), kind=KINDS[kind])
    assert form.is_valid()

    with pytest.raises(Invalid) as refused:
        checked(KINDS[kind], form.cleaned_data["data"])
    form.refuse(refused.value)

    assert list(form.errors) == [stands]


@pytest.mark.django_db
def test_a_record_is_declared_by_hand(clean, operator):
    client = Client()
    client.force_login(operator)
    address = f"/{clean.label}/records/new/?kind=service-level"
    shown = client.get(address).content.decode()

    refused = client.post(address, filled("service-level", slo="1"))
    answer = client.post(address, filled("service-level"))

    assert "curl -H" in shown
    assert "Burn rate of the error budget" in shown
    assert refused.status_code == 400
    assert "1 is greater than or equal to the maximum of 1" in said(refused)
    assert answer.status_code == 302
    record = Record.objects.get()
    assert (record.kind, record.data) == ("service-level", KINDS["service-level"].example)
