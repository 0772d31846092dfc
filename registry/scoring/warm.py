"""What the warm parent of evaluations imports, once: a pickle names its classes, and no module can be
imported when its bytes are read. Every library is held to one thread, so that the parent may fork.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec

ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
# Libraries take these along where they are installed: no model needs them, and they start threads.
LEFT_OUT = frozenset({"pandas", "matplotlib"})
ALWAYS = ("bz2", "lzma", "zlib", "gzip", "joblib", "skops.io", "numpy.random", "scipy.sparse", "scipy.stats")


class Without:
    """As if they were not installed."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: object = None) -> ModuleSpec | None:
        if name.partition(".")[0] in LEFT_OUT:
            raise ModuleNotFoundError(f"{name} is left out", name=name)
        return None


def warm_up() -> None:
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    sys.meta_path.insert(0, Without())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import_module("sklearn.utils.discovery").all_estimators()
        for name in ALWAYS:
            import_module(name)
        import_module("sklearn.utils.parallel")._get_threadpool_controller()
    for name in ("models", "tables"):
        import_module(f"registry.scoring.{name}")


warm_up()
