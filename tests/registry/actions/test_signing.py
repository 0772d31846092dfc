"""Whose a signature is: keys of the team, what they made, and what this server signs when it releases."""

from __future__ import annotations

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from governance.errors import Conflict, Invalid, Unavailable
from governance.models import Event
from registry import actions
from registry.models import Signature, SigningKey, Version
from registry.models.gates import Gate
from registry.presenting import board
from registry.presenting.sarif import as_sarif
from registry.signing import installation
from registry.signing.standing import standing
from tests import factories
from tests.governance.api.caller import Caller, said
from tests.pages import queries, told
from tests.pages import said as words
from tests.registry import signing
from tests.registry.signing import FILES, by_key, certificate, key, pem, public, root
from tests.registry.test_gates import settings
from tests.registry.views.conftest import page, signed_in, stranger  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db

KEYS = "/teams/fraud/signing-keys/"
ROLE = "Your roles in fraud do not allow this: it takes steward."
OURS = {"name": "build", "whose": "the build server"}
GOOD = "Signed with build (the build server) over exactly these bytes."


@pytest.fixture
def push(artifact, author):
    """Freeze these files and have their signatures looked at."""
    return lambda files: signing.looked_at(factories.submitted(artifact, author, files), files)


@pytest.fixture
def known(team, steward):
    """The team has a key."""
    return actions.add_signing_key(team, **OURS, pem=public(key()), by=steward)


def blocking(version: Version) -> list[tuple[str, str]]:
    return [*version.findings.blocking().values_list("path", "name")]


def stands(version: Version) -> tuple[str, str]:
    found = standing(version)
    return found.state, found.said


# ------------------------------------------------------------------ whose it is


def test_by_a_key_of_the_team_over_exactly_these_bytes(push, known, tmp_path):
    version = push({**FILES, "model.sig": by_key(tmp_path), ".gitattributes": b"* text"})

    assert (stands(version), version.state) == (("signed", GOOD), "ready")


@pytest.mark.parametrize("curve", [ec.SECP384R1, ec.SECP521R1])
def test_on_every_curve_of_the_reference(push, team, steward, tmp_path, curve):
    other = key(curve.name, curve)
    actions.add_signing_key(team, **OURS, pem=public(other), by=steward)

    assert stands(push({**FILES, "model.sig": by_key(tmp_path, by=other)})) == ("signed", GOOD)


def test_nobody_signed(push, known):
    assert stands(push(FILES)) == ("none", "No signature.")


def test_a_signature_by_nobody_of_the_team_proves_nothing(push, known, tmp_path):
    version = push({**FILES, "model.sig": by_key(tmp_path, by=key("stranger"))})

    sentence = "A signature that no key of the team made, which proves nothing."
    assert (stands(version), version.state) == (("stranger", sentence), "ready")


def test_a_key_of_another_team_is_no_key_of_this_one(push, tmp_path, steward):
    other = factories.team("pricing")
    theirs = factories.member(other, "steward")
    actions.add_signing_key(other, **OURS, pem=public(key()), by=theirs)

    assert standing(push({**FILES, "model.sig": by_key(tmp_path)})).state == "stranger"


def test_a_key_counts_from_when_it_is_added_and_no_more_when_it_is_ended(push, team, steward, tmp_path):
    version = push({**FILES, "model.sig": by_key(tmp_path)})
    states = [standing(version).state]

    added = actions.add_signing_key(team, **OURS, pem=public(key()), by=steward)
    states.append(standing(version).state)
    actions.end_signing_key(added, reason="It was lost.", by=steward)
    states.append(standing(version).state)

    assert states == ["stranger", "signed", "stranger"]


def test_the_same_signature_on_other_bytes_is_no_signature(push, known, tmp_path):
    forged = signing.edited(
        by_key(tmp_path), lambda of: of["dsseEnvelope"]["signatures"][0].update(sig="MAYCAQECAQE=")
    )

    assert standing(push({**FILES, "model.sig": forged})).state == "stranger"


def test_another_statement_under_an_old_signature_is_by_nobody(push, known, tmp_path):
    changed = signing.changed(by_key(tmp_path), lambda statement: statement.update(more="words"))

    assert standing(push({**FILES, "model.sig": changed})).state == "stranger"


