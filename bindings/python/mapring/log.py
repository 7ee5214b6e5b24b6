# SPDX-License-Identifier: MIT
"""Reads the lines of logs, as the macros of log.h have written them."""

import asyncio
import ctypes
import datetime
from ctypes import byref, c_int
from typing import Callable, Dict, Iterable, Iterator, NamedTuple, Optional, Tuple, Union

from ._handle import Handle, open_handle, open_named
from ._layout import EntryStructure, LogLineStructure, LogReaderOptionsStructure, \
    LogSiteStructure, LogValueStructure, RecordStructure
from ._library import patient, quick
from ._reader import Reader
from .constants import Level, LogType, Result, Scope
from .errors import Damaged, Lost, must
from .observer import PAUSE_S
from .options import LogReaderOptions, encoded, structure_of
from .postmortem import Entry
from .record import Record

Value = Union[int, float, str, None]

EPOCH = datetime.datetime.fromtimestamp(0, datetime.timezone.utc)


class LogLine(NamedTuple):
    """A line of a log; str() is its text. Where a record is none, `level` is UNSET, and the text says
    what could be made of it."""

    level: Level
    time_ns: int
    """When it was written: nanoseconds since 1970."""
    time_uncertainty_ns: int
    text: str
    values: Tuple[Value, ...]
    fields: Dict[str, Value]
    """The values that have a name: `order=%d` names one."""
    cut: bool
    """Whether the log has kept only the beginning of a string."""
    format: str
    file: str
    line: int
    function: str
    process: int
    thread: int
    thread_name: str
    program: str
    ring: str
    sequence: int

    @property
    def time(self) -> datetime.datetime:
        """When it was written, in UTC and to the microsecond."""
        return EPOCH + datetime.timedelta(microseconds=self.time_ns // 1000)

    def __str__(self) -> str:
        return self.text


class LogSite(NamedTuple):
    """A place in a program that logs."""

    level: Level
    format: str
    file: str
    line: int
    function: str
    types: Tuple[LogType, ...]
    offset: int


class LogReader(Reader[LogLine]):
    """Reads all rings of a log, in the order of time: one for each thread that writes to it, also
    those that appear later.

    Threads and programs come and go, so iterating passes over their ends, and waits for more lines;
    records(timeout) ends where none comes in time. next() reports each end. What is said about one
    ring has its name in `name`."""

    _close_name = "mapring_log_reader_close"

    def __init__(self, name: str, options: Optional[LogReaderOptions] = None, *,
                 on_lost: Optional[Callable[[Lost], None]] = None) -> None:
        structure = structure_of(LogReaderOptionsStructure, options or LogReaderOptions())
        super().__init__(name, open_named("mapring_log_reader_open", name, structure), True,
                         on_lost)
        self._line = LogLineStructure()
        self._line_out = byref(self._line)

    def next(self, timeout: Optional[float] = None) -> Optional[LogLine]:
        """The next line, or None if there is none in time. The line before counts as read then.
        Raises what Reader.next() says."""
        result = quick.mapring_log_reader_next(self._pointer, self._line_out, 0)
        if result == Result.NOTHING and timeout != 0:
            result = self._wait_for_one(timeout)
        if _is_line(result, self._line):
            return _line_of(self._line)
        self._raise(result, _ring_name(self._line))
        return None

    def _wait_for_one(self, timeout: Optional[float]) -> int:
        try:
            return self._wait("mapring_log_reader_next", self._line_out, timeout=timeout)
        except Damaged:
            return Result.ERROR_DAMAGED

    def _raise(self, result: int, ring: str = "") -> None:
        line = self._line
        self._record = RecordStructure(
            sequence=line.sequence, lost_records=line.lost_records, time_ns=line.time_ns,
            lost_until_ns=line.lost_until_ns)
        super()._raise(result, ring)

    def _finish(self) -> None:
        # A next line releases the one before. It is not released itself, and so counts as unread.
        quick.mapring_log_reader_next(self._pointer, self._line_out, 0)

    def _follows(self, outcome: Exception) -> bool:
        return True

    async def _ready(self) -> None:
        await asyncio.sleep(PAUSE_S)


class LogDecoder(Handle):
    """Makes lines of the records of one ring of a log, whichever way they are read: also of its
    file, a copy of that, or a dump of the memory."""

    _close_name = "mapring_log_decoder_close"

    def __init__(self, ring: str, scope: Scope = Scope.LOCAL) -> None:
        super().__init__(ring, open_handle("mapring_log_decoder_open", encoded(ring), scope))
        self._line, self._site = LogLineStructure(), LogSiteStructure()

    @classmethod
    def of_entries(cls, ring: str, entries: Iterable[Entry] = ()) -> "LogDecoder":
        """A decoder for records of a ring that is not there, with entries of its dictionary."""
        decoder = cls.__new__(cls)
        Handle.__init__(decoder, ring, open_handle("mapring_log_decoder_new", encoded(ring)))
        decoder._line, decoder._site = LogLineStructure(), LogSiteStructure()
        for entry in entries:
            decoder.define(entry)
        return decoder

    def define(self, entry: Entry) -> None:
        """Adds an entry to a decoder of of_entries(). What is defined already stays as it is."""
        structure = EntryStructure(
            payload=ctypes.cast(ctypes.c_char_p(entry.payload), ctypes.c_void_p),
            bytes=len(entry.payload), kind=entry.kind, offset=entry.offset)
        self._must(quick.mapring_log_decoder_define(self._in_use(), byref(structure)))

    def decode(self, record: Record) -> LogLine:
        """The line that a record is."""
        payload = bytes(record)
        structure = RecordStructure(
            payload=ctypes.cast(ctypes.c_char_p(payload), ctypes.c_void_p), bytes=len(payload),
            sequence=record.sequence, time_ns=record.time_ns,
            time_uncertainty_ns=record.time_uncertainty_ns)
        result = quick.mapring_log_decode(self._pointer, byref(structure), byref(self._line))
        if not _is_line(result, self._line):
            self._fail(result)
        return _line_of(self._line)

    def sites(self) -> Iterator[LogSite]:
        """The places that have logged so far, and later those that have since. Damaged at a damaged
        one; to iterate again goes on after it."""
        while True:
            result = quick.mapring_log_next_site(self._pointer, byref(self._site))
            if result == Result.NOTHING:
                return
            self._must(result)
            yield _site_of(self._site)


def get_level(name: str, scope: Scope = Scope.LOCAL) -> Level:
    """The level from which on a log writes lines."""
    level = c_int()
    must(patient.mapring_level_get(encoded(name), scope, byref(level)))
    return _level(level.value)


def set_level(name: str, level: Level, scope: Scope = Scope.LOCAL) -> None:
    """Sets it, for all processes that write to the log, and until its ring is removed."""
    must(patient.mapring_level_set(encoded(name), scope, level))


def _is_line(result: int, line: LogLineStructure) -> bool:
    """Also of a record that is none, about which there is a text."""
    return result == Result.OK or (result == Result.ERROR_DAMAGED and line.text_bytes > 0)


def _level(number: int) -> Level:
    return Level(number) if number in Level.__members__.values() else Level.UNSET


def _text(data: bytes) -> str:
    return data.decode(errors="backslashreplace")


def _ring_name(line: LogLineStructure) -> str:
    name: bytes = line.ring or b""
    return name.decode(errors="surrogateescape")


def _value(structure: LogValueStructure) -> Value:
    kind, value = structure.type, getattr(structure, "is")
    if kind == LogType.INTEGER:
        number: int = value.integer
        return number
    if kind == LogType.REAL:
        real: float = value.real
        return real
    if kind == LogType.TEXT:
        return _text(ctypes.string_at(value.text, structure.bytes)) if value.text else None
    natural: int = value.natural
    return natural


def _line_of(line: LogLineStructure) -> LogLine:
    structures = line.values[:line.value_count]
    values = tuple(map(_value, structures))
    fields = {_text(ctypes.string_at(structure.name, structure.name_bytes)): value
              for structure, value in zip(structures, values) if structure.name}
    return LogLine(
        _level(line.level), line.time_ns, line.time_uncertainty_ns,
        _text(ctypes.string_at(line.text, line.text_bytes)), values, fields,
        any(structure.cut for structure in structures), _text(line.format), _text(line.file),
        line.line, _text(line.function), line.process, line.thread, _text(line.thread_name),
        _text(line.program), _ring_name(line), line.sequence)


def _site_of(site: LogSiteStructure) -> LogSite:
    types = ctypes.string_at(site.types, site.value_count) if site.value_count else b""
    return LogSite(_level(site.level), _text(site.format), _text(site.file), site.line,
                   _text(site.function), tuple(map(LogType, types)), site.offset)
