"""Arrays in a joblib file: their raw bytes stand in the middle of the pickle, behind their wrapper.

Source: joblib, joblib/numpy_pickle.py (`NumpyArrayWrapper.write_array`, `read_array`). A plain unpickler
reads the same bytes as operations, so both readings are looked at, see reading.py.
"""

from __future__ import annotations

import re
from math import prod
from typing import Any

from registry.pickles.machine import Machine
from registry.pickles.opcodes import Unreadable
from registry.pickles.values import DTYPE, Made, Table, says_objects

ITEM = re.compile(r"([biufcSUVMmO])(\d{1,9})")
BYTES_PER_LETTER = 4  # numpy's U counts letters
LARGEST = 1 << 50
STRANGE = Unreadable("holds an array whose size cannot be told.")


class JoblibMachine(Machine):
    """Reads as `joblib.load` does: behind a wrapper come the bytes of its array, or a pickle of objects."""

    def array(self, wrapper: Made) -> None:
        if self.source.position < self._frame_end:
            raise Unreadable("holds an array in the middle of a frame.")
        fields = self._fields(wrapper)
        dtype = fields.get("dtype")
        if not isinstance(dtype, Made) or dtype.by.key != DTYPE:
            raise STRANGE
        if dtype.of_objects or says_objects(dtype.state):
            self._objects()
        else:
            self._raw(fields, item_size(dtype) * count(fields.get("shape")))

    def _fields(self, wrapper: Made) -> dict[str, Any]:
        """A wrapper that got its fields in another way than joblib gives them is not believed."""
        if wrapper.arguments != () or not isinstance(wrapper.state, Table):
            raise STRANGE
        return wrapper.state.fields or {}

    def _objects(self) -> None:
        within = Machine(self.source, self.budget)
        try:
            within.run()
        finally:
            self.seen.merge(within.seen)

    def _raw(self, fields: dict[str, Any], size: int) -> None:
        """Newer files say in one byte how many bytes of padding follow it."""
        if fields.get("numpy_array_alignment_bytes") is not None:
            self.source.skip(self.source.take(1)[0])
        self.source.skip(size)


def item_size(dtype: Made) -> int:
    """Bytes of one item: `numpy.dtype("f8", False, True)`."""
    code = dtype.arguments[0] if isinstance(dtype.arguments, tuple) and dtype.arguments else None
    found = ITEM.fullmatch(code) if isinstance(code, str) else None
    if found is None:
        raise STRANGE
    return int(found[2]) * (BYTES_PER_LETTER if found[1] == "U" else 1)


def count(shape: Any) -> int:
    """Items in an array of this shape."""
    if not isinstance(shape, tuple) or not all(isinstance(side, int) and side >= 0 for side in shape):
        raise STRANGE
    items = prod(shape)
    if items > LARGEST:
        raise STRANGE
    return items
