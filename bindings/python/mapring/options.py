# SPDX-License-Identifier: MIT
"""The options of the headers, with the same names and the same defaults: see there."""

import dataclasses
from ctypes import Structure
from typing import Any, Optional, TypeVar

from ._layout import Text
from .constants import From, How, Level, Scope, Sync, WhenFull


@dataclasses.dataclass
class RingOptions:
    """How a ring is opened, and what a new one is like."""

    how: How = How.CREATE_OR_ATTACH
    scope: Scope = Scope.LOCAL
    capacity_bytes: int = 0
    slot_bytes: int = 0
    mode: int = 0
    when_full: WhenFull = WhenFull.UNSPECIFIED
    sync: Sync = Sync.SYNC_NONE
    sync_interval_ms: int = 0
    prefault: bool = False
    huge: bool = False
    on_numa_node: bool = False
    numa_node: int = 0
    trust_owner: bool = False
    dictionary_bytes: int = 0
    content: Optional[str] = None
    times: bool = False
    max_lag_attached_bytes: int = 0
    group: Optional[str] = None
    origin: Optional[str] = None
    first_sequence: int = 0


@dataclasses.dataclass
class ConsumerOptions:
    """How a consumer reads. `from_` is what C calls `from`."""

    scope: Scope = Scope.LOCAL
    from_: From = From.UNREAD
    sequence: int = 0
    name: Optional[str] = None
    durable: bool = False
    max_lag_bytes: int = 0
    wake_bytes: int = 0
    wake_delay_ns: int = 0
    prefault: bool = False
    wait_producer: bool = False
    every_run: bool = False


@dataclasses.dataclass
class ObserverOptions:
    """How an observer reads. `from_` is what C calls `from`."""

    scope: Scope = Scope.LOCAL
    from_: From = From.UNREAD
    after_lap: From = From.UNREAD
    prefault: bool = False
    wait_producer: bool = False


@dataclasses.dataclass
class MergeOptions:
    """How several rings are read as one. `from_` is what C calls `from`."""

    scope: Scope = Scope.LOCAL
    from_: From = From.UNREAD
    after_lap: From = From.UNREAD
    rings_limit: int = 0
    name: Optional[str] = None
    max_lag_bytes: int = 0
    grace_ns: int = 0
    durable: bool = False
    prefault: bool = False
    wait_producer: bool = False
    observe: bool = False


@dataclasses.dataclass
class LogOptions:
    """How a log is opened, and what the ring of each thread is like."""

    ring: RingOptions = dataclasses.field(default_factory=RingOptions)
    level: Level = Level.UNSET
    text_limit: int = 0
    timeout_ns: int = 0
    shared: bool = False


@dataclasses.dataclass
class LogReaderOptions:
    """How a log is read. `from_` is what C calls `from`."""

    scope: Scope = Scope.LOCAL
    from_: From = From.UNREAD
    after_lap: From = From.UNREAD
    level: Level = Level.UNSET
    name: Optional[str] = None
    grace_ns: int = 0
    durable: bool = False
    observe: bool = False
    wait_producer: bool = False


S = TypeVar("S", bound=Structure)


def encoded(text: str) -> bytes:
    """A name as the library takes it; paths may contain what is not UTF-8."""
    if not isinstance(text, str):
        raise TypeError(f"expected a str, not {type(text).__name__}")
    if "\0" in text:
        raise ValueError("a string for the library must not contain a null character")
    return text.encode(errors="surrogateescape")


def _checked(name: str, value: Any, bits: int) -> int:
    """ctypes would cut off what does not fit."""
    if not -(1 << (bits - 1)) <= value < 1 << bits:
        raise ValueError(f"{name} is out of range: {value}")
    return int(value)


def structure_of(kind: "type[S]", options: Any) -> S:
    structure = kind()
    types = {field[0]: field[1] for field in structure._fields_}
    for field in dataclasses.fields(options):
        name, value = field.name.rstrip("_"), getattr(options, field.name)
        if value is None:
            continue
        if dataclasses.is_dataclass(value):
            setattr(structure, name, structure_of(types[name], value))
        elif isinstance(value, str):
            text = encoded(value)
            setattr(structure, name, Text(text=text) if types[name] is Text else text)
        else:
            setattr(structure, name, _checked(name, value, 8 * getattr(kind, name).size))
    return structure
