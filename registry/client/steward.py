"""Push and pull models and datasets: Steward's small client. It takes Python 3.9 and nothing else.

    export STEWARD_URL=https://steward.example STEWARD_TOKEN=stw_…
    python steward.py push team/name PATH… [--kind dataset] [--metric auc=0.81]
                      [--parent dataset:team/name:1:trained-on] [--wait]
    python steward.py pull team/name@production TO
    python steward.py why team/name:3
    python steward.py ask team/name:3 production
    python steward.py ls

Exit code 0: ready, or done. 1: blocked, with what cures it and who can. 2: unknown, as the server is away
or refuses, or checks have not ended. What was cut off goes on when the same is called again.
"""
from __future__ import annotations

import argparse
import hashlib
import http.client
import json
import os
import re
import sys
import time
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

PIECE, ONCE, NAMES, LONGEST, PAUSES = 1 << 20, 8 << 20, 500, 3600, [0.5, 1, 2, 4, 8]  # bytes; files; seconds
KINDS, AWAY = ("model", "dataset", "asset"), (429, 502, 503, 504)
NAMED = re.compile(r"(?:(model|dataset|asset):)?([a-z0-9-]+)/([\w.-]+)(?:@([a-z0-9-]+)|:([1-9]\d{0,8}))?")
PARENT = re.compile(r"(?P<kind>\w+):(?P<team>[^/:]+)/(?P<name>[^/:]+):(?P<version>\d+):(?P<relation>[\w-]+)")
PERSONAL = ("role", "four_eyes", "enough_approvals")  # objections to whoever promotes, not to the version
Values = dict[str, Any]

class Unknown(Exception):
    """Nothing is decided, and why. `status` is the server's, or one of AWAY when it does not answer."""
    status, objections = 0, list[Values]()

def access() -> tuple[str, str]:
    """The server's address, and the token, which leaves this machine sealed or not at all."""
    url, token = (os.environ.get(f"STEWARD_{name}", "").strip().rstrip("/") for name in ("URL", "TOKEN"))
    host = urlsplit(url).hostname or ""
    if not host or not re.match("https?://[^/@]+(/|$)", url) or not re.fullmatch("[A-Za-z0-9_-]+", token):
        raise Unknown("Set STEWARD_URL, such as https://steward.example, and STEWARD_TOKEN, such as stw_…")
    here = host in ("localhost", "::1") or re.fullmatch(r"127(\.\d{1,3}){3}", host)
    if url.startswith("http:") and not here and os.environ.get("STEWARD_INSECURE") != "1":
        raise Unknown(f"Anybody on the way to {host} could read the token: use https, or STEWARD_INSECURE=1.")
    return url, token

def call(method: str, path: str, body: Any = None, take: Any = json.load, fine: int = 0,
         pauses: Sequence[float] = PAUSES, more: Any = dict) -> Any:
    """What the server answers, as `take` reads it; None for the status `fine`. It is asked again while it is
    away: nothing is done twice by being asked twice. `body` is JSON, or a file; `more` makes headers."""
    url, token = access()
    connect = http.client.HTTPSConnection if url.startswith("https") else http.client.HTTPConnection
    link, root = connect(urlsplit(url).netloc, timeout=90), f"{url}/api/v1/"
    sent = pieces(*body) if isinstance(body, tuple) else body and json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **more()}
    try:
        link.request(method, urlsplit(root).path + path, sent, headers)
        answer = link.getresponse()
        if answer.status < 300 or answer.status == fine:
            return None if answer.status == fine else take(answer)
        status, said, elsewhere = answer.status, answer.read(), answer.headers.get("Location", root + path)
        problem: Values = json.loads(said) if said[:1] == b"{" else {}
    except (OSError, http.client.HTTPException, ValueError) as error:  # cut off, also within its head
        status, problem, elsewhere = 503, {"detail": f"The server does not answer: {error}"}, root + path
    finally:
        link.close()
    address = urljoin(root, elsewhere)
    if pauses and (status in AWAY or (status < 400 and address.startswith(root))):  # and on no other server
        time.sleep(pauses[0] * (status in AWAY))
        return call(method, address[len(root):], body, take, fine, pauses[1:], more)
    unknown = Unknown(problem.get("detail", f"The server answers with {status}."))
    unknown.status, unknown.objections = status, problem.get("objections", [])
    raise unknown

def find(reference: str, pauses: Sequence[float] = PAUSES) -> tuple[str, Values]:
    """The address of a version and what it holds: of the first kind that has something of this name."""
    if not (named := NAMED.fullmatch(reference)):
        raise Unknown(f"Write team/name, team/name:3 or team/name@production, not {reference}.")
    kind, team, name, alias, number = named.groups()
    below = f"versions/{number}" if number else f"aliases/{alias or 'production'}"
    for here in [f"{each}s/{team}/{name}/{below}" for each in ((kind,) if kind else KINDS)]:
        if found := call("GET", here, fine=404, pauses=pauses):
            return here, found
    raise Unknown(f"There is no {reference} that you may see.")

