# SPDX-License-Identifier: MIT
"""Waits in asyncio for the wait handle of a producer, a consumer or a merge."""

import asyncio
import sys
from typing import Any, Callable, Optional

if sys.platform == "win32":
    from ._watch_windows import watch
else:
    from ._watch_linux import watch


def _succeed(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)


class Watch:
    """The wait of one task; another one that waits for the same object is refused."""

    def __init__(self, owner: Any) -> None:
        self._owner_name = repr(owner)  # not itself, which would then keep itself
        self._future: "Optional[asyncio.Future[None]]" = None
        self._stop: Optional[Callable[[], None]] = None

    async def ready(self, wait_handle: Callable[[], int], is_armed: Callable[[], bool]) -> None:
        """Returns when the handle is ready, or at once if it did not have to be armed."""
        if self._future:
            raise RuntimeError(f"another task already waits for {self._owner_name}")
        handle = wait_handle()
        if not is_armed():
            return
        loop = asyncio.get_running_loop()
        future = self._future = loop.create_future()
        self._stop = watch(loop, handle, lambda: _succeed(future))
        try:
            await future
        finally:
            self._end()

    def _end(self) -> None:
        if self._stop:
            self._stop()
        self._future = self._stop = None

    def close(self) -> None:
        """Before the handle is closed: who waits gets an exception."""
        if self._future and not self._future.done():
            self._future.set_exception(ValueError(f"{self._owner_name} was closed"))
        self._end()
