"""Imported by the table's child for what pyarrow reads: the parts of it that are used."""

from __future__ import annotations

from importlib import import_module

for name in ("pyarrow.csv", "pyarrow.parquet", "pyarrow.compute"):
    import_module(name)
arrow = import_module("pyarrow")
MET = arrow.array([1, 2]).cast(arrow.float64(), safe=False).to_numpy(zero_copy_only=False)
