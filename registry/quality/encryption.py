"""Whether what travels and what lies is encrypted, and nothing is open to everybody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from registry.checks import Issue
from registry.evaluating import Statement
from registry.operating import Operation, said
from registry.quality import Needs, operation
from registry.quality.ownership_coverage import named

SAFE = ("1.2", "1.3")
OTHERS = (("topology", ("network", "tls")), ("deployment", ("tls",)))


@operation(
    "Encryption",
    "each channel takes TLS 1.2 or newer, each connection to a database has sslmode=verify-full, each "
    "store is encrypted where it lies, and none may be read by everybody (each high). What a topology or a "
    "deployment says of TLS counts, too. What Steward itself stores is sealed before it reaches a disk",
    "NIST SP 800-53 SC-8, SC-28; libpq, 34.19: protection by sslmode",
    reads=("protection", "topology", "deployment"),
    of=("model", "dataset"),
    team=True,
)
def run(known: Operation) -> Iterator[Issue | Needs]:
    listed = known.newest("protection", "environment")
    if not listed:
        yield Needs("a record of protection: channels and stores", page="protection")
    for statement in listed:
        yield from of_channels(statement)
        yield from of_stores(statement)
    for kind, path in OTHERS:
        for statement in known.newest(kind, "environment"):
            yield from of_text(statement, path)


def of_channels(statement: Statement) -> Iterator[Issue | Needs]:
    channels: list[dict[str, Any]] = statement.data["channels"]
    if not channels:
        yield Needs("the channels with the TLS of each", page="protection")
    weak = [each["name"] for each in channels if each["tls"] not in SAFE]
    if weak:
        yield said(statement, "high", "tls", f"{named(weak)}: take TLS 1.2 or newer, and nothing older.")
    open_to = [each["name"] for each in channels if each.get("sslmode", "verify-full") != "verify-full"]
    if open_to:
        text = f"{named(open_to)}: with another sslmode than verify-full anybody may answer in its place."
        yield said(statement, "high", "sslmode", text)


def of_stores(statement: Statement) -> Iterator[Issue | Needs]:
    stores: list[dict[str, Any]] = statement.data["stores"]
    if not stores:
        yield Needs("the stores, and whether each is encrypted", page="protection")
    plain = [each["name"] for each in stores if not each["encrypted"]]
    if plain:
        yield said(statement, "high", "at_rest", f"{named(plain)}: not encrypted where it lies. Encrypt it.")
    public = [each["name"] for each in stores if each["public"]]
    if public:
        yield said(statement, "high", "public", f"{named(public)}: anybody may read it. Close it.")


def of_text(statement: Statement, path: tuple[str, ...]) -> Iterator[Issue]:
    """TLS as a topology or a deployment says it, in words of their own: 1.2, TLSv1.3."""
    value: Any = statement.data
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    if isinstance(value, str) and not value.strip().lower().removeprefix("tls").lstrip(" v").startswith(SAFE):
        yield said(
            statement, "high", f"tls:{path[0]}", f"TLS is {value[:40]}: take 1.2 or newer, and nothing older."
        )
