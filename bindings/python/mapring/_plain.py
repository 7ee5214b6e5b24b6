# SPDX-License-Identifier: MIT
"""Structures of C as dictionaries."""

from ctypes import Structure
from typing import Any, Dict


def _value(value: Any) -> Any:
    return value.decode(errors="replace") if isinstance(value, bytes) else value


def plain(structure: Structure) -> Dict[str, Any]:
    """The fields with numbers, truths and texts; not what is reserved, nor arrays."""
    values = {field[0]: _value(getattr(structure, field[0])) for field in structure._fields_}
    return {name: value for name, value in values.items()
            if isinstance(value, (int, str)) and not name.startswith("reserved")}
