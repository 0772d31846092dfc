"""Small secrets, sealed under a key that is derived from the server's own secret and lies in no row."""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from governance.errors import Unavailable

NONCE, KEY = 12, 32  # bytes


def seal(text: str, whose: str) -> bytes:
    """AES-256-GCM, nonce first. `whose` is a label: what is sealed for one thing opens for no other."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(key()).encrypt(nonce, text.encode(), whose.encode())


def opened(sealed: bytes | memoryview, whose: str) -> str:
    """The text again; `Unavailable` when the server's secret is another one than when it was sealed."""
    sealed = bytes(sealed)  # the database answers with a view
    try:
        return AESGCM(key()).decrypt(sealed[:NONCE], sealed[NONCE:], whose.encode()).decode()
    except InvalidTag:
        raise Unavailable("A sealed secret cannot be opened: it belongs to another secret key.") from None


def key() -> bytes:
    return HKDF(SHA256(), KEY, None, b"steward sealed secrets 1").derive(settings.SECRET_KEY.encode())
