# SPDX-License-Identifier: MIT
"""The writing end of a ring."""

import itertools
from ctypes import byref, c_char_p, c_size_t, c_uint64, c_void_p, cast
from typing import Any, Iterable, Optional, Union

from . import _loop
from ._handle import Handle, open_named
from ._hold import Hold
from ._layout import OptionsStructure
from ._library import quick
from .constants import Result
from .errors import NoRoom, error_of
from .options import RingOptions, structure_of

Data = Union[bytes, bytearray, memoryview]

_send, _send_part = quick.mapring_producer_send, quick.mapring_producer_send_part
_ACCEPTED = {Result.OK: True, Result.DROPPED: False}


def _bytes_of(data: Data) -> bytes:
    return data if type(data) is bytes else memoryview(data).tobytes()


class Producer(Handle):
    """Creates or attaches a ring, and becomes its producer.

    A timeout is in seconds: None waits as long as it takes, and 0 not at all. Where there is no
    room in time, NoRoom or TimedOut is raised; a ring that drops never waits, and what was dropped
    is told by False."""

    _close_name = "mapring_producer_close"
    _wait_handle_name = "mapring_producer_wait_handle"

    def __init__(self, name: str, options: Optional[RingOptions] = None) -> None:
        structure = structure_of(OptionsStructure, options or RingOptions())
        super().__init__(name, open_named("mapring_producer_open", name, structure))
        self._watch = _loop.Watch(self)
        self._reservation: Optional[Reservation] = None

    def close(self) -> None:
        """Ends the run: readers are told. A reservation that is open is cancelled."""
        if self._reservation:
            self._reservation._end()
        self._watch.close()
        super().close()

    @property
    def record_limit(self) -> int:
        """The largest payload in bytes."""
        limit: int = quick.mapring_producer_record_limit(self._in_use())
        return limit

    def send(self, data: Data, timeout: Optional[float] = None, *, part: bool = False) -> bool:
        """Sends a record; with `part`, one that the next one continues. Returns whether it was
        written: False if a ring that drops has dropped it."""
        if type(data) is not bytes:
            data = _bytes_of(data)
        result = (_send_part if part else _send)(self._pointer, data, len(data), 0)
        if result == Result.OK:
            return True
        name = "mapring_producer_send_part" if part else "mapring_producer_send"
        return self._finish(result, name, data, len(data), timeout=timeout)

    def send_batch(self, records: Iterable[Data], timeout: Optional[float] = None) -> bool:
        """Sends records that become visible all at once, or not at all. Together they may take as
        much space as the largest record."""
        table, count, _kept = _table(records)
        if count == 0:
            return True
        result = quick.mapring_producer_send_batch(self._pointer, table, count, 0)
        return self._finish(result, "mapring_producer_send_batch", table, count, timeout=timeout)

    def _finish(self, result: int, name: str, *arguments: Any, timeout: Optional[float]) -> bool:
        if result == Result.NO_ROOM and timeout != 0:
            result = self._wait(name, *arguments, timeout=timeout)
        if result not in _ACCEPTED:
            self._fail(result)
        return _ACCEPTED[Result(result)]

    async def asend(self, data: Data, *, part: bool = False) -> bool:
        """As send(), and waits for room without stopping the event loop."""
        data = _bytes_of(data)
        while True:
            try:
                return self.send(data, 0, part=part)
            except NoRoom:
                await self._ready_for(len(data))

    async def asend_batch(self, records: Iterable[Data]) -> bool:
        """As send_batch(), and waits for room without stopping the event loop."""
        copies = [_bytes_of(data) for data in records]
        while True:
            try:
                return self.send_batch(copies, 0)
            except NoRoom:
                space = sum(len(data) + 24 for data in copies)
                await self._ready_for(min(space, self.record_limit))

    async def _ready_for(self, length: int) -> None:
        await self._watch.ready(self.wait_handle, lambda: not self.arm(length))

    def arm(self, length: int) -> bool:
        """Whether there is room for a record of that length; if not, the wait handle becomes ready
        when there may be."""
        result = quick.mapring_producer_arm(self._pointer, length)
        if result not in (Result.OK, Result.NOTHING):
            self._fail(result)
        return bool(result == Result.OK)

    def reserve(self, length: int, timeout: Optional[float] = None) -> "Reservation":
        """Reserves a record of up to `length` bytes, to be written in place:

            with producer.reserve(4096) as place:
                place.length = file.readinto(place.view)

        The end of the `with` commits it, and an exception cancels it."""
        payload = c_void_p()
        name = "mapring_producer_reserve"
        if length < 0:
            raise ValueError(f"a record of {length} bytes")
        result = quick.mapring_producer_reserve(self._pointer, length, byref(payload), 0)
        if not self._finish(result, name, length, byref(payload), timeout=timeout):
            raise error_of(Result.DROPPED)
        self._reservation = Reservation(self, payload.value or 0, length)
        return self._reservation

    def define(self, kind: int, payload: Data) -> int:
        """Adds an entry to the ring's dictionary, or finds it; returns its offset."""
        data, offset = _bytes_of(payload), c_uint64()
        self._must(quick.mapring_producer_define(self._pointer, kind, data, len(data),
                                                 byref(offset)))
        return offset.value

    def wait_consumers(self, count: int = 1, timeout: Optional[float] = None) -> None:
        """Waits until so many consumers are attached."""
        self._must(self._wait("mapring_producer_wait_consumers", count, timeout=timeout))

    def drain(self, timeout: Optional[float] = None) -> None:
        """Waits until everything has been read. ConsumerGone if one left with records unread."""
        self._must(self._wait("mapring_producer_drain", timeout=timeout))

    def quiet(self, quiet: bool = True) -> None:
        """While quiet, records wake nobody: see wake()."""
        self._must(quick.mapring_producer_quiet(self._pointer, quiet))

    def wake(self) -> None:
        """Wakes all sleeping consumers."""
        self._must(quick.mapring_producer_wake(self._pointer))

    def sync(self) -> None:
        """Writes a ring in a file to its disk."""
        self._call("mapring_producer_sync")


