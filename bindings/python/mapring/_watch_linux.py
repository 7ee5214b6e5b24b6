# SPDX-License-Identifier: MIT
"""Watches a descriptor in an event loop."""

import asyncio
from typing import Any, Callable


def watch(loop: asyncio.AbstractEventLoop, handle: int,
          ready: Callable[[], Any]) -> Callable[[], None]:
    """Calls ready() in the loop, until what it returns is called."""
    loop.add_reader(handle, ready)

    def stop() -> None:
        if not loop.is_closed():
            loop.remove_reader(handle)

    return stop
