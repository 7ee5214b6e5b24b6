#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: check_fault_calls.py LIBRARY HEADER

Checks that HEADER, a fault_calls.h, mentions every system call that the library makes,
either among the calls that can be made to fail or among those that are left out."""
import re
import subprocess
import sys

PURE = re.compile(r'(_|bcmp$|w?mem|str|wcs|v?snprintf$|sscanf$|ldexpl$|sigfillset$|RtlNtStatusToDosError$)')


def plain(symbol, before):
    """The name in the source, without what imports, 32-bit Windows, C99 and large files add."""
    symbol = re.sub(r'@\d+$', '', symbol.removeprefix('__imp_').removeprefix(before))
    return re.sub(r'(?<=[a-z])64$', '', re.sub(r'^__isoc\d+_', '', symbol))


def called(library):
    listing = subprocess.run(['nm', library], capture_output=True, text=True, check=True).stdout
    symbols = re.findall(r' (\w) (\S+)$', listing, re.MULTILINE)
    own = {name for kind, name in symbols if kind != 'U'}
    # 32-bit Windows puts an underscore before the name of every C function.
    before = '_' if all(name[0] == '_' for kind, name in symbols if kind == 'T') else ''
    return {plain(name, before) for kind, name in symbols if kind == 'U' and name not in own}


library, header = sys.argv[1:]
with open(header, encoding='utf-8') as file:
    known = set(re.findall(r'\w+', file.read()))
calls = {name for name in called(library) if not PURE.match(name)}
missing = sorted(calls - known)
for name in missing:
    print(f'{name}() is called in src/ but not mentioned in {header}')
sys.exit(1 if missing or not calls else 0)
