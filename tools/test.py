#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Builds mapring in every configuration and runs all tests: see tools/test.sh."""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import sys

from builds import ROOT, Failure, Report, Score, build, must, run, run_tests, score_of, set_up, wine

WINDOWS = '--cross-file=tools/mingw-w64.ini'
SANITIZED = '-Db_lundef=false'


class Native:
    """A configuration of this machine: the time limits of its tests are multiplied."""

    def __init__(self, cc, *arguments, suites=lambda folder: (), multiplier=1, environment=None, wrapper=(),
                 builds_all=True):
        self.cc, self.arguments, self.suites, self.builds_all = cc, arguments, suites, builds_all
        self.multiplier, self.environment, self.wrapper = multiplier, environment, wrapper

    def run(self, name):
        folder = ROOT / f'build-{name}'
        set_up(folder, list(self.arguments), self.cc)
        if self.builds_all:
            build(folder)
        return run_tests(folder, self.multiplier, self.suites(folder), self.wrapper, self.environment)


def suites_but(folder, is_left_out):
    tests = json.loads(must(['meson', 'introspect', '--tests', folder], stderr=None))
    return [test['name'] for test in tests if not is_left_out(test['name'])]


# The suites of the command whose threads run beside each other.
THREADED = {'cli_files', 'cli_stream'}
OF_THE_COMMAND = re.compile('cli_|complete_|engine|view$|options$|manual$|operations$|rotation$|exporter$|top$|bench$|install$|ports$|release$|versions$|'
                            'dotnet$|go$|node$|python$|rust$|example_|languages$|'
                            'batch$|bridge_|cpp|ctf$|docs$|read_ring$|recipes$')


def suites_of_the_library(folder):
    """What the compiler and the sanitizer of threads may break; "asan" runs the others with the same compiler."""
    return suites_but(folder, lambda name: OF_THE_COMMAND.match(name) and name not in THREADED)


def without_randomisation():
    """Older thread sanitizers fail under strong address randomisation."""
    wrapper = ('setarch', '-R')
    return wrapper if shutil.which('setarch') and run([*wrapper, 'true'])[0] == 0 else ()


NATIVE = {
    'gcc': Native('gcc'),
    'clang': Native('clang', suites=suites_of_the_library),
    'asan': Native('clang', '-Db_sanitize=address,undefined', SANITIZED, '-Dc_args=-fno-sanitize-recover=all',
                   multiplier=3, environment={
                       'ASAN_OPTIONS': 'detect_stack_use_after_return=1:strict_string_checks=1',
                       'UBSAN_OPTIONS': 'print_stacktrace=1'}),
    'tsan': Native('clang', '-Db_sanitize=thread', SANITIZED, suites=suites_of_the_library, multiplier=5,
                   wrapper=without_randomisation(), builds_all=False,
                   environment={
                       'TSAN_OPTIONS': 'die_after_fork=0',
                       # It may put off a signal that arrives just before a read until the read returns.
                       'MAPRING_LEAVE_OUT': 'what_is_held_ends_with_an_interrupt'}),
}
UNDER_WINE = ('windows', 'cross', 'coverage-windows', 'packages')
QUICK = ('gcc', 'clang')
ALL = (*NATIVE, 'bridge', *UNDER_WINE, 'verify', 'coverage')

# The longest suites are left out of the coverage: the others run the same code.
LONG_SUITES = {'cli_bench', 'dotnet', 'go', 'install', 'node', 'ports', 'python', 'release', 'rust', 'stress', 'torture'}
# The suites that together cover src/platform/windows.
SUITES_OF_WINDOWS = ('platform', 'geometry', 'pages', 'attach', 'names', 'stat', 'removal', 'windows',
                     'files_windows', 'words', 'faults_windows', 'faults', 'cli_find', 'cli_prune')


def run_windows(name):
    must(['tools/cmocka-source.sh'])
    return Native('gcc', WINDOWS, multiplier=3).run(name)


def run_cross(_):
    """Rings that both systems use at once."""
    return counted('tests/cross_system.py', 'linux=build-gcc/tools/mapring', 'windows=build-windows/tools/mapring.exe')


def run_packages(_):
    """Beside each other, since making a Debian waits for the disk."""
    with concurrent.futures.ThreadPoolExecutor() as pool:
        done = list(pool.map(counted, ('tests/check_deb.py', 'tests/check_zip.py')))
    return sum((score for score, _ in done), Score()), '\n'.join(output for _, output in done)


