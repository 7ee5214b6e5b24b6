# SPDX-License-Identifier: MIT
"""Finds the library and declares its functions.

`quick` holds the interpreter's lock during a call, and `patient` gives it to other threads. Calls
that can neither wait nor copy much go through `quick`."""

import ctypes
import os
import pathlib
import sys
from ctypes import CFUNCTYPE, POINTER, c_bool, c_char_p, c_int, c_int64, c_size_t, c_ssize_t, \
    c_uint, c_uint32, c_uint64, c_void_p
from typing import Any, Dict, Iterator, List, Optional, Tuple

from . import _layout

INSTALLED = "mapring.dll" if sys.platform == "win32" else "libmapring.so.0"

FOUND = CFUNCTYPE(c_bool, c_char_p, c_void_p)

_out = POINTER(c_void_p)
_record = POINTER(_layout.RecordStructure)
_entry = POINTER(_layout.EntryStructure)
_line = POINTER(_layout.LogLineStructure)
_handle = POINTER(c_ssize_t)

FUNCTIONS: Dict[str, Tuple[Any, List[Any]]] = {
    "mapring_result_text": (c_char_p, [c_int]),
    "mapring_last_error": (POINTER(_layout.ErrorStructure), []),
    "mapring_version": (c_char_p, []),
    "mapring_open": (c_int, [_out, c_char_p, POINTER(_layout.OptionsStructure)]),
    "mapring_close": (None, [c_void_p]),
    "mapring_stat": (c_int, [c_void_p, POINTER(_layout.StatStructure)]),
    "mapring_repetition": (c_int, [c_void_p, POINTER(_layout.RepetitionStructure)]),
    "mapring_latency": (c_int, [c_void_p, c_uint, POINTER(_layout.LatencyStructure)]),
    "mapring_remove": (c_int, [c_char_p, c_int, c_bool]),
    "mapring_prune": (c_int, [c_char_p, c_int, c_uint]),
    "mapring_list": (c_int, [c_int, FOUND, c_void_p]),
    "mapring_producer_open": (c_int, [_out, c_char_p, POINTER(_layout.OptionsStructure)]),
    "mapring_producer_close": (None, [c_void_p]),
    "mapring_producer_record_limit": (c_size_t, [c_void_p]),
    "mapring_producer_reserve": (c_int, [c_void_p, c_size_t, _out, c_int64]),
    "mapring_producer_commit": (c_int, [c_void_p, c_size_t]),
    "mapring_producer_commit_part": (c_int, [c_void_p, c_size_t]),
    "mapring_producer_abort": (c_int, [c_void_p]),
    "mapring_producer_send": (c_int, [c_void_p, c_void_p, c_size_t, c_int64]),
    "mapring_producer_send_part": (c_int, [c_void_p, c_void_p, c_size_t, c_int64]),
    "mapring_producer_send_batch": (c_int, [c_void_p, c_void_p, c_size_t, c_int64]),
    "mapring_producer_wait_consumers": (c_int, [c_void_p, c_uint, c_int64]),
    "mapring_producer_drain": (c_int, [c_void_p, c_int64]),
    "mapring_producer_quiet": (c_int, [c_void_p, c_bool]),
    "mapring_producer_wake": (c_int, [c_void_p]),
    "mapring_producer_define":
        (c_int, [c_void_p, c_uint32, c_void_p, c_size_t, POINTER(c_uint64)]),
    "mapring_producer_sync": (c_int, [c_void_p]),
    "mapring_consumer_open": (c_int, [_out, c_char_p, POINTER(_layout.ConsumerOptionsStructure)]),
    "mapring_consumer_close": (None, [c_void_p]),
    "mapring_consumer_next": (c_int, [c_void_p, _record, c_int64]),
    "mapring_consumer_next_batch":
        (c_int, [c_void_p, _record, c_size_t, POINTER(c_size_t), c_int64]),
    "mapring_consumer_release": (c_int, [c_void_p]),
    "mapring_consumer_receive": (c_int, [c_void_p, c_void_p, c_size_t, _record, c_int64]),
    "mapring_consumer_wait_producer": (c_int, [c_void_p, c_int64]),
    "mapring_consumer_seek": (c_int, [c_void_p, c_int, c_uint64]),
    "mapring_consumer_remove": (c_int, [c_char_p, c_int, c_char_p]),
    "mapring_consumer_evict": (c_int, [c_char_p, c_int, c_uint]),
    "mapring_consumer_is_valid": (c_bool, [c_void_p]),
    "mapring_observer_open": (c_int, [_out, c_char_p, POINTER(_layout.ObserverOptionsStructure)]),
    "mapring_observer_close": (None, [c_void_p]),
    "mapring_observer_receive": (c_int, [c_void_p, c_void_p, c_size_t, _record, c_int64]),
    "mapring_image_open": (c_int, [_out, c_char_p, c_int]),
    "mapring_image_close": (None, [c_void_p]),
    "mapring_image_next": (c_int, [c_void_p, _record]),
    "mapring_image_offset": (c_uint64, [c_void_p]),
    "mapring_dictionary_open": (c_int, [_out, c_char_p, c_int]),
    "mapring_dictionary_close": (None, [c_void_p]),
    "mapring_dictionary_next": (c_int, [c_void_p, _entry]),
    "mapring_dictionary_at": (c_int, [c_void_p, c_uint64, _entry]),
    "mapring_consumer_wait_handle": (c_int, [c_void_p, _handle]),
    "mapring_consumer_arm": (c_int, [c_void_p]),
    "mapring_producer_wait_handle": (c_int, [c_void_p, _handle]),
    "mapring_producer_arm": (c_int, [c_void_p, c_size_t]),
    "mapring_merge_open": (c_int, [_out, POINTER(_layout.MergeOptionsStructure)]),
    "mapring_merge_close": (None, [c_void_p]),
    "mapring_merge_add": (c_int, [c_void_p, c_char_p]),
    "mapring_merge_next":
        (c_int, [c_void_p, _record, POINTER(_layout.OriginStructure), c_int64]),
    "mapring_merge_release": (c_int, [c_void_p]),
    "mapring_merge_is_valid": (c_bool, [c_void_p]),
    "mapring_merge_stat": (c_int, [c_void_p, POINTER(_layout.MergeStatStructure)]),
    "mapring_merge_wait_handle": (c_int, [c_void_p, _handle]),
    "mapring_merge_arm": (c_int, [c_void_p]),
    "mapring_name_matches": (c_bool, [c_char_p, c_char_p]),
    "mapring_log_open": (c_int, [_out, c_char_p, POINTER(_layout.LogOptionsStructure)]),
    "mapring_log_close": (None, [c_void_p]),
    "mapring_log_name_thread": (c_int, [c_void_p, c_char_p]),
    "mapring_log_level": (c_int, [c_void_p]),
    "mapring_log_stat": (c_int, [c_void_p, POINTER(_layout.LogStatStructure)]),
    "mapring_level_get": (c_int, [c_char_p, c_int, POINTER(c_int)]),
    "mapring_level_set": (c_int, [c_char_p, c_int, c_int]),
    "mapring_log_decoder_open": (c_int, [_out, c_char_p, c_int]),
    "mapring_log_decoder_close": (None, [c_void_p]),
    "mapring_log_decoder_new": (c_int, [_out, c_char_p]),
    "mapring_log_decoder_define": (c_int, [c_void_p, _entry]),
    "mapring_log_decode": (c_int, [c_void_p, _record, _line]),
    "mapring_log_next_site": (c_int, [c_void_p, POINTER(_layout.LogSiteStructure)]),
    "mapring_log_reader_open":
        (c_int, [_out, c_char_p, POINTER(_layout.LogReaderOptionsStructure)]),
    "mapring_log_reader_close": (None, [c_void_p]),
    "mapring_log_reader_next": (c_int, [c_void_p, _line, c_int64]),
    "mapring1_log_call":
        (None, [c_void_p, POINTER(_layout.CallSiteStructure),
                POINTER(_layout.CallValueStructure), c_uint, c_int, c_void_p]),
}


