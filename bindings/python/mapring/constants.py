# SPDX-License-Identifier: MIT
"""The constants of the headers: each has the name that it has there, without its prefix."""

from enum import IntEnum, IntFlag


class Result(IntEnum):
    """What a call of the library returns. Negative values are failures."""

    OK = 0
    NOTHING = 1
    NO_ROOM = 2
    TIMED_OUT = 3
    PRODUCER_CLOSED = 4
    PRODUCER_DIED = 5
    CONSUMER_GONE = 6
    LOST = 7
    DROPPED = 8
    REMOVED = 9

    ERROR_ARGUMENT = -1
    ERROR_NAME = -2
    ERROR_GEOMETRY = -3
    ERROR_GEOMETRY_DIFFERS = -4
    ERROR_NOT_THERE = -5
    ERROR_EXISTS = -6
    ERROR_BEING_CREATED = -7
    ERROR_WRONG_KIND = -8
    ERROR_FOREIGN = -9
    ERROR_DAMAGED = -10
    ERROR_PERMISSION = -11
    ERROR_NO_SPACE = -12
    ERROR_NO_MEMORY = -13
    ERROR_PRODUCER_TAKEN = -14
    ERROR_CONSUMERS_FULL = -15
    ERROR_RECORD_TOO_LARGE = -16
    ERROR_BUFFER_TOO_SMALL = -17
    ERROR_NOTHING_HELD = -18
    ERROR_HELD = -19
    ERROR_FORKED = -20
    ERROR_IN_USE = -21
    ERROR_SYSTEM = -22
    ERROR_CONSUMER_TAKEN = -23
    ERROR_POLICY = -24
    ERROR_EVICTED = -25


class How(IntEnum):
    """What to do about a ring that exists, or does not."""

    CREATE_OR_ATTACH = 0
    CREATE = 1
    ATTACH = 2


class Scope(IntEnum):
    """For whom a name is: for this user, or for the whole machine."""

    LOCAL = 0
    GLOBAL = 1


class WhenFull(IntEnum):
    """What a full ring does: wait for its consumers, drop new records, or overwrite old ones."""

    UNSPECIFIED = 0
    BLOCK = 1
    DROP = 2
    OVERWRITE = 3


class Sync(IntEnum):
    """When a ring in a file is written to its disk."""

    SYNC_NONE = 0
    SYNC_ON_CLOSE = 1
    SYNC_INTERVAL = 2


class From(IntEnum):
    """Where a reader begins."""

    UNREAD = 0
    OLDEST = 1
    NEWEST = 2
    AT_SEQUENCE = 3
    RUN = 4


class ProducerState(IntEnum):
    PRODUCER_NEVER = 0
    PRODUCER_IS_OPEN = 1
    PRODUCER_HAS_CLOSED = 2
    PRODUCER_HAS_DIED = 3


class ConsumerState(IntEnum):
    CONSUMER_ATTACHED = 0
    CONSUMER_AWAY = 1
    CONSUMER_LAPSED = 2
    CONSUMER_EVICTED = 3


class Prune(IntFlag):
    """How prune() goes about it."""

    PRUNE_DURABLE = 1
    PRUNE_LOOK = 2


class Level(IntEnum):
    """How much a line of a log matters, and from what on a log writes lines."""

    UNSET = 0
    TRACE = 1
    DEBUG = 2
    INFO = 3
    WARN = 4
    ERROR = 5
    FATAL = 6
    OFF = 7


class LogType(IntEnum):
    """What a value in a line of a log is."""

    INTEGER = 1
    NATURAL = 2
    REAL = 3
    POINTER = 4
    TEXT = 5
