# SPDX-License-Identifier: MIT
"""Handlers for logging that never make the program wait: one sends text to a ring, and one writes
lines to a log."""

import dataclasses
import logging
import os
import threading
from ctypes import byref, c_void_p
from typing import Any, Dict, List, Optional

from ._call import c_text, write
from ._handle import open_named
from ._layout import LogOptionsStructure, LogStatStructure
from ._library import patient, quick
from ._plain import plain
from .constants import How, Level, WhenFull
from .errors import CLASSES, ArgumentError, Error, NotThere, TimedOut, must
from .options import LogOptions, RingOptions, structure_of
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
        self._producer = _opened(name, options or RingOptions())
        super().__init__(level)  # from here on, logging closes it at the end of the program
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


TEXT_LIMIT = 16384  # which a ring of 1 MiB allows: tracebacks are long
THREAD_NAME_BYTES = 63


class LogHandler(logging.Handler):
    """Writes log records as lines to a log, as programs in C do with log.h: with their level, file,
    line, function and thread. Each thread has a ring of its own, which overwrites its oldest lines
    when it is full, unless the options say otherwise.

    The level of the log, which set_level() and `mapring level` change, holds besides those of the
    logger and the handler."""

    def __init__(self, name: str, options: Optional[LogOptions] = None, *,
                 level: int = logging.NOTSET) -> None:
        self._log: Optional[c_void_p] = _opened_log(name, options)
        super().__init__(level)  # from here on, logging closes it at the end of the program
        self._log_name = name
        self._named = threading.local()
        self._unwritten = 0  # lines, as far as is known
        self._failing = False  # which was reported

    def emit(self, record: logging.LogRecord) -> None:
        try:
            level = _level_of(record.levelno)
            if level < quick.mapring_log_level(self._opened()):
                return
            self._name_thread(record.threadName or "")
            write(self._opened(), (level, record.pathname, record.lineno, record.funcName or ""),
                  self.format(record))
            self._report()
        except RecursionError:
            raise
        except Exception:
            self.handleError(record)

    def _opened(self) -> c_void_p:
        if self._log is None:
            raise ValueError(f"the log {self._log_name!r} is closed")
        return self._log

    def _name_thread(self, name: str) -> None:
        """As Python names it, at its first line, and again in a forked child."""
        wanted = (os.getpid(), name)
        if getattr(self._named, "last", None) == wanted:
            return
        self._named.last = wanted
        text = c_text(name)[:THREAD_NAME_BYTES].decode(errors="ignore").encode()
        # If it fails, either the line does, too, or the system's name for the thread is used.
        patient.mapring_log_name_thread(self._opened(), text)

    def _report(self) -> None:
        """Raises why lines could not be written, once for as long as that goes on."""
        stat = self._stat()
        failed, self._unwritten = stat.unwritten_lines > self._unwritten, stat.unwritten_lines
        if failed and not self._failing:
            self._failing = True
            raise CLASSES.get(stat.error.code, Error)(stat.error.text.decode(errors="replace"))
        self._failing = failed

    def stat(self) -> Dict[str, Any]:
        """What became of this process's lines: the numbers of struct mapring_log_stat, and why the
        last one could not be written, if there is one."""
        stat = self._stat()
        return {**plain(stat), "error": stat.error.text.decode(errors="replace")}

    def _stat(self) -> LogStatStructure:
        stat = LogStatStructure()
        must(quick.mapring_log_stat(self._opened(), byref(stat)))
        return stat

    def close(self) -> None:
        self.acquire()
        try:
            log, self._log = self._log, None
            if log is not None:
                patient.mapring_log_close(log)
        finally:
            self.release()
            super().close()


def _opened_log(name: str, options: Optional[LogOptions]) -> c_void_p:
    """Unless something else was asked for, lines may be long, as far as an existing ring allows."""
    if options is not None:
        return open_named("mapring_log_open", name, structure_of(LogOptionsStructure, options))
    try:
        return _opened_log(name, LogOptions(text_limit=TEXT_LIMIT))
    except ArgumentError:
        return _opened_log(name, LogOptions())


def _level_of(number: int) -> Level:
    """DEBUG is 10 in logging and 2 in a log, INFO is 20 and 3, and so on."""
    return Level(min(max(number // 10 + 1, Level.TRACE), Level.FATAL))