def _built_beside_sources() -> Iterator[str]:
    """The newest first, if this file lies in mapring's source tree."""
    root = pathlib.Path(__file__).resolve().parents[3]
    if (root / "include/mapring/mapring.h").exists():
        built = root.glob("build*/src/" + INSTALLED)
        yield from map(str, sorted(built, key=lambda path: -path.stat().st_mtime))


def _places() -> List[str]:
    chosen: Optional[str] = os.environ.get("MAPRING_LIBRARY")
    return [chosen] if chosen else [*_built_beside_sources(), INSTALLED]


def _find() -> str:
    problems = []
    for place in _places():
        try:
            ctypes.CDLL(place)
            return place
        except OSError as error:
            problems.append(str(error))
    raise ImportError("cannot load mapring's library: " + "; ".join(problems) +
                      ". Install it, or set MAPRING_LIBRARY to its path")


def _declare(library: ctypes.CDLL) -> ctypes.CDLL:
    for name, (result, arguments) in FUNCTIONS.items():
        try:
            function = getattr(library, name)
        except AttributeError:
            raise ImportError(f"{PATH} has no {name}(): it is older than this package") from None
        function.restype, function.argtypes = result, arguments
    return library


PATH = _find()
quick = _declare(ctypes.PyDLL(PATH))
patient = _declare(ctypes.CDLL(PATH))
