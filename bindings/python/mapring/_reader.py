# SPDX-License-Identifier: MIT
"""What all readers have in common: iteration, and what they are told besides records."""

import asyncio
from ctypes import byref, c_void_p
from typing import Any, AsyncIterator, Callable, Generic, Iterator, Optional, TypeVar

from ._handle import Handle
from ._layout import RecordStructure
from .constants import Result
from .errors import EndOfRun, Lost, Removed, error_of

FAIR = 100  # records after which other tasks of an event loop get their turn

R = TypeVar("R")  # what is read


class Reader(Handle, Generic[R]):
    """Iterating yields records until the producer ends or the ring is removed: `ended` then says
    which, as a Result. With `follow`, it goes on with the next producer. Where records are missing,
    on_lost is called with a Lost, or, if there is none, Lost is raised; to iterate again goes on.

    A `with` that ends without an exception releases what was read."""

    def __init__(self, name: str, pointer: c_void_p, follow: bool,
                 on_lost: Optional[Callable[[Lost], None]]) -> None:
        super().__init__(name, pointer)
        self.follow, self.on_lost = follow, on_lost
        self.ended: Optional[Result] = None
        self._record = RecordStructure()
        self._out = byref(self._record)

    def next(self, timeout: Optional[float] = None) -> Optional[R]:
        """The next record, or None if there is none in time: a timeout is in seconds, None waits as
        long as it takes, and 0 not at all. What was returned before is released first.

        Raises ProducerClosed or ProducerDied once for each producer, after its last record, and
        Lost where records are missing."""
        raise NotImplementedError

    def release(self) -> None:
        """Releases what was returned: its payload can no longer be read."""

    def _finish(self) -> None:
        """What was returned counts as read."""
        self.release()

    async def _ready(self) -> None:
        raise NotImplementedError

    def records(self, timeout: Optional[float] = None) -> Iterator[R]:
        """Iterates as the reader itself does, but ends where no record comes in time."""
        while True:
            try:
                record = self.next(timeout)
            except (EndOfRun, Lost, Removed) as outcome:
                if self._goes_on_after(outcome):
                    continue
                return
            if record is None:
                return
            yield record

    def __iter__(self) -> Iterator[R]:
        return self.records()

    async def anext(self) -> R:
        """As next(), and waits without stopping the event loop."""
        while True:
            record = self.next(0)
            if record is not None:
                return record
            await self._ready()

    async def __aiter__(self) -> AsyncIterator[R]:
        count = 0
        while True:
            try:
                record = await self.anext()
            except (EndOfRun, Lost, Removed) as outcome:
                if self._goes_on_after(outcome):
                    continue
                return
            yield record
            count += 1
            if count % FAIR == 0:
                await asyncio.sleep(0)

    def _goes_on_after(self, outcome: Exception) -> bool:
        if isinstance(outcome, Lost):
            if self.on_lost is None:
                raise outcome
            self.on_lost(outcome)
            return True
        assert isinstance(outcome, (EndOfRun, Removed))
        self.ended = Result(outcome.code)
        return self._follows(outcome)

    def _follows(self, outcome: Exception) -> bool:
        return self.follow and isinstance(outcome, EndOfRun)

    def _raise(self, result: int, ring: str = "") -> None:
        """Raises what the result stands for, except that there is nothing in time."""
        if result in (Result.NOTHING, Result.TIMED_OUT):
            return
        if self._pointer is None:
            self._refuse()
        error = error_of(result)
        error.name = ring or error.name or self.name
        if isinstance(error, Lost):
            record = self._record
            error.sequence, error.lost_records = record.sequence, record.lost_records
            error.lost_bytes, error.ring = record.lost_bytes, ring
            error.time_ns, error.lost_until_ns = record.time_ns, record.lost_until_ns
            error.args = (f"{record.lost_records} records are missing from number "
                          f"{record.sequence} on",)
        if isinstance(error, EndOfRun):
            error.run = self._record.run
        raise error

    def __exit__(self, kind: Any, *_: Any) -> None:
        try:
            if kind is None and self._pointer is not None:
                self._finish()
        finally:
            self.close()