def test_a_signature_by_another_hash_than_the_curves_own_is_by_nobody(push, known, tmp_path):
    """As after a change of a P-256 signature to one that claims to be over SHA-512."""
    other = key("p521", ec.SECP521R1)
    bundle = by_key(tmp_path, by=other)

    assert standing(push({**FILES, "model.sig": bundle})).state == "stranger"


def test_a_key_that_only_the_hint_names_made_nothing(push, known, tmp_path):
    hint = json.loads(by_key(tmp_path))["verificationMaterial"]["publicKey"]["hint"]
    bundle = by_key(tmp_path, by=key("stranger"))
    claimed = signing.edited(bundle, lambda of: of["verificationMaterial"]["publicKey"].update(hint=hint))

    assert (hint, standing(push({**FILES, "model.sig": claimed})).state) == (known.fingerprint, "stranger")


def test_through_the_real_sandbox(artifact, author, known, tmp_path):
    version = factories.checked(artifact, author, {**FILES, "c.txt": b"more", "model.sig": by_key(tmp_path)})

    assert (stands(version)[0], version.state) == ("mismatch", "blocked")
    assert blocking(version) == [("model.sig", "not signed")]


# ------------------------------------------------------------------ over which bytes


@pytest.mark.slow
@pytest.mark.parametrize(
    ("files", "name", "what"),
    [
        ({"a.txt": b"a model"}, "missing", "sub/b.txt is missing"),
        ({**FILES, "a.txt": b"another"}, "changed", "a.txt is changed"),
        ({**FILES, "c.txt": b"more", "d.txt": b"words"}, "not signed", "c.txt and 1 more are not signed"),
        ({"A.txt": b"a model", "sub/b.txt": FILES["sub/b.txt"]}, "missing", "a.txt is missing"),
    ],
    ids=["missing", "changed", "extra", "case"],
)
def test_what_does_not_match_blocks(push, known, tmp_path, files, name, what):
    version = push({**files, "model.sig": by_key(tmp_path)})

    assert ("model.sig", name) in blocking(version)
    assert (version.state, stands(version)) == (
        "blocked",
        ("mismatch", "A signature that does not match the files."),
    )
    message = version.findings.get(name=name).message
    assert message == f"This signature does not match the files: {what}. Sign what is pushed."


def test_in_a_folder_it_is_over_that_folder(push, known, tmp_path):
    inside = {f"base/{path}": content for path, content in FILES.items()}
    version = push({**inside, "base/model.sig": by_key(tmp_path), "top.txt": b"more words"})

    sentence = "Signed with build (the build server), but not over top.txt."
    assert (stands(version), version.state) == (("partly", sentence), "ready")


def test_of_one_file_beside_it(push, known, tmp_path):
    config = signing.signing.Config().use_elliptic_key_signer(private_key=signing.private(tmp_path, key()))
    config.sign(signing.laid(tmp_path, FILES) / "a.txt", tmp_path / "one.sig")
    one = (tmp_path / "one.sig").read_bytes()

    good = push({"a.txt": FILES["a.txt"], "a.txt.sig": one})
    bad = push({"a.txt": b"another", "a.txt.sig": one})

    assert (stands(good), standing(bad).state) == (("signed", GOOD), "mismatch")
    assert blocking(bad) == [("a.txt.sig", "whole")]


def test_what_it_says_that_it_leaves_out_is_not_covered(push, known, tmp_path):
    model = signing.laid(tmp_path, {**FILES, "README.md": b"# Words"})
    bundle = by_key(tmp_path, leaves_out=[model / "README.md"])

    version = push({**FILES, "README.md": b"# Words", "model.sig": bundle})

    assert (standing(version).state, version.state) == ("partly", "ready")


def test_two_signatures_stand_beside_each_other(push, known, team, steward, tmp_path):
    actions.add_signing_key(team, name="lead", whose="Leila", pem=public(key("lead")), by=steward)
    signatures = {"a.sig": by_key(tmp_path), "b.sig": by_key(tmp_path, by=key("lead"))}

    version = push({**FILES, **signatures})

    both = "Signed with lead (Leila) and build (the build server) over exactly these bytes."
    assert sorted(stands(version)[1].split()) == sorted(both.split())


