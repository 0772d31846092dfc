"""YAML: tags that make a loader build Python objects, aliases that multiply, and what the settings say.

Read as events by PyYAML's own pure parser, which builds nothing; so tags are known as loaders know them,
whatever handle or escape they are written with. Source: yaml.org/spec/1.1, PyYAML's constructor.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from registry.checks import Issue
from registry.parsers import Malformed, words

LARGEST = 512 << 10  # beyond, lines are looked at
MOST_EVENTS = 200_000
MOST_EXPANDED = 100_000_000
DEEPEST = 100
STANDARD = "tag:yaml.org,2002:"
PLAIN = words("str int float bool null seq map set omap pairs binary timestamp merge value")
HARMLESS = words(
    """
    python/tuple python/str python/unicode python/int python/float python/bool python/none python/list
    python/dict python/complex python/long python/bytes
    """
)
RAW_TAG = re.compile(r"!!python/|!<?tag:yaml\.org,2002:python|^%TAG\b|!!python%2[fF]|!python/", re.MULTILINE)
CURE = "write it with plain values."


def of_tag(tag: str, place: str) -> Iterator[Issue]:
    name = tag.removeprefix(STANDARD)
    if name == tag and not re.search(r"python|ruby|java|!!", tag):
        return  # a program's own, such as CloudFormation's: no loader knows it unless it was taught
    if name in PLAIN or name in HARMLESS:
        return
    if name.startswith("python/") or "python" in name:
        said = f"Its tag {name[:100]} makes a YAML loader import or call it"
        yield Issue("critical", f"{said}: {CURE}", f"tag:{name[:150]}", place)
    else:
        yield Issue(
            "high",
            f"It has the tag {name[:100]}, which no plain loader knows: {CURE}",
            f"tag:{name[:150]}",
            place,
        )


class Builder:
    """A plain tree from events: tables, lists and texts, nothing else ever."""

    def __init__(self) -> None:
        self.tags: set[str] = set()
        self.anchors: dict[str, int] = {}  # how many values each one stands for
        self.texts: dict[str, Any] = {}  # those that are one text
        self.begun: set[str] = set()
        self.repeated = False
        self.expanded = 0

    def documents(self, text: str) -> list[Any]:
        events = yaml.parse(text, Loader=yaml.SafeLoader)
        found = []
        for number, event in enumerate(events):
            if number > MOST_EVENTS:
                raise Malformed("has more values than can be looked at.")
            if isinstance(event, yaml.DocumentStartEvent):
                self.anchors, self.texts = {}, {}
                found.append(self._value(next(events), events, 0)[0])
        return found

    def _value(self, event: Any, events: Iterator[Any], depth: int) -> tuple[Any, int]:
        """A value, and how many it is when every alias is followed."""
        if depth > DEEPEST:
            raise Malformed("is nested too deeply.")
        if isinstance(event, yaml.AliasEvent):
            return self.texts.get(str(event.anchor)), self._alias(str(event.anchor))
        if event.tag:
            self.tags.add(event.tag)
        if event.anchor:
            self.begun.add(event.anchor)
        if isinstance(event, yaml.ScalarEvent):
            value, size = scalar(event), 1
        elif isinstance(event, yaml.SequenceStartEvent):
            value, size = self._list(events, depth)
        else:
            value, size = self._table(events, depth)
        if event.anchor:
            self.anchors[event.anchor] = size
            if isinstance(event, yaml.ScalarEvent):
                self.texts[event.anchor] = value
            else:
                self.texts.pop(event.anchor, None)
            self.begun.discard(event.anchor)
        return value, size

    def _alias(self, anchor: str) -> int:
        """How many values it stands for."""
        if anchor in self.begun:
            raise Malformed("has an alias that leads into itself.")
        if anchor not in self.anchors:
            raise yaml.YAMLError
        self.expanded += self.anchors[anchor]
        if self.expanded > MOST_EXPANDED:
            raise Malformed("has aliases that multiply beyond measure.")
        return self.anchors[anchor]

    def _list(self, events: Iterator[Any], depth: int) -> tuple[list[Any], int]:
        found, total = [], 1
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            value, size = self._value(event, events, depth + 1)
            found.append(value)
            total += size
        return found, total

    def _table(self, events: Iterator[Any], depth: int) -> tuple[dict[str, Any], int]:
        found: dict[str, Any] = {}
        total = 1
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key, key_size = self._value(event, events, depth + 1)
            value, size = self._value(next(events), events, depth + 1)
            name = key if isinstance(key, str) else repr(key)[:200]
            self.repeated |= name in found and name != "<<"
            found[name] = value
            total += key_size + size
        return found, total


def scalar(event: Any) -> Any:
    """Texts as they are; only the two truths are told apart, since settings ask for them."""
    if event.style is None and event.value in {"true", "True", "TRUE", "yes", "on"}:
        return True
    return event.value


def read(text: str, place: str) -> tuple[list[Any], list[Issue]]:
    """The documents, as far as they can be read, and what is wrong with them."""
    if len(text) > LARGEST:
        return [], list(in_lines(text, place))
    builder = Builder()
    try:
        documents = builder.documents(text)
    except (yaml.YAMLError, StopIteration, RecursionError, ValueError):
        return [], list(in_lines(text, place))
    issues = [issue for tag in sorted(builder.tags) for issue in of_tag(tag, place)]
    if builder.repeated:
        said = "The same key stands twice in one table, of which readers take different ones"
        issues.append(Issue("low", f"{said}: leave one.", "repeated_key", place))
    return documents, issues


def in_lines(text: str, place: str) -> Iterator[Issue]:
    """What is too large or broken is searched for tags as they are written."""
    if RAW_TAG.search(text):
        said = "It has tags that make a YAML loader import or call what they name"
        yield Issue("critical", f"{said}: {CURE}", "tag:python", place)
