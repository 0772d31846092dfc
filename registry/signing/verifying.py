"""Whose key made a signature: ECDSA on the curves of the reference, each with the hash that belongs to it.

A certificate counts when its chain ends in one of the team's. The time that counts is when the version was
frozen: the signature was there by then.

Source: model_signing 1.1, `sign_ec_key` and `sign_certificate`; RFC 5280, 6.1.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from cryptography.x509.oid import ExtendedKeyUsageOID

BEGINS = "-----BEGIN CERTIFICATE-----"
WAYS: dict[str, hashes.HashAlgorithm] = {
    "secp256r1": hashes.SHA256(),
    "secp384r1": hashes.SHA384(),
    "secp521r1": hashes.SHA512(),
}
BROKEN = (ValueError, TypeError, InvalidSignature, x509.InvalidVersion)


def public_key(pem: str) -> ec.EllipticCurvePublicKey | x509.Certificate:
    """A public key or a certificate; `ValueError` with a sentence for anything else."""
    text = pem.strip()
    try:
        if text.startswith(BEGINS):
            (certificate,) = x509.load_pem_x509_certificates(text.encode())
            curve_of(certificate.public_key())
            return certificate
        key = load_pem_public_key(text.encode())
    except (*BROKEN, UnicodeEncodeError):
        raise ValueError("This is not one public key or one certificate in PEM.") from None
    curve_of(key)
    return key  # type: ignore[return-value]


def curve_of(key: object) -> str:
    if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in WAYS:
        return key.curve.name
    raise ValueError("A signing key is an elliptic-curve key on P-256, P-384 or P-521.")


def normal(pem: str) -> str:
    """The same in one way of writing."""
    key = public_key(pem)
    if isinstance(key, x509.Certificate):
        return key.public_bytes(Encoding.PEM).decode()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def fingerprint(pem: str) -> str:
    """As a bundle hints at a key: SHA-256 of its PEM; of a certificate, as others show it, of its bytes."""
    key = public_key(pem)
    if isinstance(key, x509.Certificate):
        return key.fingerprint(hashes.SHA256()).hex()
    return sha256(normal(pem).encode()).hexdigest()


def made_by(pem: str, said: Mapping[str, Any], at: datetime) -> bool:
    """Whether this key, or one whose certificate leads to this one, made what a check reports."""
    trusted = public_key(pem)
    if isinstance(trusted, x509.Certificate):
        return bool(said["certificates"]) and leads_to(trusted, said, at)
    return not said["certificates"] and verifies(trusted, said)


def verifies(key: object, said: Mapping[str, Any]) -> bool:
    try:
        way = WAYS[curve_of(key)]
        over = bytes.fromhex(said["over"][way.name])
        assert isinstance(key, ec.EllipticCurvePublicKey)
        key.verify(b64decode(said["signature"]), over, ec.ECDSA(Prehashed(way)))
    except BROKEN:
        return False
    return True


def leads_to(trusted: x509.Certificate, said: Mapping[str, Any], at: datetime) -> bool:
    try:
        chain = [x509.load_der_x509_certificate(b64decode(each)) for each in said["certificates"]]
        return may_sign(chain[0]) and verifies(chain[0].public_key(), said) and linked(chain, trusted, at)
    except (*BROKEN, x509.DuplicateExtension):
        return False


def linked(chain: Iterable[x509.Certificate], trusted: x509.Certificate, at: datetime) -> bool:
    """From the signer's certificate each is issued by the next, until the trusted one."""
    below: x509.Certificate | None = None
    depth = 0
    for certificate in [*chain, trusted]:
        if below is not None and not issued(below, certificate, depth):
            return False
        if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
            return False
        if certificate == trusted:
            return True
        depth += below is not None
        below = certificate
    return False


def issued(below: x509.Certificate, by: x509.Certificate, between: int) -> bool:
    """Whether an authority that may have so many others between itself and the signer issued it."""
    below.verify_directly_issued_by(by)
    limits = extension(by, x509.BasicConstraints)
    usage = extension(by, x509.KeyUsage)
    if limits is None or not limits.ca or (usage is not None and not usage.key_cert_sign):
        return False
    return limits.path_length is None or limits.path_length >= between


def may_sign(certificate: x509.Certificate) -> bool:
    usage, purposes = extension(certificate, x509.KeyUsage), extension(certificate, x509.ExtendedKeyUsage)
    signs = usage is not None and usage.digital_signature
    return signs or (purposes is not None and ExtendedKeyUsageOID.CODE_SIGNING in purposes)


def extension(certificate: x509.Certificate, kind: type[Any]) -> Any:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None
