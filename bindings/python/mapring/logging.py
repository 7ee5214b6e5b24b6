# SPDX-License-Identifier: MIT
"""A logging.Handler that never makes the program wait, and says what it had to drop."""

import dataclasses
import logging
from typing import List, Optional

from .constants import How, WhenFull
from .errors import Error, NotThere, TimedOut
from .options import RingOptions
from .producer import Producer

NOTE_SPACE = 256  # what a note takes in a batch, with headers in slots of any size


class RingHandler(logging.Handler):
    """Sends log records to a ring, as UTF-8.

    A new ring drops what it has no room for, and tells its readers; an existing one stays as it is.
    If it blocks, messages are dropped here, and their number is sent as soon as there is room
    again, and when the handler is closed. With `timeout`, each message waits for room as many
    seconds. A message that is longer than a record is cut."""

    def __init__(self, name: str, options: Optional[RingOptions] = None, *,
                 level: int = logging.NOTSET, timeout: float = 0) -> None:
        super().__init__(level)
        self._producer = _opened(name, options or RingOptions())
        self._limit = self._producer.record_limit
        self.timeout = timeout
        self.dropped = 0  # messages, since the handler was opened
        self._untold = 0  # of them, those that readers have not been told of
        self._refusal: Optional[str] = None  # reported once, not with every message

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._send(self.format(record))
            self._refusal = None
        except RecursionError:
            raise
        except Error as error:
            if self._refusal != str(error):
                self._refusal = str(error)
                self.handleError(record)
        except Exception:
            self.handleError(record)

    def _send(self, text: str) -> None:
        data = _cut(text.encode(errors="backslashreplace"), self._limit - NOTE_SPACE)
        try:
            # The note only comes with a message, so that notes alone cannot fill the ring.
            if self._producer.send_batch([*self._note(), data], self.timeout):
                self._untold = 0
            else:
                self.dropped += 1  # which the ring tells its readers
        except TimedOut:
            self.dropped += 1
            self._untold += 1

    def _note(self) -> List[bytes]:
        if not self._untold:
            return []
        what = "message was" if self._untold == 1 else "messages were"
        return [f"{self._untold} log {what} dropped: the ring was full".encode()]

    def close(self) -> None:
        self.acquire()
        try:
            if not self._producer.closed:
                self._producer.send_batch(self._note(), 0)
        except Error:
            pass  # still no room, or the parent's
        finally:
            self._producer.close()
            self.release()
            super().close()


def _opened(name: str, options: RingOptions) -> Producer:
    """Takes an existing ring as it is; a new one drops, unless something else was asked for."""
    if options.how != How.CREATE_OR_ATTACH:
        return Producer(name, options)
    try:
        return Producer(name, dataclasses.replace(options, how=How.ATTACH))
    except NotThere:
        return Producer(name, dataclasses.replace(
            options, when_full=options.when_full or WhenFull.DROP,
            content=options.content or "text/plain"))


def _cut(data: bytes, limit: int) -> bytes:
    if len(data) <= limit:
        return data
    note = f"... ({len(data)} bytes, cut)".encode()
    return data[:limit - len(note)].decode(errors="ignore").encode() + note
