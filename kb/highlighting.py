"""Code in articles in colour: comments, strings, numbers and words of the language, found in one pass.

No grammar: one regular expression for each language that reads every character once, so that no text makes it
slow. A library that knows five hundred languages takes memory in every process, and some of its expressions
take time without end for texts that are made for that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.html import escape

LONGEST = 30_000  # characters of one article that are coloured

HASH, SLASHES, DASHES = r"\#[^\n]*", r"//[^\n]*|/\*[\s\S]*?(?:\*/|\Z)", r"--[^\n]*|/\*[\s\S]*?(?:\*/|\Z)"
QUOTED = r'"(?:[^"\\\n]|\\[^\n])*"?' r"|'(?:[^'\\\n]|\\[^\n])*'?"
TRIPLE = r'"""[\s\S]*?(?:"""|\Z)' r"|'''[\s\S]*?(?:'''|\Z)"
TICKED = r"`(?:[^`\\]|\\[\s\S])*`?"
NUMBER = r"(?<![\w.])(?:0[xX][\da-fA-F_]+|\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?)"
WORD = r"[A-Za-z_]\w*"


@dataclass(frozen=True)
class Language:
    comment: str
    string: str
    words: frozenset[str]
    folds: bool = False  # whether its words are the same in capitals

    @property
    def pieces(self) -> re.Pattern[str]:
        parts = f"(?P<c>{self.comment})|(?P<s>{self.string})|(?P<n>{NUMBER})|(?P<w>{WORD})"
        return re.compile(parts)


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PYTHON = words(
    "False None True and as assert async await break class continue def del elif else except finally "
    "for from global if import in is lambda match nonlocal not or pass raise return try while with "
    "yield case self"
)
SQL = words(
    "add all alter and any as asc begin between by case cast check column commit constraint create "
    "cross delete desc distinct drop else end exists foreign from full group having if in index inner "
    "insert into is join key left like limit not null offset on or order outer over partition primary "
    "references returning right rollback select set table then union unique update using values view "
    "when where with"
)
SHELL = words(
    "case cd do done echo elif else esac exit export fi for function if in local read return set shift "
    "source test then unset until while sudo"
)
C_LIKE = words(
    "abstract as async await bool boolean break case catch char class const continue default defer "
    "delete do double else enum export extends extern false final finally float fn for from func "
    "function go if impl implements import in int interface let long match mod move mut namespace new "
    "nil null package private protected pub public range return short signed sizeof static string "
    "struct super switch template this throw throws trait true try type typedef typeof undefined union "
    "unsafe unsigned use using var void volatile where while yield"
)
R = words("if else for while repeat function return next break TRUE FALSE NULL NA NaN Inf in library require")
DATA = words("true false null yes no on off True False")
DOCKER = words("FROM RUN CMD COPY ADD ENV ARG WORKDIR EXPOSE ENTRYPOINT USER VOLUME LABEL HEALTHCHECK AS")

_python = Language(HASH, f"{TRIPLE}|{QUOTED}", PYTHON)
_sql = Language(DASHES, QUOTED, SQL, folds=True)
_shell = Language(r"(?<!\S)\#[^\n]*", QUOTED, SHELL)
_c = Language(SLASHES, f"{QUOTED}|{TICKED}", C_LIKE)
_data = Language(r"(?<!\S)\#[^\n]*", QUOTED, DATA)
_json = Language(r"(?!)", QUOTED, DATA)
LANGUAGES = {
    **dict.fromkeys(("python", "py"), _python),
    "sql": _sql,
    **dict.fromkeys(("bash", "sh", "shell", "zsh"), _shell),
    **dict.fromkeys(
        ("c", "cpp", "c++", "java", "go", "rust", "rs", "js", "javascript", "ts", "typescript"), _c
    ),
    **dict.fromkeys(("yaml", "yml", "toml", "ini"), _data),
    "json": _json,
    "r": Language(HASH, QUOTED, R),
    "dockerfile": Language(HASH, QUOTED, DOCKER),
}
_patterns: dict[str, re.Pattern[str]] = {}


def knows(language: str) -> bool:
    return language == "diff" or language in LANGUAGES


def as_html(text: str, language: str) -> str:
    """The same text, escaped, with what it is made of in spans; of no other language than those above."""
    if language == "diff":
        return "".join(line_of_diff(line) for line in text.splitlines(keepends=True))
    return "".join(spans(text, language))


def spans(text: str, language: str) -> Iterator[str]:
    known = LANGUAGES[language]
    pattern = _patterns.get(language) or _patterns.setdefault(language, known.pieces)
    end = 0
    for found in pattern.finditer(text):
        kind, piece = found.lastgroup or "", found[0]
        if kind == "w":
            is_word = (piece.lower() if known.folds else piece) in known.words
            kind = "k" if is_word else ""
        if kind:
            yield escape(text[end : found.start()])
            yield f'<span class="tok-{kind}">{escape(piece)}</span>'
            end = found.end()
    yield escape(text[end:])


def line_of_diff(line: str) -> str:
    kind = {"+": "s", "-": "d", "@": "k"}.get(line[:1])
    return f'<span class="tok-{kind}">{escape(line)}</span>' if kind else escape(line)
