"""Formulas as they are written in LaTeX, as MathML: no script and no picture.

What most formulas of a team are made of is understood. What is not is said, and the page shows the formula
as it was typed. Every formula has bounds on its length and its depth, and every letter of it is escaped.
"""
# ruff: noqa: S105  a token is a piece of a formula

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from django.utils.safestring import SafeString

from governance.errors import Invalid
from governance.markup import filled
from kb import mathwords

LONGEST = 2000  # characters of one
DEEPEST = 20  # groups in groups
TOO_DEEP = f"Its groups are nested deeper than {DEEPEST}."
TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|[0-9]+(?:\.[0-9]+)?|\S", re.DOTALL)
TEXT = re.compile(r"\s*\{([^{}\\]*)\}")
ENVIRONMENT = re.compile(r"\s*\{([a-z]+\*?)\}")
Part = SafeString


def as_mathml(written: str, *, block: bool = False) -> SafeString:
    """`Invalid` with what cannot be read of it."""
    return _as_mathml(written, block)


@lru_cache(256)
def _as_mathml(written: str, block: bool) -> SafeString:
    if len(written) > LONGEST:
        raise Invalid(f"A formula has at most {LONGEST:,} characters.")
    reader = Reader(written)
    inside = reader.row()
    if reader.peek():
        raise Invalid(f"{reader.peek()} closes what nothing opened.")
    return filled('<math display="{}">{}</math>', "block" if block else "inline", inside)