def test_a_file_that_only_is_called_a_signature_has_to_be_signed_too(push, known, tmp_path):
    version = push({**FILES, "model.sig": by_key(tmp_path), "weights.sig": b"words of somebody"})

    assert stands(version) == ("partly", "Signed with build (the build server), but not over weights.sig.")


# ------------------------------------------------------------------ certificates


def leaf(**about):
    return certificate(
        key("leaf"), "leaf", about.pop("issuer", "root"), about.pop("by", key("root")), **about
    )


def by_chain(push, folder, chain) -> str:
    return standing(push({**FILES, "model.sig": signing.by_certificate(folder, chain, key("leaf"))})).state


@pytest.fixture
def trusted(team, steward):
    return actions.add_signing_key(team, name="root", whose="our authority", pem=pem(root()), by=steward)


def middle(**about):
    return certificate(key("middle"), "middle", "root", key("root"), **{"ca": True, **about})


@pytest.mark.parametrize("with_root", [True, False])
def test_a_chain_that_ends_in_a_certificate_of_the_team(push, trusted, tmp_path, with_root):
    below = leaf(issuer="middle", by=key("middle"))

    assert by_chain(push, tmp_path, [below, middle(), *([root()] if with_root else [])]) == "signed"


def test_the_certificate_itself_may_be_the_teams(push, team, steward, tmp_path):
    own = leaf()
    actions.add_signing_key(team, **OURS, pem=pem(own), by=steward)

    assert by_chain(push, tmp_path, [own, root()]) == "signed"


@pytest.mark.slow
@pytest.mark.parametrize(
    "chain",
    [
        lambda: [certificate(key("leaf"), "leaf", "root", key("other root")), root()],
        lambda: [leaf(days=(-9, -1)), root()],
        lambda: [leaf(days=(1, 9)), root()],
        lambda: [leaf(signs=False), root()],
        lambda: [leaf(issuer="middle", by=key("middle")), root()],
        lambda: [leaf(issuer="middle", by=key("middle")), middle(ca=False), root()],
        lambda: [
            leaf(issuer="low", by=key("low")),
            certificate(key("low"), "low", "middle", key("middle"), ca=True),
            middle(depth=0),
            root(),
        ],
    ],
    ids=["other root", "over", "not yet", "may not sign", "gap", "no authority", "too deep"],
)
def test_a_chain_that_does_not_hold_is_by_nobody(push, trusted, tmp_path, chain):
    assert by_chain(push, tmp_path, chain()) == "stranger"


def test_a_certificate_that_is_no_certificate_is_by_nobody(push, trusted, tmp_path):
    bundle = signing.by_certificate(tmp_path, [leaf(), root()], key("leaf"))
    broken = signing.edited(
        bundle, lambda of: of.update(verificationMaterial={"certificate": {"rawBytes": "MAA="}})
    )

    assert standing(push({**FILES, "model.sig": broken})).state == "stranger"


# ------------------------------------------------------------------ keys


@pytest.mark.parametrize(
    "text",
    [
        "words",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
        pem(root()) * 2,
        rsa.generate_private_key(65537, 2048)
        .public_key()
        .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        .decode(),
        public(key("bitcoin", ec.SECP256K1)),
    ],
    ids=["words", "broken", "two", "rsa", "curve"],
)
def test_only_one_key_of_a_known_curve_is_added(team, steward, text):
    with pytest.raises(Invalid):
        actions.add_signing_key(team, **OURS, pem=text, by=steward)

    assert SigningKey.objects.count() == 0


def test_a_private_key_is_refused(team, steward, tmp_path):
    private = signing.private(tmp_path, key()).read_text()

    with pytest.raises(Invalid, match="not one public key"):
        actions.add_signing_key(team, **OURS, pem=private, by=steward)


def test_the_same_key_or_name_twice_is_a_conflict(team, steward, known):
    with pytest.raises(Conflict, match="fraud has this key already, as build"):
        actions.add_signing_key(team, name="other", whose="us", pem=public(key()), by=steward)
    with pytest.raises(Conflict, match="fraud has another key of the name build"):
        actions.add_signing_key(team, **OURS, pem=public(key("other")), by=steward)


