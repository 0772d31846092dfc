"""Charts as SVG, drawn here at 320 px so that their text never shrinks; colours are classes.

This version is the accent, filled; the other one grey and dashed. A title says the result.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.safestring import SafeString

from governance.markup import filled
from registry.presenting.words import number

WIDTH, HEIGHT = 320, 132
LEFT, TOP, BOTTOM = 2, 6, 22
SPARK_WIDTH, SPARK_HEIGHT = 120, 28
CELL = 16
LABELS = 132
MAP_WIDTH = 600


def spark(counts: Sequence[float]) -> SafeString:
    """A small histogram without words: what it shows stands beside it."""
    bars = drawn_bars(counts, 0, 0, SPARK_WIDTH, SPARK_HEIGHT)
    return filled(
        '<svg class="spark-bars" width="{0}" height="{1}" viewBox="0 0 {0} {1}" aria-hidden="true">{2}</svg>',
        SPARK_WIDTH,
        SPARK_HEIGHT,
        bars,
    )


def drawn_bars(counts: Sequence[float], x: float, y: float, width: float, height: float) -> SafeString:
    highest, step = max(counts, default=0) or 1, width / max(1, len(counts))
    gap = 1 if step > 3 else 0
    across, base = f"{step - gap:.1f}", y + height
    bars = (
        f"M{x + place * step:.1f} {base:.1f}v{-height * count / highest:.1f}h{across}V{base:.1f}z"
        for place, count in enumerate(counts)
        if count
    )
    return SafeString(f'<path class="pillar" d="{"".join(bars)}"/>')


def histogram(
    title: str, low: float, high: float, counts: Sequence[float], other: Sequence[float] | None = None
) -> SafeString:
    """Shares in equal steps from `low` to `high`; those of the other version as a dashed line of steps."""
    total = sum(counts) or 1
    shares = [count / total for count in counts]
    highest = max([*shares, *(other or ())]) or 1
    height = HEIGHT - TOP - BOTTOM
    own = height * max(shares, default=0) / highest
    bars = drawn_bars(shares, LEFT, TOP + height - own, WIDTH - 4, own)
    line = filled('<path class="other-dash" d="{}"/>', steps(other, highest, height)) if other else ""
    return filled(
        '<svg width="{w}" height="{h}" viewBox="0 0 {w} {h}" role="img"><title>{title}</title>'
        '{bars}{line}<path class="grid" d="M0 {base}.5H{w}"/>'
        '<text class="axis" x="{left}" y="{text}">{low}</text>'
        '<text class="axis" x="{right}" y="{text}" text-anchor="end">{high}</text></svg>',
        w=WIDTH,
        h=HEIGHT,
        title=title,
        bars=bars,
        line=line,
        base=HEIGHT - BOTTOM,
        text=HEIGHT - 6,
        left=LEFT,
        right=WIDTH - 2,
        low=number(low),
        high=number(high),
    )


def steps(shares: Sequence[float], highest: float, height: float) -> str:
    """The outline of bars, from left to right."""
    width = (WIDTH - 4) / len(shares)
    parts: list[str] = []
    for place, share in enumerate(shares):
        level = TOP + height * (1 - share / highest)
        parts.append(
            f"{'L' if parts else 'M'}{LEFT + place * width:.1f} {level:.1f}H{LEFT + (place + 1) * width:.1f}"
        )
    return "".join(parts)


def heat(title: str, columns: Sequence[str], below: Sequence[float | None]) -> SafeString:
    """Correlation of each column with those before it: the fuller the square, the stronger."""
    cells: list[str] = []
    place = 0
    for row in range(len(columns)):
        for column in range(row):
            value = below[place]
            place += 1
            cells.append(square(LABELS + column * CELL, row * CELL, value))
        cells.append(label(LABELS - 6, row * CELL + 11, columns[row]))
        cells.append(number_of(LABELS + row * CELL + CELL / 2, row * CELL + 11, row + 1))
    side = LABELS + len(columns) * CELL
    return filled(
        '<svg width="{w}" height="{h}" viewBox="0 0 {w} {h}" role="img"><title>{title}</title>{cells}</svg>',
        w=side,
        h=len(columns) * CELL,
        title=title,
        cells=SafeString("".join(cells)),
    )


def square(x: float, y: float, value: float | None) -> str:
    if value is None:
        return f'<rect class="cell" x="{x + 0.5}" y="{y + 0.5}" width="{CELL - 1}" height="{CELL - 1}"/>'
    kind, strength = ("with" if value >= 0 else "against"), abs(value)
    return (
        f'<rect class="cell" x="{x + 0.5}" y="{y + 0.5}" width="{CELL - 1}" height="{CELL - 1}"/>'
        f'<rect class="{kind}" x="{x + 0.5}" y="{y + 0.5}" width="{CELL - 1}" height="{CELL - 1}" '
        f'fill-opacity="{strength:.2f}"><title>{value:.2f}</title></rect>'
    )


def label(x: float, y: float, text: str) -> SafeString:
    short = text if len(text) <= 20 else f"{text[:19]}…"
    return filled('<text class="axis" x="{}" y="{}" text-anchor="end">{}</text>', x, y, short)


def number_of(x: float, y: float, place: int) -> str:
    return f'<text class="axis" x="{x}" y="{y}" text-anchor="middle">{place}</text>'


def missing(title: str, columns: Sequence[str], percent: Sequence[Sequence[int]]) -> SafeString:
    """Where in the table values are missing, from its first row at the left to its last one."""
    width = (MAP_WIDTH - LABELS) / max(1, len(percent[0]))
    cells: list[str] = []
    for row, (name, shares) in enumerate(zip(columns, percent, strict=True)):
        cells.append(label(LABELS - 6, row * 18 + 12, name))
        cells.append(
            f'<rect class="cell" x="{LABELS}" y="{row * 18 + 1}" width="{MAP_WIDTH - LABELS}" height="15"/>'
        )
        cells += [
            f'<rect class="lack" x="{LABELS + place * width:.1f}" y="{row * 18 + 1}" height="15" '
            f'width="{width + 0.1:.1f}" fill-opacity="{share / 100:.2f}"/>'
            for place, share in enumerate(shares)
            if share
        ]
    return filled(
        '<svg width="{w}" height="{h}" viewBox="0 0 {w} {h}" role="img"><title>{title}</title>{cells}</svg>',
        w=MAP_WIDTH,
        h=len(columns) * 18,
        title=title,
        cells=SafeString("".join(cells)),
    )
