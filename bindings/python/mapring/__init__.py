# SPDX-License-Identifier: MIT
"""mapring: a lock-free ring of records in shared memory, between processes.

    with mapring.Producer("telemetry") as producer:
        producer.send(b"hello")

    with mapring.Consumer("telemetry") as consumer:
        for record in consumer:
            print(record.sequence, bytes(record))

What mapring.h says holds here, too; timeouts are in seconds, and results that are not records are
exceptions."""

from ._library import quick as _quick
from ._version import VERSION as __version__
from .constants import ConsumerState, From, How, Level, LogType, ProducerState, Prune, Result, \
    Scope, Sync, WhenFull
from .consumer import Consumer
from .errors import ArgumentError, BeingCreated, BufferTooSmall, ConsumerGone, ConsumersFull, \
    ConsumerTaken, Damaged, Dropped, EndOfRun, Error, Evicted, Exists, Foreign, Forked, \
    GeometryDiffers, Held, InUse, InvalidGeometry, InvalidName, Lost, NoMemory, NoRoom, NoSpace, \
    NothingHeld, NotPermitted, NotThere, Outcome, PolicyError, ProducerClosed, ProducerDied, \
    ProducerTaken, RecordTooLarge, Removed, SystemFailure, TimedOut, WrongKind
from .log import LogDecoder, LogLine, LogReader, LogSite, get_level, set_level
from .merge import Merge
from .observer import Observer
from .options import ConsumerOptions, LogOptions, LogReaderOptions, MergeOptions, ObserverOptions, \
    RingOptions
from .postmortem import Dictionary, Entry, Image
from .producer import Producer, Reservation
from .record import Record
from .ring import Ring, evict, list_rings, name_matches, prune, remove, remove_consumer


def library_version() -> str:
    """The version of the library in use."""
    version: bytes = _quick.mapring_version()
    return version.decode()


__all__ = [
    "ArgumentError", "BeingCreated", "BufferTooSmall", "Consumer", "ConsumerGone",
    "ConsumerOptions", "ConsumerState", "ConsumerTaken", "ConsumersFull", "Damaged", "Dictionary",
    "Dropped", "EndOfRun", "Entry", "Error", "Evicted", "Exists", "Foreign", "Forked", "From",
    "GeometryDiffers", "Held", "How", "Image", "InUse", "InvalidGeometry", "InvalidName", "Level",
    "LogDecoder", "LogLine", "LogOptions", "LogReader", "LogReaderOptions", "LogSite", "LogType",
    "Lost", "Merge", "MergeOptions", "NoMemory", "NoRoom", "NoSpace", "NotPermitted", "NotThere",
    "NothingHeld", "Observer", "ObserverOptions", "Outcome", "PolicyError", "Producer",
    "ProducerClosed", "ProducerDied", "ProducerState", "ProducerTaken", "Prune", "Record",
    "RecordTooLarge", "Removed", "Reservation", "Result", "Ring", "RingOptions", "Scope", "Sync",
    "SystemFailure", "TimedOut", "WhenFull", "WrongKind", "__version__", "evict", "get_level",
    "library_version", "list_rings", "name_matches", "prune", "remove", "remove_consumer",
    "set_level",
]
