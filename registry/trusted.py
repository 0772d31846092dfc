"""Which evaluations count, and as what: those that this server signed as they stand."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from hashlib import sha256
from threading import Lock
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.db.models import QuerySet

from governance.models import User
from governance.once import once
from governance.prepared import prepared
from registry.evaluating import Statement
from registry.models import Evaluation, Version
from registry.parsers.bundles import PAYLOAD, STATEMENT, signed_bytes
from registry.scoring import GOLDEN
from registry.signing import installation
from registry.signing.making import hint_of

PREDICATE = "urn:steward:evaluation:1"
MOST_EVALUATIONS = 50
MOST_HELD = 2000
HELD: dict[bytes, None] = {}
held_lock = Lock()
SIGNED = (
    *("pk", "model_path", "model_sha256", "dataset_label", "dataset_digest", "table_path", "table_sha256"),
    *("asked", "measured", "bundle"),
)
NAMED = (
    "rows",
    "positives",
    "metrics",
    "intervals",
    "confidence",
    "threshold",
    "confusion",
    "baseline",
    "task",
)


def evaluated(version: Version) -> list[Statement]:
    """The newest on each table and part of a dataset, whose signature holds; not on golden predictions."""
    return [as_statement(each) for each in newest(version) if each.part != GOLDEN]


@once
def newest(version: Version, person: User | None = None) -> list[Evaluation]:
    """`person`: to whom it is told, so that they read what data is called that they see."""
    found: dict[tuple[str, str, str], Evaluation] = {}
    rows = told(person, version=version.pk) if person else ended(version=version.pk)
    for each in rows:
        key = each.dataset_digest, each.table_path, json.dumps(each.asked, sort_keys=True)
        if key not in found and holds(each):
            found[key] = each
    return list(found.values())


@prepared
def told(person: User, *, version: Any) -> QuerySet[Evaluation]:
    rows = Evaluation.objects.told_to(person).done().filter(version=version)
    return rows.select_related("version__artifact__team").order_by("-pk")[:MOST_EVALUATIONS]


@prepared
def ended(*, version: Any) -> QuerySet[Evaluation]:
    rows = Evaluation.objects.done().filter(version=version)
    return rows.select_related("version__artifact__team").order_by("-pk")[:MOST_EVALUATIONS]


def as_statement(evaluation: Evaluation) -> Statement:
    """What was measured, as a record of an evaluation says it."""
    measured: dict[str, Any] = evaluation.measured or {}
    slices = [
        {"name": f"{each['column']}, value {place}", "rows": each["rows"], "metrics": each["metrics"]}
        for place, each in enumerate(measured.get("slices") or (), start=1)
    ]
    data = {
        "dataset": evaluation.dataset_label,
        "part": evaluation.part,
        **{name: measured[name] for name in NAMED if name in measured},
        **({"slices": slices} if slices else {}),
        "paired": {pair["evaluation"]: pair for pair in measured.get("paired") or ()},
    }
    return Statement(evaluation.pk, data, evaluation.dataset_digest, evaluated=True)


def outranking(evaluated: list[Statement], declared: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """What was evaluated, and what is declared on other data or on another part of it: nothing declared
    outranks it."""
    known = {(each.digest, part) for each in evaluated for part in (None, each.data.get("part"))}
    others = (each for each in declared if (each.digest, each.data.get("part")) not in known)
    return (*evaluated, *others)


# ------------------------------------------------------------------ signatures


def statement(evaluation: Evaluation) -> bytes:
    """What this server signs: which model, on which data, asked how, and what came of it."""
    version = evaluation.version
    assert evaluation.finished_at is not None
    said = {
        "_type": STATEMENT,
        "subject": [{"name": version.artifact.first_label, "digest": {"sha256": version.digest}}],
        "predicateType": PREDICATE,
        "predicate": {
            "evaluation": evaluation.pk,
            "model": {"path": evaluation.model_path, "sha256": evaluation.model_sha256},
            "dataset": {
                "label": evaluation.dataset_label,
                "digest": evaluation.dataset_digest,
                "path": evaluation.table_path,
                "sha256": evaluation.table_sha256,
            },
            "asked": as_kept(evaluation.asked),
            "measured": as_kept(evaluation.measured),
            "sealed": sha256(bytes(evaluation.sealed or b"")).hexdigest(),
            "finished_at": evaluation.finished_at.isoformat(),
        },
    }
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()


def as_kept(value: Any) -> Any:
    """The same however the database writes a number: 1.0 is 1."""
    if isinstance(value, dict):
        return {key: as_kept(each) for key, each in value.items()}
    if isinstance(value, list):
        return [as_kept(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def signed(evaluation: Evaluation) -> str:
    """The statement and this server's signature of it, as a DSSE envelope."""
    payload = statement(evaluation)
    signature = installation.private_key().sign(signed_bytes(payload), ec.ECDSA(hashes.SHA256()))
    hint = hint_of(installation.public_pem())
    return json.dumps(
        {
            "payload": b64encode(payload).decode(),
            "payloadType": PAYLOAD,
            "signatures": [{"sig": b64encode(signature).decode(), "keyid": hint}],
        },
        separators=(",", ":"),
    )


@once
def holds(evaluation: Evaluation) -> bool:
    """Whether this server signed exactly what the row says. What held as it stands, by this key, holds."""
    mark = mark_of(evaluation)
    with held_lock:
        if mark in HELD:
            return True
    if not is_signed(evaluation):
        return False
    with held_lock:
        HELD[mark] = None
        while len(HELD) > MOST_HELD:
            del HELD[next(iter(HELD))]
    return True


def mark_of(evaluation: Evaluation) -> bytes:
    """Of everything that is signed, of the signature, and of the key that stands there now."""
    version, path = evaluation.version, installation.path()
    key = path.stat() if path.exists() else None
    said = [
        *(getattr(evaluation, name) for name in SIGNED),
        *(version.artifact.first_label, version.digest, str(evaluation.finished_at)),
        *((key.st_ino, key.st_mtime_ns, key.st_size) if key else ()),
    ]
    digest = sha256(json.dumps(said, sort_keys=True).encode())
    digest.update(bytes(evaluation.sealed or b""))
    return digest.digest()


def is_signed(evaluation: Evaluation) -> bool:
    try:
        envelope = json.loads(evaluation.bundle)
        payload = b64decode(envelope["payload"])
        signature = b64decode(envelope["signatures"][0]["sig"])
        key = installation.private_key().public_key()
        key.verify(signature, signed_bytes(payload), ec.ECDSA(hashes.SHA256()))
    except (ValueError, KeyError, IndexError, TypeError, InvalidSignature):
        return False
    return payload == statement(evaluation)
