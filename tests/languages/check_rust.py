#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: check_rust.py BUILD-FOLDER LIBRARY-FOLDER CHECK-PEER ARGUMENT...

Tests bindings/rust: its own tests and the samples in its documentation, programs that must not compile, and
the program that check_peer.py holds against C. Builds into BUILD-FOLDER and fetches nothing."""

import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent / 'bindings/rust'
SKIPPED = 77


def run(*command, **options):
    return subprocess.run(list(map(str, command)), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False, **options)


def must(*command, **options):
    done = run(*command, **options)
    print(done.stdout[-5000:])
    if done.returncode != 0:
        sys.exit(f'FAILED: {" ".join(map(str, command))}')


def check_refused(source, library):
    """The first line of the source says for which error the compiler must refuse it."""
    expected = source.read_text().splitlines()[0].removeprefix('// ')
    done = run('rustc', '--edition=2021', '--emit=metadata', '--out-dir', library.parent, '--extern',
               f'mapring={library}', source)
    errors = [line for line in done.stdout.splitlines() if line.startswith('error[')]
    if done.returncode == 0 or {error.split(':')[0] for error in errors} != {expected}:
        sys.exit(f'FAILED: {source.name} must be refused with {expected} alone:\n{done.stdout}')
    print(f'{source.name}: {errors[0]}')


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    for program in ('cargo', 'rustc', 'rustdoc'):
        if not shutil.which(program):
            print(f'skipped: there is no {program}')
            return SKIPPED
    folder, library = map(pathlib.Path, map(os.path.abspath, sys.argv[1:3]))
    os.environ.update(MAPRING_LIB_DIR=str(library), LD_LIBRARY_PATH=str(library), RUSTFLAGS='-D warnings')
    cargo = ['--offline', '--locked', '--manifest-path', ROOT / 'Cargo.toml', '--target-dir', folder]
    must('cargo', 'test', *cargo)
    must('cargo', 'build', '--release', '--lib', '--examples', *cargo)
    refused = sorted((ROOT / 'compile_fail').glob('*.rs'))
    if not refused:
        sys.exit('FAILED: no program that must not compile was found')
    for source in refused:
        check_refused(source, folder / 'release/libmapring.rlib')
    must(sys.executable, *sys.argv[3:], '--layout', folder / 'release/examples/peer')
    return 0


if __name__ == '__main__':
    sys.exit(main())
