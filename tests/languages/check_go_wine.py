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
    shutil.copy(library / 'mapring.dll', folder)
    os.environ.update(PKG_CONFIG_PATH=str(folder), GOPROXY='off', GOFLAGS='-mod=readonly', GOCACHE=str(folder / 'cache'),
                      GOOS='windows', GOARCH='amd64', CGO_ENABLED='1', CC=sys.argv[3], WINEDEBUG='-all')
    program = folder / 'mapring_test.exe'
    subprocess.run(['go', 'test', '-c', '-o', program, '.'], cwd=ROOT, check=True)
    # Wine's server keeps a pipe open.
    with (folder / 'output').open('w+') as output:
        done = subprocess.run(['wine', program], stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                              check=False)
        output.seek(0)
        said = output.read()
    print(said)
    return 0 if done.returncode == 0 and 'PASS' in said else 1


sys.exit(main())
