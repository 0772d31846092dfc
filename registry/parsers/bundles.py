"""Signatures of models: a Sigstore bundle with a DSSE envelope over an in-toto statement of files.

Sources: Sigstore bundle 0.3, DSSE 1.0.2, in-toto statement 1, model-signing 1.0. Nothing is verified here:
that needs keys and the other files.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from registry.parsers import Malformed, strict_json

BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json"
PAYLOAD = "application/vnd.in-toto+json"
STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://model_signing/signature/v1.0"
LARGEST = 8 << 20
MOST_CERTIFICATES, LARGEST_CERTIFICATE = 8, 16 << 10
LONGEST_SIGNATURE = 1024
MOST_LEFT_OUT = 100
WHOLE = "."
"""The name of a model that is one file."""
DIGEST = re.compile(r"[0-9a-f]{64}")
NAMES = (".sig", ".sigstore", ".sigstore.json")


class Another(Exception):
    """A bundle that says something else than which files a model consists of."""


class Contradiction(Malformed):
    """Readers may differ in what it says: no honest program writes such."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """`files` are SHA-256 by path from the folder of the signature, `left_out` the paths that it says it is
    not about. Certificates are DER, the signer's first."""

    payload: bytes
    signature: bytes
    hint: str
    certificates: list[bytes]
    files: dict[str, str]
    left_out: list[str]


def named_so(path: str) -> bool:
    return path.lower().endswith(NAMES)


def signed_bytes(payload: bytes) -> bytes:
    """What the signature is over (DSSE, "PAE")."""
    return b"DSSEv1 %d %s %d %s" % (len(PAYLOAD), PAYLOAD.encode(), len(payload), payload)


def read(data: bytes) -> Bundle:
    """`Malformed` or `Another` for what is no signature of a model that can be compared."""
    whole = table(parsed(data), "It")
    if whole.get("mediaType") != BUNDLE:
        raise Malformed("is no Sigstore bundle of version 0.3.")
    if "dsseEnvelope" not in whole:
        raise Another
    envelope = table(whole["dsseEnvelope"], "Its envelope")
    if envelope.get("payloadType") != PAYLOAD:
        raise Another
    signatures = envelope.get("signatures")
    if not isinstance(signatures, list) or len(signatures) != 1:
        raise Malformed("has not exactly one signature.")
    payload = decoded(envelope.get("payload"), LARGEST)
    signature = decoded(table(signatures[0], "Its signature").get("sig"), LONGEST_SIGNATURE)
    files, left_out = stated(table(parsed(payload), "Its statement"))
    hint, certificates = made_by(table(whole.get("verificationMaterial"), "Its material"))
    return Bundle(payload, signature, hint, certificates, files, left_out)


def stated(statement: dict[str, Any]) -> tuple[dict[str, str], list[str]]:
    """The files of an in-toto statement, and what it leaves out."""
    if statement.get("_type") != STATEMENT or statement.get("predicateType") != PREDICATE:
        raise Another
    predicate = table(statement.get("predicate"), "Its predicate")
    way = table(predicate.get("serialization"), "Its way of listing")
    if way.get("method") != "files" or way.get("hash_type") != "sha256":
        raise Malformed("does not list whole files by SHA-256: sign it anew in that way.")
    found = predicate.get("resources")
    if not isinstance(found, list) or not found:
        raise Malformed("lists no files.")
    files = dict(map(resource, found))
    if len(files) != len(found):
        raise Contradiction("lists a file twice.")
    if whole_digest(files) != subject(statement.get("subject")):
        raise Contradiction("lists other files than the digest that it is about.")
    return files, ignored(way.get("ignore_paths", []))


def ignored(given: Any) -> list[str]:
    if not isinstance(given, list) or len(given) > MOST_LEFT_OUT:
        raise Malformed(f"does not leave out at most {MOST_LEFT_OUT} paths.")
    if not all(isinstance(each, str) and len(each) <= 255 for each in given):
        raise Malformed("leaves out what is no path.")
    return sorted(given)


def resource(given: Any) -> tuple[str, str]:
    said = table(given, "A file in it")
    name, digest = said.get("name"), said.get("digest")
    if said.get("algorithm") != "sha256" or not isinstance(digest, str) or not DIGEST.fullmatch(digest):
        raise Malformed("lists a file without its SHA-256.")
    if not isinstance(name, str) or not is_inside(name):
        raise Contradiction("lists a file outside its folder.")
    return name, digest


def is_inside(name: str) -> bool:
    """A plain way down, written in one way only."""
    if name == WHOLE:
        return True
    return "\\" not in name and name.isprintable() and not {"", ".", ".."} & set(name.split("/"))


def whole_digest(files: dict[str, str]) -> str:
    return sha256(b"".join(map(bytes.fromhex, files.values()))).hexdigest()


def subject(given: Any) -> str:
    if not isinstance(given, list) or len(given) != 1:
        raise Contradiction("is not about exactly one model.")
    digests = table(table(given[0], "Its subject").get("digest"), "Its digest")
    return str(digests.get("sha256"))


def made_by(material: dict[str, Any]) -> tuple[str, list[bytes]]:
    """The digest of the key that it names, and the certificates that it brings."""
    if "publicKey" in material:
        hint = table(material["publicKey"], "Its key").get("hint")
        return (hint if isinstance(hint, str) and DIGEST.fullmatch(hint) else ""), []
    if "certificate" in material:
        given: Any = [material["certificate"]]
    else:
        given = table(material.get("x509CertificateChain"), "Its chain").get("certificates")
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_CERTIFICATES:
        raise Malformed(f"has not 1 to {MOST_CERTIFICATES} certificates.")
    found = [table(each, "A certificate").get("rawBytes") for each in given]
    return "", [decoded(each, LARGEST_CERTIFICATE) for each in found]


def table(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Malformed(f"is not understood. {what} is no table.")
    return value


def parsed(data: bytes) -> Any:
    try:
        return strict_json.loads(data.decode())
    except strict_json.Repeated:
        raise Contradiction("says the same thing twice.") from None
    except ValueError:
        raise Malformed("is no JSON that can be read.") from None


def decoded(text: Any, most: int) -> bytes:
    """Base 64 as it is written, in one way only."""
    if not isinstance(text, str) or not text or len(text) > most * 2:
        raise Malformed("has a part that is missing or too long.")
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Malformed("has a part that is no base 64.") from None
    if base64.b64encode(data).decode() != text or len(data) > most:
        raise Malformed("has a part that is no base 64.")
    return data