def test_added_and_ended_at_pages(team, steward, signed_in):  # noqa: F811
    client = signed_in(steward)

    added = client.post(KEYS, {**OURS, "pem": public(key())})
    made = SigningKey.objects.get()
    listed = words(client.get(KEYS))
    ended = client.post(f"{KEYS}{made.pk}/end/", {"reason": "It was lost."})

    assert told(added) == ["build is a signing key of fraud: what it signed counts from now on."]
    assert "build the build server" in listed
    assert told(ended) == ["build is no signing key of fraud any more."]
    assert "by jonas: It was lost." in words(client.get(KEYS))
    events = Event.objects.filter(action__startswith="signing_key").order_by("pk")
    assert [(each.action, each.subject, each.reason) for each in events] == [
        ("signing_key.add", made.label, ""),
        ("signing_key.end", made.label, "It was lost."),
    ]
    assert events[0].after == {**{"key": "build", "whose": OURS["whose"]}, "fingerprint": made.fingerprint}


def test_added_and_ended_by_programs(team, steward):
    caller = Caller(steward)

    added = caller.post("teams/fraud/signing-keys/", {**OURS, "pem": public(key())})
    ended = caller.post(f"teams/fraud/signing-keys/{added.json()['id']}/end", {"reason": "It was lost."})
    again = caller.post(f"teams/fraud/signing-keys/{added.json()['id']}/end", {"reason": "Again."})
    listed = caller.get("teams/fraud/signing-keys/").json()["results"]

    assert (added.status_code, ended.status_code, again.status_code) == (201, 200, 409)
    assert listed == [ended.json()]
    assert (listed[0]["pem"], listed[0]["ended_because"]) == (public(key()), "It was lost.")


@pytest.mark.parametrize("door", ["page", "program"])
def test_refused_with_its_sentence(team, author, known, signed_in, door):  # noqa: F811
    sent = {**OURS, "pem": public(key("other"))}
    if door == "page":
        client = signed_in(author)
        answers = [client.post(KEYS, sent), client.post(f"{KEYS}{known.pk}/end/", {"reason": "x"})]
        sentences = [words(answer) for answer in answers]
    else:
        path = "teams/fraud/signing-keys/"
        caller = Caller(author)
        answers = [caller.post(path, sent), caller.post(f"{path}{known.pk}/end", {"reason": "x"})]
        sentences = [said(answer)[1] for answer in answers]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert [ROLE in sentence for sentence in sentences] == [True, True]
    assert SigningKey.objects.in_force().get() == known


def test_a_stranger_finds_nothing(known, stranger, signed_in):  # noqa: F811
    addresses = [KEYS, f"{KEYS}{known.pk}/end/"]

    assert [signed_in(stranger).get(address).status_code for address in addresses] == [404, 404]


def test_three_keys_cost_as_much_as_one(team, steward, known, signed_in):  # noqa: F811
    client = signed_in(steward)
    with_one = queries(client, KEYS)
    for name in ("one", "two"):
        actions.add_signing_key(team, name=name, whose="us", pem=public(key(name)), by=steward)

    assert queries(client, KEYS) == with_one


# ------------------------------------------------------------------ where it is said


def test_the_page_and_programs_say_whose_it_is(push, known, author, tmp_path, signed_in):  # noqa: F811
    version = push({**FILES, "model.sig": by_key(tmp_path)})
    caller = Caller(author)

    shown = words(signed_in(author).get(page(version)))
    answer = caller.get("models/fraud/scorer/versions/1/").json()["signature"]
    bom = caller.get("models/fraud/scorer/versions/1/bom").json()["metadata"]["component"]["properties"]
    sarif = as_sarif(board.listed(author, {}))

    used = {**OURS, "fingerprint": known.fingerprint}
    assert f"Signature Keys Signed {GOOD}" in shown
    assert "Measured" not in shown  # what the check of signatures reports is nothing that it measured
    assert answer == {"state": "signed", "says": GOOD, "keys": [used], "released": None}
    assert {"name": "steward:signature", "value": GOOD} in bom
    assert sarif["runs"][0]["properties"] == {"signatures": {}}


