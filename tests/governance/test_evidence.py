"""What an approval signs, and how it differs."""

from __future__ import annotations

from governance import evidence
from governance.evidence import Change, Part

SIGNED = {
    "policy": {"policies": ["four_eyes"], "approvals": 1},
    "digest": "ab" * 32,
    "findings": [["file_type", "a.bin", "odd", "low"]],
    "more": True,
}


def test_every_part_is_listed_the_known_ones_first():
    assert evidence.parts(SIGNED) == [
        Part("Its bytes", [], "ab" * 32),
        Part("Open findings", ["file_type · a.bin · odd · low"]),
        Part("What the gate asks", ["approvals: 1", "policies: four_eyes"]),
        Part("More", ["True"]),
    ]


def test_what_is_the_same_is_no_change():
    assert evidence.changes(SIGNED, dict(reversed(SIGNED.items()))) == []


def test_a_change_says_what_is_gone_and_what_has_come():
    now = {**SIGNED, "findings": [["file_type", "b.bin", "odd", "high"]]}

    assert evidence.changes(SIGNED, now) == [
        Change(
            "The open findings are not the ones that were signed.",
            ["file_type · a.bin · odd · low"],
            ["file_type · b.bin · odd · high"],
        )
    ]


def test_what_nobody_foresaw_is_a_change_too():
    assert evidence.changes({}, {"monitors": []}) == [Change("Monitors: not what was signed.", [], [])]
