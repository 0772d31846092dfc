"""A bundle by the server's key, such as the reference makes and verifies."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from registry.parsers.bundles import BUNDLE, PAYLOAD, PREDICATE, STATEMENT, signed_bytes, whole_digest
from registry.signing.covering import LEFT_OUT, Files


def bundle(name: str, files: Files, key: ec.EllipticCurvePrivateKey, hint: str) -> str:
    """Over all files but what belongs to git, which the reference leaves out, too."""
    payload = json.dumps(statement(name, files), ensure_ascii=False, separators=(",", ":")).encode()
    signature = key.sign(signed_bytes(payload), ec.ECDSA(hashes.SHA256()))
    whole = {
        "mediaType": BUNDLE,
        "verificationMaterial": {"publicKey": {"hint": hint}, "tlogEntries": []},
        "dsseEnvelope": {
            "payload": b64encode(payload).decode(),
            "payloadType": PAYLOAD,
            "signatures": [{"sig": b64encode(signature).decode(), "keyid": ""}],
        },
    }
    return json.dumps(whole, separators=(",", ":"))


def statement(name: str, files: Files) -> dict[str, Any]:
    over = {path: files[path] for path in sorted(files) if path.partition("/")[0] not in LEFT_OUT}
    way = {
        "method": "files",
        "hash_type": "sha256",
        "allow_symlinks": False,
        "ignore_paths": sorted(LEFT_OUT),
    }
    resources = [{"name": path, "algorithm": "sha256", "digest": digest} for path, digest in over.items()]
    return {
        "_type": STATEMENT,
        "subject": [{"name": name, "digest": {"sha256": whole_digest(over)}}],
        "predicateType": PREDICATE,
        "predicate": {"serialization": way, "resources": resources},
    }


def hint_of(public_pem: str) -> str:
    return hashlib.sha256(public_pem.encode()).hexdigest()
