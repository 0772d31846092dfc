"""What a record of each kind holds, and the digest that it is kept under."""

from __future__ import annotations

import hashlib
import json

import pytest

from governance.errors import Invalid, TooLarge
from registry import records
from registry.records import KINDS, MOST_BYTES, checked, kind_called

DECISION = {"question": "Which metric?", "chosen": "pr_auc", "why": "Fraud is rare."}


def refusal(data: object, kind: str = "decision") -> str:
    with pytest.raises(Invalid) as refused:
        checked(KINDS[kind], data)
    return refused.value.sentence


def deep(levels: int) -> dict[str, object]:
    data: dict[str, object] = {}
    for _ in range(levels):
        data = {"x": data}
    return data


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_takes_its_own_example(name):
    kind = KINDS[name]

    kept, digest = checked(kind, kind.example)

    assert (kept, len(digest)) == (kind.example, 64)


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_says_what_it_is_and_takes_nothing_that_it_does_not_name(name):
    kind = KINDS[name]

    assert (bool(kind.title), bool(kind.about), kind.schema["additionalProperties"]) == (True, True, False)
    assert "there is no field odd" in refusal({**kind.example, "odd": 1, "odder": 2}, name)


def test_what_those_who_run_things_declare_are_kinds():
    assert KINDS.keys() > records.OPERATED


def test_a_kind_that_is_none_is_refused_with_those_that_are():
    with pytest.raises(Invalid, match="There is no kind of record moons: choose from training, evaluation,"):
        kind_called("moons")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "The whole: 'question' is a required property."),
        ({**DECISION, "sure": 1}, "The whole: there is no field sure, only question, chosen, why, "),
        ({**DECISION, "threshold": "high"}, "threshold: 'high' is not of type 'number'."),
        ({**DECISION, "options": [{"name": ""}]}, "options.0.name: '' should be non-empty."),
        ({**DECISION, "decided_at": "yesterday"}, "decided_at: 'yesterday' does not match"),
        ({**DECISION, "decided_at": "2026-04-20T09:00:00Z\n"}, "decided_at: "),
        ([], "The whole: [] is not of type 'object'."),
    ],
)
def test_what_does_not_fit_its_schema_is_named(data, sentence):
    assert refusal(data).startswith(sentence)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({**DECISION, "threshold": float("nan")}, "It holds a number that is too large."),
        ({**DECISION, "threshold": float("-inf")}, "It holds a number that is too large."),
        ({**DECISION, "threshold": 10**5000}, "It holds a number that is too large."),
        ({**DECISION, "threshold": 1e19}, "It holds a number that is too large."),
        ({**DECISION, "more": deep(16)}, "It is nested deeper than 16 levels."),
        ({**DECISION, "more": deep(900)}, "It is nested deeper than 16 levels."),
        ({**DECISION, "why": "a\x00b"}, "This text holds a character that cannot be seen"),
        ({**DECISION, "more": {"a\u202eb": 1}}, "This text holds a character that cannot be seen"),
        ({**DECISION, "more": {"x": ["\ud800"]}}, "This text holds a character that cannot be seen"),
    ],
)
def test_hostile_data_is_refused_with_a_sentence(data, sentence):
    assert refusal(data).startswith(sentence)


def test_what_is_larger_than_64_KiB_is_refused():
    fits = {**DECISION, "more": {"x": "x" * (MOST_BYTES - 200)}}

    checked(KINDS["decision"], fits)
    with pytest.raises(TooLarge, match="A record holds at most 64 KiB"):
        checked(KINDS["decision"], {**DECISION, "more": {"x": "ä" * (MOST_BYTES // 2)}})


@pytest.mark.parametrize("values", [[1.0] * 10_000, [], [1e308] * 8, [float("nan")] * 8])
def test_a_series_that_is_none_is_refused(values):
    said = refusal({**KINDS["series"].example, "values": values}, "series")

    assert said.startswith(("values: ", "It holds a number that is too large."))
    assert len(said) < 400


def test_the_same_said_in_another_way_has_the_same_digest():
    one = checked(KINDS["decision"], {**DECISION, "threshold": 1})
    other = checked(KINDS["decision"], dict(reversed({**DECISION, "threshold": 1.0}.items())))

    assert one == other


def test_other_data_or_another_kind_has_another_digest():
    digests = {
        checked(KINDS["decision"], DECISION)[1],
        checked(KINDS["decision"], {**DECISION, "threshold": 1.5})[1],
        hashlib.sha256(records.canonical("evaluation", DECISION)).hexdigest(),
    }

    assert len(digests) == 3


def test_the_digest_is_of_canonical_json():
    whole = {"kind": "decision", "data": DECISION}
    text = json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    assert checked(KINDS["decision"], DECISION)[1] == hashlib.sha256(text.encode()).hexdigest()
