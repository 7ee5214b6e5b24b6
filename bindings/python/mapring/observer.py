# SPDX-License-Identifier: MIT
"""Observers, for which nobody waits."""

import asyncio
import ctypes
from typing import Callable, Optional

from ._handle import open_named
from ._hold import Copy
from ._layout import ObserverOptionsStructure
from ._library import quick
from ._reader import Reader
from .constants import Result
from .errors import Lost
from .options import ObserverOptions, structure_of
from .record import UNPACK, Record

FIRST_BYTES = 4096
PAUSE_S = 0.002  # the longest that the library, too, sleeps between two looks


class Observer(Reader[Record]):
    """Reads a ring without being seen. Payloads are copies, since the producer may overwrite them
    at any time; what it has overwritten is reported by Lost."""

    _close_name = "mapring_observer_close"

    def __init__(self, name: str, options: Optional[ObserverOptions] = None, *,
                 follow: bool = False, on_lost: Optional[Callable[[Lost], None]] = None) -> None:
        structure = structure_of(ObserverOptionsStructure, options or ObserverOptions())
        super().__init__(name, open_named("mapring_observer_open", name, structure), follow,
                         on_lost)
        self._buffer = ctypes.create_string_buffer(FIRST_BYTES)

    def next(self, timeout: Optional[float] = None) -> Optional[Record]:
        result = self._receive(0)
        if result == Result.NOTHING and timeout != 0:
            result = self._wait_for_one(timeout)
        if result != Result.OK:
            self._raise(result)
            return None
        fields = UNPACK.unpack(self._record)
        return Record(Copy(ctypes.string_at(self._buffer, fields[1])), fields)

    def _receive(self, timeout_ns: int) -> int:
        while True:
            result: int = quick.mapring_observer_receive(
                self._pointer, self._buffer, len(self._buffer), self._out, timeout_ns)
            if result != Result.ERROR_BUFFER_TOO_SMALL:
                return result
            self._buffer = ctypes.create_string_buffer(2 * self._record.bytes)

    def _wait_for_one(self, timeout: Optional[float]) -> int:
        """Waits; what is too large for the buffer is taken as soon as it is there."""
        try:
            result = self._wait("mapring_observer_receive", self._buffer, len(self._buffer),
                                self._out, timeout=timeout)
        except Exception as error:
            if getattr(error, "code", 0) != Result.ERROR_BUFFER_TOO_SMALL:
                raise
            return self._receive(0)
        return result

    async def _ready(self) -> None:
        await asyncio.sleep(PAUSE_S)
