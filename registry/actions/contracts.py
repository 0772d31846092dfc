"""A contract of a dataset is made, each change a new one, and its versions are judged anew."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from governance import access, audit
from governance.actions import saved
from governance.audit import action
from governance.errors import Conflict, Invalid
from governance.models import User
from governance.names import plain_text
from registry.actions.artifacts import lock
from registry.actions.declarations import judge_again
from registry.contracts.terms import checked
from registry.models import Artifact, Contract, Kind

MOST_CONTRACTS = 1_000


@action("contract.set")
def set_contract(
    artifact: Artifact, terms: Any, *, note: str = "", based_on: int | None = None, by: User
) -> Contract:
    """From now on this holds for every version; None: no contract holds any more. The same again is what
    holds already. `based_on` is the number of the contract that was read before, 0 for none."""
    artifact = lock(artifact.pk)
    access.check(by, "contract.set", artifact)
    if artifact.kind != Kind.DATASET:
        raise Invalid(f"{artifact.name} is no dataset: only a dataset has a contract.")
    written = "" if terms is None else json.dumps(checked(terms), ensure_ascii=False)
    before = artifact.contracts.select_related("by").first()
    if before is None and not written:
        raise Conflict(f"No contract of {artifact.name} holds that could end: say what it promises.")
    if before is not None and before.written == written:
        return before
    if before is not None and before.number >= MOST_CONTRACTS:
        raise Conflict(f"A dataset has at most {MOST_CONTRACTS:,} contracts, one after another.")
    number = before.number + 1 if before else 1
    if based_on is not None and based_on != number - 1:
        raise Conflict(f"Contract {number - 1} of {artifact.name} was made meanwhile: read it first.")
    contract = saved(
        Contract(artifact=artifact, number=number, written=written, note=plain_text(note, "note"), by=by)
    )
    audit.record(
        "contract.set",
        artifact,
        by=by,
        reason=note,
        before=described(before) if before else None,
        after=described(contract),
    )
    judge_again(artifact)
    return contract


def described(contract: Contract) -> dict[str, Any]:
    """Which one, without what it says: bounds and values may be those of the data."""
    digest = sha256(contract.written.encode()).hexdigest() if contract.written else None
    return {"contract": contract.number, "sha256": digest}