def test_sarif_says_it_of_each_version_with_findings(push, known, author, tmp_path):
    version = push({**FILES, "c.txt": b"more", "model.sig": by_key(tmp_path)})

    said = as_sarif(board.listed(author, {}))["runs"][0]["properties"]["signatures"]

    assert said == {version.label: "A signature that does not match the files."}


# ------------------------------------------------------------------ this server signs


@pytest.fixture
def promoted(push, operator):
    version = push({**FILES, ".gitattributes": b"* text"})
    actions.promote(version, "staging", by=operator)
    return version


def test_what_is_promoted_is_signed_and_the_reference_verifies_it(promoted, operator, tmp_path, client):
    answer = Caller(operator).get("models/fraud/scorer/versions/1/signature")
    public_key = client.get("/client/signing-key.pem")

    bundle = json.dumps(answer.json()).encode()
    assert public_key.content.decode() == installation.public_pem()
    signing.verify(tmp_path, {**FILES, ".gitattributes": b"* text"}, bundle, installation.public_pem())
    (tmp_path / "other").mkdir()
    with pytest.raises(ValueError, match="Signature mismatch"):
        signing.verify(tmp_path / "other", {**FILES, "a.txt": b"b"}, bundle, installation.public_pem())


def test_the_page_hands_it_out(promoted, operator, signed_in):  # noqa: F811
    client = signed_in(operator)

    answer = client.get(page(promoted, "signature"))

    assert answer.content.decode() == Signature.objects.get().bundle
    assert answer["Content-Disposition"] == 'attachment; filename="scorer-1.sig"'
    assert "Signature of this server" in words(client.get(page(promoted)))


def test_it_is_made_once_and_on_the_record(promoted, operator, steward, artifact, author):
    factories.approved(promoted, steward, operator)

    actions.promote(promoted, "production", by=operator)

    made = Signature.objects.get()
    event = Event.objects.get(action="version.sign")
    assert (event.actor, event.subject, event.after) == (
        "system",
        promoted.label,
        {"alias": "staging", "fingerprint": made.fingerprint},
    )


def test_another_key_signs_anew(promoted, operator, steward):
    installation.path().unlink()
    factories.approved(promoted, steward, operator)

    actions.promote(promoted, "production", by=operator)

    assert Signature.objects.filter(version=promoted).count() == 2


def test_what_was_not_promoted_is_not_signed(push, operator):
    push(FILES)

    answer = Caller(operator).get("models/fraud/scorer/versions/1/signature")

    assert said(answer) == (404, "This server has not signed version 1: it does when one is promoted.")


def test_its_own_signature_counts_when_the_team_takes_its_key(promoted, push, team, steward):
    actions.add_signing_key(team, **OURS, pem=installation.public_pem(), by=steward)

    again = push({**FILES, "steward.sig": Signature.objects.get().bundle.encode()})

    assert stands(again) == ("signed", GOOD)


def test_the_key_is_for_its_owner_alone_and_stays():
    first = installation.public_pem()

    assert (installation.path().stat().st_mode & 0o777, installation.public_pem()) == (0o600, first)


@pytest.mark.parametrize("trouble", ["wide", "broken", "other curve"])
def test_a_key_that_cannot_be_used_stops_the_promotion(push, operator, trouble):
    version = push(FILES)
    installation.public_pem()
    if trouble == "wide":
        installation.path().chmod(0o644)
    elif trouble == "broken":
        installation.path().write_text("words")
    else:
        signing.private(installation.path().parent, key("p384", ec.SECP384R1)).rename(installation.path())
        installation.path().chmod(0o600)

    with pytest.raises(Unavailable, match="The server's signing key"):
        actions.promote(version, "staging", by=operator)

    assert (version.artifact.aliases.count(), Signature.objects.count()) == (0, 0)


def test_a_gate_that_asks_for_it_by_page_and_program(team, steward):
    settings(team, steward, staging=Gate(signed=True))

    answer = Caller(steward).get("teams/fraud/gate/").json()

    assert [gate["signed"] for gate in answer["gates"].values()] == [True, False]
