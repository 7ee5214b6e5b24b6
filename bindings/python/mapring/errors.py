# SPDX-License-Identifier: MIT
"""What the library refuses or reports, as exceptions with its own sentence."""

from typing import Dict, NoReturn, Type

from ._library import quick
from .constants import Result


class Error(Exception):
    """A failure of the library. `code` is its Result, `system` the errno or GetLastError() behind
    it, or 0, and `name` the ring as it was named."""

    code: int = 0
    system: int = 0
    name: str = ""


class ArgumentError(Error, ValueError):
    """A value is out of range."""


class InvalidName(Error, ValueError):
    """Not a valid name for a ring."""


class InvalidGeometry(Error, ValueError):
    """An invalid capacity or slot size."""


class GeometryDiffers(Error):
    """The ring exists with other properties."""


class NotThere(Error, FileNotFoundError):
    """There is no such ring."""


class Exists(Error, FileExistsError):
    """The ring already exists."""


class BeingCreated(Error):
    """Another process is still creating the ring."""


class WrongKind(Error):
    """The name belongs to something that is not a ring."""


class Foreign(Error):
    """The ring has a layout that this library cannot read."""


class Damaged(Error):
    """The ring is truncated, or its contents are invalid."""


class NotPermitted(Error, PermissionError):
    """Not permitted."""


class NoSpace(Error):
    """Not enough storage for the ring."""


class NoMemory(Error, MemoryError):
    """Not enough memory or address space in this process."""


class ProducerTaken(Error):
    """The ring has a live producer."""


class ConsumersFull(Error):
    """The ring has 32 live consumers."""


class RecordTooLarge(Error, ValueError):
    """Larger than the ring's record limit."""


class BufferTooSmall(Error):
    """The record does not fit into the buffer."""


class NothingHeld(Error):
    """Nothing is reserved, or no records are held."""


class Held(Error):
    """A reservation or records are still held."""


class Forked(Error):
    """The object was opened by the parent process: open another one in this process."""


class InUse(Error):
    """A producer or a consumer is using the ring."""


class SystemFailure(Error):
    """Any other failure of the system."""


class ConsumerTaken(Error):
    """A durable consumer of that name is attached."""


class PolicyError(Error):
    """Not possible with what the ring does when it is full, or with its origin."""


class Evicted(Error):
    """The consumer was let go."""


class Outcome(Error):
    """Something that is not a failure, and not what was asked for either."""


class TimedOut(Outcome, TimeoutError):
    """The time limit passed first."""


class NoRoom(TimedOut):
    """There is no room, and the call was not to wait for any."""


class Dropped(Outcome):
    """There is no room: the record was counted and not written."""


class ConsumerGone(Outcome):
    """A consumer left or died with records unread."""


class Removed(Outcome):
    """The ring was removed: nobody can find it any more."""


class EndOfRun(Outcome):
    """All records of a producer have been read, and it has ended. Reported once for each."""

    run: int = 0  # which: see mapring_record.run


class ProducerClosed(EndOfRun):
    """The producer closed."""


class ProducerDied(EndOfRun):
    """The producer died."""


class Lost(Outcome):
    """Records are missing here; the next call goes on after them. The times are 0 if unknown."""

    sequence: int = 0  # of the first lost record
    lost_records: int = 0
    lost_bytes: int = 0
    time_ns: int = 0
    lost_until_ns: int = 0
    ring: str = ""  # with a merge


CLASSES: Dict[int, Type[Error]] = {
    Result.NOTHING: TimedOut,
    Result.NO_ROOM: NoRoom,
    Result.TIMED_OUT: TimedOut,
    Result.PRODUCER_CLOSED: ProducerClosed,
    Result.PRODUCER_DIED: ProducerDied,
    Result.CONSUMER_GONE: ConsumerGone,
    Result.LOST: Lost,
    Result.DROPPED: Dropped,
    Result.REMOVED: Removed,
    Result.ERROR_ARGUMENT: ArgumentError,
    Result.ERROR_NAME: InvalidName,
    Result.ERROR_GEOMETRY: InvalidGeometry,
    Result.ERROR_GEOMETRY_DIFFERS: GeometryDiffers,
    Result.ERROR_NOT_THERE: NotThere,
    Result.ERROR_EXISTS: Exists,
    Result.ERROR_BEING_CREATED: BeingCreated,
    Result.ERROR_WRONG_KIND: WrongKind,
    Result.ERROR_FOREIGN: Foreign,
    Result.ERROR_DAMAGED: Damaged,
    Result.ERROR_PERMISSION: NotPermitted,
    Result.ERROR_NO_SPACE: NoSpace,
    Result.ERROR_NO_MEMORY: NoMemory,
    Result.ERROR_PRODUCER_TAKEN: ProducerTaken,
    Result.ERROR_CONSUMERS_FULL: ConsumersFull,
    Result.ERROR_RECORD_TOO_LARGE: RecordTooLarge,
    Result.ERROR_BUFFER_TOO_SMALL: BufferTooSmall,
    Result.ERROR_NOTHING_HELD: NothingHeld,
    Result.ERROR_HELD: Held,
    Result.ERROR_FORKED: Forked,
    Result.ERROR_IN_USE: InUse,
    Result.ERROR_SYSTEM: SystemFailure,
    Result.ERROR_CONSUMER_TAKEN: ConsumerTaken,
    Result.ERROR_POLICY: PolicyError,
    Result.ERROR_EVICTED: Evicted,
}


def error_of(result: int) -> Error:
    """The exception for a result that this thread's last call of the library returned."""
    last = quick.mapring_last_error().contents
    text: bytes = last.text if last.code == result else quick.mapring_result_text(result)
    error = CLASSES.get(result, Error)(text.decode(errors="replace"))
    error.code = result
    if last.code == result:
        error.system, error.name = last.system, last.name.decode(errors="replace")
    return error


def fail(result: int) -> NoReturn:
    raise error_of(result)


def must(result: int) -> None:
    if result != Result.OK:
        raise error_of(result)
