# SPDX-License-Identifier: MIT
"""What every object of the library has: a pointer that is closed once, and waits that end."""

import os
import time
import warnings
import weakref
from ctypes import Structure, byref, c_ssize_t, c_void_p
from typing import Any, Callable, Optional, TypeVar

from ._library import patient, quick
from .constants import Result
from .errors import fail, must
from .options import encoded

SLICE_S = 0.1  # after which a waiting call lets Python handle signals
MOST_S = 9e9  # beyond it, nanoseconds would not fit into 64 bits

T = TypeVar("T", bound="Handle")


class Pointer:
    """Closes what it points to when nobody refers to it any more, or when told to."""

    def __init__(self, value: int, close: Callable[[int], None]) -> None:
        self._value, self._close = value, close

    def __del__(self) -> None:
        self._close(self._value)


class Handle:
    """A thing of the library that is open until close(); a `with` closes it, too. It may be used by
    one thread at a time: a call while another thread waits in one raises an exception."""

    _close_name = ""
    _wait_handle_name = ""

    def __init__(self, name: str, pointer: c_void_p) -> None:
        self.name = name
        assert pointer.value
        # Null when closed, and while another thread waits: the library refuses that.
        self._pointer: Optional[int] = pointer.value
        self._owner: Optional[Pointer] = Pointer(pointer.value, getattr(patient, self._close_name))

    def __enter__(self: T) -> T:
        return self

    def __exit__(self, kind: Any, *_: Any) -> None:
        self.close()

    def __repr__(self) -> str:
        state = "" if self._owner else ", closed"
        return f"<mapring.{type(self).__name__} {self.name!r}{state}>"

    @property
    def closed(self) -> bool:
        return self._owner is None

    def close(self) -> None:
        """Closes it; to close it again does nothing."""
        if self._owner and self._pointer is None:
            raise ValueError(f"{self!r} is in use by another thread")
        self._pointer = self._owner = None

    def __del__(self) -> None:
        if getattr(self, "_owner", None):
            warnings.warn(f"{self!r} was not closed", ResourceWarning, source=self)

    def _in_use(self) -> int:
        """The pointer, for calls to which null means something else."""
        if self._pointer is None:
            self._refuse()
        assert self._pointer
        return self._pointer

    def _refuse(self) -> None:
        raise ValueError(f"{self!r} is " + ("in use by another thread" if self._owner else "closed"))

    def _fail(self, result: int) -> None:
        if self._pointer is None:
            self._refuse()
        fail(result)

    def _must(self, result: int) -> None:
        if result != Result.OK:
            self._fail(result)

    def _call(self, name: str, *arguments: Any) -> int:
        """Calls what may take long, without the interpreter's lock."""
        pointer, self._pointer = self._in_use(), None
        try:
            result: int = getattr(patient, name)(pointer, *arguments)
            if result < 0:
                fail(result)
            return result
        finally:
            self._pointer = pointer

    def _wait(self, name: str, *arguments: Any, timeout: Optional[float],
              slice_s: float = SLICE_S) -> int:
        """Calls until the result is another one than that the time limit has passed, or it has."""
        end = None if timeout is None or timeout > MOST_S else time.monotonic() + timeout
        while True:
            left = slice_s if end is None else min(slice_s, max(0.0, end - time.monotonic()))
            result = self._call(name, *arguments, int(left * 1e9))
            if result not in (Result.TIMED_OUT, Result.NOTHING, Result.NO_ROOM):
                return result
            if end is not None and time.monotonic() >= end:
                return result

    def wait_handle(self) -> int:
        """A descriptor for select() and the like or, on Windows, an event's HANDLE; see
        mapring_consumer_wait_handle() in mapring.h. It is closed with this object."""
        handle = c_ssize_t()
        self._must(getattr(quick, self._wait_handle_name)(self._pointer, byref(handle)))
        return handle.value


def open_handle(function: str, *arguments: Any) -> c_void_p:
    pointer = c_void_p()
    must(getattr(patient, function)(byref(pointer), *arguments))
    return pointer


def open_named(function: str, name: str, options: Optional[Structure]) -> c_void_p:
    return open_handle(function, encoded(name), byref(options) if options else None)


# A forked child does not have the records that its parent holds.
_holders: "weakref.WeakSet[Any]" = weakref.WeakSet()


def forget_after_fork(holder: Any) -> None:
    _holders.add(holder)


def _forget() -> None:
    for holder in list(_holders):
        holder._forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
