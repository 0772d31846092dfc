"""Signatures as the reference, `model-signing`, makes them, and certificates to make them with."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID
from model_signing import hashing, signing, verifying

from registry import checking
from registry.checks import CHECKS, Fact, Issue
from registry.models import Version
from registry.parsers.bundles import signed_bytes
from registry.sandbox import Report
from tests.registry.api.conftest import passed

Key = ec.EllipticCurvePrivateKey
FILES = {"a.txt": b"a model", "sub/b.txt": b"its other half"}


@cache
def key(name: str = "team", curve: type[ec.EllipticCurve] = ec.SECP256R1) -> Key:
    """One for each name."""
    return ec.generate_private_key(curve())


def public(of: Key) -> str:
    return of.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def laid(folder: Path, files: Mapping[str, bytes]) -> Path:
    place = folder / "model"
    for path, content in files.items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_bytes(content)
    return place


def private(folder: Path, of: Key) -> Path:
    place = folder / "key.pem"
    place.write_bytes(of.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return place


def by_key(folder: Path, files: Mapping[str, bytes] = FILES, by: Key | None = None, **listing: Any) -> bytes:
    """The bundle of files, by a key of the team unless told otherwise."""
    config = signing.Config().use_elliptic_key_signer(private_key=private(folder, by or key()))
    return made(config, laid(folder, files), folder, **listing)


def by_certificate(folder: Path, chain: list[x509.Certificate], by: Key, files=FILES) -> bytes:
    places = []
    for number, each in enumerate(chain):
        places.append(folder / f"{number}.pem")
        places[-1].write_bytes(each.public_bytes(Encoding.PEM))
    config = signing.Config().use_certificate_signer(
        private_key=private(folder, by), signing_certificate=places[0], certificate_chain=places[1:]
    )
    return made(config, laid(folder, files), folder)


def made(config: signing.Config, model: Path, folder: Path, **listing: Any) -> bytes:
    own = hashing.Config().set_ignored_paths(paths=[model / "model.sig", *listing.pop("leaves_out", ())])
    if listing:
        own = getattr(own, listing.pop("way"))(**listing)
    config.set_hashing_config(own).sign(model, folder / "made.sig")
    return (folder / "made.sig").read_bytes()


def verify(folder: Path, files: Mapping[str, bytes], bundle: bytes, public_pem: str) -> None:
    """By the reference, as its command line does. Raises for what does not hold."""
    (folder / "public.pem").write_text(public_pem)
    (folder / "ours.sig").write_bytes(bundle)
    config = verifying.Config().use_elliptic_key_verifier(public_key=folder / "public.pem")
    config.verify(laid(folder, files), folder / "ours.sig")


# ------------------------------------------------------------------ certificates


def certificate(of: Key, name: str, issuer: str, by: Key, **about: Any) -> x509.Certificate:
    """`ca`, `signs` and `days` (from, to) say what is odd about it."""
    start, end = (datetime.now(UTC) + timedelta(days=days) for days in about.get("days", (-1, 30)))
    ca, signs = about.get("ca", False), about.get("signs", True)
    names = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, each)]) for each in (name, issuer))
    usage = dict.fromkeys(
        [
            *("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "crl_sign"),
            *("encipher_only", "decipher_only"),
        ],
        False,
    )
    subject, issued_by = names
    return (
        x509.CertificateBuilder(issued_by, subject, of.public_key(), x509.random_serial_number(), start, end)
        .add_extension(x509.BasicConstraints(ca, about.get("depth")), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=signs, key_cert_sign=ca, **usage), critical=True)
        .sign(by, hashes.SHA256())
    )


@cache
def root() -> x509.Certificate:
    return certificate(key("root"), "root", "root", key("root"), ca=True, signs=False)


def pem(of: x509.Certificate) -> str:
    return of.public_bytes(Encoding.PEM).decode()


# ------------------------------------------------------------------ looked at


def looked_at(version: Version, files: Mapping[str, bytes]) -> Version:
    """As after checks that found nothing else: only the one of signatures has run, and not in the sandbox."""
    passed(version)
    for result in version.results.filter(check_name="model_signatures").select_related("file__blob"):
        file = io.BytesIO(files[result.file.path])
        file.name = result.file.path
        said = list(CHECKS[result.check_name].run(file))
        fact = next((each.data for each in said if isinstance(each, Fact)), None)
        issues = [each for each in said if isinstance(each, Issue)]
        checking.store(version, result.file, [(result, Report(result.check_name, "done", issues, fact))])
    return Version.objects.with_state().select_related("artifact__team", "added_by").get(pk=version.pk)


# ------------------------------------------------------------------ by hand


def changed(bundle: bytes, change: Callable[[dict[str, Any]], object], by: Key | None = None) -> bytes:
    """Another statement in a bundle, signed again when there is a key."""
    whole = json.loads(bundle)
    statement = json.loads(base64.b64decode(whole["dsseEnvelope"]["payload"]))
    change(statement)
    return with_payload(bundle, json.dumps(statement).encode(), by)


def with_payload(bundle: bytes, payload: bytes, by: Key | None = None) -> bytes:
    whole = json.loads(bundle)
    envelope = whole["dsseEnvelope"]
    envelope["payload"] = base64.b64encode(payload).decode()
    if by is not None:
        signature = by.sign(signed_bytes(payload), ec.ECDSA(hashes.SHA256()))
        envelope["signatures"][0]["sig"] = base64.b64encode(signature).decode()
    return json.dumps(whole).encode()


def edited(bundle: bytes, change: Callable[[dict[str, Any]], object]) -> bytes:
    """Another bundle around the same statement."""
    whole = json.loads(bundle)
    change(whole)
    return json.dumps(whole).encode()
