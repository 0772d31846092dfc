"""A signature is read strictly, and says what it is over; whose it is, no check can know."""

from __future__ import annotations

import json

import pytest

from registry.checks import MIB, accepted, file_type, model_signatures
from registry.parsers.bundles import whole_digest
from registry.sandbox.running import Sandbox
from registry.signing.trees import tree
from tests.registry import signing
from tests.registry.checks.looking import look, look_in_sandbox
from tests.registry.signing import changed, edited, with_payload


@pytest.fixture(scope="module")
def real(tmp_path_factory) -> bytes:
    """As the reference makes it."""
    return signing.by_key(tmp_path_factory.mktemp("real"))


def looked(content: bytes, name: str = "model.sig"):
    return look(model_signatures, content, name)


def issues(content: bytes, name: str = "model.sig") -> list[tuple[str, str]]:
    return looked(content, name)[0]


def statement(bundle: bytes, **more: object) -> bytes:
    return changed(bundle, lambda said: said.update(more))


def predicate(bundle: bytes, change) -> bytes:
    return changed(bundle, lambda said: change(said["predicate"]))


def test_a_real_one_says_what_it_is_over(real):
    found, fact = looked(real)

    said = fact["signature"]
    assert (found, said["files"].keys(), said["count"]) == ([], {"a.txt", "sub/b.txt"}, 2)
    assert (said["tree"], said["certificates"]) == (tree(said["files"]), [])
    assert said["left_out"] == [".git", ".gitattributes", ".github", ".gitignore", "model.sig"]
    assert {way: len(digest) for way, digest in said["over"].items()} == {
        "sha256": 64,
        "sha384": 96,
        "sha512": 128,
    }


@pytest.mark.parametrize("name", ["model.sig", "a/b.sigstore", "Model.SIGSTORE.json"])
def test_it_is_no_unknown_format_of_a_model(real, name):
    assert (look(accepted, real, name)[0], look(file_type, real, name)[0]) == ([], [])


@pytest.mark.parametrize("name", ["model.json", "signature.txt", "model.sig.bak"])
def test_another_name_is_no_signature(real, name):
    assert looked(real, name) == ([], {})


@pytest.mark.parametrize(
    "content", [b"-----BEGIN PGP SIGNATURE-----\n", b"untrusted comment: minisign\n", b""]
)
def test_signatures_of_other_kinds_are_not_read(content):
    assert looked(content) == ([], {})


@pytest.mark.parametrize(
    "change",
    [
        lambda whole: whole["dsseEnvelope"].update(payloadType="application/vnd.in-toto+xml"),
        lambda whole: whole.pop("dsseEnvelope"),
    ],
    ids=["payload type", "no envelope"],
)
def test_a_bundle_of_another_kind_is_told_and_counts_as_none(real, change):
    assert looked(edited(real, change)) == ([("info", "other")], {})


@pytest.mark.parametrize("of", [{"predicateType": "https://slsa.dev/provenance/v1"}, {"_type": "v0.1"}])
def test_a_statement_of_another_kind_is_told_and_counts_as_none(real, of):
    assert looked(statement(real, **of)) == ([("info", "other")], {})


def twice(said):
    said["predicate"]["resources"].append(said["predicate"]["resources"][0])


@pytest.mark.parametrize(
    "change",
    [
        twice,
        lambda said: said["predicate"]["resources"].pop(),
        lambda said: said["predicate"]["resources"].reverse(),
        lambda said: said["predicate"]["resources"][0].update(name="../a.txt"),
        lambda said: said["predicate"]["resources"][0].update(name="/a.txt"),
        lambda said: said["predicate"]["resources"][0].update(name="sub//b.txt"),
        lambda said: said["predicate"]["resources"][0].update(name="sub\\b.txt"),
        lambda said: said["predicate"]["resources"][0].update(name="a\u202e.txt"),
        lambda said: said["subject"].append(said["subject"][0]),
        lambda said: said["subject"][0]["digest"].update(sha256="0" * 64),
    ],
)
def test_what_contradicts_itself_is_high(real, change):
    assert looked(changed(real, change, signing.key())) == ([("high", "contradicts")], {})


