"""A contract as YAML: plain values and nothing else. No tags, no anchors (ten lines of them can stand for a
billion), no name twice; and words stay words: YAML 1.1 takes the country NO for false and 12:30 for 750."""

from __future__ import annotations

import re
from typing import Any

import yaml

MOST_CHARACTERS = 64 << 10
MOST_DEPTH = 16


class Unwritten(ValueError):
    """A sentence that says why a text is no plain YAML, and in which line."""


class Plain(yaml.SafeLoader):
    """The plain values of YAML 1.2: null, true, false, numbers, texts, lists, and names with values."""

    yaml_implicit_resolvers: dict[Any, Any] = {}

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            self.refuse("repeats something by a reference: write it out")
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if event.tag is not None or event.anchor is not None:
            self.refuse("has a tag or an anchor: write plain values")
        self.depth = getattr(self, "depth", 0) + 1
        if self.depth > MOST_DEPTH:
            self.refuse(f"is nested deeper than {MOST_DEPTH} levels")
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def refuse(self, why: str) -> None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        raise Unwritten(f"Line {event.start_mark.line + 1} {why}.")

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise Unwritten(f"Line {line} has something else than a name before its colon.")
            if key.value in seen:
                raise Unwritten(f"Line {line} names {key.value[:60]} once more.")
            seen.add(key.value)
            key.tag = "tag:yaml.org,2002:str"
        return super().construct_mapping(node, deep)


NUMBER = r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
for kind, form, first in (
    ("null", r"~|null|", ["~", "n", ""]),
    ("bool", r"true|false", ["t", "f"]),
    ("int", r"[-+]?(?:0|[1-9][0-9]{0,17})", list("-+0123456789")),
    ("float", NUMBER, list("-+.0123456789")),
):
    Plain.add_implicit_resolver(f"tag:yaml.org,2002:{kind}", re.compile(rf"(?:{form})\Z"), first)


def read(text: str) -> Any:
    """The values of a text; `Unwritten` when it is no plain YAML."""
    if len(text) > MOST_CHARACTERS:
        raise Unwritten(f"A contract has at most {MOST_CHARACTERS >> 10} KiB.")
    try:
        return yaml.load(text, Plain)  # noqa: S506  # a SafeLoader that takes less
    except yaml.MarkedYAMLError as error:
        line = f"Line {error.problem_mark.line + 1}" if error.problem_mark else "Some line"
        raise Unwritten(f"{line} is no YAML: {(error.problem or 'it ends too early')[:200]}.") from error
    except yaml.YAMLError as error:
        raise Unwritten("It holds a character that YAML does not take.") from error
    except (ValueError, RecursionError) as error:
        raise error if isinstance(error, Unwritten) else Unwritten("It is no plain YAML.") from error


class Written(yaml.SafeDumper):
    """Without references, and lists indented below their name."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def text(data: Any) -> str:
    """What `read` gives back; small lists stand on one line."""
    return yaml.dump(data, Dumper=Written, sort_keys=False, allow_unicode=True, width=100)
