"""Curves of an evaluation as SVG, drawn here: squares; colours are classes, a title says the result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.safestring import SafeString

from governance.markup import filled
from registry.presenting.words import number

SIDE, LEFT, TOP, BOTTOM, RIGHT = 232, 40, 8, 34, 8
WIDTH, HEIGHT = LEFT + SIDE + RIGHT, TOP + SIDE + BOTTOM
TICKS = (0, 0.5, 1)
Points = Sequence[Sequence[float]]


def place(x: float, y: float) -> tuple[float, float]:
    return round(LEFT + SIDE * min(max(x, 0), 1), 1), round(TOP + SIDE * (1 - min(max(y, 0), 1)), 1)


def path(points: Points) -> str:
    return "M" + "L".join("{} {}".format(*place(*point)) for point in points)


def frame() -> SafeString:
    """Lines at nothing, half and all, both ways, with their figures."""
    parts = []
    for tick in TICKS:
        x, y = place(tick, tick)
        parts.append(
            f'<path class="grid" d="M{LEFT} {y}H{LEFT + SIDE}M{x} {TOP}V{TOP + SIDE}"/>'
            f'<text class="tick" x="{LEFT - 6}" y="{y + 4}" text-anchor="end">{tick:g}</text>'
            f'<text class="tick" x="{x}" y="{TOP + SIDE + 14}" text-anchor="middle">{tick:g}</text>'
        )
    return SafeString("".join(parts))


def square(title: str, across: str, drawn: SafeString) -> SafeString:
    """`across` names the axis below; the one at the left stands in the figure's caption."""
    return filled(
        '<svg width="{w}" height="{h}" viewBox="0 0 {w} {h}" role="img"><title>{title}</title>{frame}{drawn}'
        '<text class="tick" x="{middle}" y="{low}" text-anchor="middle">{across}</text></svg>',
        w=WIDTH,
        h=HEIGHT,
        title=title,
        frame=frame(),
        drawn=drawn,
        middle=LEFT + SIDE // 2,
        low=HEIGHT - 4,
        across=across,
    )


def curve(title: str, across: str, points: Points, chance: Points) -> SafeString:
    """A curve, and dashed what no information would give."""
    drawn = f'<path class="other-dash" d="{path(chance)}"/><path class="trace" d="{path(points)}"/>'
    return square(title, across, SafeString(drawn))


def reliability(title: str, steps: Sequence[Mapping[str, Any]]) -> SafeString:
    """What was predicted against what came: on the dashed line where chances are right; larger where more
    rows are."""
    most = max((step["rows"] for step in steps), default=1)
    dots = []
    for step in steps:
        x, y = place(step["predicted"], step["came"])
        said = f"{step['rows']:,} rows: predicted {number(step['predicted'])}, came {number(step['came'])}"
        radius = round(2.5 + 5 * (step["rows"] / most) ** 0.5, 1)
        dots.append(f'<circle class="dot" cx="{x}" cy="{y}" r="{radius}"><title>{said}</title></circle>')
    points = [(step["predicted"], step["came"]) for step in steps]
    drawn = f'<path class="other-dash" d="{path([(0, 0), (1, 1)])}"/><path class="trace" d="{path(points)}"/>'
    return square(title, "predicted chance", SafeString(drawn + "".join(dots)))


def confusion(title: str, labels: Sequence[str], matrix: Sequence[Sequence[int]]) -> SafeString:
    """Rows came, columns were said: the fuller the square, the more of the row."""
    size = len(matrix)
    side = SIDE / size
    cells = []
    for row, counts in enumerate(matrix):
        total = sum(counts) or 1
        for column, count in enumerate(counts):
            x, y, share = LEFT + column * side, TOP + row * side, count / total
            kind = "with" if row == column else "against"
            cells.append(
                f'<rect class="cell" x="{x + 0.5:.1f}" y="{y + 0.5:.1f}" width="{side - 1:.1f}" '
                f'height="{side - 1:.1f}"/><rect class="{kind}" x="{x + 0.5:.1f}" y="{y + 0.5:.1f}" '
                f'width="{side - 1:.1f}" height="{side - 1:.1f}" fill-opacity="{0.75 * share:.2f}">'
                f"<title>{count:,}</title></rect>"
            )
            if size <= 4:
                cells.append(
                    f'<text class="tick count" x="{x + side / 2:.1f}" y="{y + side / 2 + 4:.1f}" '
                    f'text-anchor="middle">{count:,}</text>'
                )
    names = SafeString("".join(name(label, spot, side) for spot, label in enumerate(labels[:size])))
    return filled(
        '<svg width="{w}" height="{h}" viewBox="0 0 {w} {h}" role="img"><title>{title}</title>{cells}{names}'
        '<text class="tick" x="{middle}" y="{low}" text-anchor="middle">said</text></svg>',
        w=WIDTH,
        h=HEIGHT,
        title=title,
        cells=SafeString("".join(cells)),
        names=names,
        middle=LEFT + SIDE // 2,
        low=HEIGHT - 4,
    )


def name(label: str, spot: int, side: float) -> SafeString:
    """At the left what came, below what was said."""
    short = label if len(label) <= 6 else f"{label[:5]}…"
    return filled(
        '<text class="tick" x="{}" y="{}" text-anchor="end">{label}</text>'
        '<text class="tick" x="{}" y="{}" text-anchor="middle">{label}</text>',
        LEFT - 6,
        round(TOP + (spot + 0.5) * side + 4, 1),
        round(LEFT + (spot + 0.5) * side, 1),
        TOP + SIDE + 14,
        label=short,
    )
