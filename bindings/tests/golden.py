#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: bindings/tests/golden.py FILE.hex... FOLDER

Makes the rings of golden files (tests/support/golden.h says how they are written) in a folder, with .ring in the place
of .hex. What a golden file leaves open becomes 0."""

import pathlib
import sys


def ring_of(text):
    ring = bytearray()
    for line in text.splitlines():
        offset, _, groups = line.partition('#')[0].partition(':')
        if not offset.strip():
            continue
        ring += bytes(int(offset, 16) - len(ring))
        for group in groups.split():
            value = 0 if group.startswith('x') else int(group, 16)
            ring += value.to_bytes(len(group) // 2, sys.byteorder)
    return bytes(ring)


def main():
    *sources, folder = map(pathlib.Path, sys.argv[1:])
    if not sources:
        sys.exit(__doc__)
    for source in sources:
        (folder / source.with_suffix('.ring').name).write_bytes(ring_of(source.read_text()))


if __name__ == '__main__':
    main()
