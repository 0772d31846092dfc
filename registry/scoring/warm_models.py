"""What the warm parent of models' children imports, once: a pickle names its classes, and no module can be
imported when its bytes are read."""

from __future__ import annotations

import io
import warnings
from importlib import import_module

from registry.scoring import warming, wording

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
    ask_once()


def ask_once() -> None:
    """Load a small model and have it answer: what libraries set up when they are first asked, no child sets
    up again."""
    numpy, file = import_module("numpy"), io.BytesIO()
    rows = numpy.linspace(0, 1, 8).reshape(4, 2)
    model = import_module("sklearn.linear_model").LogisticRegression().fit(rows, [0, 0, 1, 1])
    import_module("joblib").dump(model, file)
    file.seek(0)
    file.name = "model.joblib"
    loaded = import_module("registry.scoring.loaders.estimators").load(file, wording.words(""))
    loaded.answer(loaded.table(["a", "b"], False)(rows))


warm_up()
