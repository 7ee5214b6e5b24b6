# SPDX-License-Identifier: MIT
"""Watches an event in an event loop of any kind: one of the system's waiting threads does."""

import asyncio
import ctypes
import sys
from ctypes import byref, c_int, c_ubyte, c_uint32, c_void_p
from typing import Any, Callable

assert sys.platform == "win32"

INFINITE = 0xFFFFFFFF
WT_EXECUTEONLYONCE = 8
INVALID_HANDLE_VALUE = c_void_p(-1)  # to UnregisterWaitEx: wait for a call that is going on

_CALLBACK = ctypes.WINFUNCTYPE(None, c_void_p, c_ubyte)
_kernel = ctypes.WinDLL("kernel32", use_last_error=True)
_register = _kernel.RegisterWaitForSingleObject
_register.argtypes = [c_void_p, c_void_p, _CALLBACK, c_void_p, c_uint32, c_uint32]
_register.restype = c_int
_unregister = _kernel.UnregisterWaitEx
_unregister.argtypes = [c_void_p, c_void_p]
_unregister.restype = c_int


def watch(loop: asyncio.AbstractEventLoop, handle: int,
          ready: Callable[[], Any]) -> Callable[[], None]:
    """Calls ready() in the loop, until what it returns is called."""

    def on_ready(_context: Any, _timed_out: int) -> None:
        try:
            loop.call_soon_threadsafe(ready)
        except RuntimeError:
            pass  # the loop has been closed

    callback, wait = _CALLBACK(on_ready), c_void_p()
    if not _register(byref(wait), handle, callback, None, INFINITE, WT_EXECUTEONLYONCE):
        raise ctypes.WinError(ctypes.get_last_error())

    def stop() -> None:
        # ctypes gives up the interpreter's lock meanwhile, so that a callback can end.
        _unregister(wait, INVALID_HANDLE_VALUE)
        assert callback

    return stop
