"""Which playbooks a gate may ask a finished run of: their titles by code. Whoever has playbooks says so when
it loads; the registry knows none."""

from __future__ import annotations

TITLES: dict[str, str] = {}


def offer(code: str, title: str) -> None:
    TITLES[code] = title


def title_of(code: str) -> str:
    return TITLES.get(code, code)
