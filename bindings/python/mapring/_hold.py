# SPDX-License-Identifier: MIT
"""Memory of a ring that is held: what of it can be read, and until when."""

import ctypes
import sys
from ctypes import c_char
from typing import Any, List, Optional

RELEASED = "the record was released: copy what is to stay, with bytes(record)"
STILL_VIEWED = ("a part or an export of a payload is still in use: copy what is to stay, "
                "or let it go first")


class Hold:
    """What lies between two addresses until end(). All views are views of one exporter, which keeps
    the mapping; who still has one then is found by counting the references to it."""

    __slots__ = ("_start", "_bytes", "_keeper", "_exporter", "_whole", "_views", "ended")

    def __init__(self, start: int, length: int, keeper: Any) -> None:
        self._start, self._bytes, self._keeper = start, length, keeper
        self._exporter: Any = None
        self._whole: Optional[memoryview] = None
        self._views: List[memoryview] = []
        self.ended = False

    def _map(self, writable: bool = False) -> memoryview:
        if self.ended:
            raise ValueError(RELEASED)
        if self._whole is None:
            # At least one byte, since a view of none cannot be cast.
            self._exporter = (c_char * max(1, self._bytes)).from_address(self._start)
            setattr(self._exporter, "keeper", self._keeper)
            whole = memoryview(self._exporter).cast("B")
            self._whole = whole if writable else whole.toreadonly()
        return self._whole

    def view(self, address: int, length: int) -> memoryview:
        start = address - self._start
        view = (self._whole or self._map())[start:start + length]
        self._views.append(view)
        return view

    def writable(self) -> memoryview:
        view = self._map(writable=True)[:self._bytes]
        self._views.append(view)
        return view

    def copy(self, address: int, length: int) -> bytes:
        if self._whole is not None:
            start = address - self._start
            return bytes(self._whole[start:start + length])
        if self.ended:
            raise ValueError(RELEASED)
        return ctypes.string_at(address, length)

    def end(self) -> None:
        """Makes the views unusable. BufferError if there are others, which cannot be; then nothing
        that was not released has changed, and end() can be called again."""
        if self._whole is None:
            self.ended, self._keeper = True, None
            return
        for view in self._views:
            _release(view)
        _release(self._whole)
        if sys.getrefcount(self._exporter) > 2:  # this one's, and that of the call
            raise BufferError(STILL_VIEWED)
        self.forget()

    def forget(self) -> None:
        """Ends without asking who still reads: the memory stays mapped for them."""
        self.ended = True
        for view in self._views:
            try:
                view.release()
            except BufferError:
                pass
        self._views = []
        self._exporter = self._whole = self._keeper = None


class Copy:
    """What has been copied already can be read for ever."""

    __slots__ = ("_data",)
    ended = False

    def __init__(self, data: bytes) -> None:
        self._data = data

    def view(self, _address: int, _length: int) -> memoryview:
        return memoryview(self._data)

    def copy(self, _address: int, _length: int) -> bytes:
        return self._data


def _release(view: memoryview) -> None:
    try:
        view.release()
    except BufferError:
        raise BufferError(STILL_VIEWED) from None
