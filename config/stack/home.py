"""STEWARD_HOME: the state folder, its secrets, and where the embedded servers are reached."""

import hashlib
import os
import secrets
import stat
from pathlib import Path
from urllib.parse import quote, urlsplit

from config.stack.errors import Refusal

PROJECT = Path(__file__).resolve().parent.parent.parent
FOLDERS = ("keys", "run", "postgres", "redis", "blobs", "log", "static")
SECRETS = ("secret_key", "postgres_password", "postgres_admin_password", "redis_password")
POSTGRES_SOCKET = ".s.PGSQL.5432"
REDIS_SOCKET = "redis.sock"
# A socket's address holds 107 bytes; Redis cuts a longer one silently.
LONGEST_SOCKET = 90


def home() -> Path:
    """The state folder, as an absolute path."""
    return Path(os.environ.get("STEWARD_HOME") or PROJECT / "var").absolute()


def make_home() -> Path:
    """Make what is missing: folders that only their owner enters, and the secrets."""
    place = home()
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        _refuse_another_owner(place)
        for name in FOLDERS:
            _private_folder(place / name)
        for name in SECRETS:
            _make_secret(place / "keys" / name)
        run_folder().mkdir(mode=0o700, exist_ok=True)
    except FileExistsError as error:
        raise Refusal(f"{error.filename} must be a folder: move it away or set STEWARD_HOME.") from error
    except PermissionError as error:
        raise Refusal(f"{error.filename} may not be written by this user: set STEWARD_HOME.") from error
    _refuse_open_folder(run_folder())
    return place


def secret(name: str) -> str:
    """What `keys/NAME` holds; made when this home has none yet, so that commands run before a server."""
    path = home() / "keys" / name
    try:
        if not path.exists():
            make_home()
        return path.read_text().strip()
    except PermissionError as error:
        raise Refusal(f"{path} may not be read by this user: {home()} is another user's.") from error


def run_folder() -> Path:
    """Where the sockets lie: inside the home, or in a private temporary folder when that is too deep."""
    folder = home() / "run"
    if len(os.fsencode(folder / POSTGRES_SOCKET)) <= LONGEST_SOCKET:
        return folder
    mark = hashlib.sha256(os.fsencode(home())).hexdigest()[:16]
    return Path(f"/tmp/steward-{os.geteuid()}-{mark}")  # noqa: S108 -- checked for owner and mode


def database_url() -> str:
    """Given by DATABASE_URL, or the embedded PostgreSQL's."""
    if given := os.environ.get("DATABASE_URL"):
        return given
    return (
        f"postgresql://steward:{_quoted(secret('postgres_password'))}@/steward?host={_quoted(run_folder())}"
    )


def redis_url() -> str:
    """Redis' address as redis-py reads it (`unix://` for a socket)."""
    return _socket_url("unix", "db")


def broker_url() -> str:
    """Redis' address as Celery reads it (`redis+socket://` for a socket)."""
    return _socket_url("redis+socket", "virtual_host")


def _socket_url(scheme: str, database: str) -> str:
    given = os.environ.get("REDIS_URL")
    if not given:
        password = _quoted(secret("redis_password"))
        return f"{scheme}://steward:{password}@{quote(str(run_folder() / REDIS_SOCKET))}?{database}=0"
    parts = urlsplit(given)
    if parts.scheme not in {"unix", "redis+socket"}:
        return given
    number = parts.query.rpartition("=")[2] or "0"
    return f"{scheme}://{parts.netloc}{parts.path}?{database}={number}"


def _quoted(value: object) -> str:
    return quote(str(value), safe="")


def _private_folder(folder: Path) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    _refuse_another_owner(folder)
    if stat.S_IMODE(folder.stat().st_mode) & 0o077:
        folder.chmod(0o700)


def _refuse_another_owner(folder: Path) -> None:
    owner = folder.stat().st_uid
    if owner != os.geteuid():
        raise Refusal(
            f"{folder} belongs to user {owner}, and this is user {os.geteuid()}: "
            "start Steward as its owner, or set STEWARD_HOME to a folder of your own."
        )


def _refuse_open_folder(folder: Path) -> None:
    """A folder under /tmp may have been laid there by somebody else: its owner and mode must be ours."""
    found = folder.lstat()
    private = stat.S_ISDIR(found.st_mode) and not stat.S_IMODE(found.st_mode) & 0o077
    if not private or found.st_uid != os.geteuid():
        raise Refusal(f"{folder} is not a private folder of this user: remove it, the sockets go there.")


def _make_secret(path: Path) -> None:
    """Linked into place whole, so that two first starts agree and a cut one leaves no half secret."""
    if path.exists():
        path.chmod(0o600)
        return
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(48))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
