"""Loading what is added by one file: policies and jobs. One that cannot be imported stops the server."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules


def load(package: str) -> None:
    """Import every module of a package, in the order of their names."""
    for module in sorted(iter_modules(import_module(package).__path__), key=lambda found: found.name):
        import_module(f"{package}.{module.name}")
