"""People's Markdown as harmless HTML.

Whoever may write a description is not trusted: raw HTML is shown as text, what is left passes an allow-list
without `id`, `style`, `data-*` or `hx-*` and with the few classes that callouts and tasks get here, and the
whole stands inside `hx-disable`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from functools import lru_cache
from typing import Any

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

TAGS = {
    "p", "br", "hr", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code", "em", "strong",
    "s", "a", "table", "thead", "tbody", "tr", "th", "td", "span",
}  # fmt: skip
# What a quote begins with that is a callout, and the colour that it gets.
CALLOUTS = {"NOTE": "info", "TIP": "good", "IMPORTANT": "info", "WARNING": "warn", "CAUTION": "blocked"}
CALLOUT = re.compile(rf"\[!({'|'.join(CALLOUTS)})\][ \t]*")
TASK = re.compile(r"\[([ xX])\] ")
CLASSES = {"span": {"task", "kind"}, "blockquote": {"callout", *CALLOUTS.values()}}
# Parsing is linear in practice but not in the worst case: a page must not wait for one description.
LONGEST = 100_000


def _demote(state: StateCore) -> None:
    """A page has one heading: theirs begin two levels below it, and skip none."""
    above: list[int] = []
    for token in state.tokens:
        if token.type == "heading_open":
            above = [level for level in above if level < int(token.tag[1])] + [int(token.tag[1])]
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(len(above) + 2, 6)}"


def _written(state: StateCore, *around: str) -> Iterator[tuple[Token, Token]]:
    """The first text inside of what these tokens open, and the outermost of them."""
    tokens = state.tokens
    for place in range(len(tokens) - len(around)):
        opened = tokens[place : place + len(around)]
        inline = tokens[place + len(around)]
        if [token.type for token in opened] == list(around) and inline.type == "inline" and inline.children:
            yield opened[0], inline


def _callouts(state: StateCore) -> None:
    """“> [!NOTE]” begins a quote that stands out, and says what it is."""
    for quote, inline in _written(state, "blockquote_open", "paragraph_open"):
        children = inline.children or []
        if children[0].type != "text" or not (found := CALLOUT.match(children[0].content)):
            continue
        children[0].content = children[0].content[found.end() :]
        if not children[0].content:
            del children[: 2 if len(children) > 1 and children[1].type == "softbreak" else 1]
        quote.attrSet("class", f"callout {CALLOUTS[found[1]]}")
        kind = Token("kind", "", 0, content=found[1].capitalize())
        inline.children = [kind, *children]


def _tasks(state: StateCore) -> None:
    """“- [ ] this” and “- [x] that” are what is to be done and what is done."""
    for _, inline in _written(state, "list_item_open", "paragraph_open"):
        children = inline.children or []
        if children[0].type == "text" and (found := TASK.match(children[0].content)):
            children[0].content = children[0].content[found.end() :]
            done = Token("task", "", 0, content="" if found[1] == " " else "x")
            inline.children = [done, *children]


def _kind(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return f'<span class="kind">{tokens[index].content}</span> '


def _task(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    mark, words = ("☑", "done") if tokens[index].content else ("☐", "to do")
    return f'<span class="task" role="img" aria-label="{words}">{mark}</span> '


def _picture(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """Pictures would come from other hosts, which learn who reads what: their words are shown instead."""
    return escape(tokens[index].content)


def parser() -> MarkdownIt:
    """CommonMark with tables, callouts and tasks, without HTML and pictures."""
    made = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable(["table", "strikethrough"])
    for name, rule in (("demote", _demote), ("callouts", _callouts), ("tasks", _tasks)):
        made.core.ruler.push(name, rule)
    for name, render in (("image", _picture), ("kind", _kind), ("task", _task)):
        made.add_render_rule(name, render)
    return made


def cleaner(tags: Set[str] = frozenset(), prefix: str = "", **attributes: set[str]) -> nh3.Cleaner:
    """What lets through what is harmless, and these more; ids begin with the prefix. Raw HTML never comes so
    far: only we make them."""
    usual = {"a": {"href", "title"}, "ol": {"start"}, "span": {"role", "aria-label"}}
    names = usual.keys() | attributes.keys()
    return nh3.Cleaner(
        tags=TAGS | tags,
        attributes={name: usual.get(name, set()) | attributes.get(name, set()) for name in names},
        allowed_classes=CLASSES,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener",
        strip_comments=True,
        id_prefix=prefix or None,
    )


_parser, _cleaner = parser(), cleaner()


@lru_cache(64)
def markdown(text: str) -> SafeString:
    """Markdown (CommonMark and tables) inside the one element that htmx leaves alone. The same text is the
    same for everybody, and reading it takes as long as the rest of a page."""
    clean = _cleaner.clean(_parser.render(text[:LONGEST]))
    return mark_safe(f'<div class="prose" hx-disable>{clean}</div>')  # noqa: S308  cleaned one line above
