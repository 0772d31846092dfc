"""Diagrams as they are written in text, as SVG: boxes and arrows, drawn here.

What is read is the simplest part of Mermaid's flow charts, so that the same text is drawn elsewhere, too:

    flowchart LR
    data[(Payments)] --> train[Train] -- every night --> model{Good enough?}

Boxes stand in layers by the longest way to them. What is not understood is said, and the page shows the text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from django.utils.safestring import SafeString

from governance.errors import Invalid
from governance.markup import filled

LONGEST = 8000  # characters
MOST_BOXES = 40
MOST_ARROWS = 80
WIDEST = 28  # letters of a line
MOST_LINES = 3
MOST_WORDS = 200
HEIGHT, LINE, LETTER, PAD = 32, 16, 7, 12
ACROSS, DOWN, EDGE = 56, 20, 2
BACK = 40  # room beside the boxes for arrows that lead back

BEGINS = re.compile(r"(?:graph|flowchart)[ \t]+(LR|TD|TB)[ \t]*;?", re.IGNORECASE)
NODE = re.compile(
    r"\s*(?P<key>[A-Za-z0-9_]{1,40})(?:\[\((?P<store>[^\[\]{}()]*)\)\]|\(\((?P<ring>[^\[\]{}()]*)\)\)"
    r"|\[(?P<box>[^\[\]]*)\]|\((?P<round>[^()]*)\)|\{(?P<choice>[^{}]*)\})?\s*"
)
ARROW = re.compile(
    r"(?:(?P<plain>-->|---|-\.->|==>)(?:\|(?P<said>[^|]*)\|)?"
    r"|--[ \t]+(?P<words>[^->|]{1,80}?)[ \t]+(?P<ends>-->|---))"
)
FRAME = (
    '<div class="scroll" tabindex="0" role="region" aria-label="Diagram">'
    '<svg class="diagram" width="{0}" height="{1}" viewBox="0 0 {0} {1}" role="img">'
    "<title>{2}</title>{3}</svg></div>"
)
WORDS = '<text class="{}" x="{}" y="{}" text-anchor="middle">{}</text>'
SHAPES = ("store", "ring", "box", "round", "choice")


@dataclass
class Box:
    key: str
    words: list[str]
    shape: str = "box"
    layer: int = 0
    x: int = 0
    y: int = 0

    @property
    def width(self) -> int:
        return 2 * PAD + LETTER * max([4, *map(len, self.words)]) + (2 * PAD if self.shape == "choice" else 0)

    @property
    def height(self) -> int:
        return HEIGHT + LINE * (len(self.words) - 1)


@dataclass(frozen=True)
class Arrow:
    begins: str
    ends: str
    words: str = ""
    kind: str = "-->"


@dataclass
class Diagram:
    down: bool = False
    boxes: dict[str, Box] = field(default_factory=dict)
    arrows: list[Arrow] = field(default_factory=list)


def as_svg(written: str) -> SafeString:
    """`Invalid` with what cannot be read of it."""
    diagram = understood(written)
    layered(diagram)
    width, height = placed(diagram)
    return drawn(diagram, width, height)


# ------------------------------------------------------------------ read


def understood(written: str) -> Diagram:
    if len(written) > LONGEST:
        raise Invalid(f"A diagram has at most {LONGEST:,} characters.")
    diagram = Diagram()
    for number, line in enumerate(filter(None, map(str.strip, re.split(r"[\n;]", written)))):
        begins = BEGINS.fullmatch(line)
        if begins and number == 0:
            diagram.down = begins[1].upper() != "LR"
        elif not line.startswith("%%"):
            take(diagram, line)
    if not diagram.boxes:
        raise Invalid("It has no box.")
    return diagram


def take(diagram: Diagram, line: str) -> None:
    """One line: a box, or boxes with arrows between them."""
    place, before, arrow = 0, "", None
    while True:
        found = NODE.match(line, place)
        if found is None:
            raise Invalid(f"“{line[place : place + 40]}” is no box.")
        key, place = box(diagram, found), found.end()
        if arrow:
            connect(diagram, before, key, arrow)
        if place == len(line):
            return
        before, arrow = key, ARROW.match(line, place)
        if arrow is None:
            raise Invalid(f"“{line[place : place + 40]}” is no arrow.")
        place = arrow.end()


def box(diagram: Diagram, found: re.Match[str]) -> str:
    key = found["key"]
    shape = next((shape for shape in SHAPES if found[shape] is not None), "")
    if key not in diagram.boxes:
        if len(diagram.boxes) == MOST_BOXES:
            raise Invalid(f"A diagram has at most {MOST_BOXES} boxes.")
        diagram.boxes[key] = Box(key, [key])
    if shape:
        diagram.boxes[key].shape = shape
        diagram.boxes[key].words = broken(found[shape]) or [key]
    return key


def connect(diagram: Diagram, begins: str, ends: str, arrow: re.Match[str]) -> None:
    if len(diagram.arrows) == MOST_ARROWS:
        raise Invalid(f"A diagram has at most {MOST_ARROWS} arrows.")
    words = " ".join((arrow["said"] or arrow["words"] or "").split())
    diagram.arrows.append(Arrow(begins, ends, words.strip('"')[:WIDEST], arrow["plain"] or arrow["ends"]))


def broken(words: str) -> list[str]:
    """Into lines that fit into a box."""
    lines: list[str] = []
    for word in words[:MOST_WORDS].strip().strip('"').split():
        if lines and len(lines[-1]) + 1 + len(word) <= WIDEST:
            lines[-1] += f" {word}"
        else:
            lines.append(word if len(word) <= WIDEST else f"{word[: WIDEST - 1]}…")
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], f"{lines[MOST_LINES - 1][: WIDEST - 1]}…"]
    return lines


# ------------------------------------------------------------------ placed


def layered(diagram: Diagram) -> None:
    """Each box stands one layer after the last of those that lead to it. What leads back in a ring is left
    out of that."""
    onward = [arrow for arrow in diagram.arrows if arrow not in back(diagram)]
    for _ in diagram.boxes:  # the longest way has no more steps than there are boxes
        moved = False
        for arrow in onward:
            least = diagram.boxes[arrow.begins].layer + 1
            if diagram.boxes[arrow.ends].layer < least:
                diagram.boxes[arrow.ends].layer, moved = least, True
        if not moved:
            return


def back(diagram: Diagram) -> set[Arrow]:
    """The arrows that close a ring, by a walk from each box in its order."""
    leaving = defaultdict(list)
    for each in diagram.arrows:
        leaving[each.begins].append(each)
    closing: set[Arrow] = set()
    state: dict[str, Literal["open", "done"]] = {}
    for start in diagram.boxes:
        stack = [(start, iter(leaving[start]))] if start not in state else []
        state.setdefault(start, "open")
        while stack:
            key, arrows = stack[-1]
            if (arrow := next(arrows, None)) is None:
                state[key] = "done"
                stack.pop()
            elif arrow.ends not in state:
                state[arrow.ends] = "open"
                stack.append((arrow.ends, iter(leaving[arrow.ends])))
            elif state[arrow.ends] == "open":
                closing.add(arrow)
    return closing


def placed(diagram: Diagram) -> tuple[int, int]:
    """Layer after layer, each in the middle; the whole width and height."""
    layers, closing = ordered(diagram), back(diagram)
    gap = ACROSS if diagram.down else between(diagram)
    sizes = [size(layer, diagram.down) for layer in layers]
    breadth = max(across for across, _ in sizes)
    along = EDGE
    for layer, (across, deep) in zip(layers, sizes, strict=True):
        beside = EDGE + (breadth - across) // 2
        for each in layer:
            each.x, each.y = (beside, along) if diagram.down else (along, beside)
            beside += (each.width if diagram.down else each.height) + DOWN
        along += deep + gap
    whole = along - gap + EDGE
    breadth += BACK if any(arrow in closing for arrow in diagram.arrows) else 0
    return (breadth + 2 * EDGE, whole) if diagram.down else (whole, breadth + 2 * EDGE)


def ordered(diagram: Diagram) -> list[list[Box]]:
    """The boxes of each layer, near those that lead to them."""
    layers: list[list[Box]] = [[] for _ in range(max(each.layer for each in diagram.boxes.values()) + 1)]
    for each in diagram.boxes.values():
        layers[each.layer].append(each)
    leading = defaultdict(list)
    for arrow in diagram.arrows:
        leading[arrow.ends].append(arrow.begins)
    rank = {each.key: place for place, each in enumerate(layers[0])}
    for layer in layers[1:]:
        layer.sort(key=lambda each: middle(rank[key] for key in leading[each.key] if key in rank))
        rank |= {each.key: place for place, each in enumerate(layer)}
    return layers


def middle(places: Iterable[int]) -> float:
    found = list(places)
    return sum(found) / len(found) if found else 0


def between(diagram: Diagram) -> int:
    """Room for the longest words at an arrow."""
    return max(ACROSS, *(LETTER * len(arrow.words) + 2 * PAD for arrow in diagram.arrows), ACROSS)


def size(layer: list[Box], down: bool) -> tuple[int, int]:
    """How far a layer goes across, and how deep it is."""
    across = [each.width if down else each.height for each in layer]
    deep = [each.height if down else each.width for each in layer]
    return sum(across) + DOWN * (len(layer) - 1), max(deep)


# ------------------------------------------------------------------ drawn


def drawn(diagram: Diagram, width: int, height: int) -> SafeString:
    parts = [*arrows(diagram), *(part for each in diagram.boxes.values() for part in shape(each))]
    said = "; ".join(sentence(diagram, arrow) for arrow in diagram.arrows) or "Boxes without arrows"
    return filled(FRAME, width, height, said, SafeString("".join(parts)))


def sentence(diagram: Diagram, arrow: Arrow) -> str:
    """An arrow in words, for who does not see it."""
    begins, ends = (" ".join(diagram.boxes[key].words) for key in (arrow.begins, arrow.ends))
    return f"{begins} to {ends}" + (f" ({arrow.words})" if arrow.words else "")


def arrows(diagram: Diagram) -> Iterator[SafeString]:
    closing = back(diagram)
    for arrow in diagram.arrows:
        begins, ends = diagram.boxes[arrow.begins], diagram.boxes[arrow.ends]
        way = beside if arrow in closing else onward
        path, tip, place = way(begins, ends, diagram.down)
        kind = {"-.->": " dashed", "==>": " strong"}.get(arrow.kind, "")
        yield filled('<path class="edge{}" d="{}"/>', kind, path)
        if arrow.kind != "---":
            yield filled('<path class="tip" d="{}"/>', tip)
        if arrow.words:
            yield filled(WORDS, "about", *place, arrow.words)


Way = tuple[str, str, tuple[int, int]]


def onward(begins: Box, ends: Box, down: bool) -> Way:
    """From one layer to a later one: the line, its tip, and where its words stand."""
    if down:
        x1, y1 = begins.x + begins.width // 2, begins.y + begins.height
        x2, y2 = ends.x + ends.width // 2, ends.y
        bend = (y2 - y1) // 2
        path, tip = f"M{x1} {y1}C{x1} {y1 + bend} {x2} {y2 - bend} {x2} {y2}", f"M{x2} {y2}l-5 -8h10z"
    else:
        x1, y1 = begins.x + begins.width, begins.y + begins.height // 2
        x2, y2 = ends.x, ends.y + ends.height // 2
        bend = (x2 - x1) // 2
        path, tip = f"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}", f"M{x2} {y2}l-8 -5v10z"
    return path, tip, ((x1 + x2) // 2, (y1 + y2) // 2 - 4)


def beside(begins: Box, ends: Box, down: bool) -> Way:
    """Back to a layer before, past what stands between: below of everything or at its right."""
    if down:
        x1, y1 = begins.x + begins.width, begins.y + begins.height // 2 + 4
        x2, y2 = ends.x + ends.width, ends.y + ends.height // 2 - 4
        far = max(x1, x2) + BACK - 8
        path, tip = f"M{x1} {y1}C{far} {y1} {far} {y2} {x2} {y2}", f"M{x2} {y2}l8 -5v10z"
        return path, tip, (far - 12, (y1 + y2) // 2)
    x1, y1 = begins.x + begins.width // 2 + 6, begins.y + begins.height
    x2, y2 = ends.x + ends.width // 2 - 6, ends.y + ends.height
    far = max(y1, y2) + BACK - 8
    path, tip = f"M{x1} {y1}C{x1} {far} {x2} {far} {x2} {y2}", f"M{x2} {y2}l-5 8h10z"
    return path, tip, ((x1 + x2) // 2, far)


def shape(each: Box) -> Iterator[SafeString]:
    x, y, width, height = each.x, each.y, each.width, each.height
    if each.shape == "choice":
        middle, left, right = y + height // 2, x + PAD, x + width - PAD
        corners = [(x, middle), (left, y), (right, y), (x + width, middle)]
        corners += [(right, y + height), (left, y + height)]
        yield filled('<polygon points="{}"/>', " ".join(f"{one},{other}" for one, other in corners))
    else:
        corner = {"box": 4, "store": 4}.get(each.shape, height // 2)
        yield filled('<rect x="{}" y="{}" width="{}" height="{}" rx="{}"/>', x, y, width, height, corner)
    if each.shape == "store":
        yield filled('<path class="edge" d="M{} {}h{}"/>', x, y + 5, width)
    for number, words in enumerate(each.words):
        place = (x + width // 2, y + 20 + LINE * number)
        yield filled(WORDS, "name", *place, words)
