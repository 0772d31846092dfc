"""Articles' Markdown: what descriptions may hold, and footnotes, formulas, diagrams, outline and references.

A reference is written `model:fraud/scorer`, `dataset:fraud/payments@3`, `article:fraud/drift`, `run:12` or
`finding:34`: a card that says how the thing stands, for who may see it. The text is parsed once for
everybody; who may see what is asked when it is read.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Iterator, MutableMapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from governance.errors import Invalid
from governance.markup import filled
from governance.templatetags import prose
from kb import diagrams, highlighting, maths

# Names of kinds as they are written, and how their labels begin.
PLURALS = {
    "model": "models",
    "dataset": "datasets",
    "asset": "assets",
    "article": "articles",
    "decision": "decisions",
}
NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9_])?"
KIND, TEAM, NUMBER = (
    f"(?P<kind>{'|'.join(PLURALS)})",
    "(?P<team>[a-z0-9-]{1,60})",
    r"(?P<number>[1-9]\d{0,8})",
)
# What has no name but a number, and no team in its reference.
NUMBERED = {"run": "runs", "finding": "findings"}
COUNTED = rf"(?P<counted>{'|'.join(NUMBERED)}):(?P<which>[1-9]\d{{0,17}})(?![\w/])"
WRITTEN = f"(?:{KIND}:{TEAM}/(?P<name>{NAME})(?:@{NUMBER})?|{COUNTED})"
REFERENCE = re.compile(rf"(?<![\w/:.@-]){WRITTEN}")
NOTE = re.compile(r"\[\^([A-Za-z0-9_-]{1,40})\]")
NOTE_BEGINS = re.compile(r"\[\^([A-Za-z0-9_-]{1,40})\]:[ \t]*")
INLINE = re.compile(rf"{REFERENCE.pattern}|{NOTE.pattern}")
MOST_REFERENCES = 200
MOST_NOTES = 100
MOST_DRAWN = 500  # formulas and diagrams
MOST_DIAGRAMS = 20
MOST_ATTACHED = 100
ATTACHED = "attachment:"
# As it is written elsewhere: no blank inside of the dollars, and no digit after them, which would be money.
FORMULA = re.compile(
    r"\$\$(?=\S)([^$\n]{1,2000}?)(?<=\S)\$\$|(?<![\w$])\$(?=[^\s$])([^$\n]{1,2000}?)(?<![\s\\])\$(?![\d$])"
)
# Private characters stand around the number of a reference until it is known who reads it, and with it a word
# that no text can know: an entity (`&#xE000;`) makes such characters, too, wherever its author likes.
OPEN, CLOSE = "\ue000", "\ue001"


@dataclass(frozen=True, order=True)
class Named:
    """What a reference names: the label of a thing, and of an artifact's perhaps a version."""

    label: str
    number: int | None = None

    @property
    def written(self) -> str:
        plural, _, rest = self.label.partition("/")
        for kind, many in NUMBERED.items():
            if many == plural:
                return f"{kind}:{rest}"
        team, name = rest.split("/")
        kind = next(one for one, many in PLURALS.items() if many == plural)
        return f"{kind}:{team}/{name}" + (f"@{self.number}" if self.number else "")


@dataclass(frozen=True)
class Heading:
    level: int
    words: str
    anchor: str


@dataclass(frozen=True)
class Read:
    """A text that was parsed: clean HTML with marks where references are, those, and the headings."""

    html: str
    references: tuple[Named, ...]
    attached: tuple[tuple[str, str], ...]
    """The names of attachments that stand in it, and the words that were written for each."""
    outline: tuple[Heading, ...]
    secret: str

    def shown(
        self, card: Callable[[Named], SafeString], attached: Callable[[str, str], SafeString] | None = None
    ) -> SafeString:
        """The HTML with what a person is shown of each reference and of each attachment."""
        draw = attached or (lambda name, words: filled("{}", words or name))
        files = [draw(name, words) for name, words in self.attached]
        cards = [card(named) for named in self.references]
        mark = f"{OPEN}{self.secret}-([0-9]+){CLOSE}"
        html = re.sub(mark, lambda found: cards[int(found[1])], self.html)
        html = re.sub(f"{OPEN}{self.secret}a([0-9]+){CLOSE}", lambda found: files[int(found[1])], html)
        return mark_safe(f'<div class="prose article" hx-disable>{html}</div>')  # noqa: S308  see `read`