def test_the_same_key_twice_is_high(real):
    again = real.replace(b'"mediaType"', b'"mediaType":"x","mediaType"', 1)
    inside = with_payload(real, b'{"_type":"a","_type":"b"}')

    assert [issues(each) for each in (again, inside)] == [[("high", "contradicts")]] * 2


@pytest.mark.parametrize(
    "change",
    [
        lambda whole: whole.update(mediaType="application/vnd.dev.sigstore.bundle.v0.9+json"),
        lambda whole: whole["dsseEnvelope"]["signatures"].append(whole["dsseEnvelope"]["signatures"][0]),
        lambda whole: whole["dsseEnvelope"].update(signatures=[]),
        lambda whole: whole["dsseEnvelope"].update(signatures={"sig": ""}),
        lambda whole: whole["dsseEnvelope"]["signatures"][0].update(sig="not base 64"),
        lambda whole: whole["dsseEnvelope"]["signatures"][0].update(sig="QQ"),
        lambda whole: whole["dsseEnvelope"]["signatures"][0].update(sig="QR=="),
        lambda whole: whole["dsseEnvelope"]["signatures"][0].update(sig="A" * 4000),
        lambda whole: whole["dsseEnvelope"].update(payload=7),
        lambda whole: whole.update(verificationMaterial=None),
        lambda whole: whole.update(verificationMaterial={"x509CertificateChain": {"certificates": []}}),
        lambda whole: whole.update(verificationMaterial={"certificate": {"rawBytes": "A" * 80_000}}),
    ],
)
def test_what_cannot_be_read_is_medium_and_counts_as_none(real, change):
    assert looked(edited(real, change)) == ([("medium", "unreadable")], {})


@pytest.mark.parametrize(
    "change",
    [
        lambda of: of.update(resources=[]),
        lambda of: of.update(resources="a.txt"),
        lambda of: of["resources"][0].update(algorithm="md5"),
        lambda of: of["resources"][0].update(digest="00"),
        lambda of: of["serialization"].update(method="shards"),
        lambda of: of["serialization"].update(hash_type="blake2b"),
        lambda of: of["serialization"].update(ignore_paths=["x"] * 101),
        lambda of: of["serialization"].update(ignore_paths=[1]),
    ],
)
def test_a_statement_that_cannot_be_compared_is_medium(real, change):
    assert looked(predicate(real, change)) == ([("medium", "unreadable")], {})


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b'{"a":' * 10_000,
        b"{" + b" " * (8 * MIB),
        b'{"mediaType": "\xff"}',
        b"{}",
        b"{1e999999999: 2}",
    ],
    ids=["cut", "deep", "huge", "no text", "empty", "odd"],
)
def test_tricks_of_json_are_medium(content):
    assert looked(content) == ([("medium", "unreadable")], {})


def test_ten_thousand_files_are_compared_by_one_digest(real):
    many = {f"part-{number:05}": f"{number:064x}" for number in range(10_000)}
    from_hand = changed(real, lambda said: filled(said, many))

    said = looked(from_hand)[1]["signature"]

    assert ("files" in said, said["count"], said["tree"]) == (False, 10_000, tree(many))
    assert len(json.dumps(said)) < 2_000


def filled(said, files):
    said["predicate"]["resources"] = [
        {"name": name, "algorithm": "sha256", "digest": digest} for name, digest in files.items()
    ]
    said["subject"][0]["digest"]["sha256"] = whole_digest(files)


def test_in_the_sandbox(tmp_path, real):
    sandbox = Sandbox()

    report = look_in_sandbox(sandbox, tmp_path, real, "model.sig", "model_signatures")
    sandbox.stop()

    assert (report.outcome, report.issues, report.fact["signature"]["count"]) == ("done", [], 2)
