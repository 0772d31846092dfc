"""Whoever sees badly can read every page: the ratios of WCAG 2.2, worked out from the tokens themselves."""

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).resolve().parent.parent / "governance" / "static" / "steward" / "css" / "tokens.css"
SURFACES = ("paper", "sunk", "hover", "raised")
STATES = ("good", "warn", "blocked", "accent")


def colours(theme):
    """The colours of one theme, by name."""
    first = TOKENS.read_text().split('[data-theme="light"]')[0]
    pairs = re.findall(r"--([a-z0-9-]+): light-dark\((#\w{6}), (#\w{6})\);", first)
    return {name: (light, dark)[theme == "dark"] for name, light, dark in pairs}


def luminance(colour):
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ratio(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def too_faint(theme, pairs, least):
    found = colours(theme)
    return [(ink, on) for ink, on in pairs if ratio(found[ink], found[on]) < least]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_is_readable_on_every_surface(theme):
    inks = ("ink", "ink-2", "ink-3", *STATES)

    assert too_faint(theme, [(ink, on) for ink in inks for on in (*SURFACES, "code")], 4.5) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_is_readable_on_the_wash_of_a_state(theme):
    pairs = [(ink, f"{state}-wash") for state in STATES for ink in ("ink", "ink-2", state)]

    assert too_faint(theme, [*pairs, ("on-accent", "accent"), ("on-accent", "accent-strong")], 4.5) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_edge_of_a_field_can_be_seen(theme):
    assert too_faint(theme, [("edge", on) for on in SURFACES], 3.0) == []
