"""People's Markdown as harmless HTML.

Whoever may write a description is not trusted: raw HTML is shown as text, what is left passes an allow-list
without `id`, `class`, `style`, `data-*` or `hx-*`, and the whole stands inside `hx-disable`.
"""

from __future__ import annotations

from collections.abc import Sequence
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
    "s", "a", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
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


def _picture(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """Pictures would come from other hosts, which learn who reads what: their words are shown instead."""
    return escape(tokens[index].content)


_parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable(["table", "strikethrough"])
_parser.core.ruler.push("demote", _demote)
_parser.add_render_rule("image", _picture)

_cleaner = nh3.Cleaner(
    tags=TAGS,
    attributes={"a": {"href", "title"}, "ol": {"start"}},
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow noopener",
    strip_comments=True,
)


@lru_cache(64)
def markdown(text: str) -> SafeString:
    """Markdown (CommonMark and tables) inside the one element that htmx leaves alone. The same text is the
    same for everybody, and reading it takes as long as the rest of a page."""
    clean = _cleaner.clean(_parser.render(text[:LONGEST]))
    return mark_safe(f'<div class="prose" hx-disable>{clean}</div>')  # noqa: S308  cleaned one line above
