# SPDX-License-Identifier: MIT
"""Consumers, for which the producer waits."""

from ctypes import byref, c_size_t
from typing import Any, Callable, Iterator, List, Optional

from . import _loop
from ._handle import SLICE_S, forget_after_fork, open_named
from ._hold import Hold
from ._layout import ConsumerOptionsStructure, RecordStructure
from ._library import quick
from ._reader import Reader
from .constants import From, Result
from .errors import EndOfRun, Lost, Removed
from .options import ConsumerOptions, structure_of
from .record import UNPACK, Record

_next, _release = quick.mapring_consumer_next, quick.mapring_consumer_release
_unpack = UNPACK.unpack


class Consumer(Reader[Record]):
    """Becomes a consumer of a ring that exists.

    Payloads are read in place: Record.payload is a view of the ring's memory, which raises
    ValueError after the release. While a slice of it, or an array made of it, is still in use, a
    release raises BufferError. close() keeps the memory until they are gone."""

    _close_name = "mapring_consumer_close"
    _wait_handle_name = "mapring_consumer_wait_handle"

    def __init__(self, name: str, options: Optional[ConsumerOptions] = None, *,
                 follow: bool = False, on_lost: Optional[Callable[[Lost], None]] = None) -> None:
        options = options or ConsumerOptions()
        structure = structure_of(ConsumerOptionsStructure, options)
        super().__init__(name, open_named("mapring_consumer_open", name, structure), follow,
                         on_lost)
        self._holds: List[Hold] = []
        self._slice_s = SLICE_S + options.wake_delay_ns / 1e9
        self._array: Any = (RecordStructure * 0)()
        self._watch = _loop.Watch(self)
        forget_after_fork(self)

    def next(self, timeout: Optional[float] = None, *, keep: bool = False) -> Optional[Record]:
        """As Reader.next(). With `keep`, what was returned before is not released."""
        if self._holds and not keep:
            self.release()
        result = _next(self._pointer, self._out, 0)
        if result != Result.OK:
            if result == Result.NOTHING and timeout != 0:
                result = self._wait("mapring_consumer_next", self._out, timeout=timeout,
                                    slice_s=self._slice_s)
            if result != Result.OK:
                self._raise(result)
                return None
        fields = _unpack(self._record)
        hold = Hold(fields[0], fields[1], self._owner)
        self._holds.append(hold)
        return Record(hold, fields)

    def next_batch(self, limit: int = 64, timeout: Optional[float] = None) -> List[Record]:
        """The records that are there, at most `limit`; none if none comes in time. Costs much less
        for each than next() does, and releases and raises what that does."""
        if self._holds:
            self.release()
        if limit < 1:
            raise ValueError(f"a batch of at most {limit} records")
        if len(self._array) < limit:
            self._array = (RecordStructure * limit)()
        count, array = c_size_t(), self._array
        result = quick.mapring_consumer_next_batch(self._pointer, array, limit, byref(count), 0)
        if result == Result.NOTHING and timeout != 0:
            result = self._wait("mapring_consumer_next_batch", array, limit, byref(count),
                                timeout=timeout, slice_s=self._slice_s)
        if result != Result.OK:
            self._record = array[0]
            self._raise(result)
            return []
        all_fields = list(UNPACK.iter_unpack(memoryview(array).cast("B")[:count.value * UNPACK.size]))
        start = min(fields[0] for fields in all_fields)
        end = max(fields[0] + fields[1] for fields in all_fields)
        hold = Hold(start, end - start, self._owner)
        self._holds.append(hold)
        return [Record(hold, fields) for fields in all_fields]

    def batches(self, limit: int = 64) -> Iterator[List[Record]]:
        """Iterates over batches, as the consumer itself does over records."""
        while True:
            try:
                yield self.next_batch(limit)
            except (EndOfRun, Lost, Removed) as outcome:
                if not self._goes_on_after(outcome):
                    return

    def release(self) -> None:
        """Releases all records that were returned. Evicted if the consumer was let go: what was
        read may have been overwritten meanwhile. BufferError while a part or an export of a payload
        is still in use; they all stay then."""
        if not self._holds:
            return
        for hold in self._holds:
            hold.end()
        self._holds.clear()
        result = _release(self._pointer)
        if result != Result.OK:
            self._fail(result)

    @property
    def is_valid(self) -> bool:
        """Whether what was read since the last release is good: see Evicted."""
        return bool(quick.mapring_consumer_is_valid(self._in_use()))

    def wait_producer(self, timeout: Optional[float] = None) -> bool:
        """Waits until a live producer has the ring open; returns whether one has."""
        result = self._wait("mapring_consumer_wait_producer", timeout=timeout)
        if result != Result.OK:
            self._raise(result)
        return result == Result.OK

    def seek(self, from_: From, sequence: int = 0) -> None:
        """Goes on elsewhere; releases what was returned."""
        self.release()
        self._must(quick.mapring_consumer_seek(self._pointer, from_, sequence))

    def arm(self) -> bool:
        """Whether there is something to read; if not, the wait handle becomes ready when there
        is."""
        result = quick.mapring_consumer_arm(self._pointer)
        if result not in (Result.OK, Result.NOTHING):
            self._fail(result)
        return bool(result == Result.OK)

    async def _ready(self) -> None:
        await self._watch.ready(self.wait_handle, lambda: not self.arm())

    def close(self) -> None:
        """Frees the consumer's place. What was not released counts as unread."""
        self._watch.close()
        super().close()
        self._forget()

    def _forget(self) -> None:
        for hold in self._holds:
            hold.forget()
        self._holds.clear()
