# SPDX-License-Identifier: MIT
"""Records, as readers return them."""

import struct
from ctypes import Structure, c_bool, c_size_t, c_uint64, c_void_p, sizeof
from typing import Any, Optional, Tuple, Type, Union

from ._hold import Copy, Hold
from ._layout import RecordStructure

_LETTERS = {c_void_p: "P", c_size_t: "N", c_uint64: "Q", c_bool: "?"}


def _letters(field: Any) -> str:
    kind = field[1]
    if hasattr(kind, "_length_"):
        return f"{sizeof(kind)}x"
    # size_t and uint64_t may be one type, and are then the same.
    return "N" if field[0] == "bytes" else _LETTERS[kind]


def unpacker(structure: Type[Structure]) -> struct.Struct:
    """Reads a whole structure at once, which is cheaper than field by field."""
    return struct.Struct("@" + "".join(map(_letters, structure._fields_)))


UNPACK = unpacker(RecordStructure)
FIELD = {field[0]: index for index, field in enumerate(RecordStructure._fields_)}
SEQUENCE, CONTINUED, CONTINUES = FIELD["sequence"], FIELD["continued"], FIELD["continues"]
TIME, UNCERTAINTY = FIELD["time_ns"], FIELD["time_uncertainty_ns"]


class Record:
    """A record. What it says about itself stays; its payload can be read until it is released, and
    bytes(record) is a copy that stays."""

    __slots__ = ("_hold", "_fields", "_view", "ring", "late")

    def __init__(self, hold: Union[Hold, Copy], fields: Tuple[Any, ...], ring: str = "",
                 late: bool = False) -> None:
        self._hold, self._fields = hold, fields
        self._view: Optional[memoryview] = None
        self.ring, self.late = ring, late

    @property
    def payload(self) -> memoryview:
        """The payload in place, to be read only: it raises ValueError once it is released."""
        if self._view is None or self._hold.ended:
            self._view = self._hold.view(self._fields[0] or 0, self._fields[1])
        return self._view

    def __bytes__(self) -> bytes:
        return self._hold.copy(self._fields[0], self._fields[1])

    def __len__(self) -> int:
        length: int = self._fields[1]
        return length

    def __bool__(self) -> bool:
        return True  # also without bytes

    @property
    def sequence(self) -> int:
        """Counts from 0 at the ring's creation."""
        sequence: int = self._fields[SEQUENCE]
        return sequence

    @property
    def continued(self) -> bool:
        """Whether the next record continues this one."""
        continued: bool = self._fields[CONTINUED]
        return continued

    @property
    def continues(self) -> bool:
        """Whether it continues the previous record."""
        continues: bool = self._fields[CONTINUES]
        return continues

    @property
    def time_ns(self) -> int:
        """When it was committed, in a ring with times: nanoseconds since 1970; otherwise 0."""
        time_ns: int = self._fields[TIME]
        return time_ns

    @property
    def time_uncertainty_ns(self) -> int:
        """How far that may be from the system's clock."""
        uncertainty: int = self._fields[UNCERTAINTY]
        return uncertainty

    def __repr__(self) -> str:
        ring = f" of {self.ring}" if self.ring else ""
        return f"<mapring.Record {self.sequence}{ring}, {len(self)} bytes>"