def push(reference: str, paths: Iterable[str | Path], kind: str = "model", metrics: Values | None = None,
         parents: Iterable[str] = (), wait: bool = True) -> Values:
    """Push files, and what folders hold, as a new version, unless it was there last; how it stands then."""
    named, origins = NAMED.fullmatch(reference), [PARENT.fullmatch(text) for text in parents]
    if not named or named[4] or named[5] or not all(origins):
        raise Unknown("Push to team/name, with parents such as dataset:team/name:1:trained-on.")
    lineage = [{**origin.groupdict(), "version": int(origin["version"])} for origin in origins if origin]
    files, kinds, until = collected(paths), f"{named[1] or kind}s/", time.monotonic() + LONGEST
    about = {"metrics": metrics or {}, "parents": lineage, "digest": digest(files.values())}
    call("POST", kinds, {"team": named[2], "name": named[3]}, fine=409)
    version: Values = call("POST", f"{kinds}{named[2]}/{named[3]}/versions/", about)
    if version["state"] == "draft":
        fill(version["label"], files, version["files"])
        version = call("POST", f"{version['label']}/submit")
    else:
        say(f"{reference} was there already as version {version['number']}.", sys.stderr)
    while wait and version["state"] == "checking" and time.monotonic() < until:
        time.sleep(PAUSES[0])
        version = call("GET", f"{version['label']}/?wait=60")
    return version
def collected(paths: Iterable[str | Path]) -> dict[Path, Values]:
    found = {}
    for given in map(Path, paths):
        for place in filter(Path.is_file, sorted(given.rglob("*"))) if given.is_dir() else [given]:
            path = place.relative_to(given if given.is_dir() else given.parent).as_posix()
            size, sha256 = place.stat().st_size, copy(place)
            found[place] = {"path": unicodedata.normalize("NFC", path), "size": size, "sha256": sha256}
    return found
def fill(here: str, files: dict[Path, Values], there: list[Values]) -> None:
    """Name what a draft lacks, send what has to be sent. The same push from elsewhere may be quicker: 409."""
    lacking = sorted((file for file in files.values() if file not in there), key=lambda file: -file["size"])
    held = call("POST", f"{here}/files/", {"files": lacking[:NAMES]}, fine=409) or {"files": []}
    for place, file in files.items():
        if file not in there + held["files"]:
            send(here, place, file)
def send(here: str, place: Path, file: Values) -> None:
    """At once, or in several pieces: after a cut, from what is there on. 409: somebody else was quicker."""
    if file["size"] <= ONCE:
        put("PUT", f"{here}/files/{quote(file['path'])}", place, file, 0)
        return
    while (upload := call("POST", f"{here}/uploads/", file, fine=409)) and not upload["complete"]:
        while upload and not upload["complete"]:
            upload = put("PATCH", f"{here}/uploads/{upload['id']}", place, file, upload["offset"])
def put(method: str, path: str, place: Path, file: Values, start: int) -> Any:
    size = {"Upload-Offset": str(start), "Content-Length": str(min(ONCE, file["size"] - start))}
    return call(method, path, (place, file, start), fine=409, more=size.copy)
def pieces(place: Path, file: Values, start: int) -> Iterator[bytes]:
    """The bytes, as many as were counted: what became shorter meanwhile is refused by its digest."""
    with place.open("rb") as stream:
        stream.seek(start)
        for done in range(start, min(start + ONCE, file["size"]), PIECE):
            size = min(PIECE, file["size"] - done)
            yield stream.read(size).ljust(size, b"\0")
            if sys.stderr.isatty():
                end = "\r" if done + size < file["size"] else "\n"
                say(f"{file['path'][-50:]}: {done + size:,} of {file['size']:,} bytes", sys.stderr, end)

def pull(reference: str, to: str | Path, verify: bool = True) -> Path:
    """Fetch a version into a folder. What is in the cache stands in for a server that is away."""
    cache = Path(os.environ.get("STEWARD_CACHE") or Path.home() / ".cache" / "steward")
    cache.mkdir(0o700, parents=True, exist_ok=True)
    kept = cache / f"{hashlib.sha256(f'{access()[0]} {reference}'.encode()).hexdigest()}.json"
    try:
        here, version = find(reference, pauses=PAUSES[:1] if kept.exists() else PAUSES)
    except Unknown as unknown:
        if unknown.status not in AWAY or not kept.exists():
            raise
        say(f"{unknown} This is {reference} as it was last, from the cache.", sys.stderr)
        here, version = json.loads(kept.read_text())
    kept.write_text(json.dumps([here, version]))
    if digest(version["files"]) != version["digest"]:
        raise Unknown("The list of its files is not the one that was frozen.")
    targets = [(inside(Path(to), file["path"]), file) for file in version["files"]]
    for target, blob in [(target, fetch(here, file, cache, verify)) for target, file in targets]:
        copy(blob, target)
    return Path(to)
