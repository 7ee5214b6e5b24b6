#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: tests/check_abi.py LIBRARY HEADERS DUMP

Compares the binary interface of the shared library with the one that DUMP describes, which is kept. With
MAPRING_GOLDEN_WRITE set, writes DUMP instead.
"""

import os
import shutil
import subprocess
import sys
import tempfile

INCOMPATIBLE = 8  # a bit of abidiff's exit status; 4 means that there is any difference


def describe(library, headers, dump):
    """Writes what is public of the library. What only its own sources know may change."""
    subprocess.run(['abidw', '--headers-dir', headers, '--drop-private-types', '--no-corpus-path', '--no-comp-dir-path',
                    '--no-show-locs', '--type-id-style', 'hash', '--out-file', dump, library], check=True)


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    library, headers, dump = sys.argv[1:]
    if not shutil.which('abidw'):
        print('skipped: there is no abidw (abigail-tools)')
        return 77
    if os.environ.get('MAPRING_GOLDEN_WRITE'):
        describe(library, headers, dump)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        present = f'{folder}/present.abi'
        describe(library, headers, present)
        done = subprocess.run(['abidiff', dump, present], check=False, stdout=subprocess.PIPE, text=True)
    if done.returncode == 0:
        return 0
    print(done.stdout)
    if done.returncode & INCOMPATIBLE:
        print('Programs that were linked with the library before no longer work: this needs another soversion.')
    print(f'If all of this is meant, write {dump} anew: MAPRING_GOLDEN_WRITE=1 meson test abi_dump')
    return 1


sys.exit(main())