def run_bridge(_):
    """Real servers, as far as they are installed."""
    score, output = counted('tests/bridge/run.py', 'build-gcc/tools/mapring', 'build-gcc/tests/bridge/bridge_load')
    if output.startswith('skipped'):
        print('bridge  ', output.splitlines()[0])
        score.skipped += 1
    return score, output


def counted(*command):
    status, output = run(command)
    return score_of(output, status), output


def run_coverage(name, rounds, part, suites, *arguments):
    """Measures how much of src/, or of a part of it, the suites cover. Some of the code runs only by chance,
    and the counts add up, so they run again if some is missing."""
    folder = ROOT / f'build-{name}'
    set_up(folder, ['-Dbuildtype=debug', '-Db_coverage=true', '-Dman=disabled', *arguments], 'gcc')
    for counts in folder.rglob('*.gcda'):
        counts.unlink()
    while True:
        must(['meson', 'test', '-C', folder, '-t', 3, *suites(folder)])
        status, output = run(['tools/coverage.py', *part, folder])
        rounds -= 1
        if status == 0 or rounds == 0:
            break
    print('coverage', output.strip().splitlines()[-1])
    return Score(passed=int(status == 0), failed=int(status != 0)), output


def all_but_long_suites(folder):
    return suites_but(folder, lambda name: name in LONG_SUITES)


SPECIAL = {
    'bridge': run_bridge,
    'windows': run_windows,
    'cross': run_cross,
    'packages': run_packages,
    'coverage-windows': lambda name: run_coverage(name, 3, ['--windows'], lambda _: SUITES_OF_WINDOWS, WINDOWS),
    'verify': lambda _: counted('tools/verify.sh'),
    'coverage': lambda name: run_coverage(name, 3, [], all_but_long_suites),
}


def parse():
    parser = argparse.ArgumentParser(
        prog='tools/test.sh', formatter_class=argparse.RawDescriptionHelpFormatter,
        description='''Installs what is missing, builds, and runs the tests, or only those of the CONFIGURATIONs:
  gcc      natively, warnings are errors
  clang    natively, warnings are errors; of the suites, those of the library
  asan     with clang's address and undefined-behaviour sanitizers
  tsan     with its thread sanitizer; of the suites, those of the library
  bridge   the gcc build, which must be there, with real servers that are killed: tests/bridge/run.py
  windows  built with mingw-w64, under Wine (prefix: $MAPRING_WINEPREFIX or
           ~/.cache/mapring-wine)
  cross    a ring shared by the gcc and the windows build, which must be there
  packages the Debian packages, installed into a Debian of their own, and the zip
           file for Windows
  verify   tools/verify.sh: models, crash stepping, planted bugs
  coverage what the tests run of src/, and coverage-windows under Wine of src/platform/windows;
           tools/coverage.py --files build-coverage says it for each file, and
           tools/coverage.py --files --windows build-coverage-windows
in build-gcc, build-clang and so on. The last line is "N passed, N failed".''')
    parser.add_argument('--quick', action='store_true', help='gcc and clang only')
    parser.add_argument('configurations', metavar='CONFIGURATION', nargs='*')
    options = parser.parse_args()
    for name in options.configurations:
        if name not in ALL:
            parser.error(f"there is no configuration '{name}', only {' '.join(ALL)}")
    return options.configurations or (QUICK if options.quick else ALL)


def perform(report, name):
    work = NATIVE[name].run if name in NATIVE else SPECIAL[name]
    report.part(name, lambda: work(name))


def main():
    chosen = parse()
    report = Report()
    prefix = pathlib.Path(os.environ.get('MAPRING_WINEPREFIX', pathlib.Path.home() / '.cache/mapring-wine'))
    for name in ALL:
        if name in chosen and name not in UNDER_WINE:
            perform(report, name)
        if name == UNDER_WINE[0] and set(UNDER_WINE) & set(chosen):
            try:
                with wine(prefix):
                    for name_under_wine in UNDER_WINE:
                        if name_under_wine in chosen:
                            perform(report, name_under_wine)
            except Failure as failure:
                report.add('windows', Score(failed=1), str(failure), 0)
    return report.end()


sys.exit(main())