@lru_cache(64)
def read(text: str) -> Read:
    secret = secrets.token_hex(8)
    env: dict[str, Any] = {"notes": {}, "references": {}, "outline": [], "secret": secret}
    env["drawn"], env["attached"] = [], []
    marked = text[: prose.LONGEST].replace(OPEN, "").replace(CLOSE, "")
    html = _cleaner.clean(_parser.render(marked, env))
    # What was drawn here is escaped where it was made: it comes in after the cleaning, which knows no SVG.
    html = re.sub(f"{OPEN}{secret}d([0-9]+){CLOSE}", lambda found: env["drawn"][int(found[1])], html)
    return Read(html, tuple(env["references"]), tuple(env["attached"]), tuple(env["outline"]), secret)


def named(match: re.Match[str]) -> Named:
    if match["counted"]:
        return Named(f"{NUMBERED[match['counted']]}/{match['which']}")
    number = match["number"]
    label = f"{PLURALS[match['kind']]}/{match['team']}/{match['name']}"
    versioned = number and match["kind"] in {"model", "dataset", "asset"}
    return Named(label, int(number) if versioned else None)


def as_named(text: str) -> Named | None:
    """One reference as it is written, or nothing."""
    found = re.fullmatch(WRITTEN, text.strip())
    return named(found) if found else None


# ------------------------------------------------------------------ footnotes and references


