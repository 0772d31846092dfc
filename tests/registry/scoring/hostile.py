"""Models that misbehave once they are loaded. No check would clear their pickles; the walls hold anyway."""

from __future__ import annotations

import ctypes
import os
import socket
import time
from typing import Any

import numpy as np


class Hostile:
    """A classifier of two classes that gives chances, somehow."""

    classes_ = np.array([0, 1])
    n_features_in_ = 2

    def predict(self, rows: Any) -> Any:
        return self.predict_proba(rows).argmax(axis=1)

    def predict_proba(self, rows: Any) -> Any:
        return np.full((len(rows), 2), 0.5)


class TooFew(Hostile):
    def predict_proba(self, rows: Any) -> Any:
        return np.full((len(rows) - 1, 2), 0.5)


class TooWide(Hostile):
    def predict_proba(self, rows: Any) -> Any:
        return np.full((len(rows), 3), 1 / 3)


class NoNumber(Hostile):
    def predict_proba(self, rows: Any) -> Any:
        return np.full((len(rows), 2), np.nan)


class NoChance(Hostile):
    def predict_proba(self, rows: Any) -> Any:
        return np.full((len(rows), 2), 7.0)


class Crashes(Hostile):
    def predict_proba(self, rows: Any) -> Any:
        return ctypes.string_at(0)


class Hangs(Hostile):
    def predict_proba(self, rows: Any) -> Any:
        time.sleep(3600)


class Allocates(Hostile):
    def predict_proba(self, rows: Any) -> Any:
        return np.ones((8 << 30) // 8)


class Connects(Hostile):
    def predict_proba(self, rows: Any) -> Any:
        socket.socket().connect(("127.0.0.1", 9))


class Opens(Hostile):
    def predict_proba(self, rows: Any) -> Any:
        with open("/etc/passwd") as file:
            return file.read()


class Floods(Hostile):
    """Writes to whatever it may, for ever."""

    def predict_proba(self, rows: Any) -> Any:
        while True:
            for descriptor in range(3, 16):
                try:
                    os.write(descriptor, b"x" * 4096)
                except OSError:
                    continue


class Leaves(Hostile):
    def predict_proba(self, rows: Any) -> Any:
        os._exit(0)


class Raises(Hostile):
    def predict_proba(self, rows: Any) -> Any:
        raise RuntimeError("a secret of the table")


class NoModel:
    pass
