"""What a machine can hold against a page: the strict parser's errors, and what a parser lets pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from xml.etree.ElementTree import Element

import html5lib
from html5lib.constants import E as SENTENCES

PHRASING = {
    *("a", "abbr", "b", "button", "code", "em", "h1", "h2", "h3", "h4", "h5", "h6", "i", "kbd", "label"),
    *("legend", "mark", "p", "pre", "small", "span", "strong", "summary", "time"),
}
FLOW = {
    *("article", "aside", "blockquote", "details", "dialog", "div", "dl", "fieldset", "figure", "footer"),
    *("form", "header", "hr", "main", "nav", "ol", "p", "pre", "section", "table", "ul"),
}
# Holds whatever what it stands in may hold.
WIDER = {"a"}
INTERACTIVE = {"a", "button", "details", "iframe", "input", "label", "select", "summary", "textarea"}
CHILDREN = {
    "ul": {"li", "template"},
    "ol": {"li", "template"},
    "dl": {"dt", "dd", "div"},
    "select": {"option", "optgroup", "hr"},
    "tr": {"td", "th"},
}
POINTERS = (
    *("for", "form", "list", "popovertarget", "commandfor", "headers"),
    *("aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "aria-errormessage"),
)


def complaints(text: str) -> list[str]:
    """Everything that is wrong with a page, or with a part of one (without a doctype)."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    whole = text.lstrip().lower().startswith("<!doctype html>")
    tree = parser.parse(text) if whole else parser.parseFragment(text)
    found = [f"line {at[0]}: {SENTENCES[code] % about}" for at, code, about in parser.errors]
    found += [*twice(tree), *nested(tree), *forms(tree)]
    if whole:
        found += [*pointing_nowhere(tree), *headings(tree), *frame(tree)]
    return found


def elements(tree: Element) -> Iterator[Element]:
    return (each for each in tree.iter() if isinstance(each.tag, str))


def twice(tree: Element) -> Iterator[str]:
    ids = Counter(each.get("id") for each in elements(tree) if each.get("id") is not None)
    yield from (f"the id {name!r} stands {times} times" for name, times in ids.items() if times > 1)


def pointing_nowhere(tree: Element) -> Iterator[str]:
    """Labels, descriptions and links within the page lead to something that is there."""
    ids = {each.get("id") for each in elements(tree)}
    for each in elements(tree):
        said = [(name, word) for name in POINTERS for word in each.get(name, "").split()]
        href = each.get("href", "")
        if href.startswith("#") and each.tag == "a":
            said.append(("href", href[1:]))
        yield from (f"{name} of {each.tag} names {word!r}" for name, word in said if word not in ids)


def forms(tree: Element) -> Iterator[str]:
    """Every form can be sent without a script, by a button of its own or one that names it."""
    buttons = [each for each in elements(tree) if each.tag == "button" and each.get("type") != "button"]
    named = {button.get("form") for button in buttons}
    for form in (each for each in elements(tree) if each.tag == "form"):
        if form.get("id") not in named - {None} and not any(each in buttons for each in elements(form)):
            yield f"form to {form.get('action', 'itself')} has no button"


def headings(tree: Element) -> Iterator[str]:
    """One first heading, and none that skips a level."""
    main = next((each for each in elements(tree) if each.tag == "main"), tree)
    levels = [int(each.tag[1]) for each in elements(main) if each.tag in {"h1", "h2", "h3", "h4", "h5", "h6"}]
    if levels.count(1) != 1 or levels[0] != 1:
        yield f"headings are {levels}"
    yield from (f"h{after} follows h{before}" for before, after in pairwise(levels) if after > before + 1)


def frame(tree: Element) -> Iterator[str]:
    """The language, a title, one main part."""
    page = next(each for each in elements(tree) if each.tag == "html")
    title = next((each.text for each in elements(tree) if each.tag == "title"), None)
    if not page.get("lang") or not (title or "").strip(" ·"):
        yield "no language or no title"
    if sum(each.tag == "main" for each in elements(tree)) != 1:
        yield "not one main part"


def nested(element: Element, above: tuple[str, ...] = ()) -> Iterator[str]:
    """No control in a control, no block in a line, lists of entries only."""
    tag = element.tag if isinstance(element.tag, str) else ""
    if tag in INTERACTIVE and not hidden_input(element):
        outer = set(above) & {"a", "button"} | ({"summary"} & set(above) if tag in {"a", "button"} else set())
        if outer:
            yield f"{tag} within {outer.pop()}"
    yield from (f"{tag} within {each}" for each in set(above) & PHRASING if tag in FLOW and each not in WIDER)
    for child in element:
        if isinstance(child.tag, str) and child.tag not in CHILDREN.get(tag, {child.tag}):
            yield f"{child.tag} right below {tag}"
        inner = () if tag in {"svg", "template"} else (*above, tag)
        yield from nested(child, inner)


def hidden_input(element: Element) -> bool:
    return element.tag == "input" and element.get("type") == "hidden"
