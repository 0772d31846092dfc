"""The registry's parts of /readyz."""

from __future__ import annotations

from governance.health import Health, part
from registry import keys, storage


@part("blobs")
def blobs() -> Health:
    return Health.of(storage.healthy())


@part("master key")
def master_key() -> Health:
    return Health.of(keys.healthy())
