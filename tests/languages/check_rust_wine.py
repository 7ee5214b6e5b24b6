#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: check_rust_wine.py BUILD-FOLDER LIBRARY-FOLDER COMPILER

Compiles the tests of bindings/rust for Windows and runs them under Wine."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

from check_rust import ROOT, SKIPPED
from under_wine import run_under_wine

TARGET = 'x86_64-pc-windows-gnu'


def tools():
    """The folder of a cargo and a rustc that compile for Windows, the system's included; or None."""
    for cargo in (shutil.which('cargo'), '/usr/bin/cargo'):
        if not cargo or not os.access(cargo, os.X_OK):
            continue
        folder = pathlib.Path(cargo).parent
        asked = subprocess.run([folder / 'rustc', '--print', 'target-libdir', '--target', TARGET],
                               stdout=subprocess.PIPE, text=True, check=False)
        if asked.returncode == 0 and list(pathlib.Path(asked.stdout.strip()).glob('libstd-*')):
            return folder
    return None


def compiled(folder):
    built = subprocess.run(['cargo', 'test', '--offline', '--locked', '--no-run', '--message-format=json', '--test',
                            'interface', '--target', TARGET, '--manifest-path', ROOT / 'Cargo.toml', '--target-dir',
                            folder], stdout=subprocess.PIPE, text=True, check=True)
    messages = map(json.loads, built.stdout.splitlines())
    return [pathlib.Path(message['executable']) for message in messages if message.get('executable')]


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    found = tools()
    if not found or not shutil.which('wine'):
        print(f"skipped: there is no {'wine' if found else 'Rust that compiles for Windows'}")
        return SKIPPED
    folder, library = map(pathlib.Path, map(os.path.abspath, sys.argv[1:3]))
    os.environ.update(PATH=f'{found}:{os.environ["PATH"]}', MAPRING_LIB_DIR=str(library),
                      CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER=sys.argv[3])
    programs = compiled(folder)
    if len(programs) != 1:
        sys.exit(f'FAILED: there is not one program of tests: {programs}')
    passed, said = run_under_wine(programs[0], library)
    return 0 if passed and 'test result: ok.' in said else 1


sys.exit(main())
