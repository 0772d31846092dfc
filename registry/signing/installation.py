"""The key by which this server signs what it releases. It opens nothing, and lies in no backup.

A file that is missing is made: then what is released from now on is signed by another key.
"""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings

from governance.errors import Unavailable
from registry.keys import sync_folder

NOT_UNDERSTOOD = "The server's signing key is not understood: put back an intact copy, or take the file away."


def private_key() -> ec.EllipticCurvePrivateKey:
    """On P-256. `Unavailable` when its file cannot be used."""
    try:
        with path().open("rb") as file:
            refuse_wide(os.fstat(file.fileno()).st_mode)
            return parse(file.read())
    except FileNotFoundError:
        make()
        return private_key()
    except OSError:
        raise Unavailable("The server's signing key cannot be read.") from None


def public_pem() -> str:
    """What anybody needs to verify with the reference."""
    public = private_key().public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def path() -> Path:
    return Path(settings.SIGNING_KEY_FILE)


def refuse_wide(mode: int) -> None:
    if stat.S_IMODE(mode) & ~0o600:
        raise Unavailable("The server's signing key may be read by others: set its file to 0600.")


def parse(text: bytes) -> ec.EllipticCurvePrivateKey:
    try:
        key = load_pem_private_key(text, None)
    except (ValueError, TypeError):
        raise Unavailable(NOT_UNDERSTOOD) from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
        raise Unavailable(NOT_UNDERSTOOD)
    return key


def make() -> None:
    """Linked into place whole: two who make it at once agree, and a cut one leaves no half key."""
    made = ec.generate_private_key(ec.SECP256R1())
    target = path()
    draft = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, target)
        draft.unlink()
        sync_folder(target.parent)
    except OSError:
        raise Unavailable("The server's signing key cannot be written by this user.") from None