def inside(folder: Path, path: str) -> Path:
    """Where a file goes: never outside of the folder, whatever it is called."""
    strange = not path.isprintable() or "\\" in path or {"", ".", ".."} & {*path.split("/")}
    if strange or folder.resolve() not in ((folder / path).parent.resolve() / "x").parents:
        raise Unknown(f"It holds a file called {path!r}, which could lie outside of {folder}.")
    return folder / path
def fetch(here: str, file: Values, cache: Path, verify: bool) -> Path:
    """The place of a file in the cache. What is not there is fetched, from where it was cut off."""
    blob, at = cache / re.sub(r"\W", "", file["sha256"]), f"{here}/files/{quote(file['path'])}"
    for _ in range(2):
        blob.touch(0o600)
        if blob.stat().st_size < file["size"]:
            rest = lambda: {"Range": f"bytes={blob.stat().st_size}-"}  # noqa: E731
            call("GET", at, take=lambda answer: save(blob, file["size"], answer), more=rest)
        if not verify or copy(blob) == file["sha256"]:
            return blob
        blob.unlink()
    raise Unknown(f"{file['path']} does not come as it was frozen: fetch it again.")
def save(blob: Path, size: int, answer: Any) -> None:
    with blob.open("r+b") as held:  # at its place, so that two who fetch the same do not disturb each other
        held.seek(int(re.findall(r"\d+", answer.headers.get("Content-Range", "0"))[0]))
        held.writelines(iter(lambda: answer.read1(PIECE), b""))  # each as it comes: what came is kept
        if held.tell() < size:
            raise ConnectionError("the connection broke")
def copy(place: Path, to: Path | None = None) -> str:
    """Copy a file, all of it or nothing, and return its SHA-256; without `to`, only that."""
    found, fresh = hashlib.sha256(), to.with_name(f".steward-{os.getpid()}") if to else Path(os.devnull)
    fresh.parent.mkdir(parents=True, exist_ok=True)
    with place.open("rb") as source, fresh.open("wb") as sink:
        while piece := source.read(PIECE):
            found.update(piece)
            sink.write(piece)
    if to:
        fresh.replace(to)
    return found.hexdigest()
def digest(files: Iterable[Values]) -> str:
    rows = sorted([file["path"], file["size"], file["sha256"]] for file in files)
    return hashlib.sha256(json.dumps(rows, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()

def why(reference: str) -> Any:
    """A version with its state, and the objections to its promotion, each with its cure."""
    return call("GET", find(reference)[1]["label"])
def ask(reference: str, alias: str = "production") -> Any:
    asked = call("POST", "approvals/", {"subject": find(reference)[1]["label"], "alias": alias})
    return {**asked, "label": f"approvals/{asked['id']}"}
def ls() -> list[Values]:
    rows = [row for kind in KINDS for row in call("GET", f"{kind}s/?size=200")["results"]]
    return [{**row, "state": (row["latest"] or {"state": "empty"})["state"]} for row in rows]

def say(text: str, file: Any = None, end: str = "\n") -> None:
    print("".join(c if c.isprintable() or c == "\n" else "?" for c in text), end=end, file=file, flush=True)
def tell(found: Sequence[Values], objections: Iterable[Values], but: Sequence[str] = ()) -> None:
    for each in found:
        say(f"{each['label']} is {each['state']}: {access()[0]}/{each['label']}/")
    for each in [one for one in objections if one["policy"] not in but]:
        say("- {sentence}\n  To cure it: {cure}\n  Who can: {who}\n  {0}{link}".format(access()[0], **each))

def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("command", choices=("push", "pull", "why", "ask", "ls"))
    parser.add_argument("words", nargs="*")
    parser.add_argument("--kind", choices=KINDS, default="model")
    parser.add_argument("--metric", action="append", default=[])
    parser.add_argument("--parent", action="append", default=[])
    parser.add_argument("--wait", action="store_true")
    given = parser.parse_intermixed_args()
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # what it is when this is a program
    try:
        if given.command == "push":
            metrics = {name: float(value) for name, value in (text.split("=") for text in given.metric)}
            given.words[1:] = [given.words[1:], given.kind, metrics, given.parent, given.wait]
        found = globals()[given.command](*given.words)
        rows = {"ls": found, "pull": []}.get(given.command, [found])
        reasons = [each for row in rows for each in row.get("objections", ())]
        tell(rows, reasons, PERSONAL if given.command == "push" else ())
        return {"ready": 0, "blocked": 1}.get(found["state"], 2) if given.command in ("push", "why") else 0
    except Exception as error:  # it would end with 1, which means blocked
        say(str(error) if isinstance(error, Unknown) else f"{type(error).__name__}: {error}", sys.stderr)
        tell([], getattr(error, "objections", ()))
    return 2

if __name__ == "__main__":
    sys.exit(main())
