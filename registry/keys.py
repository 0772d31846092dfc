"""Master keys: they wrap the data key of every blob, and turn without touching a blob.

The file holds every version that is still needed and says which one wraps from now on:

    {"current": 2, "versions": {"1": {"key": "<base64>", "made": "<time>"}, "2": …}}

It never shares a folder or a backup with what it opens. No sentence here names it or shows a key.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils import timezone

from governance.errors import Conflict, Unavailable
from registry.crypto import KEY, TAG, Damaged

NONCE = 12
# A file may be sealed today and its row committed tomorrow: until then nobody sees which key it needs.
GRACE = timedelta(days=1)


@dataclass(frozen=True)
class MasterKey:
    key: bytes
    made: datetime

    def __repr__(self) -> str:
        return f"MasterKey(made={self.made})"


@dataclass(frozen=True)
class MasterKeys:
    current: int
    versions: dict[int, MasterKey]

    def add(self) -> MasterKeys:
        version = max(self.versions, default=0) + 1
        return MasterKeys(
            version, {**self.versions, version: MasterKey(secrets.token_bytes(KEY), timezone.now())}
        )


def wrap(data_key: bytes, blob_name: str) -> tuple[int, bytes]:
    """Seal a data key under the current version; returns the version and nonce ‖ ciphertext ‖ tag."""
    keys = load()
    mark = secrets.token_bytes(NONCE)
    sealed = AESGCM(keys.versions[keys.current].key).encrypt(mark, data_key, bound(keys.current, blob_name))
    return keys.current, mark + sealed


def unwrap(version: int, wrapped: bytes | memoryview, blob_name: str) -> bytes:
    """The data key again; `Damaged` when it was wrapped for another blob or by another key."""
    return unwrap_with(load(), version, wrapped, blob_name)


def unwrap_with(held: MasterKeys, version: int, wrapped: bytes | memoryview, blob_name: str) -> bytes:
    """The same by other keys than those in force: a backup's."""
    master = held.versions.get(version)
    if master is None:
        raise Unavailable(f"The master key has no version {version}. Put back the file that has it.")
    wrapped = bytes(wrapped)  # the database answers with a view
    if len(wrapped) != NONCE + KEY + TAG:
        raise Damaged(f"The key of blob {blob_name} is damaged.")
    try:
        return AESGCM(master.key).decrypt(wrapped[:NONCE], wrapped[NONCE:], bound(version, blob_name))
    except InvalidTag:
        raise Damaged(f"The key of blob {blob_name} is damaged, or belongs to another master key.") from None


def bound(version: int, blob_name: str) -> bytes:
    """What a wrapped key is tied to, so that neither rows nor versions can be exchanged."""
    return f"{version}:{blob_name}".encode()


def healthy() -> str | None:
    """The sentence that says why the keys cannot be used, or nothing."""
    try:
        load()
    except Unavailable as away:
        return away.sentence
    return None


# ------------------------------------------------------------------ reading

_last: tuple[tuple[object, ...], MasterKeys] | None = None


def load() -> MasterKeys:
    """Every version; the file is read again when it was replaced, so a lost one cures itself."""
    global _last
    try:
        with path().open("rb") as file:
            seen = os.fstat(file.fileno())
            mark = (path(), seen.st_dev, seen.st_ino, seen.st_mtime_ns, seen.st_ctime_ns, seen.st_size)
            if _last is None or _last[0] != mark:
                refuse_wide(seen.st_mode)
                _last = mark, parse(file.read())
            return _last[1]
    except FileNotFoundError:
        raise Unavailable(
            "The master key file is missing. Put it back; until then no file can be opened."
        ) from None
    except OSError:
        raise Unavailable("The master key file cannot be read by the server.") from None


def path() -> Path:
    return Path(settings.MASTER_KEYS_FILE)


def refuse_wide(mode: int) -> None:
    if stat.S_IMODE(mode) & ~0o600:
        found = f"{stat.S_IMODE(mode):04o}"
        raise Unavailable(f"The master key file has mode {found} and may be read by others. Set it to 0600.")


def parse(text: bytes) -> MasterKeys:
    try:
        found = json.loads(text)
        versions = {int(version): read_key(entry) for version, entry in found["versions"].items()}
        keys = MasterKeys(int(found["current"]), versions)
        keys.versions[keys.current]
    except (ValueError, KeyError, TypeError, AttributeError):
        # Without the cause: a parser's message may quote what it read.
        raise Unavailable("The master key file is not understood. Put back an intact copy.") from None
    return keys


def read_key(entry: dict[str, str]) -> MasterKey:
    key = base64.b64decode(entry["key"], validate=True)
    if len(key) != KEY:
        raise ValueError("A master key has 32 bytes.")
    made = datetime.fromisoformat(entry["made"])
    if made.tzinfo is None:
        raise ValueError("A time has a zone.")
    return MasterKey(key, made)


# ------------------------------------------------------------------ writing


def make() -> None:
    """Make the file with one key if there is none; never in production, where it is given."""
    with alone():
        if path().exists():
            return
        if settings.PRODUCTION:
            raise Unavailable("The master key file is missing. In production it is given, never made.")
        save(MasterKeys(0, {}).add())


def add_version() -> int:
    """A new version that wraps from now on; the older ones stay for what they have wrapped."""
    with alone():
        keys = load().add()
        save(keys)
        return keys.current


def drop_old() -> list[int]:
    """Keep the current version alone. The caller knows that no row needs another one."""
    with alone():
        keys = load()
        current = keys.versions[keys.current]
        old = [version for version in keys.versions if version != keys.current]
        if old and timezone.now() - current.made < GRACE:
            raise Conflict(
                "The last rotation is less than a day old: an upload on its way may need an older key."
            )
        save(replace(keys, versions={keys.current: current}))
        return old


def replace_all(others: MasterKeys) -> None:
    """Put other keys in the place of those that are there, which open nothing here but are kept beside."""
    with alone():
        with suppress(FileNotFoundError):
            kept = path().with_name(f"{path().name}.before-{timezone.now():%Y%m%dT%H%M%S%f}")
            os.link(path().resolve(), kept)
        save(others)


@contextmanager
def alone() -> Iterator[None]:
    """One writer at a time; whatever the system refuses becomes a sentence."""
    try:
        path().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = os.open(path().parent, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        raise Unavailable("The folder of the master key file cannot be used by this user.") from None
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    except OSError:
        raise Unavailable("The master key file cannot be written by this user.") from None
    finally:
        os.close(folder)


def save(keys: MasterKeys) -> None:
    """Replace the file at once and for good: after a power cut there is the old one or the new one."""
    target = path().resolve()
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    try:
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(text(keys))
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def text(keys: MasterKeys) -> bytes:
    versions = {
        version: {"key": base64.b64encode(master.key).decode(), "made": master.made.isoformat()}
        for version, master in keys.versions.items()
    }
    return json.dumps({"current": keys.current, "versions": versions}, indent=1).encode() + b"\n"
