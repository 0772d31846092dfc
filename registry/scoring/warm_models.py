"""What the warm parent of models' children imports, once: a pickle names its classes, and no module can be
imported when its bytes are read."""

from __future__ import annotations

import warnings
from importlib import import_module

from registry.scoring import warming

ALWAYS = ("bz2", "lzma", "zlib", "gzip", "joblib", "skops.io", "numpy.random", "scipy.sparse", "scipy.stats")


def warm_up() -> None:
    warming.begin()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import_module("sklearn.utils.discovery").all_estimators()
        for name in ALWAYS:
            import_module(name)
        import_module("sklearn.utils.parallel")._get_threadpool_controller()
    for name in ("models", "loaders.estimators", "loaders.layers"):
        import_module(f"registry.scoring.{name}")


warm_up()