class Reservation:
    """Space for a record, in the ring. Nobody sees it before commit()."""

    def __init__(self, producer: Producer, address: int, length: int) -> None:
        self._producer: Optional[Producer] = producer
        self._hold = Hold(address, length, producer._owner)
        self.length = length  # of what is committed at the end of the `with`
        self.part = False  # whether the next record continues it

    @property
    def view(self) -> memoryview:
        """The space, to be written to. It raises ValueError after the commit."""
        return self._hold.writable()

    def _open(self) -> Producer:
        if self._producer is None:
            raise ValueError("the reservation has been committed or cancelled")
        return self._producer

    def commit(self) -> None:
        """Makes the record visible, with its first `length` bytes."""
        producer = self._open()
        if not 0 <= self.length:
            raise ValueError(f"a record of {self.length} bytes")
        self._hold.end()
        commit = quick.mapring_producer_commit_part if self.part else quick.mapring_producer_commit
        producer._must(commit(producer._pointer, self.length))
        self._end()

    def cancel(self) -> None:
        producer = self._open()
        self._end()
        producer._must(quick.mapring_producer_abort(producer._pointer))

    def _end(self) -> None:
        self._hold.forget()
        if self._producer:
            self._producer._reservation = None
        self._producer = None

    def __enter__(self) -> "Reservation":
        return self

    def __exit__(self, kind: Any, *_: Any) -> None:
        if self._producer is None:
            return
        if kind is not None:
            self.cancel()
            return
        try:
            self.commit()
        except BaseException:
            if self._producer is not None:
                self.cancel()
            raise


def _table(records: Iterable[Data]) -> Any:
    """An array of struct mapring_buffer, its length, and what has to live as long."""
    data = [_bytes_of(record) for record in records]
    joined = b"".join(data)
    lengths = list(map(len, data))
    start = cast(c_char_p(joined), c_void_p).value or 0
    words: Any = [start] * (2 * len(data))
    words[0::2] = itertools.accumulate([start, *lengths[:-1]]) if data else []
    words[1::2] = lengths
    return (c_size_t * len(words))(*words), len(data), joined


