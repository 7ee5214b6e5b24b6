#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: check_go_wine.py BUILD-FOLDER LIBRARY-FOLDER COMPILER

Compiles the tests of bindings/go for Windows and runs them under Wine."""

import os
import pathlib
import shutil
import subprocess
import sys

from check_go import PACKAGE, ROOT, SKIPPED, TOP
from under_wine import run_under_wine


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    for program in ('go', 'pkg-config', 'wine'):
        if not shutil.which(program):
            print(f'skipped: there is no {program}')
            return SKIPPED
    folder, library = map(pathlib.Path, map(os.path.abspath, sys.argv[1:3]))
    folder.mkdir(exist_ok=True)
    (folder / 'mapring.pc').write_text(PACKAGE.format(include=TOP / 'include', library=library))
    os.environ.update(PKG_CONFIG_PATH=str(folder), GOPROXY='off', GOFLAGS='-mod=readonly', GOCACHE=str(folder / 'cache'),
                      GOOS='windows', GOARCH='amd64', CGO_ENABLED='1', CC=sys.argv[3])
    program = folder / 'mapring_test.exe'
    subprocess.run(['go', 'test', '-c', '-o', program, '.'], cwd=ROOT, check=True)
    passed, said = run_under_wine(program, library)
    return 0 if passed and 'PASS' in said else 1


sys.exit(main())
