"""Master keys apart from what they open: in a file of their own, under a passphrase.

    {"format": 1, "n": 131072, "r": 8, "p": 1, "salt": …, "nonce": …, "sealed": …}

scrypt (RFC 7914) makes the key of AES-256-GCM; 128 MiB of memory for each guess, as OWASP's cheat sheet on
password storage advises. The parameters are bound into what is sealed.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

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


def write(path: Path, passphrase: str) -> None:
    """Put every version of the master key into `path`; an older file there is replaced at once."""
    salt, mark = secrets.token_bytes(16), secrets.token_bytes(NONCE)
    head = {"format": FORMAT, **COST, "salt": encoded(salt)}
    sealed = AESGCM(derived(passphrase, head)).encrypt(mark, keys.text(keys.load()), bound(head))
    text = json.dumps({**head, "nonce": encoded(mark), "sealed": encoded(sealed)}, indent=1)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with answering():
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
        sync(path.parent)


def read(path: Path, passphrase: str) -> MasterKeys:
    """The keys again; `Invalid` when it is another file, another passphrase, or damaged."""
    try:
        found = json.loads(path.read_text())
        mark, sealed = decoded(found.pop("nonce")), decoded(found.pop("sealed"))
        key = derived(passphrase, found)
    except OSError:
        raise Invalid(f"{path} cannot be read.") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Invalid(f"{path} holds no master keys of Steward.") from None
    try:
        return keys.parse(AESGCM(key).decrypt(mark, sealed, bound(found)))
    except InvalidTag:
        raise Invalid("The passphrase does not open this file, or the file is damaged.") from None


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
