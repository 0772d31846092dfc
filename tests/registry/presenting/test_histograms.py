"""Pictures of a profile: how high bars are, and what a picture says in words."""

from __future__ import annotations

import re

from registry.presenting import histograms


def bars(svg: str) -> list[tuple[float, float]]:
    """Where each bar begins from above, and how high it is."""
    (path,) = re.findall(r'class="pillar" d="([^"]*)"', svg)
    found = re.findall(r"M[\d.]+ ([\d.]+)v-([\d.]+)h", path)
    return [(float(base) - float(height), float(height)) for base, height in found]


def test_bars_stand_on_one_line_as_high_as_their_share() -> None:
    drawn = histograms.histogram("Ages", 0, 40, [1, 4, 2])

    assert bars(drawn) == [(84.0, 26.0), (6.0, 104.0), (58.0, 52.0)]
    assert "<title>Ages</title>" in drawn


def test_the_other_version_is_a_dashed_line_on_the_same_scale() -> None:
    drawn = histograms.histogram("Ages", 0, 40, [1, 1], [0.0, 1.0])

    assert bars(drawn) == [(58.0, 52.0), (58.0, 52.0)]
    assert '<path class="other-dash" d="M2.0 110.0H160.0L160.0 6.0H318.0"/>' in drawn


def test_names_of_columns_are_escaped_and_cut() -> None:
    drawn = histograms.missing("Gaps", ["<b>" + "x" * 30], [[0, 50]])

    assert "&lt;b&gt;xxxxxxxxxxxxxxxx…" in drawn
    assert drawn.count('class="lack"') == 1
    assert 'fill-opacity="0.50"' in drawn


def test_a_correlation_is_as_full_as_it_is_strong_and_absent_when_unknown() -> None:
    drawn = histograms.heat("Ranks", ["a", "b", "c"], [0.5, -1.0, None])

    assert re.findall(r'class="(with|against)"[^>]*fill-opacity="([\d.]+)"', drawn) == [
        ("with", "0.50"),
        ("against", "1.00"),
    ]
    assert drawn.count('class="cell"') == 3