class Reader:
    """Reads from left to right; every function takes what it understands and gives its MathML."""

    def __init__(self, written: str) -> None:
        self.written = written
        self.place = 0
        self.depth = 0

    def peek(self) -> str:
        found = TOKEN.search(self.written, self.place)
        return found[0] if found else ""

    def take(self) -> str:
        found = TOKEN.search(self.written, self.place)
        if found is None:
            raise Invalid("It ends too soon.")
        self.place = found.end()
        return found[0]

    def row(self, *ends: str) -> Part:
        """All parts up to one of the ends, which stays."""
        self.depth += 1
        if self.depth > 2 * DEEPEST:
            raise Invalid(TOO_DEEP)
        parts: list[Part] = []
        while (following := self.peek()) and following not in {*ends, "}", r"\right", r"\end"}:
            parts.append(self.scripted())
        self.depth -= 1
        return parts[0] if len(parts) == 1 else filled("<mrow>{}</mrow>", joined(parts))

    def scripted(self) -> Part:
        """A part with what stands above and below it."""
        start = self.peek()
        base = filled("<mrow></mrow>") if start in {"^", "_"} else self.part()
        scripts: dict[str, Part] = {}
        while (mark := self.peek()) in {"^", "_"} or mark == "'":
            if mark == "'":
                scripts["^"] = self.primes(scripts)
                continue
            self.take()
            if mark in scripts:
                raise Invalid(f"Two {mark} follow one part.")
            scripts[mark] = self.part()
        around = start in mathwords.AROUND
        return with_scripts(base, scripts.get("_"), scripts.get("^"), around=around)

    def primes(self, scripts: dict[str, Part]) -> Part:
        if "^" in scripts:
            raise Invalid("A prime follows ^.")
        count = 0
        while self.peek() == "'":
            self.take()
            count += 1
        return operator(mathwords.PRIME * count)

    def part(self) -> Part:
        """One letter, number, command or group."""
        self.depth += 1
        if self.depth > 2 * DEEPEST:
            raise Invalid(TOO_DEEP)
        found = self.of_token(self.take())
        self.depth -= 1
        return found

    def of_token(self, token: str) -> Part:
        if token == "{":
            inside = self.row()
            self.close("}")
            return inside
        if token.startswith("\\"):
            return self.command(token)
        if token[0].isdigit():
            return filled("<mn>{}</mn>", token)
        if token in {"}", "&", "^", "_", "#", "%", "$"}:
            raise Invalid(f"{token} stands where something is missing.")
        if token.isalpha():
            return filled("<mi>{}</mi>", token)
        if token in {
            "(",
            ")",
            "[",
            "]",
            "|",
        }:  # as high as a letter: those of \\left are as high as they hold
            return filled('<mo stretchy="false">{}</mo>', token)
        return operator(mathwords.PLAIN.get(token, token))

    def close(self, wanted: str) -> None:
        if self.peek() != wanted:
            raise Invalid(f"{wanted} is missing.")
        self.take()

    def command(self, token: str) -> Part:
        name = token[1:]
        if name in mathwords.LETTERS:
            return filled("<mi>{}</mi>", mathwords.LETTERS[name])
        if name in mathwords.OPERATORS:
            return operator(mathwords.OPERATORS[name])
        if name in mathwords.FUNCTIONS:
            return named(name)
        if name in mathwords.SPACES:
            return filled('<mspace width="{}"></mspace>', mathwords.SPACES[name])
        if name in mathwords.FACES:
            return self.faced(name)
        if name in mathwords.ACCENTS:
            return self.accented(*mathwords.ACCENTS[name])
        if name in SPECIAL:
            return SPECIAL[name](self)
        raise Invalid(f"{token[:40]} is not understood.")

    def faced(self, name: str) -> Part:
        """Letters in another face, as characters of their own."""
        found = TEXT.match(self.written, self.place)
        if found:
            self.place = found.end()
        letters = found[1].strip() if found else self.take()
        if not letters.isalnum():
            raise Invalid(f"\\{name} takes letters.")
        return filled("<mi>{}</mi>", mathwords.in_face(name, letters))

    def accented(self, mark: str, place: str) -> Part:
        tag = "munder" if place == "below" else "mover"
        return filled('<{0} accent="true">{1}{2}</{0}>', tag, self.part(), operator(mark))

    def fraction(self) -> Part:
        return filled("<mfrac>{}{}</mfrac>", self.part(), self.part())

    def binomial(self) -> Part:
        inside = filled('<mfrac linethickness="0">{}{}</mfrac>', self.part(), self.part())
        return filled("<mrow>{}{}{}</mrow>", operator("("), inside, operator(")"))

    def root(self) -> Part:
        if self.peek() != "[":
            return filled("<msqrt>{}</msqrt>", self.part())
        self.take()
        degree = self.row("]")
        self.close("]")
        return filled("<mroot>{}{}</mroot>", self.part(), degree)

    def text(self) -> Part:
        found = TEXT.match(self.written, self.place)
        if found is None:
            raise Invalid("\\text takes words in braces.")
        self.place = found.end()
        return filled("<mtext>{}</mtext>", found[1].replace(" ", "\u00a0"))

    def function(self) -> Part:
        found = TEXT.match(self.written, self.place)
        if found is None:
            raise Invalid("\\operatorname takes a name in braces.")
        self.place = found.end()
        return named(found[1].strip())

    def fenced(self) -> Part:
        opened = self.fence()
        inside = self.row()
        self.close(r"\right")
        return filled("<mrow>{}{}{}</mrow>", opened, inside, self.fence())

    def fence(self) -> Part:
        token = self.take()
        mark = "" if token == "." else mathwords.FENCES.get(token)
        if mark is None:
            raise Invalid(f"{token[:40]} is no bracket.")
        return filled('<mo stretchy="true">{}</mo>', mark) if mark else filled("")

    def environment(self) -> Part:
        name = self.environment_name()
        if name not in mathwords.ENVIRONMENTS:
            raise Invalid(f"\\begin{{{name[:40]}}} is not understood.")
        opened, closed = mathwords.ENVIRONMENTS[name]
        rows = [[self.row("&", r"\\")]]
        while self.peek() in {"&", r"\\"}:
            if self.take() == "&":
                rows[-1].append(self.row("&", r"\\"))
            else:
                rows.append([self.row("&", r"\\")])
        self.close(r"\end")
        if self.environment_name() != name:
            raise Invalid(f"\\end{{{name}}} is missing.")
        cells = [
            filled("<mtr>{}</mtr>", joined(filled("<mtd>{}</mtd>", cell) for cell in row)) for row in rows
        ]
        around = [
            filled('<mo stretchy="true">{}</mo>', mark) if mark else filled("") for mark in (opened, closed)
        ]
        return filled("<mrow>{}<mtable>{}</mtable>{}</mrow>", around[0], joined(cells), around[1])

    def environment_name(self) -> str:
        found = ENVIRONMENT.match(self.written, self.place)
        if found is None:
            raise Invalid("\\begin and \\end take a name in braces.")
        self.place = found.end()
        return found[1]


SPECIAL: dict[str, Callable[[Reader], Part]] = {
    "frac": Reader.fraction,
    "dfrac": Reader.fraction,
    "tfrac": Reader.fraction,
    "binom": Reader.binomial,
    "sqrt": Reader.root,
    "text": Reader.text,
    "textrm": Reader.text,
    "operatorname": Reader.function,
    "left": Reader.fenced,
    "begin": Reader.environment,
}


def joined(parts: object) -> SafeString:
    return SafeString("".join(parts))  # type: ignore[arg-type]  # of safe parts


def operator(mark: str) -> Part:
    return filled("<mo>{}</mo>", mark)


def named(function: str) -> Part:
    """The name of a function, upright and apart from what follows it."""
    return filled('<mo lspace="0" rspace="0.17em">{}</mo>', function)


def with_scripts(base: Part, below: Part | None, above: Part | None, *, around: bool) -> Part:
    """Beside the part, or around it as at a sum."""
    tags = ("munder", "mover", "munderover") if around else ("msub", "msup", "msubsup")
    if below and above:
        return filled("<{0}>{1}{2}{3}</{0}>", tags[2], base, below, above)
    if below or above:
        return filled("<{0}>{1}{2}</{0}>", tags[0 if below else 1], base, below or above)
    return base
