# SPDX-License-Identifier: MIT
"""What a ring, or a copy of one, holds: its records, and its dictionary."""

import ctypes
from ctypes import byref
from typing import Iterator, NamedTuple, Optional

from ._handle import Handle, open_handle
from ._hold import Copy
from ._layout import EntryStructure
from ._library import quick
from ._reader import Reader
from .constants import Result, Scope
from .options import encoded
from .record import UNPACK, Record


class Image(Reader[Record]):
    """Reads a ring without mapping or changing it: also its file, a copy of that, or a dump of the
    memory. Iterating ends with what is there now."""

    _close_name = "mapring_image_close"

    def __init__(self, name: str, scope: Scope = Scope.LOCAL) -> None:
        super().__init__(name, open_handle("mapring_image_open", encoded(name), scope), False, None)

    def next(self, timeout: Optional[float] = 0) -> Optional[Record]:
        """The next record, or None at the end; does not wait. Damaged at an invalid place."""
        result = quick.mapring_image_next(self._pointer, self._out)
        if result != Result.OK:
            self._raise(result)
            return None
        fields = UNPACK.unpack(self._record)
        return Record(Copy(ctypes.string_at(fields[0], fields[1]) if fields[1] else b""), fields)

    @property
    def offset(self) -> int:
        """Where in the file the last record ends."""
        offset: int = quick.mapring_image_offset(self._in_use())
        return offset


class Entry(NamedTuple):
    """What a producer has defined, and where it is in the dictionary."""

    kind: int
    payload: bytes
    offset: int


class Dictionary(Handle):
    """Reads the dictionary of a ring. Iterating yields the entries that are there, and later those
    that have been added since."""

    _close_name = "mapring_dictionary_close"

    def __init__(self, name: str, scope: Scope = Scope.LOCAL) -> None:
        super().__init__(name, open_handle("mapring_dictionary_open", encoded(name), scope))
        self._entry = EntryStructure()

    def __iter__(self) -> Iterator[Entry]:
        while True:
            entry = self._taken(quick.mapring_dictionary_next(self._pointer, byref(self._entry)))
            if entry is None:
                return
            yield entry

    def at(self, offset: int) -> Optional[Entry]:
        """The entry at an offset, or None if there is none yet."""
        return self._taken(
            quick.mapring_dictionary_at(self._pointer, offset, byref(self._entry)))

    def _taken(self, result: int) -> Optional[Entry]:
        if result == Result.NOTHING:
            return None
        self._must(result)
        entry = self._entry
        payload = ctypes.string_at(entry.payload, entry.bytes) if entry.bytes else b""
        return Entry(entry.kind, payload, entry.offset)
