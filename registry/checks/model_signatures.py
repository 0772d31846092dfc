"""A signature of files: whether it can be read, and over which bytes. Whose it is, the keys of the team tell.

No check has those: see registry/signing.

Source of the format: OpenSSF Model Signing 1.0.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterator
from datetime import date
from typing import BinaryIO

from registry.checks import Fact, Issue, check
from registry.parsers import Malformed
from registry.parsers.bundles import LARGEST, Another, Bundle, Contradiction, named_so, read, signed_bytes
from registry.signing.covering import LEFT_OUT
from registry.signing.trees import tree

MOST_LISTED = 500
NOTHING = "until then it counts as none."


@check("model", "dataset", "asset", since=date(2026, 11, 27), timeout=30)
def run(file: BinaryIO) -> Iterator[Issue | Fact]:
    name = str(file.name)
    if not named_so(name):
        return
    data = file.read(LARGEST + 1)
    if not data.lstrip(b" \t\r\n").startswith(b"{") and not name.lower().endswith("sigstore.json"):
        return  # of another kind: PGP, minisign
    if len(data) > LARGEST:
        yield unread("is larger than 8 MiB.")
        return
    try:
        yield Fact({"signature": said(read(data))})
    except Another:
        yield Issue(
            "info",
            "This bundle says something else than which files a model has: it is no signature.",
            "other",
        )
    except Contradiction as error:
        yield Issue("high", f"This signature {error} Ask who made it.", "contradicts")
    except Malformed as error:
        yield unread(str(error))


def unread(why: str) -> Issue:
    return Issue("medium", f"This signature {why} Sign the files anew; {NOTHING}", "unreadable")


def said(bundle: Bundle) -> dict[str, object]:
    """All that verifying needs, and no bytes of JSON: digests of what was signed instead."""
    over = signed_bytes(bundle.payload)
    ways = ("sha256", "sha384", "sha512")
    listed = {"files": bundle.files} if len(bundle.files) <= MOST_LISTED else {}
    return {
        "over": {way: hashlib.new(way, over).hexdigest() for way in ways},
        "signature": b64encode(bundle.signature).decode(),
        "hint": bundle.hint,
        "certificates": [b64encode(each).decode() for each in bundle.certificates],
        "left_out": sorted({*bundle.left_out, *LEFT_OUT}),
        "tree": tree(bundle.files),
        "count": len(bundle.files),
        **listed,
    }
