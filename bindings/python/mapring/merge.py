# SPDX-License-Identifier: MIT
"""Several rings as one, in the order of their times."""

from ctypes import byref
from typing import Any, Callable, Dict, Optional

from . import _loop
from ._handle import forget_after_fork, open_handle
from ._hold import Hold
from ._layout import MergeOptionsStructure, MergeStatStructure, OriginStructure
from ._library import quick
from ._plain import plain
from ._reader import Reader
from .constants import Result
from .errors import Lost
from .options import MergeOptions, encoded, structure_of
from .record import UNPACK, Record


class Merge(Reader[Record]):
    """Reads the rings of the given names and patterns; more can be added. Record.ring says where a
    record is from, and Record.late whether one with a later time came before it.

    What is said about one ring, such as ProducerClosed and its like, has its name in `name`. Iterating
    ends when all rings have ended or been removed, unless `follow` is true."""

    _close_name = "mapring_merge_close"
    _wait_handle_name = "mapring_merge_wait_handle"

    def __init__(self, *names: str, options: Optional[MergeOptions] = None, follow: bool = False,
                 on_lost: Optional[Callable[[Lost], None]] = None) -> None:
        structure = structure_of(MergeOptionsStructure, options or MergeOptions())
        pointer = open_handle("mapring_merge_open", byref(structure))
        super().__init__(" ".join(names), pointer, follow, on_lost)
        self._origin = OriginStructure()
        self._hold: Optional[Hold] = None
        self._unreleased = False
        self._watch = _loop.Watch(self)
        forget_after_fork(self)
        try:
            for name in names:
                self.add(name)
        except BaseException:
            self.close()
            raise

    def add(self, name: str) -> bool:
        """Adds a ring, or all that match a pattern; returns whether there is one already."""
        result = self._call("mapring_merge_add", encoded(name))
        return result == Result.OK

    def next(self, timeout: Optional[float] = None) -> Optional[Record]:
        if self._unreleased:
            self.release()
        out, origin = self._out, byref(self._origin)
        result = quick.mapring_merge_next(self._pointer, out, origin, 0)
        if result == Result.NOTHING and timeout != 0:
            result = self._wait_for_one(timeout)
        ring = (self._origin.ring or b"").decode(errors="surrogateescape")
        if result != Result.OK:
            self._raise(result, ring)
            return None
        fields = UNPACK.unpack(self._record)
        self._hold = Hold(fields[0], fields[1], self._owner)
        self._unreleased = True
        return Record(self._hold, fields, ring, self._origin.late)

    def _wait_for_one(self, timeout: Optional[float]) -> int:
        return self._wait("mapring_merge_next", self._out, byref(self._origin), timeout=timeout)

    def release(self) -> None:
        """Releases all records that were returned. Evicted if the consumer in a ring was let go."""
        if self._hold:
            self._hold.end()
            self._hold = None
        if self._unreleased:
            self._unreleased = False
            self._must(quick.mapring_merge_release(self._pointer))

    @property
    def is_valid(self) -> bool:
        """Whether what was read since the last release is good: see Evicted."""
        return bool(quick.mapring_merge_is_valid(self._in_use()))

    def stat(self) -> Dict[str, Any]:
        """How many rings are read, have ended, are awaited, and are left out."""
        stat = MergeStatStructure()
        self._must(quick.mapring_merge_stat(self._pointer, byref(stat)))
        return plain(stat)

    def arm(self) -> bool:
        """Whether there is something to read; if not, the wait handle becomes ready when there
        is."""
        result = quick.mapring_merge_arm(self._pointer)
        if result not in (Result.OK, Result.NOTHING):
            self._fail(result)
        return bool(result == Result.OK)

    async def _ready(self) -> None:
        await self._watch.ready(self.wait_handle, lambda: not self.arm())

    def _follows(self, outcome: Exception) -> bool:
        if self.follow:
            return True
        stat = self.stat()
        return bool(stat["awaited"] or stat["ended"] < stat["rings"])

    def close(self) -> None:
        self._watch.close()
        super().close()
        self._forget()

    def _forget(self) -> None:
        if self._hold:
            self._hold.forget()
        self._hold = None
