"""The registry's parts of /readyz."""

from __future__ import annotations

from governance.health import Health, part
from registry import keys, sandbox, storage
from registry.actions import keeping
from registry.models.canaries import missed_now


@part("blobs")
def blobs() -> Health:
    return Health.of(storage.healthy())


@part("master key")
def master_key() -> Health:
    return Health.of(keys.healthy())


@part("master key copy", needed=False, asks="database")
def master_key_copy() -> Health:
    """Until an administrator has said so, anybody who looks is reminded."""
    if keeping.copied():
        return Health()
    return Health(ok=False, says="Nobody has said yet that a copy of the master key lies elsewhere.")


@part("sandbox level", needed=False)
def sandbox_level() -> Health:
    """Without walls the portal still shows what it has, but checks nothing and so releases nothing."""
    level, missing = sandbox.level(), sandbox.too_open()
    if missing:
        lacks = f"it lacks {', '.join(missing)}, so no check runs here and nothing is released."
        return Health(ok=False, says=f"{level}: {lacks}")
    return Health(says=level)


@part("scanner", needed=False, asks="database")
def scanner() -> Health:
    """Whether known-bad files are still found: without that nothing is promoted."""
    missed = missed_now()
    return Health.of(f"It let known-bad files pass: {', '.join(missed)}." if missed else None)