def _begin_note(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """“[^name]: words”, up to a blank line or the next one, is a footnote."""
    if state.level or state.is_code_block(start):
        return False
    found = NOTE_BEGINS.match(state.getLines(start, start + 1, state.blkIndent, False))
    if not found or len(state.env["notes"]) >= MOST_NOTES:
        return False
    if silent:
        return True
    after = start + 1
    while after < end and not state.isEmpty(after):
        if NOTE_BEGINS.match(state.getLines(after, after + 1, state.blkIndent, False)):
            break
        after += 1
    words = state.getLines(start, after, state.blkIndent, False)[found.end() :]
    state.env["notes"].setdefault(found[1], words.strip())
    state.line = after
    return True


def _end_notes(state: StateCore) -> None:
    """All footnotes, at the end, in their order."""
    notes = state.env["notes"]
    if not notes:
        return
    state.tokens += [Token("hr", "hr", 0, markup="---"), Token("ordered_list_open", "ol", 1)]
    for place, words in enumerate(notes.values(), start=1):
        item = Token("list_item_open", "li", 1)
        item.attrSet("id", f"note-{place}")
        text = Token("inline", "", 0, content=words, children=[])
        state.tokens += [item, Token("paragraph_open", "p", 1), text]
        state.tokens += [Token("paragraph_close", "p", -1), Token("list_item_close", "li", -1)]
    state.tokens.append(Token("ordered_list_close", "ol", -1))


def _split(state: StateCore) -> None:
    """Texts outside of links and code are taken apart where references and footnotes are."""
    for token in state.tokens:
        if token.type == "inline" and token.children:
            token.children = list(_apart(token.children, state.env))


def _apart(children: Iterable[Token], env: MutableMapping[str, Any]) -> Iterator[Token]:
    inside = 0
    for child in children:
        inside += (child.type == "link_open") - (child.type == "link_close")
        if child.type != "text" or inside:
            yield child
            continue
        end = 0
        for match in INLINE.finditer(child.content):
            if found := _piece(match, env):
                yield Token("text", "", 0, content=child.content[end : match.start()])
                yield found
                end = match.end()
        yield Token("text", "", 0, content=child.content[end:])


def _piece(match: re.Match[str], env: MutableMapping[str, Any]) -> Token | None:
    """What stands for a reference or a footnote; nothing for a footnote that is not there."""
    if match["kind"] is None and match["counted"] is None:
        name = match[match.re.groups]
        if name not in env["notes"]:
            return None
        return Token("note", "", 0, content=str([*env["notes"]].index(name) + 1))
    references: dict[Named, int] = env["references"]
    thing = named(match)
    if thing not in references and len(references) >= MOST_REFERENCES:
        return None
    return Token("reference", "", 0, content=str(references.setdefault(thing, len(references))))


# ------------------------------------------------------------------ formulas and diagrams


def _formula(state: StateInline, silent: bool) -> bool:
    """“$x$” is a formula in a line, “$$x$$” one that stands alone."""
    found = FORMULA.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        token = state.push("formula", "", 0)
        token.content, token.markup = found[1] or found[2], "$$" if found[1] else "$"
    state.pos = found.end()
    return True


def _begin_formula(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A line “$$”, the formula, and another such line."""
    if state.is_code_block(start) or state.getLines(start, start + 1, state.blkIndent, False).strip() != "$$":
        return False
    for line in range(start + 1, min(end, start + 60)):
        if state.getLines(line, line + 1, state.blkIndent, False).strip() == "$$":
            if not silent:
                token = state.push("formula", "", 0)
                token.content = state.getLines(start + 1, line, state.blkIndent, False).strip()
                token.markup, token.block = "$$", True
                state.line = line + 1
            return True
    return False


def _drawn_formula(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    token = tokens[index]
    block = token.markup == "$$"
    shown = _formula_or_text(token.content, block, env)
    return f"<p>{shown}</p>\n" if token.block else shown


def _formula_or_text(written: str, block: bool, env: Any) -> str:
    if len(env["drawn"]) >= MOST_DRAWN:
        return f"<code>{escape(written)}</code>"
    try:
        return _keep(maths.as_mathml(written, block=block), env)
    except Invalid as problem:
        said = filled('<code title="{}">{}</code>', f"This formula cannot be shown: {problem}", written)
        return _keep(said, env)


def _fence(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """Code, but for diagrams and formulas, which are drawn."""
    token = tokens[index]
    language = token.info.strip().split(" ")[0].lower()
    code = f"<pre><code>{escape(token.content)}</code></pre>\n"
    if language == "math":
        return f"<p>{_formula_or_text(token.content.strip(), True, env)}</p>\n"
    if language in {"diagram", "mermaid"} and env.get("diagrams", 0) < MOST_DIAGRAMS:
        env["diagrams"] = env.get("diagrams", 0) + 1
        try:
            return _keep(diagrams.as_svg(token.content), env)
        except Invalid as problem:
            return f"{code}<p><em>This diagram cannot be drawn: {escape(problem)}</em></p>\n"
    coloured = env.get("coloured", 0) + len(token.content)
    if not highlighting.knows(language) or coloured > highlighting.LONGEST:
        return code
    env["coloured"] = coloured
    return _keep(f"<pre><code>{highlighting.as_html(token.content, language)}</code></pre>", env)


def _image(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """“![words](attachment:name)” is a file of the article. Pictures from elsewhere would tell other hosts
    who reads what: of those the words are shown."""
    token = tokens[index]
    source = str(token.attrGet("src") or "")
    if not source.startswith(ATTACHED) or len(env["attached"]) >= MOST_ATTACHED:
        return escape(token.content)
    env["attached"].append((unquote(source.removeprefix(ATTACHED)), token.content))
    return f"{OPEN}{env['secret']}a{len(env['attached']) - 1}{CLOSE}"


def _keep(html: str, env: Any) -> str:
    env["drawn"].append(html)
    return f"{OPEN}{env['secret']}d{len(env['drawn']) - 1}{CLOSE}"


def _outline(state: StateCore) -> None:
    """Headings get anchors and are listed. An article's begin right below the title of its page."""
    for opened, inline in zip(state.tokens, state.tokens[1:], strict=False):
        if opened.type in {"heading_open", "heading_close"}:
            opened.tag = f"h{int(opened.tag[1]) - 1}"
        if opened.type == "heading_open" and inline.children:
            words = "".join(
                child.content for child in inline.children if child.type in {"text", "code_inline"}
            )
            anchor = f"part-{len(state.env['outline']) + 1}"
            opened.attrSet("id", anchor)
            state.env["outline"].append(Heading(int(opened.tag[1]), words.strip()[:200], f"in-{anchor}"))


def _note(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    number = tokens[index].content
    return f'<sup><a href="#in-note-{number}">{number}</a></sup>'


def _reference(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return f"{OPEN}{env['secret']}-{escape(tokens[index].content)}{CLOSE}"


def _made() -> Any:
    made = prose.parser()
    made.block.ruler.before("reference", "note", _begin_note)
    made.block.ruler.before("fence", "formula", _begin_formula, {"alt": ["paragraph", "blockquote", "list"]})
    made.inline.ruler.before("escape", "formula", _formula)
    made.core.ruler.before("inline", "end_notes", _end_notes)
    made.core.ruler.push("split", _split)
    made.core.ruler.push("outline", _outline)
    made.add_render_rule("note", _note)
    made.add_render_rule("reference", _reference)
    made.add_render_rule("formula", _drawn_formula)
    made.add_render_rule("fence", _fence)
    made.add_render_rule("image", _image)
    return made


_parser = _made()
_ids = {name: {"id"} for name in ("h2", "h3", "h4", "h5", "li")}
_cleaner = prose.cleaner({"sup", "h2"}, prefix="in-", **_ids)
