"""A team's signing keys are added and ended, and this server signs what is released."""

from __future__ import annotations

from django.utils import timezone

from governance import access, audit
from governance.actions import saved
from governance.audit import action
from governance.errors import Conflict, Invalid
from governance.late import late
from governance.models import Team, User
from registry.actions.artifacts import because
from registry.actions.gates import lock_team
from registry.models import Signature, SigningKey, Version
from registry.signing import installation, making

MOST_KEYS = 50


@action("signing_key.add")
def add_signing_key(team: Team, *, name: str, whose: str, pem: str, by: User) -> SigningKey:
    """Say that a key is the team's. What it has signed counts from now on, whenever it was signed."""
    team = lock_team(team)
    access.check(by, "signing_key.add", team)
    try:
        verifying = late("registry.signing.verifying")
        text, mark = verifying.normal(pem), verifying.fingerprint(pem)
    except ValueError as error:
        raise Invalid(str(error), errors={"pem": [str(error)]}) from None
    held = team.signing_keys.in_force()
    if same := held.filter(fingerprint=mark).first():
        raise Conflict(f"{team.slug} has this key already, as {same}.")
    if held.filter(name=name.strip()).exists():
        raise Conflict(f"{team.slug} has another key of the name {name.strip()}.")
    if held.count() >= MOST_KEYS:
        raise Conflict(f"A team has at most {MOST_KEYS} signing keys: end one first.")
    key = saved(
        SigningKey(team=team, name=name.strip(), whose=whose.strip(), pem=text, fingerprint=mark, added_by=by)
    )
    after = {"key": key.name, "whose": key.whose, "fingerprint": mark}
    audit.record("signing_key.add", key, by=by, after=after)
    return key


@action("signing_key.end")
def end_signing_key(key: SigningKey, *, reason: str, by: User) -> SigningKey:
    """What it signed counts no more, whenever that was: nobody can tell when a lost key signed."""
    team = lock_team(key.team)
    access.check(by, "signing_key.end", team)
    key = SigningKey.objects.select_related("team", "added_by").get(pk=key.pk)
    reason = because(reason, "The end of a key")
    if key.ended_at is not None:
        raise Conflict(f"{key} was ended already.")
    key.ended_at, key.ended_by, key.ended_because = timezone.now(), by, reason
    key.save(update_fields=["ended_at", "ended_by", "ended_because"])
    audit.record("signing_key.end", key, by=by, reason=reason, before={"key": key.name})
    return key


def sign(version: Version, alias: str) -> Signature:
    """By the server's key, once: the bytes of a version do not change. Part of a promotion."""
    key = installation.private_key()
    hint = making.hint_of(installation.public_pem())
    made = version.signatures.filter(fingerprint=hint).first()
    if made is not None:
        return made
    files = dict(version.files.values_list("path", "blob__sha256"))
    bundle = making.bundle(version.artifact.name, files, key, hint)
    made = Signature.objects.create(version=version, fingerprint=hint, bundle=bundle)
    audit.record("version.sign", version, by=User.system(), after={"alias": alias, "fingerprint": hint})
    return made
