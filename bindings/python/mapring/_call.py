# SPDX-License-Identifier: MIT
"""Writes lines of text to a log, as a call of a macro of log.h does."""

import ctypes
from ctypes import byref, c_char_p, c_void_p
from typing import Dict, Tuple

from ._layout import CallSiteStructure, CallValueStructure
from ._library import patient
from .constants import Level

Place = Tuple[Level, str, int, str]  # level, file, line, function

TYPES = b"\x08"  # one string: MAPRING1_TEXT, and the terminator that ctypes adds
_sites: Dict[Place, CallSiteStructure] = {}


def c_text(text: str) -> bytes:
    """As a string of C, which a null character would end."""
    return text.replace("\0", "\\x00").encode(errors="backslashreplace")


def _site_of(place: Place) -> CallSiteStructure:
    site = _sites.get(place)
    if site is None:
        level, file, line, function = place
        site = _sites[place] = CallSiteStructure(
            format=b"%s", file=c_text(file), function=c_text(function), types=TYPES,
            line=line, level=level)
    return site


def write(log: c_void_p, place: Place, text: str) -> None:
    """Never fails: mapring_log_stat() counts what could not be written."""
    data = c_char_p(c_text(text))
    value = CallValueStructure(bits=ctypes.cast(data, c_void_p).value)
    patient.mapring1_log_call(log, byref(_site_of(place)), byref(value), 1, 0, None)
