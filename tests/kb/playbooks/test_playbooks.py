"""Playbooks are read strictly, and what is wrong with one is a sentence."""

from __future__ import annotations

import pytest

from governance.errors import Invalid
from kb import playbooks
from kb.playbooks import EVERY, MOST_STEPS, PLAYBOOKS, Playbook, read
from registry.checks import CHECKS
from registry.quality import QUALITY
from registry.records import KINDS
from tests.kb.running import SMALL

STEP = """[[step]]
key = "{key}"
title = "T"
do = "D"
roles = ["steward"]
needs = [{{ kind = "card", text = "C" }}]
"""


def test_steps_come_one_after_the_other_unless_they_say_so():
    found = read(SMALL.replace('key = "word"', 'key = "word"\nafter = ["checks"]'))

    assert [step.after for step in found.steps] == [(), ("checks",), ("checks",)]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('title = "Ship it"', "", "PB-90: say title."),
        ('title = "Ship it"', "title = 3", "PB-90: title is a text."),
        ("questions = [3]", "questions = [21]", "PB-90: questions is from 1 to 20."),
        (
            'about = "model"',
            'about = "cat"',
            "PB-90: there is no about cat. Write one of model, dataset, version, team.",
        ),
        ('intro = "Short."', 'intro = "Short."\ncolour = 1', "PB-90: nobody knows what colour is for."),
        ('check = "*"', 'check = "vibes"', "PB-90, step checks: there is no check vibes."),
        ('kind = "check"', 'kind = "hope"', "PB-90, step checks: there is no kind hope."),
        (
            "most = 100",
            "least = 200, most = 100",
            "PB-90, step load: no number is at least 200 and at most 100.",
        ),
        ("most = 100", "alias = 'production'", "PB-90, step load: evidence of the kind number has no alias."),
        ('["steward"]', '["king"]', "PB-90, step word: there is no role king."),
        ('key = "word"', 'key = "load"', "PB-90: two steps have one key."),
        ('key = "checks"', 'key = "checks"\nafter = ["word"]', "PB-90: these steps wait for each other: "),
        (
            'key = "word"',
            'key = "word"\nafter = ["gone"]',
            "PB-90, step word: it comes after gone, which is no step.",
        ),
        (
            'key = "word"',
            'key = "word"\nwhen = { step = "load", chosen = ["a"] }',
            "PB-90, step word: its condition names no choice of an earlier step.",
        ),
        (
            'key = "checks"',
            'key = "checks"\nafter = ["load"]\n',
            "PB-90: these steps wait for each other: ",
        ),
        (
            'key = "load"',
            'key = "load"\nafter = []\nwhen = { step = "checks" }',
            "PB-90, step load: its condition says no more than a step: say chosen, result, least or most.",
        ),
        (
            'key = "load"',
            'key = "load"\nwhen = { step = "checks", least = 1 }',
            "PB-90, step load: its condition is of a number, and checks asks for none.",
        ),
        (
            'key = "load"',
            'key = "load"\nwhen = { kind = ["cat"] }',
            "PB-90, step load: its condition knows no kind cat. Write one of model, dataset, asset.",
        ),
        ('key = "load"', 'key = "load"\nwhen = {}', "PB-90, step load: its condition says nothing."),
        (
            'key = "load"',
            'key = "load"\nwhen = { record = "training" }',
            "PB-90, step load: its condition names a record with its field, and what it says there with is.",
        ),
        ("code =", "code", "This is not TOML: "),
        ("days = 2", f"days = {'9' * 5000}", "This is not TOML: "),
        ("most = 100", f"most = 1{'0' * 400}", "PB-90, step load: most is a number."),
    ],
    ids=lambda value: value[:40],
)
def test_what_is_wrong_is_a_sentence(old, new, sentence):
    with pytest.raises(Invalid) as refused:
        playbooks.new(SMALL.replace(old, new, 1))

    assert refused.value.sentence.startswith(sentence)


def test_a_step_and_the_condition_of_an_earlier_one_may_not_wait_for_each_other():
    choice = '{ kind = "choice", text = "Which", options = ["a", "b"] }'
    text = SMALL.replace('{ kind = "check", check = "*", text = "Every check passes" }', choice)
    text = text.replace('key = "checks"', 'key = "checks"\nafter = ["load"]')
    text = text.replace(
        'key = "load"', 'key = "load"\nafter = []\nwhen = { step = "checks", chosen = ["a"] }'
    )

    with pytest.raises(Invalid) as refused:
        read(text)

    assert refused.value.sentence.startswith("PB-90: these steps wait for each other: ")


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ('step = "load", least = 100', "the number at “Load” is at least 100"),
        ('step = "checks", result = ["waived"]', "“Checks” was waived"),
        ('kind = ["model"], tag = ["credit"]', "it is about a model and what it is about is tagged credit"),
        ('record = "training", field = "split", is = ["time"]', "a training record says split as time"),
    ],
    ids=["number", "result", "subject", "record"],
)
def test_a_condition_is_told_in_words(when, said):
    found = read(SMALL.replace('key = "word"', f'key = "word"\nwhen = {{ {when} }}'))

    assert found.steps[2].when.said({step.key: step for step in found.steps}) == said


def test_what_a_run_pinned_is_read_when_a_check_that_it_names_is_gone():
    pinned = read(SMALL.replace('check = "*"', 'check = "gone"', 1))

    assert pinned.steps[0].needs[0].check == "gone"


def test_a_playbook_of_a_thousand_steps_is_refused():
    steps = "".join(STEP.format(key=f"s{number}") for number in range(1000))

    with pytest.raises(Invalid) as refused:
        read(SMALL.partition("[[step]]")[0] + steps)

    assert refused.value.sentence == f"PB-90: step has at most {MOST_STEPS} entries."


def test_the_shipped_ones_are_read():
    assert all(playbook.steps and playbook.code == code for code, playbook in PLAYBOOKS.items())


def can_be_judged(check: str, playbook: Playbook) -> bool:
    """Whether anything ever says something of it in a run about this."""
    if check == EVERY or check in CHECKS:
        return (
            playbook.about in ("team", *CHECKS[check].kinds) if check in CHECKS else playbook.about != "team"
        )
    about = QUALITY[check]
    by_operation = playbook.about == "team" if about.also == "team" else False
    return {
        "team": True,
        "knowledge": True,
        "table": True,
        "process": playbook.confidential,
        "evidence": playbook.about == "model",
        "operation": by_operation or playbook.about in about.of,
    }.get(about.about, False)


def test_what_the_shipped_ones_ask_for_can_be_given():
    needs = [(each, need) for each in PLAYBOOKS.values() for step in each.steps for need in step.needs]
    unknown = {(each.code, n.check) for each, n in needs if n.check and not can_be_judged(n.check, each)}
    unsaid = {(each.code, n.field) for each, n in needs if n.field and not has_field(n.record, n.field)}

    assert (unknown, unsaid) == (set(), set())


def has_field(record: str, path: str) -> bool:
    found = KINDS[record].schema
    for name in path.split("."):
        found = found.get("properties", {}).get(name, {})
    return bool(found)


def test_each_check_that_a_shipped_one_names_is_asked_for_by_a_step():
    unasked = {
        (each.code, name) for each in PLAYBOOKS.values() for name in each.checks if not asks(each, name)
    }

    assert unasked == {("PB-11", "fold_prevalence")}  # beside resample_leakage, where an earlier version is


def asks(playbook: Playbook, name: str) -> bool:
    asked = {need.check for step in playbook.steps for need in step.needs}
    return name in asked or (EVERY in asked and name in CHECKS)
