"""What opens a backup, apart from it: master keys and the secret key, in a file under a passphrase.

    {"format": 1, "n": 131072, "r": 8, "p": 1, "salt": …, "nonce": …, "sealed": …}

scrypt (RFC 7914) makes the key of AES-256-GCM; 128 MiB of memory for each guess, as OWASP's cheat sheet on
password storage advises. The parameters are bound into what is sealed.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.conf import settings

from governance.errors import Invalid
from registry import keys
from registry.crypto import KEY
from registry.keys import NONCE, MasterKeys
from registry.storage.folder import answering, sync

FORMAT = 1
COST: dict[str, int] = {"n": 1 << 17, "r": 8, "p": 1}
DEAREST = 1 << 20  # a file from elsewhere must not take all memory
SHORTEST = 12


def read_passphrase(path: str) -> str:
    """The first line of a file: what is typed on a command line stays in the shell's history."""
    try:
        lines = Path(path).read_text().splitlines()
    except (OSError, UnicodeDecodeError):
        raise Invalid("The passphrase file cannot be read.") from None
    passphrase = lines[0] if lines else ""
    if len(passphrase) < SHORTEST:
        raise Invalid(f"A passphrase has {SHORTEST} characters or more, in the first line of its file.")
    return passphrase


@dataclass(frozen=True)
class Secrets:
    """Every version of the master key, and the server's own secret, which seals those of webhooks."""

    master: MasterKeys
    secret_key: str = field(repr=False)


def write(path: Path, passphrase: str) -> None:
    """Put the secrets of today into `path`; an older file there is replaced at once."""
    salt, mark = secrets.token_bytes(16), secrets.token_bytes(NONCE)
    head = {"format": FORMAT, **COST, "salt": encoded(salt)}
    plain = {"master_keys": keys.text(keys.load()).decode(), "secret_key": settings.SECRET_KEY}
    sealed = AESGCM(derived(passphrase, head)).encrypt(mark, json.dumps(plain).encode(), bound(head))
    put(path, json.dumps({**head, "nonce": encoded(mark), "sealed": encoded(sealed)}, indent=1) + "\n")


def put(path: Path, text: str) -> None:
    """Write a file for this user alone, whole or not at all."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with answering():
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
        sync(path.parent)


def read(path: Path, passphrase: str) -> Secrets:
    """The secrets again; `Invalid` when it is another file, another passphrase, or damaged."""
    try:
        found = json.loads(path.read_text())
        mark, sealed = decoded(found.pop("nonce")), decoded(found.pop("sealed"))
        key = derived(passphrase, found)
    except OSError:
        raise Invalid(f"{path} cannot be read.") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Invalid(f"{path} holds no master keys of Steward.") from None
    try:
        plain = json.loads(AESGCM(key).decrypt(mark, sealed, bound(found)))
    except InvalidTag:
        raise Invalid("The passphrase does not open this file, or the file is damaged.") from None
    return Secrets(keys.parse(plain["master_keys"].encode()), plain["secret_key"])


def take_over(secret_key: str) -> str:
    """Make the secret key of a backup this server's own; says what is left to do."""
    if secret_key == settings.SECRET_KEY:
        return ""
    if os.environ.get("STEWARD_SECRET_KEY"):
        return (
            "STEWARD_SECRET_KEY is another one than before: give the old one, or renew the webhooks' secrets."
        )
    put(settings.STEWARD_HOME / "keys" / "secret_key", secret_key)
    return "The secret key of before was put back: stop Steward and start it again."


def derived(passphrase: str, head: dict[str, Any]) -> bytes:
    n, r, p = int(head["n"]), int(head["r"]), int(head["p"])
    if n * r * p > DEAREST * 8:
        raise ValueError("This costs more than any file that was made here.")
    return Scrypt(decoded(head["salt"]), KEY, n, r, p).derive(passphrase.encode())


def bound(head: dict[str, Any]) -> bytes:
    return json.dumps(head, sort_keys=True).encode()


def encoded(value: bytes) -> str:
    return base64.b64encode(value).decode()


def decoded(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
